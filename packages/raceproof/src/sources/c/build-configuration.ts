// One way of building an extension, as the macros a compiler and Python's headers would define for it.
// What enters: whether there is a GIL, and the version of Python. What leaves: a plain value. Only Linux on 64 bits is modeled.

export interface BuildConfiguration {
  /** Unique among those of one run: "free-threaded-3.13". */
  readonly name: string;
  readonly threading: "gil" | "free-threaded";
  /** PY_VERSION_HEX: 0x030d00f0 for 3.13.0. */
  readonly pythonVersion: number;
  /** Further macros, as `-D` would define them: name to replacement. */
  readonly defines: Readonly<Record<string, string>>;
}

export function buildConfiguration(
  threading: BuildConfiguration["threading"],
  [major, minor]: readonly [number, number],
  defines: Readonly<Record<string, string>> = {},
): BuildConfiguration {
  return { name: `${threading}-${major}.${minor}`, threading, pythonVersion: (major << 24) | (minor << 16) | 0xf0, defines };
}
