// `unsafe impl Sync` or `Send` for a type that holds what must not be shared.
// Misses: types of other crates inside, and generic parameters.
import type { Confidence, Hazard, RuleMetadata, RustImplementation, RustProgram, RustRule, RustStruct, RustType } from "../../../vocabulary/index.ts";
import { draftRustHazard } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/unsafe-send-sync",
  title: "Unsafe Send or Sync over unsynchronized state",
  severity: "corruption",
  consequence:
    "The compiler's check is switched off for state that nothing protects once the GIL is gone: counts of Rc and contents of cells are torn, memory is freed twice.",
  sources: ["doc.rust-lang.org/nomicon/send-and-sync.html", "pyo3.rs/latest/free-threading.html"],
  since: "0.3.0",
  fixes: [
    {
      title: "Let it be derived",
      cost: "medium",
      detail: "Replace Rc by Arc, cells by atomics or a lock; then the compiler says itself that the type can be shared.",
    },
    { title: "Say what protects it", cost: "low", detail: "Where a lock outside does, hold it in the same type." },
  ],
};

const cells: ReadonlySet<string> = new Set(["Cell", "RefCell", "UnsafeCell", "OnceCell", "LazyCell", "Rc"]);
const pointers: ReadonlySet<string> = new Set(["*", "NonNull"]);
const locks = /^(?:Mutex|RwLock|ReentrantMutex|FairMutex|Once|OnceLock|PyOnceLock|Atomic\w*|PyMutex|Semaphore|Condvar)$/;

function find(program: RustProgram): Hazard[] {
  return program.implementations.flatMap((implementation) => {
    const { trait, type, unsafe } = implementation;
    const struct = type.declaration === undefined ? undefined : program.structs[type.declaration];
    if (!unsafe || struct === undefined || struct.testOnly || (trait?.name !== "Sync" && trait?.name !== "Send")) return [];
    const found = judge(program, struct, trait.name);
    return found === undefined ? [] : [report(program, implementation, { ...found, struct, trait: trait.name })];
  });
}

/** Cells break Sync, counts both; a raw pointer may be anything. */
function judge(program: RustProgram, struct: RustStruct, trait: "Sync" | "Send"): Pick<Found, "worst" | "confidence"> | undefined {
  const held = contains(program, struct, ({ name }) => cells.has(name) && (trait === "Sync" || name === "Rc"));
  const worst = held ?? contains(program, struct, ({ name }) => pointers.has(name));
  if (worst === undefined) return undefined;
  const isGuarded = contains(program, struct, ({ name }) => locks.test(name)) !== undefined;
  // The interpreter's own counting protects the object that it points at.
  const isObject = worst.arguments[0]?.name === "PyObject";
  const suspected: Confidence = trait === "Sync" && !isObject ? "medium" : "low";
  return { worst, confidence: isGuarded ? "low" : held === undefined ? suspected : "high" };
}

/** The first part of its fields, through its own types, that the question is about. */
function contains(
  program: RustProgram,
  struct: RustStruct,
  isMeant: (type: RustType) => boolean,
  open: ReadonlySet<number> = new Set([struct.id]),
): RustType | undefined {
  const below = (type: RustType): RustType | undefined => {
    if (type.name === "&" || type.name === "PhantomData" || type.name === "fn") return undefined;
    if (isMeant(type)) return type;
    const inner = type.declaration === undefined ? undefined : program.structs[type.declaration];
    if (inner !== undefined) return open.has(inner.id) ? undefined : contains(program, inner, isMeant, new Set([...open, inner.id]));
    // What is inside a lock is protected by it.
    return locks.test(type.name) ? undefined : first(type.arguments, below);
  };
  return first(struct.fields, ({ type }) => below(type));
}

function first<T>(list: readonly T[], read: (each: T) => RustType | undefined): RustType | undefined {
  for (const each of list) {
    const found = read(each);
    if (found !== undefined) return found;
  }
  return undefined;
}

interface Found {
  readonly struct: RustStruct;
  readonly worst: RustType;
  readonly confidence: Confidence;
  readonly trait: string;
}

function report(program: RustProgram, { span, crate }: RustImplementation, { struct, worst, confidence, trait }: Found): Hazard {
  const what = worst.name === "*" ? "a raw pointer" : worst.name;
  return draftRustHazard(program, metadata, {
    subject: struct.name,
    crate,
    span,
    location: `${struct.name}.${trait}`,
    accesses: [{ span: struct.span, function: struct.name, kind: "read" }],
    confidence,
    evidence: [confidence === "low" ? "a lock in the type may protect it, or it only moves between threads" : "nothing in the type synchronizes it"],
    message: `unsafe impl ${trait} for ${struct.name}, which holds ${what}`,
  });
}

export const rule: RustRule = { metadata, find };
