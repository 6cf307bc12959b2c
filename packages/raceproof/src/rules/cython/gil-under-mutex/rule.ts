// `with gil` while a mutex of C is held: the thread waits for the interpreter, whose holder may wait for the mutex.
// Misses: mutexes passed in, and Python called in other functions.
import type { AcquisitionFact, CythonProgram, CythonRule, CythonVariable, Hazard, RuleMetadata } from "../../../vocabulary/index.ts";
import { draftBlockHazard } from "../block-hazard.ts";

const metadata: RuleMetadata = {
  id: "cython/gil-under-mutex",
  title: "GIL taken while a mutex is held",
  severity: "deadlock",
  consequence: "One thread holds the mutex and waits for the GIL, another holds the GIL and waits for the mutex: the program stands still.",
  sources: ["cython.readthedocs.io, Free threading: mutexes and the GIL, lock ordering; py_safe_lock"],
  since: "0.2.0",
  fixes: [
    { title: "Let go of the mutex first", cost: "low", detail: "Copy what is needed into locals, leave the block, then `with gil:`." },
    { title: "Take the GIL first", cost: "low", detail: "`with gil:` outside, the mutex inside: pymutex detaches the thread while it waits." },
  ],
};

function find(cython: CythonProgram): Hazard[] {
  return cython.program.functions.flatMap((fn) =>
    fn.acquisitions.flatMap((taken) => {
      const mutex = mutexOf(cython, taken);
      const block = cython.regions.get(fn.span.file)?.find(({ kind, from, to }) => kind === "gil" && from > taken.order && to <= taken.until);
      if (mutex === undefined || block === undefined) return [];
      return [
        draftBlockHazard(cython, metadata, {
          span: block.span,
          subject: mutex.name,
          accesses: [],
          confidence: "high",
          evidence: [`${taken.text} (cdef ${mutex.type}) is taken at line ${taken.span.line}`],
          message: `\`with gil\` waits for the interpreter while ${taken.text} is held (line ${taken.span.line})`,
        }),
      ];
    }),
  );
}

function mutexOf({ attributes, globals }: CythonProgram, { text }: AcquisitionFact): CythonVariable | undefined {
  const name = /\w+$/.exec(text)?.[0];
  return [...attributes.values(), ...globals.values()].find((variable) => variable.content === "lock" && variable.name === name);
}

export const rule: CythonRule = { metadata, find };
