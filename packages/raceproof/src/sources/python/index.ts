// The Python front end of the sources room.

export * from "./kinds.ts";
export { createNameTable } from "./byte-name-table.ts";
export { parsePython, parsePythonExpression } from "./parse-python.ts";
export { stringValueOf } from "./string-value.ts";
