// The Python text that native drivers begin with: keys, values and shared arguments. Enters: a flavor. Leaves: text; the agent's probe runs the same.
// Calls are written with K(n), V(n), r (the receiver), o (another one), d, l (a dictionary and a list that threads share) and i (a small number).

/** plain: what programs pass. calling: values whose comparison, hash and conversion run Python, where other threads get their turn. */
export type ValueFlavor = "plain" | "calling";

const shared = `import itertools

def take(iterable):
    return list(itertools.islice(iterable, 200))

def filled(r, text):
    code = compile(text, "<fill>", "exec")
    for i in range(8):
        exec(code, dict(globals(), r=r, i=i))
    return r

def state_of(make):
    return (make(), make(), {K(n): V(n) for n in range(8)}, [(K(n), V(n)) for n in range(8)])
`;

const plain = `def K(n):
    return "k%d" % n

def V(n):
    return n
`;

/** Sleeping is where the scheduler, and any GIL, lets others run. Texts show no addresses. */
const calling = `import time

CALLED = set()
STOPS = None

def stop(name):
    CALLED.add(name)
    if STOPS is None or name in STOPS:
        time.sleep(0)

class Key(str):
    def __eq__(self, other):
        stop("__eq__")
        return str.__eq__(self, other)

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        stop("__hash__")
        return str.__hash__(self)

    def __lt__(self, other):
        stop("__lt__")
        return str.__lt__(self, other)

class Value:
    def __init__(self, number):
        self.number = number

    def __eq__(self, other):
        stop("__eq__")
        return isinstance(other, Value) and self.number == other.number

    def __lt__(self, other):
        stop("__lt__")
        return isinstance(other, Value) and self.number < other.number

    def __hash__(self):
        stop("__hash__")
        return hash(self.number)

    def __repr__(self):
        stop("__repr__")
        return "Value(%d)" % self.number

    def __index__(self):
        stop("__index__")
        return self.number

    def __float__(self):
        stop("__float__")
        return float(self.number)

    def __del__(self):
        stop("__del__")

def K(n):
    return Key("k%d" % n)

def V(n):
    return Value(n)
`;

/** The receiver's text may use the number that calls count with. */
export function setUpOf(receiver: string): string {
  return `def setup():\n    i = 1\n    return state_of(lambda: ${receiver})\n`;
}

export function preludeOf(flavor: ValueFlavor): string {
  return `${flavor === "plain" ? plain : calling}\n${shared}`;
}

/** Arguments to try, the likelier ones first; what the receiver, another one and shared containers show comes with them. */
export const argumentForms: readonly (readonly string[])[] = [
  [],
  ["K(i)"],
  ["V(i)"],
  ["(K(i), V(i))"],
  ["[(K(n), V(n)) for n in range(8)]"],
  ["{K(n): V(n) for n in range(8)}"],
  ["o"],
  ["d"],
  ["l"],
  ["r"],
  ["[V(n) for n in range(8)]"],
  ["[K(n) for n in range(8)]"],
  ["8"],
  ["b'abcdefgh'"],
  ["'%d' % i"],
  ["1.5"],
  ["None"],
  ["lambda *given: given"],
  ["K(i)", "V(i)"],
  ["i", "V(i)"],
  ["V(i)", "V(i)"],
  ["K(i)", "[V(i)]"],
  ["8", "8"],
  ["[(K(n), V(n)) for n in range(8)]", "8"],
  ["lambda *given: given", "l"],
  ["lambda *given: given", "d"],
  ["K(i)", "V(i)", "V(i)"],
  ["i", "i", "i"],
];

/** What other code does to containers that it passed on. */
export const sharedMutations: Readonly<Record<"d" | "l", readonly string[]>> = {
  d: ["d.update((K(n + i), V(n)) for n in range(64))", "d.clear()"],
  l: ["l.extend((K(n), V(n)) for n in range(64))", "l.clear()"],
};
