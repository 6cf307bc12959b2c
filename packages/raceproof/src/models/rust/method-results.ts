// What methods of the standard library, of lock crates and of PyO3 return, as far as following a value needs it.
// Sources: doc.rust-lang.org/std (Option, Result, Mutex, RwLock, RefCell, Vec, HashMap, Iterator), docs.rs/parking_lot, docs.rs/pyo3.

/**
 * same: the receiver itself, or a view of it. inside: what the first type argument says (of Option, Mutex, RefCell). fallible-inside: an Option or Result of that.
 * element: an Option of an element. iterator: an iterator over the elements. values, keys: of a map. next: an Option of an iterator's item.
 * adapted: another iterator over the same items. flattened: over what is inside the items. counted: over (number, item).
 */
export type MethodResult = "same" | "inside" | "fallible-inside" | "element" | "iterator" | "values" | "keys" | "next" | "adapted" | "flattened" | "counted";

export const methodResults: ReadonlyMap<string, MethodResult> = new Map<string, MethodResult>([
  ...names("same", "as_ref as_mut as_deref as_deref_mut by_ref deref deref_mut as_slice as_mut_slice to_vec clone cloned copied to_owned borrow_inner as_any"),
  ...names("same", "bind into_bound unbind clone_ref as_borrowed to_owned as_unbound into_any take ok ok_or ok_or_else map_err inspect or or_else"),
  ...names("inside", "unwrap expect unwrap_or unwrap_or_else unwrap_or_default unwrap_unchecked into_inner get_or_insert_with get_or_insert insert_with"),
  ...names("inside", "borrow borrow_mut blocking_lock get_or_init get_or_try_init"),
  ...names("fallible-inside", "try_borrow try_borrow_mut"),
  ...names("element", "first last first_mut last_mut pop pop_front pop_back front back front_mut back_mut iter_next peek remove swap_remove"),
  ...names("iterator", "iter iter_mut into_iter drain par_iter chunks windows"),
  ...names("values", "values values_mut into_values"),
  ...names("keys", "keys into_keys"),
  ...names("next", "next find max_by_key min_by_key nth next_back"),
  ...names("adapted", "rev skip take_while skip_while filter peekable chain step_by fuse inspect_each"),
  ...names("flattened", "flatten"),
  ...names("counted", "enumerate"),
]);

function names(result: MethodResult, list: string): (readonly [string, MethodResult])[] {
  return list.split(" ").map((name) => [name, result] as const);
}

const pycell: Readonly<Record<string, GuardMethod>> = {
  borrow: { kind: "pycell" },
  borrow_mut: { kind: "pycell-mut" },
  try_borrow: { kind: "pycell", fails: true },
  try_borrow_mut: { kind: "pycell-mut", fails: true },
};

/** Locks and cells by type: method to the kind of guard it gives. `fails`: it returns at once when somebody has it. */
export const guardMethods: Readonly<Record<string, Readonly<Record<string, GuardMethod>>>> = {
  Mutex: {
    lock: { kind: "mutex" },
    try_lock: { kind: "mutex", fails: true },
    lock_py_attached: { kind: "mutex", attachedAware: true },
    blocking_lock: { kind: "mutex" },
  },
  FairMutex: { lock: { kind: "mutex" }, try_lock: { kind: "mutex", fails: true } },
  ReentrantMutex: { lock: { kind: "mutex" }, try_lock: { kind: "mutex", fails: true }, lock_py_attached: { kind: "mutex", attachedAware: true } },
  RwLock: {
    read: { kind: "rwlock-read" },
    write: { kind: "rwlock-write" },
    try_read: { kind: "rwlock-read", fails: true },
    try_write: { kind: "rwlock-write", fails: true },
    read_py_attached: { kind: "rwlock-read", attachedAware: true },
    write_py_attached: { kind: "rwlock-write", attachedAware: true },
    upgradable_read: { kind: "rwlock-read" },
  },
  RefCell: {
    borrow: { kind: "refcell" },
    borrow_mut: { kind: "refcell-mut" },
    try_borrow: { kind: "refcell", fails: true },
    try_borrow_mut: { kind: "refcell-mut", fails: true },
  },
  Py: pycell,
  Bound: pycell,
  PyCell: pycell,
};
export interface GuardMethod {
  readonly kind: "mutex" | "rwlock-read" | "rwlock-write" | "refcell" | "refcell-mut" | "pycell" | "pycell-mut";
  readonly fails?: true;
  /** It lets go of the interpreter while it waits. */
  readonly attachedAware?: true;
}

/** Types of smart pointers that methods are looked up through. */
export const dereferenced: ReadonlySet<string> = new Set(["Box", "Arc", "Rc", "Pin", "ManuallyDrop", "Cow", "CachePadded", "LazyLock", "Lazy", "LazyCell"]);

/** `Type::new(x)` has x as its argument. */
export const wrappingConstructors: ReadonlySet<string> = new Set(["Some", "Ok", "Err", "new", "from", "pin", "Reverse"]);
