// An access: one read, write, update, iteration, check or container call of a location, with the locks held there.
import type { Location } from "./location.ts";
import type { Lockset } from "./lockset.ts";
import type { SourceSpan } from "./source-span.ts";

/**
 * read: the value is loaded. write: the location is rebound or an element is stored. update: read-modify-write in one statement.
 * iterate: its elements are taken one after another. check: its truth, length, membership or None-ness is tested.
 * call: a method or function that works on the container (append, pop, heappush, ...).
 */
export type AccessKind = "read" | "write" | "update" | "iterate" | "check" | "call";

export interface Access {
  readonly span: SourceSpan;
  /** Qualified name inside its module: "FakeDirectory.add_entry"; "<module>" for the module body. */
  readonly function: string;
  readonly kind: AccessKind;
  readonly location: Location;
  readonly lockset: Lockset;
  /** Calls that lead there from an entry point, outermost first, where the access is in something it calls. */
  readonly calls?: readonly SourceSpan[];
}
