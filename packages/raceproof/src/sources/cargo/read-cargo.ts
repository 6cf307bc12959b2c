// A subject's files in, its crates as Cargo sees them out. A file that is no TOML says so and takes nothing else with it.
import type { CargoProject, CompilerFlag, FreeThreadedBuild, LockedPackage, Notification } from "../../vocabulary/index.ts";
import { readBuildFeatures, readCompilerFlags, readProjectBuilds, readWorkflowBuilds } from "./read-build-settings.ts";
import { readLock } from "./read-lock.ts";
import { folderOf, readManifest } from "./read-manifest.ts";
import type { CargoManifest } from "./read-manifest.ts";
import { resolvePackages } from "./resolve-packages.ts";
import { readToml } from "./toml-document.ts";

export interface CargoFile {
  /** Relative to the subject's root, forward slashes. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

const cargoFile = /(?:^|\/)(?:Cargo\.(?:toml|lock)|\.cargo\/config(?:\.toml)?|pyproject\.toml|\.github\/workflows\/[^/]+\.ya?ml)$/;

/** Cargo's files and the settings that say for which Pythons wheels are built. */
export function isCargoFile(path: string): boolean {
  return cargoFile.test(path);
}

export function readCargo(files: readonly CargoFile[]): CargoProject & { readonly notifications: readonly Notification[] } {
  const manifests: CargoManifest[] = [];
  const locks = new Map<string, LockedPackage[]>();
  const buildFeatures = new Map<string, string[]>();
  const freeThreadedBuilds: FreeThreadedBuild[] = [];
  const compilerFlags: CompilerFlag[] = [];
  const notifications: Notification[] = [];
  const decoder = new TextDecoder();
  for (const { path, bytes } of files.filter((file) => isCargoFile(file.path))) {
    const text = decoder.decode(bytes);
    if (/\.ya?ml$/.test(path)) {
      freeThreadedBuilds.push(...readWorkflowBuilds(path, text));
      continue;
    }
    const document = readToml(path, text);
    const { problem } = document;
    if (problem) notifications.push({ level: "warning", message: `is not read, it is no TOML: ${problem.message}`, file: path, line: problem.line });
    else if (path.endsWith("Cargo.toml")) manifests.push(readManifest(document));
    else if (path.endsWith("Cargo.lock")) locks.set(folderOf(path), readLock(document));
    else if (path.endsWith("pyproject.toml")) {
      freeThreadedBuilds.push(...readProjectBuilds(document));
      buildFeatures.set(folderOf(path), readBuildFeatures(document));
    } else compilerFlags.push(...readCompilerFlags(document));
  }
  return { packages: resolvePackages({ manifests, locks, buildFeatures }), freeThreadedBuilds, compilerFlags, notifications };
}
