// What each module's calls pass for parameters in, for any parameter of the program what is passed for it out.
// This is how unannotated parameters get a type: one step, from arguments whose value needs no such step itself.
import type { PlainShape } from "./plain-shape.ts";
import type { Place } from "./static-value.ts";

/** A call somewhere in a module passes a value of this shape. */
export interface PassedValue {
  /** Key of the function called. */
  readonly callee: string;
  /** Position of the parameter, the receiver counted. */
  readonly parameter: number;
  readonly shape: PlainShape;
  /** Where a container stands that others reach too: `self._add(key, self.table)`. */
  readonly place?: Place;
}

/** Enough to learn a type; a popular function must not cost a search of its own. */
const mostShapes = 8;

export class PassedValues {
  private readonly byCallee = new Map<string, Map<number, PlainShape[]>>();
  /** Undefined where calls pass containers of other places, or of none. */
  private readonly places = new Map<string, Place | undefined>();

  /** Values of one module after the other, in the order of the files. */
  constructor(passed: Iterable<PassedValue>) {
    for (const { callee, parameter, shape, place } of passed) {
      this.notePlace(`${callee}:${parameter}`, place);
      let known = this.byCallee.get(callee);
      if (!known) this.byCallee.set(callee, (known = new Map()));
      const shapes = known.get(parameter);
      if (!shapes) known.set(parameter, [shape]);
      else if (shapes.length < mostShapes) shapes.push(shape);
    }
  }

  private notePlace(parameter: string, place: Place | undefined): void {
    if (!this.places.has(parameter)) this.places.set(parameter, place);
    else if (place === undefined) this.places.set(parameter, undefined);
  }

  /** The first of the places that calls pass, when all of them pass one. */
  placeFor(callee: string, parameter: number): Place | undefined {
    return this.places.get(`${callee}:${parameter}`);
  }

  shapesFor(callee: string, parameter: number): readonly PlainShape[] {
    return this.byCallee.get(callee)?.get(parameter) ?? [];
  }

  /** Everything known of the parameters of a function, as a text that is the same when the answers are. */
  answersFor(callee: string): string {
    const known = this.byCallee.get(callee);
    return known ? JSON.stringify([...known].toSorted(([a], [b]) => a - b).map((each) => [...each, this.placeFor(callee, each[0])])) : "";
  }
}
