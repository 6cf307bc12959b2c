// Results of a long run, kept as they come: each is a line at the end of a file, whole or not there. Enters: a file and what the results
// depend on. Leaves: those of an earlier run that depended on the same. What a result is, it does not know.
import { createHash } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { UserError } from "../vocabulary/index.ts";

/** What results are worth nothing without, by name: "the subject's source", "the option --bound". */
export type JournalKey = Readonly<Record<string, string>>;

export interface ResultJournal {
  /** Of the earlier run, by id; the last one of each. */
  readonly earlier: ReadonlyMap<string, unknown>;
  /** Lines of the earlier run that cannot be read: what was being written when it ended, or damage. */
  readonly damaged: number;
  /** It is in the file when this returns; a disk that is full ends the journal, not the run. */
  append(id: string, result: unknown): void;
  close(): void;
}

const FORMAT = "raceproof results, version 1";

interface Header {
  readonly format: string;
  readonly key: JournalKey;
}

interface Entry {
  readonly id: string;
  readonly result: unknown;
}

/** `resume`: go on with what the file has; otherwise it is put aside. @throws UserError when results in it belong to something else */
export function openJournal(
  file: string,
  key: JournalKey,
  { resume, onFailure }: { readonly resume: boolean; readonly onFailure: (reason: string) => void },
): ResultJournal {
  const found = resume ? readJournal(file, key) : { entries: [], damaged: 0 };
  const earlier = new Map(found.entries.map(({ id, result }) => [id, result]));
  const lines = [{ format: FORMAT, key } satisfies Header, ...[...earlier].map(([id, result]) => ({ id, result }) satisfies Entry)];
  return new OpenJournal(file, lines, { earlier, damaged: found.damaged, onFailure });
}

class OpenJournal implements ResultJournal {
  readonly earlier: ReadonlyMap<string, unknown>;
  readonly damaged: number;
  readonly #onFailure: (reason: string) => void;
  #descriptor: number | undefined;

  constructor(
    file: string,
    lines: readonly object[],
    { earlier, damaged, onFailure }: { earlier: ReadonlyMap<string, unknown>; damaged: number; onFailure: (reason: string) => void },
  ) {
    this.earlier = earlier;
    this.damaged = damaged;
    this.#onFailure = onFailure;
    this.#orGiveUp(() => {
      mkdirSync(dirname(file), { recursive: true });
      if (earlier.size === 0) putAside(file);
      writeFileSync(`${file}.partial`, lines.map(sealed).join(""));
      renameSync(`${file}.partial`, file);
      this.#descriptor = openSync(file, "a");
    });
  }

  append(id: string, result: unknown): void {
    const descriptor = this.#descriptor;
    if (descriptor === undefined) return;
    this.#orGiveUp(() => {
      let left = Buffer.from(sealed({ id, result } satisfies Entry));
      while (left.length > 0) left = left.subarray(writeSync(descriptor, left));
    });
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  /** Half a line may be in the file now: what came after it would be lost with it. */
  #orGiveUp(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.close();
      this.#onFailure((error as NodeJS.ErrnoException).code ?? String(error));
    }
  }
}

/** Nothing proven is thrown away because somebody forgot an option. */
function putAside(file: string): void {
  try {
    renameSync(file, `${file}.old`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

function readJournal(file: string, key: JournalKey): { readonly entries: readonly Entry[]; readonly damaged: number } {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return { entries: [], damaged: 0 };
    throw new UserError(`${file} cannot be read (${code})`, "Run without --resume to start anew.");
  }
  const [first, ...lines] = text.split("\n").filter((line) => line !== "");
  const header = first === undefined ? undefined : (unsealed(first) as Header | undefined);
  if (header?.format !== FORMAT) throw new UserError(`${file} is damaged, or not what a run of this version keeps`, "Run without --resume to start anew.");
  const different = Object.keys({ ...header.key, ...key }).filter((name) => header.key[name] !== key[name]);
  if (different.length > 0)
    throw new UserError(`the results in ${file} are of another run: different ${different.join(", ")}`, "Run without --resume to start anew.");
  const entries = lines.flatMap((line) => (unsealed(line) as Entry | undefined) ?? []);
  return { entries, damaged: lines.length - entries.length };
}

function sealed(value: object): string {
  const text = JSON.stringify(value);
  return `${sealOf(text)} ${text}\n`;
}

function unsealed(line: string): unknown {
  const text = line.slice(line.indexOf(" ") + 1);
  return line.startsWith(`${sealOf(text)} `) ? JSON.parse(text) : undefined;
}

function sealOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
