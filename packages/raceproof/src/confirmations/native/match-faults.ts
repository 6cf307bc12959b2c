// Which hazards a fault shows. Enters: a pair of places with their stacks, hazards of extensions. Leaves: those hazards.
// Over-reports: an entry point and what it calls are often several hazards; one fault shows all of them.
import type { Hazard } from "../../vocabulary/index.ts";
import type { FaultPair } from "./fold-faults.ts";
import type { NativeFrame } from "./sanitizer-report.ts";

type Stacks = Pick<FaultPair, "useStack" | "otherStack">;

/** One side of the fault is in the suspect code of the hazard, and the other, where it is told, in what the hazard says interferes. */
export function matchFault(pair: Stacks, hazards: readonly Hazard[], interfering: (hazard: Hazard) => ReadonlySet<string>): Hazard[] {
  return hazards.filter((hazard) => shows(pair.useStack, pair.otherStack, hazard, interfering) || shows(pair.otherStack, pair.useStack, hazard, interfering));
}

function shows(suspect: readonly NativeFrame[], other: readonly NativeFrame[], hazard: Hazard, interfering: (hazard: Hazard) => ReadonlySet<string>): boolean {
  if (suspect.length === 0 || !suspect.some((frame) => frame.function === hazard.function && frame.file === hazard.span.file)) return false;
  const own = [{ span: hazard.span, function: hazard.function }, ...hazard.accesses];
  const isAtLine = suspect.some((frame) => own.some(({ span }) => span.file === frame.file && span.line <= frame.line && frame.line <= span.endLine));
  if (other.length === 0) return isAtLine || own.some((access) => access.function === suspect[0]?.function);
  const names = interfering(hazard);
  return other.some((frame) => names.has(frame.function) || hazard.accesses.some((access) => access.function === frame.function && access.kind !== "read"));
}
