// A function in, its stores of attributes that a test has found absent out: `if not hasattr(self, "_x"): self._x = make()`,
// `if "_x" not in self.__dict__`.
import type { AccessFact, FunctionFact, TestFact } from "../../../vocabulary/index.ts";
import { controls, isInCondition } from "../controlled-by.ts";

export function absentAttributesIn(fn: FunctionFact): AccessFact[] {
  const asked = fn.accesses.filter((access) => access.operation === "present" && access.lockset.length === 0);
  return asked.flatMap((check) => {
    const tests = fn.tests.filter((test) => test.kind === "if" && isInCondition(check.order, test));
    const store = fn.accesses.find((access) => access.text === check.text && isOpenStore(access) && tests.some((test) => leadsTo(test, access)));
    return store ? [store] : [];
  });
}

function isOpenStore({ operation, stored, sharing, lockset, location, container }: AccessFact): boolean {
  const fills = operation === "=" && stored !== "none" && container !== "boolean";
  return fills && location.ownerKind === "instance" && sharing === "shared" && lockset.length === 0;
}

function leadsTo(test: TestFact, { order }: AccessFact): boolean {
  return order > test.condition[1] && controls(test, order);
}
