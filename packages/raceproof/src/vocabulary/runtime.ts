// A Python interpreter on this machine.

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
