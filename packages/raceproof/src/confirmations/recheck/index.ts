// Playing witnesses and drivers again and again: how much of it is the same each time.
export { recheckDrivers } from "./recheck-drivers.ts";
export { recheckWitnesses } from "./recheck-witnesses.ts";
