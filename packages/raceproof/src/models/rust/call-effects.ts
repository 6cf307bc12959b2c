// What a call from outside the program does, as far as threads and the collector care. Methods count by the type they are called on where it is known.
// Sources: docs.rs/pyo3 (Python, Py, PyAnyMethods, types::*); doc.rust-lang.org/std/sync, std/thread; docs.rs/crossbeam-channel, docs.rs/tokio.
import type { RustEffectKind, RustType } from "../../vocabulary/index.ts";
import { isOutside, pythonOwner } from "./python-owners.ts";

const words = (list: string): ReadonlySet<string> => new Set(list.split(" "));

const attaching = words(
  "with_gil attach try_attach assume_gil_acquired assume_attached with_gil_unchecked attach_unchecked acquire_gil PyGILState_Ensure PyEval_RestoreThread",
);
/** Of Bound, Py, &PyAny and the types of PyO3; their names are theirs alone or their receivers are known. */
const runningMethods = words(
  "call call0 call1 call_method call_method0 call_method1 getattr getattr_opt setattr delattr hasattr repr str is_truthy is_true rich_compare eq ne lt le gt ge hash try_iter " +
    "import run eval set_item get_item del_item contains extract downcast_into_exact is_instance is_instance_of is_subclass append insert extend update add " +
    "as_sequence try_into compare not_eq len is_empty print restore getattr_or_none",
);
const ownNames = words("call_method call_method0 call_method1 call0 call1 getattr setattr delattr hasattr rich_compare is_truthy try_iter");
const moduleCalls =
  /(?:^|::)(?:PyModule::import(?:_bound)?|PyModule::from_code(?:_bound)?|PyErr::fetch|PyErr::take)$|(?:^|::)ffi::(?:PyObject_(?!IS_GC|TypeCheck|GC_\w+)|PyRun_|PyImport_|PyEval_Call|PySequence_|PyMapping_|PyNumber_|PyIter_Next)\w*$/;
const constructors =
  /(?:^|::)(?:Py(?:List|Dict|Tuple|String|Bytes|ByteArray|Set|FrozenSet|Int|Long|Float|Bool|Slice|Module|CFunction|Capsule|Complex|Iterator|Date\w*|Time\w*|Delta)|Py|Bound)::(?:new\w*|empty\w*|intern\w*|from_\w+)$/;
const allocatingMethods = words("into_py into_pyobject to_object into_py_any into_bound_py_any");
const allocatingMacros = words("intern pyo3_intern wrap_pyfunction");
const runningMacros = words("py_run");
const blockingMethods = words("recv recv_timeout recv_deadline blocking_recv blocking_send wait wait_while wait_timeout wait_timeout_while block_on");
const blockingPaths = /(?:^|::)(?:thread::sleep|thread::park|thread::park_timeout|block_on|block_in_place|thread::scope|rayon::scope|rayon::join)$/;
const lockMethods = words("lock blocking_lock lock_py_attached read_py_attached write_py_attached");
const changingMethods = words(
  "push push_back push_front push_str pop pop_back pop_front insert remove clear take drain retain retain_mut truncate resize extend append swap replace set sort sort_by " +
    "sort_by_key dedup split_off swap_remove get_or_insert get_or_insert_with entry get_or_init get_or_try_init rotate_left fill",
);
/** Of those, what lets go of elements. */
const droppingMethods = words("pop pop_back pop_front remove clear take drain retain retain_mut truncate replace set swap_remove split_off dedup insert");
const panickingMethods = words("unwrap expect unwrap_err expect_err");
const panickingMacros = words("panic unreachable todo unimplemented assert assert_eq assert_ne");

/** What the classification needs to know of a call. */
export interface OutsideCall {
  readonly form: "method" | "path" | "macro" | "value";
  readonly name: string;
  readonly path: string;
  /** Behind references and smart pointers. */
  readonly receiver: RustType | undefined;
  /** The receiver as it is: Arc<T> and not T. */
  readonly outer: RustType | undefined;
  /** The receiver, or the first argument of a path call, owns Python objects. */
  readonly owns: boolean;
  readonly argumentCount: number;
}

export function effectsOfCall(call: OutsideCall): RustEffectKind[] {
  if (call.form === "macro") return effectsOfMacro(call.name);
  return call.form === "method" ? effectsOfMethod(call) : effectsOfPath(call);
}

function effectsOfMacro(name: string): RustEffectKind[] {
  if (panickingMacros.has(name)) return ["panics"];
  if (runningMacros.has(name)) return ["runs-python", "allocates-python"];
  return allocatingMacros.has(name) ? ["allocates-python"] : [];
}

const attachingPath = /(?:^|::)(?:Python|ffi|GILGuard|GILPool)::\w+$|(?:^|::)PyGILState_Ensure$|(?:^|::)PyEval_RestoreThread$/;

/** By path; `owns`: only where an argument owns Python objects. */
const pathEffects: readonly { readonly path: RegExp; readonly effect: RustEffectKind; readonly owns?: true }[] = [
  { path: /(?:^|::)GILGuard::acquire$/, effect: "attaches" },
  { path: /(?:^|::)(?:Py_X?INCREF|Py_X?NewRef|clone_ref)$/, effect: "clones-python" },
  { path: /(?:^|::)(?:Py|Bound|Clone|PyObject)::clone$/, effect: "clones-python", owns: true },
  { path: /(?:^|::)(?:Py_X?DECREF|Py_CLEAR)$/, effect: "drops-python" },
  { path: /(?:^|::)mem::(?:take|replace|swap)$|(?:^|::)drop$/, effect: "drops-python", owns: true },
  { path: moduleCalls, effect: "runs-python" },
  { path: constructors, effect: "allocates-python" },
  { path: blockingPaths, effect: "blocks" },
];

function effectsOfPath({ path, name, owns }: OutsideCall): RustEffectKind[] {
  if (attaching.has(name) && attachingPath.test(path)) return ["attaches"];
  const found = pathEffects.find((row) => row.path.test(path) && (row.owns !== true || owns));
  return found === undefined ? [] : [found.effect];
}

/** Hands references to the collector. Source: docs.rs/pyo3 (PyVisit). */
export function isVisitor(type: RustType | undefined): boolean {
  return type?.name === "PyVisit";
}

const runningOnToken = words("import run eval import_bound run_bound eval_bound run_code check_signals");

function runsPython({ name, receiver }: OutsideCall): boolean {
  if (receiver?.name === "Python") return runningOnToken.has(name);
  return ownNames.has(name) || (runningMethods.has(name) && isPythonObject(receiver));
}

const methodEffects: readonly { readonly effect: RustEffectKind; readonly does: (call: OutsideCall) => boolean }[] = [
  { effect: "visits", does: ({ name, receiver }) => name === "call" && isVisitor(receiver) },
  { effect: "panics", does: ({ name }) => panickingMethods.has(name) },
  { effect: "attaches", does: ({ name, receiver }) => attaching.has(name) && isPythonObject(receiver) },
  { effect: "runs-python", does: runsPython },
  { effect: "allocates-python", does: ({ name }) => allocatingMethods.has(name) },
  { effect: "clones-python", does: clones },
  { effect: "blocks", does: ({ name, receiver, argumentCount }) => isBlocking(name, receiver, argumentCount) },
  {
    effect: "borrows-mutably",
    does: ({ name, receiver }) => /^(?:try_)?borrow_mut$/.test(name) || (/^(?:try_)?borrow$/.test(name) && isPythonObject(receiver)),
  },
  { effect: "mutates", does: changes },
  { effect: "drops-python", does: (call) => call.owns && droppingMethods.has(call.name) && changes(call) },
];

function effectsOfMethod(call: OutsideCall): RustEffectKind[] {
  return methodEffects.filter(({ does }) => does(call)).map(({ effect }) => effect);
}

const cloning: ReadonlySet<string> = new Set(["clone", "cloned", "to_vec", "to_owned"]);

/** `Arc<T>`'s clone counts its own references. */
function clones({ name, receiver, outer, owns }: OutsideCall): boolean {
  if (name === "clone_ref") return true;
  return cloning.has(name) && owns && !/^(?:Arc|Rc)$/.test(outer?.name ?? "") && receiver !== undefined;
}

function changes({ name, receiver }: OutsideCall): boolean {
  return changingMethods.has(name) && !isPythonObject(receiver) && receiver?.name !== "Iterator";
}

function isBlocking(name: string, receiver: RustType | undefined, argumentCount: number): boolean {
  const type = receiver?.name ?? "";
  if (lockMethods.has(name)) return argumentCount === 0 || name.endsWith("_attached");
  if ((name === "read" || name === "write") && argumentCount === 0) return type === "RwLock" || type === "";
  if (name === "join") return argumentCount === 0 && /^(?:JoinHandle|ScopedJoinHandle|)$/.test(type);
  return blockingMethods.has(name);
}

export function isPythonObject(type: RustType | undefined): boolean {
  if (type === undefined) return false;
  return (
    pythonOwner(type) ||
    (isOutside(type) && /^(?:Py[A-Z]\w*|Borrowed)$/.test(type.name) && !/^(?:PyErr|PyResult|PyMutex|PyVisit|PyTraverseError|PyOnceLock)$/.test(type.name))
  );
}
