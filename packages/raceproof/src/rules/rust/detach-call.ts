// A call that waits is put into `py.detach(...)`. Shared by the rules about waiting with the interpreter in hand.
// What the closure would take along must be known to be fit for it: nothing bound to the interpreter, nothing that one thread alone may have. PyO3 lets the
// compiler check the same (docs.rs/pyo3, marker::Ungil: Send on stable Rust); what is not known here is refused.
import { firstWithDetach } from "../../models/index.ts";
import { compareVersions, offsetIn, rustTypeText, withoutReferences } from "../../vocabulary/index.ts";
import type { FixAnswer, FixSource, Hazard, RustCall, RustFunction, RustProgram, RustType, RustValue, SourceSpan, TextEdit } from "../../vocabulary/index.ts";
import { refusal } from "./collector-methods.ts";
import { callsOf } from "./attached-calls.ts";
import { isBefore } from "./rust-hazard.ts";

const unfitKinds: readonly (readonly [names: RegExp, reason: string])[] = [
  [
    /^(?:Python|Bound|Borrowed|PyRef|PyRefMut|PyCell|PyAny|PyDict|PyList|PyTuple|PyString|PyBytes)$/,
    "is bound to the interpreter, so a closure that runs without it cannot have it",
  ],
  [/^(?:MutexGuard|RwLockReadGuard|RwLockWriteGuard|Rc|Weak|Ref|RefMut|\*)$/, "may not leave its thread, and detaching asks for what may"],
  [/^(?:Cell|RefCell|UnsafeCell|OnceCell)$/, "changes without a lock"],
];
const fit = new Set(
  (
    "bool char str String u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 PathBuf Path OsString OsStr Duration Instant Vec Option Box Arc HashMap " +
    "BTreeMap HashSet BTreeSet VecDeque [] () JoinHandle Sender SyncSender Receiver Mutex RwLock Condvar Barrier AtomicBool AtomicUsize AtomicU64 AtomicI64 AtomicU32 " +
    "AtomicI32 Child Command TcpStream TcpListener UdpSocket UnixListener UnixStream SocketAddr Runtime Handle ThreadPool Thread Result Py"
  ).split(" "),
);

export function detachCall(hazard: Hazard, program: RustProgram, source: FixSource): FixAnswer {
  const place = placeOf(hazard, program);
  if (place === undefined) return refusal("its call is not found");
  const { fn, call } = place;
  const { file } = call.span;
  const text = source.textOf(file);
  const from = offsetIn(text, call.span.line, call.span.column);
  const to = offsetIn(text, call.span.endLine, call.span.endColumn);
  const expression = text.slice(from, to);
  const captured = capturedBy(fn, call, expression);
  const version = program.crates[fn.crate]?.pyo3?.version;
  const reason = hindrance(call, expression, version) ?? captured.map((each) => unfitness(program, fn, each)).find((each) => each !== undefined);
  if (version === undefined || reason !== undefined) return refusal(reason ?? "");
  const token = tokenFor(program, fn, call, text);
  if (typeof token === "string") return refusal(token);
  const name = compareVersions(version, firstWithDetach) >= 0 ? "detach" : "allow_threads";
  const isMoved = captured.some((each) => isReceiver(each.type));
  const edits: TextEdit[] = [...token.edits, { file, from, to, text: `${token.name}.${name}(${isMoved ? "move " : ""}|| ${expression})` }];
  return { kind: "fix", title: `${fn.qualifiedName} lets go of the interpreter while it waits (${token.name}.${name})`, edits };
}

function placeOf({ span, function: name }: Hazard, { functions }: RustProgram): { readonly fn: RustFunction; readonly call: RustCall } | undefined {
  const fn = functions.find((each) => each.qualifiedName === name && each.span.file === span.file);
  const call = fn && callsOf(fn).find((each) => each.span.line === span.line && each.span.column === span.column && each.span.endLine === span.endLine);
  return fn && call && { fn, call };
}

/** What no closure helps. */
function hindrance({ name }: RustCall, expression: string, version: string | undefined): string | undefined {
  if (version === undefined) return "which PyO3 it is built with is not known: detach and allow_threads are the same under two names";
  if (/^(?:par_|into_par_)/.test(name)) return "the work is only described here, and waited for at the end of a chain of calls";
  return /\breturn\b|\?(?!\w)|\.await\b/.test(expression) ? "the call leaves the function in its middle (`?`, `return`, `.await`)" : undefined;
}

interface Capture {
  readonly name: string;
  readonly type: RustType;
  /** Not named behind the call. */
  readonly isLast: boolean;
}

/** Variables of the function that the expression names; those it makes itself are its own. */
function capturedBy(fn: RustFunction, call: RustCall, expression: string): Capture[] {
  const words = new Set([...expression.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""').matchAll(/(?<![.\w])[a-z_]\w*(?!\w|!|::)/g)].map(([word]) => word));
  const given = fn.parameters.map(({ name, type }) => ({ name: name.replace(/^mut /, ""), type }));
  const locals = fn.events.flatMap((event) =>
    event.kind === "binding" && event.order < call.order ? [{ name: event.local, type: typeOfValue(fn, event.value) }] : [],
  );
  const last = new Map([...given, ...locals].map((each) => [each.name, each.type]));
  return [...last].filter(([name]) => words.has(name)).map(([name, type]) => ({ name, type, isLast: !isNamedBehind(fn, call, name) }));
}

/** Handles of threads and ends of channels by the call that makes them. Source: doc.rust-lang.org/std/thread and /sync/mpsc, docs.rs/crossbeam-channel. */
const made: readonly (readonly [call: RegExp, part: string | undefined, name: string, path: string])[] = [
  [/(?:^|::)thread::spawn$/, undefined, "JoinHandle", "std::thread::JoinHandle"],
  [/(?:^|::)mpsc::(?:sync_)?channel$/, "0", "Sender", "std::sync::mpsc::Sender"],
  [/(?:^|::)mpsc::(?:sync_)?channel$/, "1", "Receiver", "std::sync::mpsc::Receiver"],
  [/^crossbeam\w*(?:::\w+)*::(?:un)?bounded$/, "1", "Receiver", "crossbeam_channel::Receiver"],
];

function typeOfValue({ events }: RustFunction, { type, origin: { root, path } }: RustValue): RustType {
  const maker = root.kind === "call" ? events[root.order] : undefined;
  if (type.name !== "" || maker?.kind !== "call") return type;
  const row = made.find(([call, part]) => call.test(maker.path) && path[0] === part && path.length <= 1);
  return row === undefined ? type : { ...type, name: row[2], path: row[3] };
}

function isNamedBehind({ events }: RustFunction, { span: { endLine, endColumn } }: RustCall, name: string): boolean {
  const isBehind = ({ line, column }: SourceSpan): boolean => line > endLine || (line === endLine && column >= endColumn);
  return events.some(({ kind, span, text }) => kind !== "drop" && isBehind(span) && new RegExp(`(?<![.\\w])${name}\\b`).test(text));
}

/** Why the closure cannot have it. */
function unfitness(program: RustProgram, fn: RustFunction, { name, type, isLast }: Capture): string | undefined {
  if (isReceiver(type) && (type.name === "&" || !isLast)) return `${name} is a receiver, which one thread has at a time, and is used again`;
  const plain = withoutReferences(type);
  const inside = partsOf(program, plain);
  const said = `${name} (${rustTypeText(type)})`;
  const kind = unfitKinds.find(([names]) => inside.some((part) => names.test(part.name)));
  if (kind !== undefined) return `${said} ${kind[1]}`;
  const attribute = program.structs[plain.declaration ?? -1]?.pyclass;
  if (attribute?.arguments.has("unsendable") === true) return `${said} is of a class for one thread`;
  // From 0.23 on every class is Sync, or does not compile.
  return attribute !== undefined && !isBefore(program, fn.crate, "0.23.0") ? undefined : strangeness(name, inside);
}

function strangeness(name: string, inside: readonly RustType[]): string | undefined {
  const strange = inside.find((part) => part.declaration === undefined && !fit.has(part.name));
  if (strange === undefined) return undefined;
  const part = strange.name === "" ? "" : `, with ${rustTypeText(strange)} in it,`;
  return `the type of ${name}${part} is not known to be fit for another thread`;
}

function isReceiver(type: RustType): boolean {
  return withoutReferences(type).path.includes("mpsc") && withoutReferences(type).name === "Receiver";
}

/** The type, and everything in it. */
function partsOf({ structs }: RustProgram, type: RustType): RustType[] {
  const open: RustType[] = [type];
  const seen = new Set<number>();
  for (const part of open) {
    // What a handle of Python leads to stays with Python.
    if (part.name !== "Py") open.push(...part.arguments);
    if (part.declaration === undefined || seen.has(part.declaration)) continue;
    seen.add(part.declaration);
    open.push(...(structs[part.declaration]?.fields.map((field) => field.type) ?? []));
  }
  return open.filter(({ name }) => name !== "&");
}

interface Token {
  readonly name: string;
  /** What brings it here. */
  readonly edits: readonly TextEdit[];
}

/** The one the function has; else one more parameter, which Python does not see. */
function tokenFor({ functions }: RustProgram, fn: RustFunction, call: RustCall, text: string): Token | string {
  const own = fn.parameters.find(({ name, type }) => withoutReferences(type).name === "Python" && /^\w*[a-z]\w*$/.test(name));
  if (own !== undefined && fn.scopes[call.scope]?.otherThread !== true) return { name: own.name, edits: [] };
  if (fn.exposed !== "function" && fn.exposed !== "method") return "it has no token of the interpreter (py: Python<'_>) to detach by";
  if (functions.some(({ events }) => events.some((event) => event.kind === "call" && event.targets.includes(fn.id))))
    return "it has no token of the interpreter, and one more parameter would change its callers";
  const from = offsetIn(text, fn.span.line, fn.span.column);
  const opening = new RegExp(`\\bfn\\s+${fn.name}\\s*(?:<[^>]*>\\s*)?\\(`).exec(text.slice(from));
  if (opening === null) return "its parameters are not found";
  return { name: "py", edits: [parameterAt(text, from + opening.index + opening[0].length, fn.span.file)] };
}

/** Behind the receiver, before everything else. */
function parameterAt(text: string, at: number, file: string): TextEdit {
  const self = /^\s*&?\s*(?:'\w+\s+)?(?:mut\s+)?self\b\s*,?/.exec(text.slice(at))?.[0] ?? "";
  const behind = at + self.length;
  const isLast = /^\s*\)/.test(text.slice(behind));
  const lead = self === "" ? "" : self.trimEnd().endsWith(",") ? " " : ", ";
  const tail = isLast ? "" : self === "" ? ", " : ",";
  return { file, from: behind, to: behind, text: `${lead}py: pyo3::Python<'_>${tail}` };
}
