// The macros known at a point of a translation unit, and what a header did to them.
// What enters: definitions and their ends, in order. What leaves: look-ups, and effects that can be repeated for the header's next includer.
import type { Macro } from "./macro.ts";
import type { PredefinedMacros } from "./predefined-macros.ts";

/** What a guarded header does to the macros of whoever includes it. */
export type HeaderEffect =
  | { readonly kind: "define"; readonly macro: Macro }
  | { readonly kind: "undefine"; readonly name: string }
  | { readonly kind: "include"; readonly path: string };

export interface HeaderRecord {
  readonly effects: readonly HeaderEffect[];
  /** What its conditionals asked about macros that it did not define itself, with the answers. */
  readonly asked: ReadonlyMap<string, Macro | undefined>;
}

interface Recording {
  readonly effects: HeaderEffect[];
  readonly asked: Map<string, Macro | undefined>;
  readonly changed: Set<string>;
}

export class MacroTable {
  private readonly macros: Map<string, Macro>;
  /** Definitions that stay whatever a file says: those of the prelude. */
  private readonly fixed: ReadonlyMap<string, Macro>;
  private readonly recordings: Recording[] = [];

  constructor({ fixed, predefined }: PredefinedMacros) {
    this.fixed = fixed;
    this.macros = new Map(predefined);
  }

  find(name: string): Macro | undefined {
    return this.fixed.get(name) ?? this.macros.get(name);
  }

  /** What a conditional finds: the fixed ones are defined only in versions of Python that have them. */
  ask(name: string): Macro | undefined {
    const macro = this.macros.get(name);
    const recording = this.recordings.at(-1);
    if (recording !== undefined && !recording.changed.has(name) && !recording.asked.has(name)) recording.asked.set(name, macro);
    return macro;
  }

  define(macro: Macro): void {
    this.macros.set(macro.name, macro);
    this.note(macro.name, { kind: "define", macro });
  }

  undefine(name: string): void {
    this.macros.delete(name);
    this.note(name, { kind: "undefine", name });
  }

  /** Notes that a guarded header was included here. */
  noteInclude(path: string): void {
    this.recordings.at(-1)?.effects.push({ kind: "include", path });
  }

  /** Until the matching `endRecording`, changes are also noted for a header; those of headers within are noted for those. */
  startRecording(): void {
    this.recordings.push({ effects: [], asked: new Map(), changed: new Set() });
  }

  endRecording(): HeaderRecord {
    return this.recordings.pop() as Recording;
  }

  /** Whether a header would be read in the same way again. */
  answersAlike({ asked }: HeaderRecord): boolean {
    for (const [name, answer] of asked) if (!isSameMacro(this.macros.get(name), answer)) return false;
    return true;
  }

  private note(name: string, effect: HeaderEffect): void {
    const recording = this.recordings.at(-1);
    recording?.changed.add(name);
    recording?.effects.push(effect);
  }
}

/** Two definitions that say the same are as one. */
function isSameMacro(left: Macro | undefined, right: Macro | undefined): boolean {
  if (left === right) return true;
  if (left === undefined || right === undefined || left.body.length !== right.body.length) return false;
  return left.body.every(({ text }, index) => text === right.body[index]?.text);
}
