// The rules shelf: every rule of the house, from its folder.
export { registry as rules } from "./registry.ts";
