// A crate of the subject as facts and rules see it: a package of Cargo's, or the files that none claims.
import type { CargoPackage, Pyo3Use } from "./cargo.ts";

export interface RustCrate extends Pick<CargoPackage, "name" | "folder" | "libraryPath"> {
  /** Path of Cargo.toml, relative to the subject's root. */
  readonly manifest: string | undefined;
  /** Undefined when it does not use PyO3, or nothing says so. */
  readonly pyo3: Pyo3Use | undefined;
}
