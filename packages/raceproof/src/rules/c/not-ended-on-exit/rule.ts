// What a function begins and ends on its ordinary way (a lock, a writer, a buffer, a flag that says "in use") is not ended on another way out.
// Misses: ends in functions more than one call down, macros. Over-reports: ways out that cannot be taken in between.
import { pairedCall } from "../../../models/index.ts";
import { originKey } from "../../../vocabulary/index.ts";
import type {
  Hazard,
  NativeCall,
  NativeEvent,
  NativeFunction,
  NativeJump,
  NativeProgram,
  NativeRule,
  RuleMetadata,
  Severity,
} from "../../../vocabulary/index.ts";
import { contains, canFollow } from "../event-order.ts";
import { draftNativeHazard } from "../native-hazard.ts";
import { flagsRaised } from "./flags.ts";

const metadata: RuleMetadata = {
  id: "c/not-ended-on-exit",
  title: "Way out that ends nothing",
  severity: "leak",
  consequence:
    "A lock stays held, an object stays marked as in use, or a writer's memory is lost, whenever that way out is taken: mostly when something fails.",
  sources: [
    "an extension in C: a writer that a failing repr does not give back",
    "CWE-772",
    "CWE-667",
    "docs.python.org/3/c-api/unicode.html#c.PyUnicodeWriter_Discard",
  ],
  since: "0.2.0",
  fixes: [{ title: "One way out", cost: "low", detail: "`goto done`, and end it there; what every way out has to do is then written once." }],
};

/** Something begun, and how to know its end. */
export interface Begun {
  readonly event: NativeEvent;
  readonly name: string;
  readonly severity: Severity;
  /** Where it ends, in order. */
  readonly ends: readonly NativeEvent[];
  /** Ways out that only failing to begin leads to are taken under tests of it. */
  readonly results: readonly string[];
}

function find(program: NativeProgram): Hazard[] {
  return program.functions
    .filter(({ generated }) => !generated)
    .flatMap((fn) =>
      [...callsBegun(program, fn), ...flagsRaised(fn)].flatMap((begun) => {
        const exit = isEndedOrdinarily(fn, begun) ? forgottenExit(fn, begun) : undefined;
        return exit === undefined ? [] : [report(program, fn, begun, exit)];
      }),
    );
}

function callsBegun({ functions }: NativeProgram, fn: NativeFunction): Begun[] {
  return fn.events.flatMap((event): Begun[] => {
    const row = event.kind === "call" && !event.debugOnly ? pairedCall(event.callee) : undefined;
    if (row === undefined || event.kind !== "call") return [];
    const key = row.about === "result" ? `result ${event.order}` : row.about === "thread" ? "" : keyOf(event, row.about.argument);
    if (key === undefined || isHandedOn(fn, key)) return [];
    const isEnd = (other: NativeEvent): boolean =>
      other.kind === "call" &&
      other.order > event.order &&
      ((row.endedBy.includes(other.callee) && (key === "" || other.arguments.some((origin) => originKey(origin) === key))) ||
        other.targets.some((target) => functions[target]?.events.some((inner) => inner.kind === "call" && row.endedBy.includes(inner.callee))));
    const results = fn.events.flatMap((other) => (other.kind === "assignment" && other.order === event.order + 1 ? [other.local] : []));
    return [{ event, name: event.callee, severity: row.leaves, ends: fn.events.filter(isEnd), results }];
  });
}

function keyOf({ arguments: passed }: NativeCall, argument: number): string | undefined {
  const origin = passed[argument];
  return origin === undefined || origin.root.kind === "none" ? undefined : originKey(origin);
}

/** Stored somewhere, or returned: others end it. */
function isHandedOn({ events }: NativeFunction, key: string): boolean {
  return (
    key !== "" &&
    events.some(
      (event) =>
        (event.kind === "access" && event.stored !== undefined && originKey(event.stored.origin) === key) ||
        (event.kind === "return" && event.value !== undefined && originKey(event.value) === key),
    )
  );
}

/** Some end does not stand on a way out of its own: the function means to end it itself. */
function isEndedOrdinarily({ branches }: NativeFunction, { event, ends }: Begun): boolean {
  return ends.some(
    (end) =>
      !branches.some(
        ({ whenTrue, whenFalse, trueLeaves, falseLeaves }) =>
          (trueLeaves && contains(whenTrue, end) && !contains(whenTrue, event)) || (falseLeaves && contains(whenFalse, end) && !contains(whenFalse, event)),
      ),
  );
}

/** The first way out that can be taken from there and passes no end. */
function forgottenExit(fn: NativeFunction, begun: Begun): NativeJump | undefined {
  const { event, ends } = begun;
  const last = Math.max(...ends.map(({ order }) => order));
  return fn.events.find((jump): jump is NativeJump => {
    if ((jump.kind !== "return" && jump.kind !== "goto") || jump.order <= event.order || jump.order > last || !canFollow(fn, event, jump)) return false;
    if (ends.some((end) => end.order < jump.order && canFollow(fn, end, jump)) || isFailureToBegin(fn, begun, jump)) return false;
    return jump.kind === "return" || endsNothingBehind(fn, ends, jump);
  });
}

function isFailureToBegin({ branches }: NativeFunction, { event, results }: Begun, jump: NativeJump): boolean {
  return branches.some(
    ({ condition, test, whenTrue, whenFalse }) =>
      (contains(whenTrue, jump) || contains(whenFalse, jump)) &&
      !contains(whenTrue, event) &&
      (contains(condition, event) || results.some((name) => new RegExp(`\\b${name}\\b`).test(test))),
  );
}

/** From the label to where the function is left. */
function endsNothingBehind({ events, branches }: NativeFunction, ends: readonly NativeEvent[], { label }: NativeJump): boolean {
  const place = events.find((event) => event.kind === "label" && event.label === label);
  if (place === undefined) return false;
  const isConditional = (event: NativeEvent): boolean => branches.some(({ whenTrue, whenFalse }) => contains(whenTrue, event) || contains(whenFalse, event));
  const left = events.find((event) => event.order > place.order && (event.kind === "return" || event.kind === "goto") && !isConditional(event));
  return left !== undefined && left.kind === "return" && !ends.some(({ order }) => order > place.order && order < left.order);
}

function report(program: NativeProgram, fn: NativeFunction, { event, name, severity, ends }: Begun, exit: NativeJump): Hazard {
  const [end] = ends;
  return draftNativeHazard(program, metadata, {
    fn,
    span: exit.span,
    location: name,
    accesses: [{ span: event.span, function: fn.name, kind: event.kind === "access" ? "write" : "call", held: event.held }],
    severity,
    confidence: "medium",
    singleThreaded: severity === "leak",
    evidence: [`${name} at line ${event.span.line}`, ...(end ? [`other ways end it, at line ${end.span.line}`] : [])],
    message: `${exit.kind === "goto" ? `goto ${exit.label}` : "return"} leaves without ending what ${name} began at line ${event.span.line}`,
  });
}

export const rule: NativeRule = { metadata, find };
