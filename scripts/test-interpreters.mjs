// Which of the machine's interpreters the agent is tested on: the two ends of the CPython range, free-threaded, PyPy.
// Found by raceproof's own discovery, so a runtime that users can name is a runtime that is tested.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { builtPackage } from "./repository.mjs";

const oldestSupported = [3, 9];

/** RACEPROOF_TEST_PYTHONS=all takes every supported interpreter instead. */
export async function findTestInterpreters(environment = process.env) {
  const { discoverRuntimes } = await import(pathToFileURL(join(builtPackage, "confirmations", "index.js")).href);
  const { runtimes } = await discoverRuntimes();
  return selectInterpreters(runtimes, environment.RACEPROOF_TEST_PYTHONS === "all");
}

/**
 * @param {{id: string, implementation: string, version: string, freeThreaded: boolean}[]} runtimes
 * @param {boolean} all
 */
export function selectInterpreters(runtimes, all) {
  const supported = runtimes.filter((runtime) => compareVersions(runtime, { version: oldestSupported.join(".") }) >= 0).toSorted(compareVersions);
  if (all) return supported;
  const ordinary = supported.filter(({ implementation, freeThreaded }) => implementation === "cpython" && !freeThreaded);
  const chosen = [
    ordinary.at(0),
    ordinary.at(-1),
    supported.findLast(({ freeThreaded }) => freeThreaded),
    supported.findLast(({ implementation }) => implementation === "pypy"),
  ];
  return [...new Set(chosen.filter((runtime) => runtime !== undefined))];
}

function compareVersions(a, b) {
  const left = a.version.split(".").map(Number.parseFloat);
  const right = b.version.split(".").map(Number.parseFloat);
  const differing = left.findIndex((part, index) => part !== (right[index] ?? 0));
  return differing < 0 ? 0 : left[differing] - (right[differing] ?? 0);
}
