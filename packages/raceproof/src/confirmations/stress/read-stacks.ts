// Reads what Python's faulthandler prints. Enters: stderr. Leaves: the frames of the thread that matters, innermost first.
// Format: "Current thread 0x... (most recent call first):" or "Thread 0x...", then `  File "path", line 12 in name`.

export interface StackFrame {
  readonly file: string;
  readonly line: number;
  readonly name: string;
}

const threadLine = /^(Current thread|Thread) 0x[\da-f]+.*\(most recent call first\):/;
const frameLine = /^\s+File "([^"]+)", line (\d+) in (.+)$/;

/** Frames of the thread that was running when the process crashed; empty when none was printed. */
export function currentStack(stderr: string): StackFrame[] {
  return readStacks(stderr).find(({ isCurrent }) => isCurrent)?.frames ?? [];
}

/** Frames of every thread, in the order of the dump. */
export function allStacks(stderr: string): readonly (readonly StackFrame[])[] {
  return readStacks(stderr).map(({ frames }) => frames);
}

function readStacks(stderr: string): { isCurrent: boolean; frames: StackFrame[] }[] {
  const stacks: { isCurrent: boolean; frames: StackFrame[] }[] = [];
  for (const text of stderr.split("\n")) {
    const thread = threadLine.exec(text);
    if (thread !== null) stacks.push({ isCurrent: thread[1] === "Current thread", frames: [] });
    const frame = frameLine.exec(text);
    if (frame !== null) stacks.at(-1)?.frames.push({ file: frame[1] ?? "", line: Number(frame[2]), name: frame[3] ?? "" });
  }
  return stacks;
}
