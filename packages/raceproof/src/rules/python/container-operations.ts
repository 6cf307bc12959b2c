// Operation names of container accesses in, what they do out. Reads the container model; decides nothing about hazards.
import { argumentMutators, containerMethods, elementNeeders } from "../../models/index.ts";

/** Adds or removes elements (element assignment may add a key). */
export function addsOrRemoves(operation: string): boolean {
  return adds(operation) || removes(operation);
}

export function adds(operation: string): boolean {
  return operation === "[]=" || containerMethods.get(operation) === "adds" || argumentMutators.get(operation) === "adds";
}

export function removes(operation: string): boolean {
  return operation === "del[]" || operation === "del[:]" || containerMethods.get(operation) === "removes" || argumentMutators.get(operation) === "removes";
}

/** Needs an element to be there: fails or answers differently when another thread removed it. */
export function needsElement(operation: string): boolean {
  return elementNeeders.has(operation);
}

/** Changes which elements there are, or their order. */
export function mutatesElements(operation: string): boolean {
  return addsOrRemoves(operation) || containerMethods.get(operation) === "reorders" || argumentMutators.has(operation);
}
