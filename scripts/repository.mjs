// Where things are in a checkout. Everything the scripts touch is named here once.
import { fileURLToPath } from "node:url";
import { join } from "node:path";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Absolute path of a file of the checkout. */
export function inRepository(...segments) {
  return join(root, ...segments);
}

export const rulesFolder = inRepository("packages", "raceproof", "src", "rules");
export const builtPackage = inRepository("packages", "raceproof", "dist");
