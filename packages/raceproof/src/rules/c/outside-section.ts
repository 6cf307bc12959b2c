// Functions that lock an object for a part of their work and touch its contended memory before or after.
import { ownerOf } from "../../vocabulary/index.ts";
import type { Hazard, NativeEffect, NativeEvent, NativeFunction, NativeHold, NativeProgram, RuleMetadata, SourceSpan } from "../../vocabulary/index.ts";
import { accessOfEffect, draftNativeHazard } from "./native-hazard.ts";
import { isOrdinary, isProtected, nativeIndexOf, sameObject } from "./native-index.ts";
import type { NativeIndex } from "./native-index.ts";

type When = "before" | "after";

interface OutsideAccess {
  readonly effect: NativeEffect;
  readonly section: NativeHold;
  readonly span: SourceSpan;
  readonly when: When;
}

export interface OutsideWords {
  readonly when: When;
  message(fn: NativeFunction, location: string, sectionLine: number): string;
}

/** Every access on one side of a section that is there to protect it. */
export function findOutside(program: NativeProgram, metadata: RuleMetadata, { when, message }: OutsideWords): Hazard[] {
  const index = nativeIndexOf(program);
  return program.functions
    .filter((fn) => !fn.generated && (index.reached.has(fn.id) || isOrdinary(fn, true)))
    .flatMap((fn) =>
      accessesOutside(program, index, fn)
        .filter((outside) => outside.when === when)
        .map(({ effect, section, span }) =>
          draftNativeHazard(program, metadata, {
            fn,
            span,
            location: effect.location,
            accesses: [accessOfEffect(program, effect)],
            confidence: effect.debugOnly || effect.holds === "number" ? "medium" : "high",
            evidence: [
              `the section of line ${section.span.line} is there to protect the object`,
              ...(effect.debugOnly ? ["an assert: only builds with asserts run it"] : []),
            ],
            message: message(fn, effect.location, section.span.line),
          }),
        ),
    );
}

/** The first access before and the first after each section of the function, in asserts as well. */
function accessesOutside({ functions }: NativeProgram, { contended }: NativeIndex, fn: NativeFunction): OutsideAccess[] {
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
      const event = eventAt(fn.events, span);
      // An entry point that is called takes its own sections, and answers for itself.
      if (event === undefined || (event.kind === "call" && event.targets.some((target) => isOrdinary(functions[target] as NativeFunction)))) return [];
      return [{ effect, section, span, when: event.order < section.since ? "before" : "after" }];
    });
    return (["before", "after"] as const).flatMap((when) => placed.filter((each) => each.when === when).slice(0, 1));
  });
}

function eventAt(events: readonly NativeEvent[], { file, line, column }: SourceSpan): NativeEvent | undefined {
  return events.find(({ span }) => span.file === file && span.line === line && span.column === column);
}
