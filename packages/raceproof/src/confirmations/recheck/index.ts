// Playing witnesses and drivers again and again: how much of it is the same each time.
export { recheckDriver } from "./recheck-driver.ts";
export { recheckWitnesses } from "./recheck-witnesses.ts";
