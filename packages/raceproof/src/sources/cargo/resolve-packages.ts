// Manifests and locks in, packages out: what is inherited from a workspace filled in, and the PyO3 each one is built with.
import { dirname } from "node:path/posix";
import { rangeOfRequirement, isWithin } from "../../vocabulary/index.ts";
import type { CargoDependency, CargoPackage, LockedPackage, Pyo3Use } from "../../vocabulary/index.ts";
import type { CargoManifest, WrittenDependency } from "./read-manifest.ts";

export interface ReadManifests {
  readonly manifests: readonly CargoManifest[];
  /** Locked packages by the folder of their Cargo.lock. */
  readonly locks: ReadonlyMap<string, readonly LockedPackage[]>;
  /** Features that a project's build settings ask for ("pyo3/abi3"), by folder. */
  readonly buildFeatures: ReadonlyMap<string, readonly string[]>;
}

export function resolvePackages(read: ReadManifests): CargoPackage[] {
  return read.manifests.flatMap((manifest) => {
    const { packageName, folder, path, isExtension, libraryPath } = manifest;
    if (packageName === undefined) return [];
    const root = workspaceOf(manifest, read.manifests);
    const dependencies = manifest.dependencies.map((dependency) => inherited(dependency, root));
    const locked = read.locks.get(root.folder) ?? read.locks.get(folder) ?? [];
    const switchedOn = [...manifest.defaultFeatures, ...(read.buildFeatures.get(folder) ?? [])];
    const pyo3 = pyo3Of({ packageName, dependencies, locked, switchedOn });
    return [{ name: packageName, folder, manifest: path, isExtension, libraryPath, dependencies, locked, profiles: root.profiles, pyo3 }];
  });
}

/** The nearest manifest above with a [workspace] that does not exclude it; its own otherwise. */
function workspaceOf(manifest: CargoManifest, manifests: readonly CargoManifest[]): CargoManifest {
  if (manifest.workspace !== undefined) return manifest;
  const byFolder = new Map(manifests.map((each) => [each.folder, each]));
  const named = manifest.workspaceFolder;
  if (named !== undefined) return byFolder.get(named === "." ? "" : named) ?? manifest;
  for (let folder = manifest.folder; folder !== "";) {
    folder = dirname(folder) === "." ? "" : dirname(folder);
    const above = byFolder.get(folder);
    if (above?.workspace !== undefined) return isExcluded(manifest, above) ? manifest : above;
  }
  return manifest;
}

function isExcluded({ folder }: CargoManifest, root: CargoManifest): boolean {
  const below = root.folder === "" ? folder : folder.slice(root.folder.length + 1);
  return root.workspace?.exclude.some((path) => below === path || below.startsWith(`${path}/`)) ?? false;
}

function inherited(dependency: WrittenDependency, root: CargoManifest): CargoDependency {
  const { isInherited, ...own } = dependency;
  const shared = isInherited ? root.workspace?.dependencies.find(({ alias }) => alias === own.alias) : undefined;
  if (shared === undefined) return own;
  const { name, requirement, path, features, span } = shared;
  return { ...own, name, requirement, path, features: [...new Set([...features, ...own.features])], span };
}

interface Pyo3Question {
  readonly packageName: string;
  readonly dependencies: readonly CargoDependency[];
  readonly locked: readonly LockedPackage[];
  readonly switchedOn: readonly string[];
}

function pyo3Of({ packageName, dependencies, locked, switchedOn }: Pyo3Question): Pyo3Use | undefined {
  const used = dependencies.filter(({ name, kind }) => name === "pyo3" && kind === "normal");
  const dependency = used.find(({ target }) => target === undefined) ?? used[0];
  if (dependency === undefined) return undefined;
  const admits = rangeOfRequirement(dependency.requirement ?? "*");
  const candidates = locked.filter(({ name }) => name === "pyo3");
  const own = locked.find(({ name }) => name === packageName)?.dependencies.find((line) => line.startsWith("pyo3 "));
  const named = candidates.find(({ version }) => own?.split(" ")[1] === version);
  // A lock that the manifest no longer admits is not what the next build takes.
  const chosen = [...(named === undefined ? [] : [named]), ...candidates].find(({ version }) => isWithin(version, admits));
  const { alias, span } = dependency;
  const byFeatures = switchedOn.flatMap((feature) => /^pyo3\??\/(.+)$/.exec(feature.replace(`${alias}/`, "pyo3/"))?.[1] ?? []);
  return {
    version: chosen?.version ?? admits.lowest,
    isLocked: chosen !== undefined,
    admits,
    features: [...new Set([...used.flatMap(({ features }) => features), ...byFeatures])],
    alias,
    span,
    locked: chosen?.span,
  };
}
