// A subject: a fetched and unpacked package (or folder or file) to audit. Its code has not been executed.

export interface Subject {
  /** As the user named it: "package==1.2.0", "./src", "git+URL@rev". */
  readonly specification: string;
  readonly name: string;
  readonly version: string | undefined;
  /** Absolute folder; all files are below it. */
  readonly root: string;
  /** Folder to put on sys.path so that `import <top-level module>` works; equal to root or below it (src layout). */
  readonly importRoot: string;
  /** Top-level importable names below importRoot, e.g. ["package"]. */
  readonly topLevelModules: readonly string[];
  /** Python files to audit, relative to root, forward slashes, sorted. Tests of the subject excluded unless asked for. */
  readonly files: readonly string[];
  /** C, C++, Cython and Rust files, headers, Cargo's files and other projects' copies included, relative to root, sorted. Tests excluded unless asked for. */
  readonly nativeFiles: readonly string[];
  /** Of a subject with native files: what says how they are built, relative to root, sorted. */
  readonly buildFiles: readonly string[];
  /** Python files left out of the audit (tests, vendored), relative to root. */
  readonly excluded: readonly string[];
  /** "Requires-Python" of the metadata, if any. */
  readonly requiresPython: string | undefined;
  /** Run-time requirements (Requires-Dist without extras), PEP 508 strings. */
  readonly requirements: readonly string[];
}
