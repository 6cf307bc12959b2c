// tp_init replaces what an object in use holds, without a section: Python code can call __init__ again, on any object, from any thread.
// Over-reports: types whose __init__ nobody calls twice; where it drops nothing, the confidence is low.
import { groupedBy } from "../../../vocabulary/index.ts";
import type { Hazard, NativeEffect, NativeFunction, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { accessOfEffect, draftNativeHazard } from "../native-hazard.ts";
import { isProtected, isReachableByOthers, nativeIndexOf } from "../native-index.ts";

const metadata: RuleMetadata = {
  id: "c/initialized-again",
  title: "__init__ on an object in use",
  severity: "crash",
  consequence: "What methods are using is replaced or freed under them; two calls drop the same reference twice; what is not dropped leaks.",
  sources: [
    "docs.python.org/3/c-api/typeobj.html#c.PyTypeObject.tp_init (may be called more than once)",
    "an extension in C before it got critical sections",
    "wrapt, swapping of fields in __init__",
  ],
  since: "0.2.0",
  fixes: [
    { title: "Set up in tp_new", cost: "low", detail: "It runs once per object; tp_init then has nothing to replace." },
    { title: "A critical section, old values dropped after it", cost: "low", detail: "Py_BEGIN_CRITICAL_SECTION(self) around the stores." },
  ],
};

function find(program: NativeProgram): Hazard[] {
  const used = usedLater(program);
  return program.functions
    .filter(({ generated, entries }) => !generated && entries.some(({ company }) => company === "initialization"))
    .flatMap((init) => {
      const replaced = init.effects.filter((effect) => isReplaced(effect) && used.has(effect.location));
      const within = groupedBy(replaced, (effect) => effect.function);
      return [...within].map(([id, effects]) => report(program, init, { within: program.functions[id] ?? init, effects }));
    });
}

/** Locations that ordinary entries look at. */
function usedLater(program: NativeProgram): ReadonlySet<string> {
  return new Set(
    nativeIndexOf(program).ordinary.flatMap(({ effects }) => effects.filter(({ base }) => isReachableByOthers(base)).map(({ location }) => location)),
  );
}

function isReplaced(effect: NativeEffect): boolean {
  const { base, mode, holds, constant, debugOnly } = effect;
  if (debugOnly || base.root.kind !== "parameter" || base.root.index !== 0 || base.ownerDepth < 0 || isProtected(effect)) return false;
  return mode === "write" && (holds === "object" || holds === "pointer") && constant === undefined;
}

interface Replaced {
  readonly within: NativeFunction;
  readonly effects: readonly NativeEffect[];
}

function report(program: NativeProgram, init: NativeFunction, { within, effects }: Replaced): Hazard {
  const [first] = effects as [NativeEffect];
  const names = [...new Set(effects.map(({ location }) => location))];
  const drops = within.events.some((event) => event.kind === "call" && /^Py_(X?SETREF|CLEAR|X?DECREF)$|[Ff]ree$/.test(event.callee));
  return draftNativeHazard(program, metadata, {
    fn: within,
    span: first.span,
    location: first.location,
    accesses: [accessOfEffect(program, first)],
    confidence: drops ? "medium" : "low",
    evidence: [
      `${init.name} is tp_init: Python code can call __init__ again`,
      ...(drops ? ["it drops old values, so a second call is foreseen"] : ["old values are not dropped: a second call leaks them"]),
      "no section or lock is held",
    ],
    message: `${within.name} replaces ${names.slice(0, 3).join(", ")} of an object that may be in use when __init__ is called again`,
  });
}

export const rule: NativeRule = { metadata, find };
