// Enters: the modules below a folder, and what is known of the project. Leaves: from where its code is imported, under which names.
// Pure: all knowledge comes in as paths and names. The rules follow setuptools' automatic discovery, because most projects obey it.
import { isStrayTestName, isWorkshopModule, isWorkshopPackage } from "./path-roles.ts";

export interface ImportLayout {
  /** Folder for sys.path, relative to the root: "" or with a trailing slash ("src/"). */
  readonly importRoot: string;
  /** Importable names, sorted. */
  readonly topLevelModules: readonly string[];
}

export interface LayoutEvidence {
  /** Sources and compiled extensions, relative paths. */
  readonly paths: readonly string[];
  /** installed: an unpacked wheel. project: metadata says so. plain: any folder. */
  readonly kind: "installed" | "project" | "plain";
  readonly projectName: string | undefined;
  /** Names from top_level.txt and py_modules; may be wrong or stale. */
  readonly declaredNames: readonly string[];
}

// Where projects keep importable code, most telling first: "lib" in older projects, "python" beside a compiled core.
const PLACES: readonly string[] = ["src/", "", "lib/", "python/"];

/** Importable names directly below one folder. */
interface Shelf {
  readonly place: string;
  readonly packages: readonly string[];
  readonly modules: readonly string[];
  /** Folders without __init__.py that hold Python files. */
  readonly namespaces: readonly string[];
}

export function discoverImportLayout(evidence: LayoutEvidence): ImportLayout {
  switch (evidence.kind) {
    case "installed":
      return installedLayout(evidence);
    case "project":
      return projectLayout(evidence) ?? plainLayout(evidence);
    case "plain":
      return plainLayout(evidence);
    default:
      return evidence.kind satisfies never;
  }
}

function installedLayout(evidence: LayoutEvidence): ImportLayout {
  const spread = evidence.paths.map((path) => /^[^/]+\.data\/(?:purelib|platlib)\//.exec(path)?.[0]).find((place) => place !== undefined);
  const atRoot = allNames(readShelf(evidence.paths, ""));
  const place = atRoot.length === 0 && spread !== undefined ? spread : "";
  const names = allNames(readShelf(evidence.paths, place));
  return layout(
    place,
    unlessNothingIsLeft(names, (name) => !isStrayTestName(name) || isNamedLike(name, evidence.projectName)),
  );
}

function projectLayout(evidence: LayoutEvidence): ImportLayout | undefined {
  const isPackage = new Set(evidence.paths.filter((path) => path.endsWith("/__init__.py")));
  const shelves = PLACES.filter((place) => !isPackage.has(`${place}__init__.py`)).map((place) => readShelf(evidence.paths, place));
  return declaredLayout(shelves, evidence) ?? namedLayout(shelves, evidence) ?? conventionalLayout(shelves);
}

/** What the project's own built metadata says, at the place where most of it is found. */
function declaredLayout(shelves: readonly Shelf[], evidence: LayoutEvidence): ImportLayout | undefined {
  const found = shelves.map((shelf) => {
    const names = allNames(shelf).filter((name) => evidence.declaredNames.includes(name));
    return { shelf, names: unlessNothingIsLeft(names, (name) => !isStrayTestName(name) || isNamedLike(name, evidence.projectName)) };
  });
  const most = Math.max(0, ...found.map(({ names }) => names.length));
  const best = found.find(({ names }) => names.length === most);
  if (!best || most === 0) return undefined;
  // A list of single modules (py_modules) does not exclude packages; a list of packages is complete.
  const onlyModules = best.names.every((name) => best.shelf.modules.includes(name));
  return layout(best.shelf.place, onlyModules ? [...best.names, ...ownPackages(best.shelf)] : best.names);
}

/** A package or module named like the project, with the packages beside it. */
function namedLayout(shelves: readonly Shelf[], { projectName }: LayoutEvidence): ImportLayout | undefined {
  for (const shelf of shelves) {
    const regular = [...shelf.packages, ...shelf.modules].filter((name) => isNamedLike(name, projectName));
    const named = [...regular, ...ownNamespaces(shelf).filter((name) => isNamedLike(name, projectName))];
    if (named.length > 0) return layout(shelf.place, [...named, ...ownPackages(shelf), ...(shelf.place === "" ? [] : shelf.modules)]);
  }
  return undefined;
}

function conventionalLayout(shelves: readonly Shelf[]): ImportLayout | undefined {
  const withPackages = shelves.find((shelf) => ownPackages(shelf).length > 0);
  if (withPackages) return layout(withPackages.place, [...ownPackages(withPackages), ...(withPackages.place === "" ? [] : withPackages.modules)]);
  const withModules = shelves.find((shelf) => ownModules(shelf).length > 0);
  if (withModules) return layout(withModules.place, ownModules(withModules));
  const withNamespaces = shelves.find((shelf) => ownNamespaces(shelf).length > 0);
  return withNamespaces && layout(withNamespaces.place, ownNamespaces(withNamespaces));
}

/** Nothing says what belongs to the project, so everything does, except what is plainly tests. */
function plainLayout(evidence: LayoutEvidence): ImportLayout {
  const atRoot = readShelf(evidence.paths, "");
  const beside = allNames(atRoot).filter((name) => name !== "src" && !isWorkshopPackage(name) && !isWorkshopModule(name));
  const place = atRoot.namespaces.includes("src") && beside.length === 0 ? "src/" : "";
  const names = allNames(readShelf(evidence.paths, place));
  return layout(
    place,
    unlessNothingIsLeft(names, (name) => !isStrayTestName(name) && !["setup", "build", "dist"].includes(name)),
  );
}

function readShelf(paths: readonly string[], place: string): Shelf {
  const packages = new Set<string>();
  const modules = new Set<string>();
  const folders = new Set<string>();
  for (const path of paths) {
    if (!path.startsWith(place)) continue;
    const [first = "", second] = path.slice(place.length).split("/");
    const name = second === undefined ? (first.split(".")[0] ?? "") : first;
    if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) continue;
    if (second === undefined) modules.add(name);
    else if (second === "__init__.py") packages.add(name);
    else folders.add(name);
  }
  modules.delete("__init__");
  return { place, packages: [...packages], modules: [...modules], namespaces: [...folders].filter((name) => !packages.has(name)) };
}

function allNames(shelf: Shelf): string[] {
  return [...shelf.packages, ...shelf.modules, ...shelf.namespaces];
}

function ownPackages(shelf: Shelf): string[] {
  return shelf.packages.filter((name) => !isWorkshopPackage(name));
}

function ownModules(shelf: Shelf): string[] {
  return shelf.modules.filter((name) => !isWorkshopModule(name));
}

function ownNamespaces(shelf: Shelf): string[] {
  // A place of its own ("src", "lib") is where code is kept, not what it is called.
  return shelf.namespaces.filter((name) => !isWorkshopPackage(name) && !PLACES.includes(`${name}/`));
}

/** "google-cloud-storage" is named like "google_cloud_storage" and like the namespace "google". */
function isNamedLike(name: string, projectName: string | undefined): boolean {
  const project = projectName?.toLowerCase().replace(/[-.]+/g, "_");
  return project !== undefined && (project === name.toLowerCase() || project.startsWith(`${name.toLowerCase()}_`));
}

function unlessNothingIsLeft(names: readonly string[], keep: (name: string) => boolean): readonly string[] {
  const kept = names.filter(keep);
  return kept.length > 0 ? kept : names;
}

function layout(importRoot: string, names: readonly string[]): ImportLayout {
  return { importRoot, topLevelModules: [...new Set(names)].toSorted() };
}
