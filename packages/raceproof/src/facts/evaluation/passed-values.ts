// What each module's calls pass for parameters in, for any parameter of the program what is passed for it out.
// This is how unannotated parameters get a type: one step, from arguments whose value needs no such step itself.
import type { PlainShape } from "./plain-shape.ts";

/** A call somewhere in a module passes a value of this shape. */
export interface PassedValue {
  /** Key of the function called. */
  readonly callee: string;
  /** Position of the parameter, the receiver counted. */
  readonly parameter: number;
  readonly shape: PlainShape;
}

/** Enough to learn a type; a popular function must not cost a search of its own. */
const mostShapes = 8;

export class PassedValues {
  private readonly byCallee = new Map<string, Map<number, PlainShape[]>>();

  /** Values of one module after the other, in the order of the files. */
  constructor(passed: Iterable<PassedValue>) {
    for (const { callee, parameter, shape } of passed) {
      let known = this.byCallee.get(callee);
      if (!known) this.byCallee.set(callee, (known = new Map()));
      const shapes = known.get(parameter);
      if (!shapes) known.set(parameter, [shape]);
      else if (shapes.length < mostShapes) shapes.push(shape);
    }
  }

  shapesFor(callee: string, parameter: number): readonly PlainShape[] {
    return this.byCallee.get(callee)?.get(parameter) ?? [];
  }

  /** Everything known of the parameters of a function, as a text that is the same when the answers are. */
  answersFor(callee: string): string {
    const known = this.byCallee.get(callee);
    return known ? JSON.stringify([...known].toSorted(([a], [b]) => a - b)) : "";
  }
}
