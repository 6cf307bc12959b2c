// Which hazard a callback can show: the one whose own place the extension is at while the callback runs. Enters: windows, frames of their addresses.
// Leaves: a test. Lines of optimized code are those of some part of a statement: a line to either side counts.
import type { Hazard } from "../../vocabulary/index.ts";
import type { OwnCode } from "./extension-facts.ts";
import { ownFrames } from "./fold-faults.ts";
import type { CallbackWindow } from "./probe-calls.ts";
import type { NativeFrame } from "./sanitizer-report.ts";

const SLACK = 1;

/** @param frames by library and offset, inlined functions innermost first */
export function windowTest(frames: ReadonlyMap<string, readonly NativeFrame[]>, own: OwnCode): (window: CallbackWindow, hazard: Hazard) => boolean {
  return ({ stack }, hazard) => {
    if (stack === null) return true;
    const known = stack.flatMap(([library, offset]) => frames.get(addressKey(library, offset)) ?? []);
    // Without symbols, too, nothing is known of where it was; then every callback of the entry point may be the one.
    if (known.length === 0) return stack.length > 0;
    return ownFrames(known, own).some((frame) => isAt(frame, hazard));
  };
}

function isAt(frame: NativeFrame, hazard: Hazard): boolean {
  const places = [{ span: hazard.span, function: hazard.function }, ...hazard.accesses.filter(({ kind }) => kind === "call")];
  return places.some(
    ({ span, function: name }) =>
      span.file === frame.file && name === plainName(frame.function) && span.line - SLACK <= frame.line && frame.line <= span.endLine + SLACK,
  );
}

/** Compilers make parts and variants of functions: "add.part.0", "add.constprop.1". */
function plainName(name: string): string {
  return name.replace(/\.(?:part|constprop|isra|cold).*$/, "");
}

export function addressKey(library: string, offset: number): string {
  return `${library}+${offset}`;
}
