// What a debugger prints of a crash. Enters: its text. Leaves: frames, innermost first, and the first one of the crate.
// Format: gdb's `backtrace`: `#1  0x00007f in name (arguments) at file:12`, or `from library` without debugging information.

export interface DebuggerFrame {
  readonly function: string;
  /** "src/lib.rs:12" or the library's file. */
  readonly place: string;
}

const frameLine = /^#\d+\s+(?:0x[\da-f]+ in )?(.+?) \(.*?\)(?: at (\S+)| from (\S+))?\s*$/;

/** Of the last backtrace in the text. */
export function readBacktrace(text: string): DebuggerFrame[] {
  const lines = text.split("\n");
  const start = lines.findLastIndex((line) => line.startsWith("#0 "));
  if (start < 0) return [];
  const frames: DebuggerFrame[] = [];
  for (const line of lines.slice(start)) {
    const match = frameLine.exec(line);
    if (match !== null) frames.push({ function: match[1] ?? "", place: withoutMachine(match[2] ?? match[3] ?? "") });
    else if (!line.startsWith("#") && frames.length > 0 && line.trim() === "") break;
  }
  return frames;
}

/** The innermost frame whose function belongs to one of the crates. */
export function ownFrameOf(frames: readonly DebuggerFrame[], crates: readonly string[]): DebuggerFrame | undefined {
  const own = new RegExp(`^<?(?:${crates.map((crate) => crate.replaceAll("-", "_")).join("|")})::`);
  return frames.find((frame) => own.test(frame.function));
}

/** Folders of one machine say nothing: a crate's own folder, the standard library. */
export function withoutMachine(text: string): string {
  return text.replaceAll(/\/\S*?\/registry\/src\/[^/\s]+\//g, "").replaceAll(/\/rustc\/[\da-f]+\//g, "");
}
