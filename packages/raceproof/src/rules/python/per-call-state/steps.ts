// A function in, itself and what it calls on its own object out, methods of subclasses that take a step's place included.
import type { FunctionFact, Program } from "../../../vocabulary/index.ts";

/** Further down, functions do something of their own. */
const deepestStep = 4;

export class Steps {
  private readonly program: Program;
  private readonly known = new Map<number, ReadonlySet<number>>();
  private readonly nexts = new Map<number, readonly number[]>();
  private overriding: ReadonlyMap<number, readonly number[]> | undefined;

  constructor(program: Program) {
    this.program = program;
  }

  of(fn: FunctionFact): ReadonlySet<number> {
    const before = this.known.get(fn.id);
    if (before) return before;
    const out = new Set([fn.id]);
    let frontier = [fn];
    for (let depth = 0; depth < deepestStep && frontier.length > 0; depth++) {
      const next = frontier.flatMap((each) => this.after(each)).filter((id) => !out.has(id));
      for (const id of next) out.add(id);
      frontier = [...new Set(next)].flatMap((id) => this.program.functions[id] ?? []);
    }
    this.known.set(fn.id, out);
    return out;
  }

  private after({ id, calls }: FunctionFact): readonly number[] {
    const before = this.nexts.get(id);
    if (before) return before;
    this.overriding ??= overridingMethods(this.program);
    const called: number[] = [];
    const instead: number[] = [];
    for (const { text, targets } of calls) {
      if (targets.length === 0 || !isOnSelf.test(text)) continue;
      for (const target of targets) {
        called.push(target);
        instead.push(...(this.overriding.get(target) ?? []));
      }
    }
    const all = [...called, ...instead];
    this.nexts.set(id, all);
    return all;
  }
}

const isOnSelf = /^(self|super\(\))\.\w+$/;

/** Method -> the methods of subclasses by the same name. */
function overridingMethods(program: Program): ReadonlyMap<number, readonly number[]> {
  const out = new Map<number, number[]>();
  for (const cls of program.classes.values()) {
    if (cls.bases.length === 0) continue;
    for (const base of program.lineageOf(cls.key)) {
      if (base.key === cls.key) continue;
      for (const [name, id] of cls.methods) {
        const replaced = base.methods.get(name);
        if (replaced !== undefined) out.set(replaced, [...(out.get(replaced) ?? []), id]);
      }
    }
  }
  return out;
}
