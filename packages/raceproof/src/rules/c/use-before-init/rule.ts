// A method follows a raw pointer that only tp_init sets: an object made by __new__ alone, or by a subclass that forgets __init__, has NULL there.
// Misses: pointers that are handed on. Over-reports: types that cannot be made without __init__.
import type { Hazard, NativeAccess, NativeEffect, NativeFunction, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { contains } from "../event-order.ts";
import { accessOfEffect, draftNativeHazard, originText } from "../native-hazard.ts";
import { isOrdinary } from "../native-index.ts";

const metadata: RuleMetadata = {
  id: "c/use-before-init",
  title: "Used before __init__",
  severity: "crash",
  consequence: "`T.__new__(T).method()` follows a NULL pointer: the interpreter crashes, in one thread as well.",
  sources: ["docs.python.org/3/c-api/typeobj.html#c.PyTypeObject.tp_new (tp_init may never run)", "python-zstandard #291"],
  since: "0.2.0",
  fixes: [
    { title: "Set up in tp_new", cost: "low", detail: "Methods then never meet an object without it." },
    { title: "A check", cost: "low", detail: "`if (self->field == NULL)` raises instead." },
  ],
};

function find(program: NativeProgram): Hazard[] {
  const methods = program.functions.filter((fn) => !fn.generated && isOrdinary(fn));
  return [...onlySetByInit(program)].flatMap(([location, effect]) => {
    const [first, ...more] = methods.flatMap((fn) => usesOf(program, fn, location));
    return first === undefined ? [] : [report(program, first, { effect, more })];
  });
}

/** Raw pointers that tp_init stores into its object and nothing else does that makes objects. */
function onlySetByInit({ functions }: NativeProgram): ReadonlyMap<string, NativeEffect> {
  const own = functions.filter(({ generated }) => !generated);
  const made = new Set(
    own.flatMap(({ events }) =>
      events.flatMap((event) => (event.kind === "access" && event.mode === "write" && event.base.root.kind === "fresh" ? [event.location] : [])),
    ),
  );
  const found = new Map<string, NativeEffect>();
  for (const { effects, entries } of own) {
    if (!entries.some(({ company }) => company === "initialization")) continue;
    for (const effect of effects) if (isStore(effect) && !made.has(effect.location)) found.set(effect.location, effect);
  }
  return found;
}

function isStore({ mode, holds, base, constant }: NativeEffect): boolean {
  return (
    mode === "write" &&
    (holds === "pointer" || holds === "object") &&
    base.root.kind === "parameter" &&
    base.root.index === 0 &&
    base.path.length === 0 &&
    constant === undefined
  );
}

interface Use {
  readonly fn: NativeFunction;
  readonly use: NativeAccess;
}

/** The first place where the method follows the pointer, when nothing has looked at it before. */
function usesOf(program: NativeProgram, fn: NativeFunction, location: string): Use[] {
  const field = location.slice(location.lastIndexOf(".") + 1);
  const follows = (event: NativeFunction["events"][number]): event is NativeAccess =>
    event.kind === "access" && !event.debugOnly && event.base.root.kind === "parameter" && event.base.root.index === 0 && event.base.path[0] === field;
  const use = fn.events.find(follows);
  // A loop up to a count does not run where nothing was set up.
  if (use === undefined || fn.loops.some((loop) => contains(loop, use)) || isChecked(fn, location) || calledBefore(program, fn, { location, use })) return [];
  return [{ fn, use }];
}

/** One per pointer: the remedy is one, too. */
function report(program: NativeProgram, { fn, use }: Use, { effect, more }: { readonly effect: NativeEffect; readonly more: readonly Use[] }): Hazard {
  return draftNativeHazard(program, metadata, {
    fn,
    span: use.span,
    location: effect.location,
    accesses: [{ span: use.span, function: fn.name, kind: "read", held: use.held }, accessOfEffect(program, effect)],
    confidence: "medium",
    singleThreaded: true,
    evidence: [
      `${program.functions[effect.function]?.name} sets it, on the way of tp_init`,
      "no check stands before",
      ...(more.length > 0 ? [`so do ${more.map((each) => each.fn.name).join(", ")}`] : []),
    ],
    message: `${fn.name} follows ${originText(fn, { ...use.base, path: use.base.path.slice(0, 1) })}, which is NULL until __init__ has run`,
  });
}

function isChecked({ branches, events }: NativeFunction, location: string): boolean {
  return branches.some(({ condition }) => events.some((event) => event.kind === "access" && event.location === location && contains(condition, event)));
}

/** A function that is called first may check. */
function calledBefore({ functions }: NativeProgram, fn: NativeFunction, { location, use }: { readonly location: string; readonly use: NativeAccess }): boolean {
  return fn.events.some(
    (event) => event.kind === "call" && event.order < use.order && event.targets.some((target) => isChecked(functions[target] as NativeFunction, location)),
  );
}

export const rule: NativeRule = { metadata, find };
