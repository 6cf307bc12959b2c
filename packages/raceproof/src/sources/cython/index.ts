// The Cython front end of the sources room: which files are Cython, and their trees.
export type { CythonDeclaration } from "./cython-declaration.ts";
export { generatedTwins } from "./generated-twins.ts";
export { parseCython, type CythonFile } from "./parse-cython.ts";
export { isCython, parseModule } from "./parse-module.ts";
