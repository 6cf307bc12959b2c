// The Rust front end of the sources room: files in, flat trees out. kinds.ts says what nodes and roles mean.
// Misses: macros that build code from patterns (macro_rules bodies, quote!). Over-reports: nothing, but what does not parse is an Error node.
export * from "./kinds.ts";
export { isRustSource, openRustFrontEnd, type RustFrontEnd, type RustSourceBytes, type RustUnit } from "./parse-rust.ts";
