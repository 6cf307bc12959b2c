// Reads what sanitizers and the interpreter's own fatal errors print. Enters: stderr. Leaves: every fault with the stacks of both sides.
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
  /** Of the other side of a data race. */
  readonly otherAccess?: "read" | "write" | undefined;
  /** What the failing thread was doing. */
  readonly use: readonly NativeFrame[];
  /** Who freed the memory, or made the other access of a data race; empty when not told. */
  readonly other: readonly NativeFrame[];
}

const crashHead = /ERROR: (?:Address|Thread)Sanitizer: (?:attempting )?([\w-]+)/;
const raceHead = /WARNING: ThreadSanitizer: ([^(\n]+?) \(pid/;
const frameLine = /^\s*#\d+ (?:0x[\da-f]+ (?:in )?)?(.+?) (?:\()?([^\s()]+?)(?::(\d+))?(?::\d+)?\)?(?: \((?:BuildId.*|[^()]*\+0x[\da-f]+)\))?$/;
const fatalLine = /^Fatal Python error: (.*)$/m;
const assertLine = /^(?:.*: )?([^\s:]+):(\d+): (\w+): Assertion [`'](.*)' failed/m;

/** None when the text tells of none. ThreadSanitizer goes on after a report, the others end the process. */
export function readNativeFaults(stderr: string): NativeFault[] {
  const lines = stderr.split("\n");
  const heads = lines.flatMap((line, index) => (crashHead.test(line) || raceHead.test(line) ? [index] : []));
  return heads.length === 0 ? readFatal(stderr) : heads.map((head, index) => readSanitizer(lines.slice(head, heads[index + 1])));
}

const otherTitle = /^(?:freed by|Previous (?:read|write|atomic)|first)/i;

function readSanitizer(lines: readonly string[]): NativeFault {
  const head = lines[0] ?? "";
  const kind = (crashHead.exec(head) ?? raceHead.exec(head))?.[1] ?? "";
  const stacks = stacksOf(lines);
  const other = stacks.find(({ title }) => otherTitle.test(title));
  return {
    kind: kind.trim(),
    access: lines.map(accessOf).find((found) => found !== undefined),
    otherAccess: other && accessOf(other.title),
    use: stacks.find((stack) => stack !== other)?.frames ?? [],
    other: other?.frames ?? [],
  };
}

const accessLine = /^\s*(?:(?:Previous )?(?:atomic )?(read|write) of size|.*caused by a (read|write) memory access)/i;

function accessOf(line: string): NativeFault["access"] {
  const match = accessLine.exec(line);
  const word = (match?.[1] ?? match?.[2])?.toLowerCase();
  return word === "read" || word === "write" ? word : undefined;
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

function readFatal(stderr: string): NativeFault[] {
  const assertion = assertLine.exec(stderr);
  if (assertion !== null) {
    const [, file = "", line = "0", name = "", text = ""] = assertion;
    return [{ kind: `assertion ${text}`, access: undefined, use: [{ function: name, file, line: Number(line) }], other: [] }];
  }
  const fatal = fatalLine.exec(stderr)?.[1];
  // faulthandler says so of every signal: the signal itself tells as much.
  if (fatal === undefined || /^(?:Segmentation fault|Aborted|Bus error)/.test(fatal)) return [];
  return [{ kind: `fatal error: ${fatal}`, access: undefined, use: [], other: [] }];
}
