// Cargo.toml in, what it says out: package, dependencies with their lines, features, profiles, workspace. Nothing is inherited or locked yet.
import type { TomlTable } from "smol-toml";
import { dirname, join } from "node:path/posix";
import type { CargoDependency, CargoProfile, SourceSpan } from "../../vocabulary/index.ts";
import { isTable, spanOfKey, stringAt, stringsAt, tableAt } from "./toml-document.ts";
import type { TomlDocument } from "./toml-document.ts";

/** A dependency as one manifest writes it. */
export interface WrittenDependency extends CargoDependency {
  /** `workspace = true`: the rest stands in the workspace's manifest. */
  readonly isInherited: boolean;
}

export interface CargoManifest {
  /** Relative to the subject's root, forward slashes. */
  readonly path: string;
  readonly folder: string;
  readonly packageName: string | undefined;
  readonly isExtension: boolean;
  readonly libraryPath: string | undefined;
  readonly dependencies: readonly WrittenDependency[];
  /** What the feature "default" switches on, through other features too: "pyo3/abi3". */
  readonly defaultFeatures: readonly string[];
  readonly profiles: readonly CargoProfile[];
  readonly workspace: { readonly dependencies: readonly WrittenDependency[]; readonly exclude: readonly string[] } | undefined;
  /** Folder of its workspace when it says so. */
  readonly workspaceFolder: string | undefined;
}

const dependencyTables = [
  ["dependencies", "normal"],
  ["build-dependencies", "build"],
  ["build_dependencies", "build"],
  ["dev-dependencies", "dev"],
  ["dev_dependencies", "dev"],
] as const;

export function readManifest(document: TomlDocument): CargoManifest {
  const { path, root } = document;
  const folder = folderOf(path);
  const workspace = tableAt(root, "workspace");
  const workspaceFolder = stringAt(tableAt(root, "package"), "workspace");
  const libraryPath = stringAt(tableAt(root, "lib"), "path");
  return {
    path,
    folder,
    packageName: stringAt(tableAt(root, "package"), "name"),
    isExtension: [...stringsAt(tableAt(root, "lib"), "crate-type"), ...stringsAt(tableAt(root, "lib"), "crate_type")].includes("cdylib"),
    libraryPath: libraryPath === undefined ? undefined : join(folder, libraryPath),
    dependencies: [...dependenciesBelow(document, []), ...targetDependencies(document)],
    defaultFeatures: featuresBehind(tableAt(root, "features"), "default"),
    profiles: profilesOf(document),
    workspace: workspace && { dependencies: dependenciesBelow(document, ["workspace"]), exclude: stringsAt(workspace, "exclude") },
    workspaceFolder: workspaceFolder === undefined ? undefined : join(folder, workspaceFolder),
  };
}

/** "" for the root. */
export function folderOf(path: string): string {
  const folder = dirname(path);
  return folder === "." ? "" : folder;
}

function targetDependencies(document: TomlDocument): WrittenDependency[] {
  return Object.keys(tableAt(document.root, "target") ?? {}).flatMap((target) => dependenciesBelow(document, ["target", target]));
}

function dependenciesBelow(document: TomlDocument, prefix: readonly string[]): WrittenDependency[] {
  return dependencyTables.flatMap(([table, kind]) => {
    const keys = [...prefix, table];
    const entries = Object.entries(tableAt(document.root, ...keys) ?? {});
    const target = prefix[0] === "target" ? prefix[1] : undefined;
    return entries.flatMap(([alias, value]) => {
      const written = typeof value === "string" ? { version: value } : value;
      return isTable(written)
        ? [dependencyOf({ alias, kind, target, written, folder: folderOf(document.path), span: lineOfVersion(document, keys, alias) })]
        : [];
    });
  });
}

/** `[dependencies.name]` has its version in a line of its own. */
function lineOfVersion(document: TomlDocument, table: readonly string[], alias: string): SourceSpan {
  return spanOfKey(document, [...table, alias, "version"]);
}

interface WrittenEntry {
  readonly alias: string;
  readonly kind: CargoDependency["kind"];
  readonly target: string | undefined;
  readonly written: TomlTable;
  readonly folder: string;
  readonly span: SourceSpan;
}

function dependencyOf({ alias, kind, target, written, folder, span }: WrittenEntry): WrittenDependency {
  const path = stringAt(written, "path");
  return {
    name: stringAt(written, "package") ?? alias,
    alias: alias.replaceAll("-", "_"),
    kind,
    target,
    requirement: stringAt(written, "version"),
    path: path === undefined ? undefined : join(folder, path),
    features: stringsAt(written, "features"),
    optional: written["optional"] === true,
    isInherited: written["workspace"] === true,
    span,
  };
}

function featuresBehind(features: TomlTable | undefined, first: string): string[] {
  const seen = new Set<string>();
  const waiting = [first];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    waiting.push(...stringsAt(features, name));
  }
  return [...seen];
}

function profilesOf(document: TomlDocument): CargoProfile[] {
  return Object.keys(tableAt(document.root, "profile") ?? {}).flatMap((name) => {
    const panic = stringAt(tableAt(document.root, "profile", name), "panic");
    return panic === undefined ? [] : [{ name, panic, span: spanOfKey(document, ["profile", name, "panic"]) }];
  });
}
