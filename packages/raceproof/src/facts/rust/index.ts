// Facts of Rust: parsed files and crates in, a RustProgram out.
export { analyzeRust } from "./analyze-rust.ts";
