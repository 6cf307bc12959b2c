// Where a thread has the interpreter, and how much of Python a call runs. Shared by the rules about threads that attach and detach.
import { withoutReferences } from "../../vocabulary/index.ts";
import type { RustCall, RustEvent, RustFunction, RustGuard, RustOrigin, RustProgram, RustValue } from "../../vocabulary/index.ts";

/** Functions that run attached at least sometimes: offered to Python, given a token, or called by one that is attached there. */
export function attachedFunctions({ functions }: RustProgram): ReadonlySet<number> {
  const attached = new Set(functions.filter(({ scopes }) => scopes[0]?.attachment === "attached").map(({ id }) => id));
  const callees = functions.map(({ events }) => events.filter((event): event is RustCall => event.kind === "call" && event.targets.length > 0));
  for (const call of callees.flat()) if (call.attachment === "attached") for (const target of call.targets) attached.add(target);
  for (const id of attached) for (const call of callees[id] ?? []) if (call.attachment === "either") for (const target of call.targets) attached.add(target);
  return attached;
}

/** The thread has the interpreter at this event, at least for some callers. */
export function isAttached(attached: ReadonlySet<number>, { id }: RustFunction, { attachment }: RustEvent): boolean {
  return attachment === "attached" || (attachment === "either" && attached.has(id));
}

export function callsOf({ events }: RustFunction): RustCall[] {
  return events.filter((event): event is RustCall => event.kind === "call");
}

/** Runs what somebody else wrote: any callable, any method. */
const callsOut = /^(?:call|call0|call1|call_method|call_method0|call_method1|run|eval|import|import_bound|py_run|check_signals)$/;
/** Runs a special method of whatever object it is. */
const mayCallOut =
  /^(?:getattr|getattr_opt|setattr|delattr|hasattr|repr|str|rich_compare|eq|ne|lt|le|gt|ge|compare|hash|contains|try_iter|get_item|set_item|del_item|is_truthy|is_true)$/;

export type PythonRun = "anything" | "special-method" | "built-in";

/** What of Python the call runs, itself or in what it calls; undefined when nothing. */
export function pythonRunBy(program: RustProgram, fn: RustFunction, call: RustCall): PythonRun | undefined {
  if (!call.effects.includes("runs-python")) return undefined;
  const made =
    call.targets.length === 0
      ? [call]
      : fn.effects
          .filter(({ kind, order }) => kind === "runs-python" && order === call.order)
          .flatMap((effect) => innermostCall(program, effect.function, effect.span));
  if (made.some(({ name }) => callsOut.test(name))) return "anything";
  return made.some((each) => mayCallOut.test(each.name) && !isPlainLookUp(each)) ? "special-method" : "built-in";
}

function innermostCall({ functions }: RustProgram, id: number, span: RustEvent["span"]): RustCall[] {
  const event = functions[id]?.events.find((each) => each.span === span);
  return event?.kind === "call" ? [event] : [];
}

/** A dict asked by a str: its hash and comparison are built in. */
function isPlainLookUp({ name, receiver, arguments: [key] }: RustCall): boolean {
  if (!/_item$|^contains$/.test(name) || key === undefined) return false;
  return pythonTypeOf(receiver) === "PyDict" && (key.constant !== undefined || /^(?:str|String)$/.test(withoutReferences(key.type).name));
}

/** "Pool.free" for a field of self, a static's name, the path of a parameter; what two functions mean by the same lock. */
export function placeName({ owner, parameters }: RustFunction, { root, path }: RustOrigin): string {
  const fields = path.filter((part) => part !== "[]");
  if (root.kind === "static") return [root.name, ...fields].join(".");
  if (root.kind === "self") return [owner?.name ?? "Self", ...fields].join(".");
  if (root.kind !== "parameter") return fields.join(".");
  const type = parameters[root.index]?.type;
  const named = type && [type, ...type.arguments].findLast(({ declaration }) => declaration !== undefined);
  return [named?.name ?? parameters[root.index]?.name ?? "", ...fields].join(".");
}

export function isLock({ kind }: RustGuard): boolean {
  return kind === "mutex" || kind === "rwlock-read" || kind === "rwlock-write";
}

/** The lock is waited for without the interpreter: `lock_py_attached`. */
export function waitsDetached({ events }: RustFunction, { from }: RustGuard): boolean {
  const taken = events[from];
  return taken?.kind === "call" && taken.name.endsWith("_attached");
}

/** The scope is one of these, or inside one. */
export function isWithin({ scopes }: RustFunction, scope: number, around: ReadonlySet<number>): boolean {
  for (let current = scope; current >= 0; current = scopes[current]?.parent ?? -1) if (around.has(current)) return true;
  return false;
}

/** Scopes of the closures that the call gets. */
export function closuresOf({ arguments: given }: RustCall): ReadonlySet<number> {
  return new Set(given.flatMap(({ closure }) => closure ?? []));
}

const around = { python: /^(?:&|Bound|Py|Borrowed)$/, memory: /^(?:&|Arc|Rc|Box|CachePadded)$/ };

/** Name of the Python type behind references: "PyDict" of `&Bound<PyDict>`; "" when not known. */
export function pythonTypeOf(value: RustValue | undefined): string {
  return nameBehind(value, around.python);
}

/** Name of the type behind references and smart pointers: "AtomicBool" of `&Arc<AtomicBool>`. */
export function memoryTypeOf(value: RustValue | undefined): string {
  return nameBehind(value, around.memory);
}

function nameBehind(value: RustValue | undefined, wrapper: RegExp): string {
  let type = value?.type;
  while (type !== undefined && wrapper.test(type.name)) type = type.arguments[0];
  return type?.name ?? "";
}

/** It runs a closure once, and other threads wait for it. */
export function fillsOnce({ name }: RustCall): boolean {
  return /^(?:get_or_init|get_or_try_init|call_once|call_once_force|force)$/.test(name);
}
