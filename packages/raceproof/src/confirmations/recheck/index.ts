export { recheckDriver } from "./recheck-driver.ts";
export { recheckWitnesses } from "./recheck-witnesses.ts";
