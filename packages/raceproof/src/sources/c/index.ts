// The C and C++ front end of the sources room: files and build configurations in, units with flat trees out. README.md beside is its contract.
// Misses: K&R definitions; macros of headers that are not part of the subject. Over-reports: nothing, but what does not parse is an Error node.
export * from "./kinds.ts";
export * from "./c-unit.ts";
export { openCFrontEnd, placeIn, type CFrontEnd, type CSourceBytes } from "./parse-c.ts";
export { functionExtents, type FunctionExtent } from "./function-extents.ts";
export { buildConfiguration, type BuildConfiguration } from "./build-configuration.ts";
export type { FileOffset, PositionMap } from "./position-map.ts";
