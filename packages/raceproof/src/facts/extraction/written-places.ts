// Nodes and places of one module in, their spans and locations as plain data out: one object for one span and one location, however
// often the module's functions touch it. That is less to make, to keep, to send and to store.
import type { Location, SourceSpan } from "../../vocabulary/index.ts";
import type { ModuleDeclaration } from "../declarations/declarations.ts";
import { spanOf } from "../declarations/source-text.ts";
import type { Place } from "../evaluation/static-value.ts";
import { displayOfPlace } from "./locks.ts";

export class WrittenPlaces {
  private readonly module: ModuleDeclaration;
  /** By node. */
  private readonly spans: (SourceSpan | undefined)[];
  private readonly byPlace = new Map<Place, Location>();
  private readonly byKey = new Map<string, Location>();

  constructor(module: ModuleDeclaration) {
    this.module = module;
    this.spans = [];
    this.spans.length = module.tree.size;
  }

  spanOf(node: number): SourceSpan {
    return (this.spans[node] ??= spanOf(this.module, node));
  }

  locationOf(place: Place): Location {
    const known = this.byPlace.get(place);
    if (known) return known;
    const location = this.sharedLocation(place);
    this.byPlace.set(place, location);
    return location;
  }

  /** Places are often made anew. */
  private sharedLocation(place: Place): Location {
    const location = locationOf(place);
    const known = this.byKey.get(location.key);
    if (known?.display === location.display) return known;
    this.byKey.set(location.key, location);
    return location;
  }
}

function locationOf(place: Place): Location {
  const { ownerKind, owner, path } = place;
  return { key: `${ownerKind}:${owner}:${path}`, ownerKind, owner, path, display: displayOfPlace(place) };
}
