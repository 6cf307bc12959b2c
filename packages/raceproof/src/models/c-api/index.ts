// What we know of Python's C API: who may run at the same time, what a call sets off, who owns what it returns.
export * from "./borrowed-results.ts";
export * from "./call-effects.ts";
export * from "./cpython-reference-counts.ts";
export * from "./foreign-calls.ts";
export * from "./leaf-makers.ts";
export * from "./memory-calls.ts";
export * from "./method-tables.ts";
export * from "./native-locks.ts";
export * from "./non-reentrant-calls.ts";
export * from "./paired-calls.ts";
export * from "./slot-dispatch.ts";
export * from "./slot-expressions.ts";
