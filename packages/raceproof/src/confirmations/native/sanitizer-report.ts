// Reads what sanitizers and the interpreter's own fatal errors print. Enters: stderr. Leaves: the first fault with the stacks of both sides.
// Formats: AddressSanitizer and ThreadSanitizer of gcc and clang, "Fatal Python error", failed asserts, gdb's backtraces. Stacks innermost first.

export interface NativeFrame {
  readonly function: string;
  /** As the compiler was told; "" when not known. */
  readonly file: string;
  readonly line: number;
}

export interface NativeFault {
  /** "heap-use-after-free", "SEGV", "data race", "fatal error: ..." */
  readonly kind: string;
  readonly access: "read" | "write" | undefined;
  /** What the failing thread was doing. */
  readonly use: readonly NativeFrame[];
  /** Who freed the memory, or made the other access of a data race; empty when not told. */
  readonly other: readonly NativeFrame[];
}

const asanHead = /ERROR: AddressSanitizer: (?:attempting )?([\w-]+)/;
const tsanHead = /WARNING: ThreadSanitizer: ([^(\n]+?) \(pid/;
const frameLine = /^\s*#\d+ (?:0x[\da-f]+ (?:in )?)?(.+?) (?:\()?([^\s()]+?)(?::(\d+))?(?::\d+)?\)?(?: \((?:BuildId.*|[^()]*\+0x[\da-f]+)\))?$/;
const fatalLine = /^Fatal Python error: (.*)$/m;
const assertLine = /^(?:.*: )?([^\s:]+):(\d+): (\w+): Assertion [`'](.*)' failed/m;

/** Undefined when the text tells of none. */
export function readNativeFault(stderr: string): NativeFault | undefined {
  const lines = stderr.split("\n");
  const start = lines.findIndex((line) => asanHead.test(line) || tsanHead.test(line));
  return start < 0 ? readFatal(stderr) : readSanitizer(lines.slice(start));
}

function readSanitizer(lines: readonly string[]): NativeFault {
  const head = lines[0] ?? "";
  const kind = (asanHead.exec(head) ?? tsanHead.exec(head))?.[1] ?? "";
  const stacks = stacksOf(lines);
  const other = stacks.find(({ title }) => /^(?:freed by|Previous (?:read|write|atomic)|first)/i.test(title));
  return {
    kind: kind.trim(),
    access: accessOf(lines),
    use: stacks[0]?.frames ?? [],
    other: other?.frames ?? [],
  };
}

const accessLine = /^\s*(READ|WRITE|Read|Write|Atomic write|Atomic read) of size|caused by a (READ|WRITE) memory access/;

function accessOf(lines: readonly string[]): NativeFault["access"] {
  const match = lines.map((line) => accessLine.exec(line)).find((found) => found !== null);
  if (match === undefined) return undefined;
  return /write/i.test(match?.[0] ?? "") ? "write" : "read";
}

/** Each run of frames, with the line above it. */
function stacksOf(lines: readonly string[]): { readonly title: string; readonly frames: readonly NativeFrame[] }[] {
  const stacks: { title: string; frames: NativeFrame[] }[] = [];
  let title = "";
  let isInside = false;
  for (const line of lines) {
    const frame = readFrame(line);
    if (frame === undefined) {
      if (line.startsWith("SUMMARY:")) break;
      isInside = false;
      if (line.trim() !== "") title = line.trim();
      continue;
    }
    if (!isInside) stacks.push({ title, frames: [] });
    isInside = true;
    stacks.at(-1)?.frames.push(frame);
  }
  return stacks;
}

function readFrame(line: string): NativeFrame | undefined {
  const match = frameLine.exec(line);
  if (match === null) return undefined;
  const [, name = "", place = "", number] = match;
  return { function: name.replace(/\(.*$/, ""), file: number === undefined ? "" : place, line: Number(number ?? 0) };
}

function readFatal(stderr: string): NativeFault | undefined {
  const assertion = assertLine.exec(stderr);
  if (assertion !== null) {
    const [, file = "", line = "0", name = "", text = ""] = assertion;
    return { kind: `assertion ${text}`, access: undefined, use: [{ function: name, file, line: Number(line) }], other: [] };
  }
  const fatal = fatalLine.exec(stderr)?.[1];
  // faulthandler says so of every signal: the signal itself tells as much.
  if (fatal === undefined || /^(?:Segmentation fault|Aborted|Bus error)/.test(fatal)) return undefined;
  return { kind: `fatal error: ${fatal}`, access: undefined, use: [], other: [] };
}
