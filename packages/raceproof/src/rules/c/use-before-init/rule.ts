// A method follows a raw pointer that only tp_init sets: an object made by __new__ alone, or by a subclass that forgets __init__, has NULL there.
// Misses: checks far away. Over-reports: types that cannot be made without __init__.
import { groupedBy } from "../../../vocabulary/index.ts";
import type {
  Hazard,
  NativeEffect,
  NativeEvent,
  NativeFunction,
  NativeOrigin,
  NativeProgram,
  NativeRule,
  RuleMetadata,
  SourceSpan,
} from "../../../vocabulary/index.ts";
import { contains } from "../event-order.ts";
import { accessOfEffect, draftNativeHazard, originText } from "../native-hazard.ts";
import type { NativeAccessDraft } from "../native-hazard.ts";
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
  const uses = [...onlySetByInit(program)].flatMap(([location, effect]) => {
    const found = methods.flatMap((fn) => usesOf(program, fn, location)).toSorted(byPlainness);
    const [first, ...more] = found;
    return first === undefined ? [] : [{ first, more, effect }];
  });
  // What one initializer sets up for a type is one question: the pointer that is met first stands for all.
  const byType = groupedBy(uses, ({ effect }) => `${effect.location.split(".")[0]} ${program.functions[effect.function]?.id}`);
  return [...byType.values()].flatMap((pointers) => {
    const [worst] = pointers.toSorted((one, other) => byPlainness(one.first, other.first));
    return worst === undefined ? [] : [report(program, worst.first, worst)];
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
  return mode === "write" && (holds === "pointer" || holds === "object") && isOfObject(base) && constant === undefined;
}

/** What has the least to get past shows it best; among equals what does the least at all. */
function byPlainness(one: Use, other: Use): number {
  return one.before - other.before || one.fn.effects.length - other.fn.effects.length;
}

interface Use {
  readonly fn: NativeFunction;
  readonly span: SourceSpan;
  readonly base: NativeOrigin;
  /** How much happens before. */
  readonly before: number;
}

/** Where the method, or what it hands the object to, follows the pointer, when nothing has looked at it before. */
function usesOf(program: NativeProgram, fn: NativeFunction, location: string): Use[] {
  const field = location.slice(location.lastIndexOf(".") + 1);
  // Other structs have fields of the same name.
  if (!fn.effects.some((effect) => effect.location === location && isOfObject(effect.base))) return [];
  const locked = lockedAt(fn, field);
  if (locked !== undefined) return leavesBefore(fn, locked.event) || isChecked(fn, location) ? [] : [locked.use];
  const use = fn.effects.find(({ base, debugOnly }) => !debugOnly && isOfObject(base, field));
  if (use === undefined) return [];
  const way = [fn.id, ...calleesOn(program, fn, use)];
  const places = way.map((id, depth) => {
    const within = program.functions[id] as NativeFunction;
    return { within, event: eventAt(within, use.calls[depth] ?? use.span) };
  });
  // A loop up to a count does not run where nothing was set up.
  const isSafe = places.some(
    ({ within, event }) =>
      event === undefined ||
      within.loops.some((loop) => contains(loop, event)) ||
      leavesBefore(within, event) ||
      isChecked(within, location) ||
      calledBefore(program, within, { location, before: event.order }),
  );
  return isSafe ? [] : [{ fn, span: use.calls[0] ?? use.span, base: use.base, before: places.reduce((sum, { event }) => sum + (event?.order ?? 0) + 1, 0) }];
}

/** A section locks the object that the pointer leads to: of NULL there is no mutex. */
function lockedAt(fn: NativeFunction, field: string): { readonly event: NativeEvent; readonly use: Use } | undefined {
  for (const event of fn.events) {
    const base = event.kind === "open" ? event.objects.find((object) => isOfObject(object, field)) : undefined;
    if (base !== undefined) return { event, use: { fn, span: event.span, base, before: event.order + 1 } };
  }
  return undefined;
}

/** Rooted in the method's own object, and led through the field where one is asked for. */
function isOfObject({ root, path }: NativeOrigin, field?: string): boolean {
  return root.kind === "parameter" && root.index === 0 && path[0] === field;
}

/** A test of the object comes first, and what fails it leaves: of an empty object there may be nothing to follow. */
function leavesBefore({ branches, events }: NativeFunction, use: NativeEvent): boolean {
  return branches.some(
    ({ condition, whenTrue, trueLeaves }) =>
      trueLeaves &&
      whenTrue.to <= use.order &&
      events.some((event) => event.kind === "access" && event.base.root.kind === "parameter" && event.base.path.length === 0 && contains(condition, event)),
  );
}

/** Functions that the calls of an effect lead through, the innermost last. */
function calleesOn({ functions }: NativeProgram, fn: NativeFunction, { calls }: NativeEffect): number[] {
  const found: number[] = [];
  let at: NativeFunction | undefined = fn;
  for (const span of calls) {
    const call: NativeEvent | undefined = at && eventAt(at, span);
    const target: number | undefined = call?.kind === "call" ? call.targets[0] : undefined;
    at = target === undefined ? undefined : functions[target];
    if (target !== undefined) found.push(target);
  }
  return found;
}

function eventAt({ events }: NativeFunction, { file, line, column, endLine, endColumn }: SourceSpan): NativeEvent | undefined {
  return events.find(
    ({ span }) => span.file === file && span.line === line && span.column === column && span.endLine === endLine && span.endColumn === endColumn,
  );
}

/** Of the other methods that follow it. */
const mostShown = 16;

/** One per pointer: the remedy is one, too. */
function report(program: NativeProgram, { fn, span, base }: Use, { effect, more }: { readonly effect: NativeEffect; readonly more: readonly Use[] }): Hazard {
  return draftNativeHazard(program, metadata, {
    fn,
    span,
    location: effect.location,
    accesses: [
      { span, function: fn.name, kind: "read", held: [] },
      accessOfEffect(program, effect),
      ...more.slice(0, mostShown).map((other): NativeAccessDraft => ({ span: other.span, function: other.fn.name, kind: "read", held: [] })),
    ],
    confidence: "medium",
    singleThreaded: true,
    evidence: [
      `${program.functions[effect.function]?.name} sets it, on the way of tp_init`,
      "no check stands before",
      ...(more.length > 0 ? [`so do ${more.map((each) => each.fn.name).join(", ")}`] : []),
    ],
    message: `${fn.name} follows ${originText(fn, { ...base, path: base.path.slice(0, 1) })}, which is NULL until __init__ has run`,
  });
}

function isChecked({ branches, events }: NativeFunction, location: string): boolean {
  return branches.some(({ condition }) => events.some((event) => event.kind === "access" && event.location === location && contains(condition, event)));
}

/** A function that is called first may check. */
function calledBefore({ functions }: NativeProgram, fn: NativeFunction, { location, before }: { readonly location: string; readonly before: number }): boolean {
  return fn.events.some(
    (event) => event.kind === "call" && event.order < before && event.targets.some((target) => isChecked(functions[target] as NativeFunction, location)),
  );
}

export const rule: NativeRule = { metadata, find };
