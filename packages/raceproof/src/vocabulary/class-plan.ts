// What a class offers to the threads that share an instance: plain values from which the confirmations room writes drivers.
import type { CallRecipe, SharedObject } from "./provocation.ts";

/** One way to call an entry point. Calls that differ in their keys and values only are one form. */
export interface EntryForm {
  /** "__setitem__": the name users call; properties by their own name. */
  readonly method: string;
  readonly module: string;
  /** "Class.method" where it is defined: the class itself or a base. */
  readonly qualifiedName: string;
  /** Begins or ends the object's life, or makes it anew: nobody promises that it may run beside anything else. */
  readonly lifecycle: boolean;
  /** Nobody calls it but a thread that the class itself starts. */
  readonly ownThread: boolean;
  /** The same call with the key or value number 0, 1, ...; equal numbers of two entry points are equal keys. */
  readonly variants: readonly EntryCall[];
}

export interface EntryCall {
  readonly call: CallRecipe;
  /** Objects the call needs beside the instance, in order. */
  readonly needs: readonly SharedObject[];
}

export interface ClassPlan {
  /** "package.module:Class", as the user named it. */
  readonly name: string;
  /** Ways to make the instance, most likely first; its name is `classInstance`. */
  readonly instances: readonly (readonly SharedObject[])[];
  readonly forms: readonly EntryForm[];
  /** Configuration flags that can be turned over after construction, as Python expressions on the instance. */
  readonly flags: readonly CallRecipe[];
}

/** Name of the instance that all operations share. */
export const classInstance = "instance";
