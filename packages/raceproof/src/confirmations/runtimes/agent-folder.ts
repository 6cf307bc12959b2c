// Where the Python agent is: the copy inside the built package, or the repository's own when running from source.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const packageName = "raceproof_agent";

/** Folder to put on sys.path so that `import raceproof_agent` works. */
export function findAgentFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const packageRoot = join(here, "..", "..", "..");
  const repositoryAgent = join(packageRoot, "..", "..", "python", "agent");
  const isBuilt = !here.includes(`${join("src", "confirmations")}`);
  const places = isBuilt ? [join(packageRoot, "agent"), repositoryAgent] : [repositoryAgent, join(packageRoot, "agent")];
  const found = places.find((folder) => existsSync(join(folder, packageName, "__main__.py")));
  if (found === undefined) throw new Error(`the Python agent is missing; looked in ${places.join(" and ")}`);
  return found;
}
