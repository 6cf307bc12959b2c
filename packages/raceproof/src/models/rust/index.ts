// What is known of Rust's standard library and of PyO3.
export * from "./call-effects.ts";
export * from "./closure-calls.ts";
export * from "./method-results.ts";
export * from "./python-owners.ts";
