// What Cargo's files and a project's build settings say about its crates. Made by sources/cargo; rules read it.
import type { SourceSpan } from "./source-span.ts";
import type { VersionRange } from "./crate-version.ts";

export interface CargoDependency {
  /** The crate's own name, as registries know it. */
  readonly name: string;
  /** Its name in code; another one for `alias = { package = "name" }`. Hyphens are underscores. */
  readonly alias: string;
  readonly kind: "normal" | "build" | "dev";
  /** `cfg(...)` or a triple, when it is only for that. */
  readonly target: string | undefined;
  readonly requirement: string | undefined;
  /** Folder relative to the subject's root, of a path dependency. */
  readonly path: string | undefined;
  readonly features: readonly string[];
  readonly optional: boolean;
  /** The line to change; in the workspace's manifest when it is inherited. */
  readonly span: SourceSpan;
}

export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** Names, with a version behind a blank where several are locked. */
  readonly dependencies: readonly string[];
  readonly span: SourceSpan;
}

export interface CargoProfile {
  readonly name: string;
  readonly panic: string;
  readonly span: SourceSpan;
}

/** The PyO3 a crate is built with. */
export interface Pyo3Use {
  /** Locked; else the lowest one its requirement admits. */
  readonly version: string | undefined;
  readonly isLocked: boolean;
  /** What the requirement admits; everything when there is none. */
  readonly admits: VersionRange;
  /** Asked for by this crate, its default features and its build settings included. */
  readonly features: readonly string[];
  /** Its name in code. */
  readonly alias: string;
  readonly span: SourceSpan;
  /** Its line in Cargo.lock. */
  readonly locked: SourceSpan | undefined;
}

export interface CargoPackage {
  readonly name: string;
  /** Relative to the subject's root; "" for the root itself. */
  readonly folder: string;
  readonly manifest: string;
  /** Built as an extension module (crate-type cdylib), not only as a library. */
  readonly isExtension: boolean;
  /** The library's first file when the manifest names one, relative to the subject's root. */
  readonly libraryPath: string | undefined;
  readonly dependencies: readonly CargoDependency[];
  /** Of the workspace it belongs to. */
  readonly locked: readonly LockedPackage[];
  readonly profiles: readonly CargoProfile[];
  readonly pyo3: Pyo3Use | undefined;
}

/** A place that builds or promises wheels for a free-threaded Python. */
export interface FreeThreadedBuild {
  /** "3.13t"; undefined when it does not say which. */
  readonly python: string | undefined;
  /** As written. */
  readonly text: string;
  readonly span: SourceSpan;
}

/** A `--cfg` for the compiler. */
export interface CompilerFlag {
  readonly name: string;
  readonly span: SourceSpan;
}

export interface CargoProject {
  readonly packages: readonly CargoPackage[];
  readonly freeThreadedBuilds: readonly FreeThreadedBuild[];
  readonly compilerFlags: readonly CompilerFlag[];
}

/** The package a file belongs to: the one in the nearest folder above it, else the one that names it. */
export function packageOf({ packages }: Pick<CargoProject, "packages">, path: string): CargoPackage | undefined {
  const around = packages.filter(({ folder }) => folder === "" || path.startsWith(`${folder}/`));
  return around.toSorted((a, b) => b.folder.length - a.folder.length)[0] ?? packages.find(({ libraryPath }) => path === libraryPath);
}
