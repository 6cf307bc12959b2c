// Enters: names of folders and files in a Python project. Leaves: what they are there for, as far as names tell.
// It does not look inside files; "testing" counts as library code, because many packages publish such a module.

const TEST_FOLDER = /^(?:tests?|.*_tests|docs?|examples?|benchmarks?)$/;
const TEST_FILE = /^(?:test_.*|.*_test|conftest)\.py$/;
const VENDORED_FOLDER = /^_?(?:vendor|vendored|third_party)$/;

// Source: setuptools documentation, "Package Discovery", section "flat-layout": names it never takes for a project's packages.
const FLAT_PACKAGES: ReadonlySet<string> = new Set(
  `ci bin debian doc docs documentation manpages news newsfragments changelog test tests unit_test unit_tests example examples
   scripts tools util utils python build dist benchmark benchmarks exercise exercises htmlcov tasks fabfile site_scons
   vendor third_party`.split(/\s+/),
);
// The same for single modules, plus the tools' own configuration files that setuptools does not know.
const FLAT_MODULES: ReadonlySet<string> = new Set(
  `setup conftest test tests example examples build toxfile noxfile pavement dodo tasks fabfile SConstruct sconstruct conanfile
   manage benchmark benchmarks exercise exercises versioneer ez_setup`.split(/\s+/),
);

/** Code about the package, not of it: tests, documentation, examples, benchmarks. `segments` are folders and a file name. */
export function isTestPath(segments: readonly string[]): boolean {
  const folders = segments.slice(0, -1);
  return folders.some((folder) => TEST_FOLDER.test(folder)) || TEST_FILE.test(segments.at(-1) ?? "");
}

/** Other projects' code, copied in. */
export function isVendoredPath(segments: readonly string[]): boolean {
  return segments.slice(0, -1).some((folder) => VENDORED_FOLDER.test(folder));
}

/** A top-level package that belongs to the project's workshop, not to what it installs. */
export function isWorkshopPackage(name: string): boolean {
  return FLAT_PACKAGES.has(name) || TEST_FOLDER.test(name) || VENDORED_FOLDER.test(name);
}

/** The same for a top-level module; the name has no suffix. */
export function isWorkshopModule(name: string): boolean {
  return FLAT_MODULES.has(name) || TEST_FILE.test(`${name}.py`);
}

/** Top-level names in an installed tree that are tests and the like by accident of packaging. */
export function isStrayTestName(name: string): boolean {
  return TEST_FOLDER.test(name) || TEST_FILE.test(`${name}.py`);
}
