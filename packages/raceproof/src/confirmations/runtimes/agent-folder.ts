// Where the Python agent and the plugin of guards are: the copy inside the built package, or the repository's own when running from source.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Folder to put on sys.path so that `import raceproof_agent` works. */
export function findAgentFolder(): string {
  return findFolderOf("raceproof_agent", "agent");
}

/** Folder to put on sys.path so that `import pytest_raceproof` works. */
export function findPluginFolder(): string {
  return findFolderOf("pytest_raceproof", "pytest-plugin");
}

function findFolderOf(packageName: string, repositoryFolder: string): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const packageRoot = join(here, "..", "..", "..");
  const inRepository = join(packageRoot, "..", "..", "python", repositoryFolder);
  const isBuilt = !here.includes(`${join("src", "confirmations")}`);
  const places = isBuilt ? [join(packageRoot, "agent"), inRepository] : [inRepository, join(packageRoot, "agent")];
  const found = places.find((folder) => existsSync(join(folder, packageName, "__main__.py")));
  if (found === undefined) throw new Error(`the Python package ${packageName} is missing; looked in ${places.join(" and ")}`);
  return found;
}
