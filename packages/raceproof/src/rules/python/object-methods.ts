// Method names and reads of a reference in, what is done with the object behind it out: it is worked with, asked, or brought to its end.
import type { AccessFact, FunctionFact } from "../../vocabulary/index.ts";

/** Methods that end the life of an object or take its content for good. */
const ends = /\.(close|getvalue|shutdown|terminate|stop|dispose|disconnect|release|cleanup|kill|quit|clear|detach)$/;

/** Methods that only tell something, whatever the class. */
const tells =
  /^(is|has|get|can|should)(_|[A-Z]|$)|^(fileno|tell|isatty|items|keys|values|copy|format|encode|decode|name|size|qsize|empty|full|done|count|index|startswith|endswith|strip|split|join|lower|upper)$/;

export function endsItsObject(callee: string): boolean {
  return ends.test(callee);
}

export function worksOnObject(method: string): boolean {
  return !tells.test(method);
}

/** The call that the read is the receiver of: `self._buffer.write`. */
export function methodCalledOn(fn: FunctionFact, access: AccessFact): string | undefined {
  const call = fn.calls.find(({ order, text }) => order === access.order && text.startsWith(`${access.text}.`));
  const method = call?.text.slice(access.text.length + 1);
  return method !== undefined && /^\w+$/.test(method) ? method : undefined;
}

/** The object behind the reference is told to do something, right where the reference is read. */
export function isWorkedWith(fn: FunctionFact, access: AccessFact): boolean {
  const method = access.operation === "read" ? methodCalledOn(fn, access) : undefined;
  return method !== undefined && worksOnObject(method);
}
