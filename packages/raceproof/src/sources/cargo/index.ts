// Cargo's files in, packages out: names, locked versions, features, profiles, and what wheels are built. No crate's code is read here.
export { type CargoFile, isCargoFile, readCargo } from "./read-cargo.ts";
