// The corridor for fixes: an audited subject in, patches that were checked out. What a rule proposes is applied to a copy in memory; it is kept
// only if the hazard is then gone, nothing new is found, everything still parses, and, in C, a compiler takes it as it took the original.
import { checkCompiles, discoverRuntimes } from "./confirmations/index.ts";
import { auditForFixes, bytesOfText, textOfBytes } from "./fix-audit.ts";
import type { FixRound, FixSetting } from "./fix-audit.ts";
import type { FixAttempt, FixRequest, FixTask, Texts } from "./fix-attempt.ts";
import { applyEdits, areInConflict } from "./fixes/index.ts";
import { isAtLeast } from "./hazards/index.ts";
import { compareAudits } from "./reviews/index.ts";
import { isNativeSource, isRustSource } from "./sources/index.ts";
import { auditOf, findSubject, importPrefixOf, readFiles } from "./subject-audit.ts";
import { checkPatchedCrates } from "./patched-crates.ts";
import { UserError } from "./vocabulary/index.ts";
import type { AppliedFix, FixReport, Hazard, RefusedFix, Subject, TextEdit } from "./vocabulary/index.ts";

/** Functions that call each other are mended from the inside out, one layer a round. */
const mostRounds = 8;
/** What spoils a patch is left out and the rest tried again. */
const mostAttempts = 6;

/** @throws UserError for what the user can solve */
export async function proposeFixes(request: FixRequest): Promise<FixReport> {
  const found = await findSubject(request);
  const files = await readFiles(request, found);
  const state = await auditOf(request, found, files);
  const wanted = selectHazards(state.shown, state.audit.hazards, request.hazards);
  const original: Texts = new Map(files.map(({ path, bytes }) => [path, textOfBytes(bytes)]));
  const setting: FixSetting = {
    importPrefix: importPrefixOf(found.subject),
    lockNames: request.settings.lockNames ?? [],
    buildFiles: new Set(files.flatMap(({ path, role }) => (role === "build" ? path : []))),
  };
  const search = new FixSearch(request, { root: found.subject.root, original, setting, wanted });
  return search.run(found.subject);
}

function selectHazards(shown: readonly Hazard[], all: readonly Hazard[], ids: readonly string[]): readonly Hazard[] {
  return ids.length === 0
    ? shown
    : ids.map((id) => {
        const hazard = all.find((each) => each.id === id || each.fingerprint === id);
        if (hazard) return hazard;
        throw new UserError(`no hazard "${id}" in this subject`, "List ids and fingerprints with: raceproof audit ... --output-format json.");
      });
}

class FixSearch {
  readonly #request: FixRequest;
  readonly #task: FixTask;
  /** Hazards whose patch did not hold, by what they are about, and why. */
  readonly #spoiled = new Map<string, RefusedFix>();

  constructor(request: FixRequest, task: FixTask) {
    this.#request = request;
    this.#task = task;
  }

  async run(subject: Subject): Promise<FixReport> {
    const { original, setting, wanted } = this.#task;
    const before = await auditForFixes(original, setting);
    for (let number = 1; ; number++) {
      this.#request.onProgress(`trying patches, attempt ${number}`);
      const attempt = await this.#attempt(before, new Map(wanted.map((hazard) => [aboutOf(hazard), hazard])));
      const compiled = await this.#compile(attempt);
      const spoilers = compiled.kind === "refused" ? compiled.spoilers : await this.#allSpoilersOf(before, attempt);
      if (spoilers.length > 0 && number < mostAttempts) {
        for (const spoiler of spoilers) this.#spoiled.set(aboutOf(spoiler.hazard), spoiler);
        continue;
      }
      const { fixed } = this.#compare(before, attempt);
      const kept = spoilers.length === 0;
      const changed = [...attempt.texts].filter(([path, text]) => kept && text !== original.get(path));
      const applied = [...new Map(attempt.applied.map((each) => [each.title, each])).values()];
      return {
        subject: { specification: subject.specification, name: subject.name, version: subject.version, root: subject.root },
        // Several hazards may need the same helper mended.
        applied: kept ? applied : [],
        gone: kept && applied.length > 0 ? fixed : [],
        refused: [...attempt.refused, ...this.#spoiled.values(), ...(kept ? [] : spoilers)],
        files: changed.map(([path, after]) => ({ path, before: original.get(path) ?? "", after })),
        compiledWith: compiled.kind === "compiled" ? compiled.headers : [],
        cargoChecked: this.#request.build && changed.some(([path]) => isCrateFile(path)),
      };
    }
  }

  /** Rounds of proposals, each on the texts that the one before left. */
  async #attempt(before: FixRound, wanted: ReadonlyMap<string, Hazard>): Promise<FixAttempt> {
    let texts: Texts = this.#task.original;
    let round = before;
    const applied: AppliedFix[] = [];
    const renamed = new Map<string, string>();
    let refused: RefusedFix[] = [];
    for (let number = 0; number < mostRounds; number++) {
      const edits: TextEdit[] = [];
      refused = [];
      for (const hazard of round.hazards) {
        const asked = wanted.get(aboutOf(hazard));
        if (asked === undefined || this.#spoiled.has(aboutOf(hazard))) continue;
        const answer = await round.propose(hazard);
        if (answer === undefined) continue;
        if (answer.kind !== "fix") {
          refused.push({ hazard: asked, reason: answer.kind === "follows" ? `${answer.from}, which it calls, has to be mended first` : answer.reason });
        } else if (areInConflict(edits, answer.edits)) {
          refused.push({ hazard: asked, reason: "another patch changes the same lines: apply that one and ask again" });
        } else {
          edits.push(...answer.edits);
          applied.push({ hazard: asked, title: answer.title, files: [...new Set(answer.edits.map(({ file }) => file))] });
          if (answer.renamed) renamed.set(answer.renamed.to, answer.renamed.from);
        }
      }
      if (edits.length === 0) break;
      texts = edited(texts, edits);
      round = await auditForFixes(texts, this.#task.setting);
    }
    return { texts, applied, refused, renamed, last: round };
  }

  #compare(before: FixRound, { last, renamed }: FixAttempt): ReturnType<typeof compareAudits> {
    const isShown = (hazard: Hazard): boolean => isAtLeast(hazard, this.#request.minimumConfidence);
    const later = last.hazards.map((hazard) => ({ ...hazard, function: renamed.get(hazard.function) ?? hazard.function }));
    const side = (hazards: readonly Hazard[]): Parameters<typeof compareAudits>[0] => ({ shown: hazards.filter(isShown), counted: hazards, suppressed: [] });
    return compareAudits(side(before.hazards), side(later));
  }

  async #allSpoilersOf(before: FixRound, attempt: FixAttempt): Promise<RefusedFix[]> {
    const found = await this.#spoilersOf(before, attempt);
    return found.length > 0 || !this.#request.build ? found : checkPatchedCrates(attempt, this.#task, this.#request);
  }

  /** Patches after which the hazard is still there, or something else is. */
  async #spoilersOf(before: FixRound, attempt: FixAttempt): Promise<RefusedFix[]> {
    const { applied, last } = attempt;
    if (applied.length === 0) return [];
    if (last.filesWithErrors > before.filesWithErrors) return applied.map(({ hazard }) => ({ hazard, reason: "the patched file does not parse completely" }));
    const { remaining, added } = this.#compare(before, attempt);
    const still = new Set(remaining.map(({ after }) => aboutOf(after)));
    const spoilers = applied.filter(({ hazard }) => still.has(aboutOf(hazard))).map(({ hazard }) => ({ hazard, reason: "it is still found after the change" }));
    const known = new Set(before.hazards.map(aboutOf));
    for (const each of added.filter((hazard) => !known.has(aboutOf(hazard)))) {
      const sameFunction = applied.filter(({ hazard }) => hazard.function === each.function);
      const blamed = sameFunction.length > 0 ? sameFunction : applied.filter(({ hazard }) => hazard.location.key === each.location.key);
      const reason = `the change would bring another hazard: ${each.message} (${each.rule})`;
      spoilers.push(...(blamed.length > 0 ? blamed : applied).map(({ hazard }) => ({ hazard, reason })));
    }
    return spoilers;
  }

  async #compile({
    applied,
    texts,
  }: FixAttempt): Promise<{ kind: "compiled"; headers: readonly string[] } | { kind: "refused"; spoilers: RefusedFix[] } | { kind: "skipped" }> {
    const changed = new Set(applied.flatMap(({ files }) => files).filter(isNativeSource));
    if (changed.size === 0 || this.#request.compiler === "off") return { kind: "skipped" };
    const { runtimes } = await discoverRuntimes();
    const natives = (from: Texts): { path: string; bytes: Uint8Array }[] =>
      [...from].filter(([path]) => isNativeSource(path)).map(([path, text]) => ({ path, bytes: bytesOfText(text) }));
    const own = applied.filter(({ files }) => files.some(isNativeSource));
    const refuse = (reason: string, blamed = own): { kind: "refused"; spoilers: RefusedFix[] } => ({
      kind: "refused",
      spoilers: blamed.map(({ hazard }) => ({ hazard, reason })),
    });
    const after = await checkCompiles(natives(texts), changed, runtimes);
    if (after.kind === "compiles") return { kind: "compiled", headers: after.headers };
    if (after.kind === "impossible") return refuse(`${after.reason}, so no patch can be checked by a compiler (--no-compiler shows it unchecked)`);
    const before = await checkCompiles(natives(this.#task.original), changed, runtimes);
    const place = `${after.file}:${after.line}: ${after.message}`;
    if (before.kind === "fails")
      return refuse(`the files do not compile here as they are (${place}), so no patch can be checked (--no-compiler shows it unchecked)`);
    const blamed = own.filter(({ hazard }) => isAbout(texts.get(after.file) ?? "", after.line, hazard.function));
    return refuse(`the patched file does not compile: ${place}`, blamed.length > 0 ? blamed : own);
  }
}

function isCrateFile(path: string): boolean {
  return isRustSource(path) || path.endsWith("Cargo.toml");
}

/** What stays the same of a hazard while the functions around it change. One entry point of an extension touches much: what is named first changes. */
function aboutOf({ rule, span, function: name, location, language }: Hazard): string {
  return `${rule}|${span.file}|${name}${language === "python" ? `|${location.key}` : ""}`;
}

function edited(texts: Texts, edits: readonly TextEdit[]): Texts {
  return new Map(
    [...texts].map(([path, text]) => [
      path,
      applyEdits(
        text,
        edits.filter(({ file }) => file === path),
      ),
    ]),
  );
}

/** The last function that begins above a line, by the names that patches give. */
function isAbout(text: string, line: number, name: string): boolean {
  const above = text.split("\n").slice(0, line).join("\n");
  const last = [...above.matchAll(/\b(\w+)_lock_held\s*\(/g)].at(-1);
  return last?.[1] === name;
}
