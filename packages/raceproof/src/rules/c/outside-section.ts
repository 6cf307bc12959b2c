// Functions that lock an object for a part of their work and touch its contended memory before or after.
import { ownerOf } from "../../vocabulary/index.ts";
import type { NativeEffect, NativeEvent, NativeFunction, NativeHold, SourceSpan } from "../../vocabulary/index.ts";
import { isProtected, sameObject } from "./native-index.ts";
import type { NativeIndex } from "./native-index.ts";

export interface OutsideAccess {
  readonly effect: NativeEffect;
  readonly section: NativeHold;
  readonly span: SourceSpan;
  readonly when: "before" | "after";
}

/** The first access before and the first after each section of the function, in asserts as well. */
export function accessesOutside({ contended }: NativeIndex, fn: NativeFunction): OutsideAccess[] {
  const sections = [...new Set(fn.events.flatMap(({ held }) => held.filter(({ kind, since }) => kind === "section" && since >= 0)))];
  return sections.flatMap((section) => {
    const open = fn.effects.filter((effect) => {
      const owner = ownerOf(effect.base);
      return (
        owner !== undefined &&
        contended.has(effect.location) &&
        !effect.atomic &&
        !isProtected(effect, fn.entryHeld) &&
        section.objects.some((object) => sameObject(object, owner))
      );
    });
    const placed = open.flatMap((effect): OutsideAccess[] => {
      const span = effect.calls[0] ?? effect.span;
      const order = orderOf(fn.events, span);
      return order === undefined ? [] : [{ effect, section, span, when: order < section.since ? "before" : "after" }];
    });
    return (["before", "after"] as const).flatMap((when) => placed.filter((each) => each.when === when).slice(0, 1));
  });
}

function orderOf(events: readonly NativeEvent[], { file, line, column }: SourceSpan): number | undefined {
  return events.find(({ span }) => span.file === file && span.line === line && span.column === column)?.order;
}
