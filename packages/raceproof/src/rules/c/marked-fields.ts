// Fields that are given a marker for a while and get their value back later: a negative hash of what was visited, a NULL of what is half removed.
// What enters: a program. What leaves: for each such field the effects that mark and those that restore.
import type { NativeEffect, NativeProgram } from "../../vocabulary/index.ts";

export interface MarkedField {
  readonly location: string;
  readonly marks: readonly NativeEffect[];
  readonly restores: readonly NativeEffect[];
}

const marker = /^\(?-\s*\d+\)?$/;
const known = new WeakMap<NativeProgram, readonly MarkedField[]>();

export function markedFieldsOf(program: NativeProgram): readonly MarkedField[] {
  const found = known.get(program) ?? collect(program);
  known.set(program, found);
  return found;
}

function collect({ functions }: NativeProgram): MarkedField[] {
  const writes = functions.flatMap(({ effects }) =>
    effects.filter(({ mode, calls, holds, debugOnly }) => mode === "write" && calls.length === 0 && holds === "number" && !debugOnly),
  );
  const marks = writes.filter(({ constant }) => constant !== undefined && marker.test(constant));
  return [...new Set(marks.map(({ location }) => location))].flatMap((location) => {
    const own = marks.filter((mark) => mark.location === location);
    const restores = writes.filter(
      (write) => write.location === location && write.constant === undefined && !own.some((mark) => mark.function === write.function),
    );
    return restores.length > 0 && location.includes(".") ? [{ location, marks: own, restores }] : [];
  });
}
