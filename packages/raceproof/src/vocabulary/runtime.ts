// A Python interpreter on this machine, and the kinds of interpreters that switch threads alike.

export interface Runtime {
  /** "cpython-3.13.5t", "cpython-3.11.7", "pypy-3.9.16": unique enough to name in a report and in --runtime. */
  readonly id: string;
  readonly implementation: "cpython" | "pypy";
  readonly version: string;
  readonly freeThreaded: boolean;
  readonly executable: string;
  /** Where it was found: "path", "pyenv", "uv", "conda", "raceproof". */
  readonly origin: string;
}

/** gil-3.9: CPython up to 3.9, which switches threads between any two byte codes. gil: CPython 3.10 and later, which switches at calls and jumps. */
export type RuntimeFamily = "gil-3.9" | "gil" | "free-threaded" | "pypy";

export const familyWords: Readonly<Record<RuntimeFamily, string>> = {
  "gil-3.9": "CPython up to 3.9",
  gil: "CPython 3.10 and later with the GIL",
  "free-threaded": "free-threaded CPython",
  pypy: "PyPy",
};

/** By the id of a runtime, as rows of a report name it. */
export function familyOf(runtime: string): RuntimeFamily {
  if (runtime.startsWith("pypy")) return "pypy";
  if (runtime.endsWith("t")) return "free-threaded";
  return /-3\.[0-9](?:\.|$)/.test(runtime) ? "gil-3.9" : "gil";
}

/** "PyPy", "PyPy and free-threaded CPython". */
export function joinFamilies(families: readonly RuntimeFamily[]): string {
  const words = families.map((family) => familyWords[family]);
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`;
}

export const runtimeFamilies: readonly RuntimeFamily[] = ["gil-3.9", "gil", "free-threaded", "pypy"];
