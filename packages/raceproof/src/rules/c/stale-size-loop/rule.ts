// A loop over a list by a length that was taken before it, with getters that check nothing.
// Over-reports: lists that one thread alone has and that no code of the loop can reach.
import { originKey } from "../../../vocabulary/index.ts";
import type { Hazard, NativeCall, NativeFunction, NativeLoop, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { callsOf, contains } from "../event-order.ts";
import { draftNativeHazard, originText } from "../native-hazard.ts";
import { isProtected, nativeIndexOf } from "../native-index.ts";
import { isPrivateArgument } from "../private-argument.ts";

const metadata: RuleMetadata = {
  id: "c/stale-size-loop",
  title: "Loop by a length that is no longer true",
  severity: "crash",
  consequence: "The list shrinks during the loop and the getter reads beyond its end.",
  sources: ["docs.python.org/3/c-api/list.html#c.PyList_GET_ITEM (no checks)", "StringZilla #328", "python-rapidjson #234"],
  since: "0.2.0",
  fixes: [
    { title: "Ask again in every round", cost: "low", detail: "PyList_GetItemRef checks the index and returns a reference of one's own (3.13)." },
    { title: "A copy", cost: "low", detail: "PySequence_Tuple or PyList_AsTuple: nobody changes the tuple." },
  ],
};

const unchecked = /^(PyList_GET_ITEM|PySequence_Fast_GET_ITEM)$/;
const length = /^(PyList_(GET_SIZE|Size)|PySequence_(Fast_GET_SIZE|Size|Length)|PyObject_(Size|Length)|Py_SIZE)$/;

interface Loop {
  readonly item: NativeCall;
  readonly size: NativeCall;
  readonly loop: NativeLoop;
}

function find(program: NativeProgram): Hazard[] {
  const { reached } = nativeIndexOf(program);
  return program.functions
    .filter(({ id, generated }) => !generated && reached.has(id))
    .flatMap((fn) => {
      const calls = callsOf(fn);
      const found = calls.filter(({ callee }) => unchecked.test(callee)).flatMap((item) => loopsBy(fn, calls, item));
      return [...new Map(found.map((each) => [each.loop, each])).values()].flatMap((each) => judge(program, fn, each));
    });
}

/** The innermost loop around the getter, when the list's length is asked for before it and nowhere inside. */
function loopsBy(fn: NativeFunction, calls: readonly NativeCall[], item: NativeCall): Loop[] {
  const [list] = item.arguments;
  const loop = fn.loops.filter((each) => contains(each, item)).toSorted((a, b) => b.from - a.from)[0];
  if (list === undefined || loop === undefined || isPrivateArgument(fn, list)) return [];
  const sizes = calls.filter(({ callee, arguments: [of] }) => length.test(callee) && of !== undefined && originKey(of) === originKey(list));
  const size = sizes.findLast(({ order }) => order < loop.from);
  return size === undefined || sizes.some((each) => contains(loop, each)) ? [] : [{ item, size, loop }];
}

function judge(program: NativeProgram, fn: NativeFunction, { item, size, loop }: Loop): Hazard[] {
  const [list] = item.arguments as readonly [NativeCall["arguments"][number]];
  const letsIn = callsOf(fn).find((call) => contains(loop, call) && call.effect === "runs-python" && !/^Py_|^PyErr_/.test(call.callee));
  if (letsIn === undefined && isProtected({ held: item.held, base: list }, fn.entryHeld)) return [];
  return [
    draftNativeHazard(program, metadata, {
      fn,
      span: item.span,
      location: originText(fn, list),
      accesses: [size, item].map(({ span, held }) => ({ span, function: fn.name, kind: "read" as const, held })),
      confidence: "medium",
      singleThreaded: letsIn !== undefined,
      evidence: [
        `the length is taken at line ${size.span.line} and not again`,
        letsIn === undefined ? "no section on the list is held" : `${letsIn.callee} at line ${letsIn.span.line} can run Python code that changes the list`,
      ],
      message: `${item.text} checks nothing, and the list may have become shorter than at line ${size.span.line}`,
    }),
  ];
}

export const rule: NativeRule = { metadata, find };
