// Analyzed files and what an earlier audit knew of the whole program in; out, what an audit finds out now, where the edits since then leave all
// that linking finds out as it was: then only modules near them are looked at. Undefined where they do not, or where that would be most of the program.
import { outcomeOf } from "./audit.ts";
import type { AnalyzedFiles, AuditOutcome, StoredAudit } from "./audit.ts";
import {
  changedFunctions,
  countModule,
  EditReach,
  isUnseenByLinking,
  linkedStateOf,
  movedPublications,
  nearProgram,
  packFacts,
  StateIndex,
  unpackFacts,
} from "./facts/index.ts";
import type { EditedModule, FactCounts, LinkedState, ModuleFacts, StoredModule } from "./facts/index.ts";
import { collectHazards, settleHazards } from "./hazards/index.ts";
import { indexOf } from "./rules/index.ts";
import type { Hazard } from "./vocabulary/index.ts";

/** What an audit leaves for the next one. */
export interface KnownProgram {
  /** By module: what its facts were made from. */
  readonly origins: readonly string[];
  readonly state: LinkedState;
  readonly said: readonly Hazard[];
  /** Names of calls that rules look for all over the program. */
  readonly named: ReadonlySet<string>;
}

/** More edited modules than this, or more functions near them than that and this share of all, and the whole is done again. */
const mostEdited = 20;
const manyFunctions = 2000;
const largestShare = 0.4;

/** Undefined where there is something that the next audit could not know from it. */
export function knownProgramOf({ linked, said, analysis, remarks }: StoredAudit): KnownProgram | undefined {
  // Comments that say what a lock guards speak about locations of the whole program.
  if (!said || analysis.failures.length > 0 || remarks.some(({ content }) => content.kind === "guarded-by")) return undefined;
  const modules = analysis.modules.map(({ facts }) => facts.value);
  const state = linkedStateOf(linked, modules);
  return state && { origins: analysis.modules.map(originOf), state, said, named: indexOf(linked.program).namesAsked };
}

function originOf({ digest, passed, facts }: StoredModule): string {
  return `${digest} ${passed.fingerprint} ${facts.fingerprint}`;
}

export function auditEdited(analyzed: AnalyzedFiles, known: KnownProgram, stored: ReadonlyMap<string, StoredModule>): AuditOutcome | undefined {
  if (analyzed.analysis.failures.length > 0) return undefined;
  const edited = editedModules(analyzed, known, stored);
  if (!edited) return undefined;
  const hazards = new EditedSearch(analyzed, known, edited).hazards();
  const outcome = hazards && outcomeOf(analyzed, hazards, countsAfter(known.state.counts, edited));
  return outcome?.remarks.some(({ content }) => content.kind === "guarded-by") ? undefined : outcome;
}

function editedModules({ files, analysis }: AnalyzedFiles, known: KnownProgram, stored: ReadonlyMap<string, StoredModule>): EditedModule[] | undefined {
  if (analysis.modules.length !== known.origins.length) return undefined;
  const edited: EditedModule[] = [];
  for (const [module, now] of analysis.modules.entries()) {
    const before = stored.get(files[module]?.path ?? "");
    if (!before || originOf(before) !== known.origins[module]) return undefined;
    if (before.facts === now.facts) continue;
    if (edited.length === mostEdited) return undefined;
    // What was just made and what was stored are compared as texts: both have to come from a store.
    edited.push({ module, before: before.facts.value, after: unpackFacts(packFacts(now.facts.value)) });
  }
  return edited.every((each) => isUnseenByLinking(each, known.state, known.named)) ? edited : undefined;
}

function countsAfter(counts: FactCounts, edited: readonly EditedModule[]): FactCounts {
  const changed = edited.map(({ before, after }) => [countModule(before), countModule(after)] as const);
  const entries = Object.entries(counts) as [keyof FactCounts, number][];
  return Object.fromEntries(
    entries.map(([name, count]) => [name, changed.reduce((sum, [before, after]) => sum - before[name] + after[name], count)]),
  ) as unknown as FactCounts;
}

class EditedSearch {
  readonly #analyzed: AnalyzedFiles;
  readonly #known: KnownProgram;
  readonly #edited: readonly EditedModule[];
  readonly #after: ReadonlyMap<number, ModuleFacts>;

  constructor(analyzed: AnalyzedFiles, known: KnownProgram, edited: readonly EditedModule[]) {
    this.#analyzed = analyzed;
    this.#known = known;
    this.#edited = edited;
    this.#after = new Map(edited.map(({ module, after }) => [module, after]));
  }

  hazards(): readonly Hazard[] | undefined {
    const { python } = this.#analyzed.rules;
    const { state, said } = this.#known;
    if (this.#touchesLocks()) return undefined;
    const files = new Set(this.#edited.map(({ module }) => state.modules[module]?.file ?? ""));
    const involved = said.filter((hazard) => involves(hazard, files));
    const wide = new Set(python.filter(({ scope }) => scope === "program").map(({ metadata }) => metadata.id));
    if (involved.some(({ rule }) => wide.has(rule)) && this.#edited.some(hasMoved)) return undefined;
    const index = new StateIndex(state);
    const reach = new EditReach(state, index, this.#edited);
    const touched = reach.touched();
    const moduleOf = new Map(state.modules.map(({ file }, module) => [file, module]));
    for (const { span } of involved) touched.add(moduleOf.get(span.file) as number);
    const near = reach.around(touched, this.#factsOf);
    if (this.#isMost(near)) return undefined;
    const program = nearProgram(this.#stateNow(), index, { near, factsOf: this.#factsOf, modulesAt: reach.modulesAt, textOf: this.#analyzed.textOf });
    const isTouched = ({ span }: Hazard): boolean => touched.has(moduleOf.get(span.file) as number);
    return settleHazards(
      python.flatMap((rule) => {
        const before = said.filter((hazard) => hazard.rule === rule.metadata.id);
        if (rule.scope === "program") return before;
        return [...before.filter((hazard) => !isTouched(hazard)), ...collectHazards(program, [rule]).filter(isTouched)];
      }),
      python,
    );
  }

  readonly #factsOf = (module: number): ModuleFacts => this.#after.get(module) ?? (this.#analyzed.analysis.modules[module] as StoredModule).facts.value;

  /** Rules that look at locks look everywhere. */
  #touchesLocks(): boolean {
    const { state, named } = this.#known;
    return this.#edited.some((edited) =>
      changedFunctions(edited).some(({ at, forms }) => {
        const id = at === undefined ? -1 : (state.modules[edited.module]?.first ?? 0) + at;
        if ((state.values.entryLocks[id]?.length ?? 0) + (state.values.callerLocks[id]?.length ?? 0) > 0) return true;
        return forms.some(
          ({ acquisitions, accesses, calls }) =>
            acquisitions.length > 0 ||
            accesses.some(({ ownLockset }) => ownLockset.length > 0) ||
            calls.some(({ ownLockset, external }) => ownLockset.length > 0 || (external !== undefined && named.has(external))),
        );
      }),
    );
  }

  #isMost(near: ReadonlySet<number>): boolean {
    const { modules, functions } = this.#known.state;
    const all = functions.roles.length;
    const sizeOf = (module: number): number => (modules[module + 1]?.first ?? all) - (modules[module]?.first ?? all);
    return [...near].reduce((sum, module) => sum + sizeOf(module), 0) > Math.max(manyFunctions, largestShare * all);
  }

  #stateNow(): LinkedState {
    const { state } = this.#known;
    const publications = new Map(state.values.publications);
    for (const edited of this.#edited) {
      const module = state.modules[edited.module] as LinkedState["modules"][number];
      edited.before.functions.forEach((_, at) => publications.delete(module.first + at));
      for (const [id, moved] of movedPublications(state.values, edited, module)) publications.set(id, moved);
    }
    return { ...state, values: { ...state.values, publications } };
  }
}

/** It stands in one of the files, or speaks about it. */
function involves({ span, accesses, message, evidence }: Hazard, files: ReadonlySet<string>): boolean {
  if (files.has(span.file) || accesses.some((access) => files.has(access.span.file))) return true;
  return [...files].some((file) => message.includes(file) || evidence.some((sentence) => sentence.includes(file)));
}

/** What was there before stands where it stood, but for the body of the module. */
function hasMoved({ before, after }: EditedModule): boolean {
  const now = new Map(after.functions.map((fn) => [fn.key, fn]));
  return before.functions.some((fn) => fn.role !== "module" && JSON.stringify(fn) !== JSON.stringify(now.get(fn.key)));
}
