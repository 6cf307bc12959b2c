// The corridor's memory of a long run: confirmations in as they come, those of an interrupted run out. They hold for one source, one
// build, one interpreter and the same options; for anything else resuming is refused.
import { createHash } from "node:crypto";
import { analyzerIdentity, openJournal, type ResultJournal } from "./cache/index.ts";
import type { ConfirmRequest } from "./confirm-request.ts";
import { readSubjectFiles } from "./sources/index.ts";
import { toolVersion } from "./tool-version.ts";
import type { ClassAudit, Confirmation, Notification, Runtime, Subject, Witness } from "./vocabulary/index.ts";

type Kind = "hazard" | "driver" | "class" | "unmatched";

export class KeptResults {
  readonly #journal: ResultJournal | undefined;
  readonly #witnesses = new Map<string, Witness>();
  #unmatched = 0;

  private constructor(journal: ResultJournal | undefined) {
    this.#journal = journal;
  }

  /** @throws UserError when it is to be resumed and the results are of something else */
  static async open(
    request: ConfirmRequest,
    { subject, runtime, notify }: { subject: Subject; runtime: Runtime; notify: (said: Notification) => void },
  ): Promise<KeptResults> {
    if (request.keep === undefined) return new KeptResults(undefined);
    const file = request.keep.fileOf(subject.name);
    const onFailure = (reason: string): void =>
      notify({ level: "warning", message: `results are no longer kept as they come: ${file}: ${reason}; the run goes on, but could not be resumed from here` });
    const journal = openJournal(file, await keyOf(request, subject, runtime), { resume: request.keep.resume, onFailure });
    const { earlier, damaged } = journal;
    if (request.keep.resume)
      notify({ level: "note", message: earlier.size === 0 ? `nothing to resume in ${file}` : `resumed: ${earlier.size} results are those of the earlier run` });
    if (damaged > 0) notify({ level: "warning", message: `${damaged} lines of ${file} were cut off or damaged; what they were about is explored again` });
    return new KeptResults(journal);
  }

  close(): void {
    this.#journal?.close();
  }

  confirmations(kind: "hazard" | "driver"): ReadonlyMap<string, Confirmation> {
    return new Map([...this.#of<Confirmation>(kind)].map(([id, confirmation]) => [id, this.#sharingWitnesses(confirmation)]));
  }

  classes(): ReadonlyMap<string, ClassAudit> {
    return this.#of<ClassAudit>("class");
  }

  /** Failures that no hazard explains. */
  unmatched(): Witness[] {
    return [...this.#of<Witness>("unmatched").values()];
  }

  keep(kind: "hazard" | "driver", id: string, confirmation: Confirmation): void {
    this.#journal?.append(`${kind} ${id}`, confirmation);
  }

  keepClass(audit: ClassAudit): void {
    this.#journal?.append(`class ${audit.name}`, audit);
  }

  keepUnmatched(witness: Witness): void {
    this.#unmatched += 1;
    this.#journal?.append(`unmatched ${this.unmatched().length + this.#unmatched}`, witness);
  }

  #of<Result>(kind: Kind): Map<string, Result> {
    const prefix = `${kind} `;
    return new Map(
      [...(this.#journal?.earlier ?? [])].flatMap(([id, result]) => (id.startsWith(prefix) ? [[id.slice(prefix.length), result as Result] as const] : [])),
    );
  }

  /** Hazards that shared a witness share it again: it is replayed once for all of them. */
  #sharingWitnesses(confirmation: Confirmation): Confirmation {
    if (confirmation.witness === undefined) return confirmation;
    const text = JSON.stringify(confirmation.witness);
    const witness = this.#witnesses.get(text) ?? confirmation.witness;
    this.#witnesses.set(text, witness);
    return { ...confirmation, witness };
  }
}

async function keyOf({ budget, drivers, settings, model = "any" }: ConfirmRequest, subject: Subject, runtime: Runtime): Promise<Record<string, string>> {
  return {
    "source of the subject": await digestOf(subject),
    "version of raceproof": `${toolVersion} ${(await analyzerIdentity()).slice(0, 16)}`,
    interpreter: runtime.id,
    options: JSON.stringify({ ...budget, model }),
    "hand-written drivers": createHash("sha256").update(JSON.stringify(drivers)).digest("hex"),
    "names of locks in the settings": JSON.stringify(settings.lockNames ?? []),
  };
}

async function digestOf(subject: Subject): Promise<string> {
  const hash = createHash("sha256");
  for await (const { path, bytes } of readSubjectFiles(subject, () => undefined)) hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  return hash.digest("hex");
}
