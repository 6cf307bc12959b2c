// A class in, the class to make an instance of out: itself, or for one that users do not make (private, abstract) a public one below it.
import type { ClassFact, Program } from "../../vocabulary/index.ts";

const known = new WeakMap<Program, Map<string, ClassFact>>();

export function instantiable(program: Program, cls: ClassFact): ClassFact {
  if (isMade(cls)) return cls;
  let found = known.get(program);
  if (!found) known.set(program, (found = new Map()));
  const before = found.get(cls.key);
  if (before) return before;
  const heir = [...program.classes.values()].find(
    (each) => isMade(each) && each.key !== cls.key && program.lineageOf(each.key).some(({ key }) => key === cls.key),
  );
  found.set(cls.key, heir ?? cls);
  return heir ?? cls;
}

function isMade({ public: isPublic, abstract }: ClassFact): boolean {
  return isPublic && !abstract;
}
