// Files of a subject in, what their audit finds out: as an earlier run found it where nothing has changed since, module by module where
// something has. The program itself is made when somebody asks for it.
import { createHash } from "node:crypto";
import { auditFiles, ruleIdsFor } from "./audit.ts";
import type { AuditOutcome, AuditRun, SourceFile, StoredAudit } from "./audit.ts";
import { openFactStore, openResultStore } from "./cache/index.ts";
import type { FactMemory } from "./cache/index.ts";
import { auditNativeFiles, nativeFunctionTexts } from "./native-audit.ts";
import type { NativeOutcome } from "./native-audit.ts";
import { nativeRules } from "./rules/index.ts";
import { isNativeSource } from "./sources/index.ts";
import { guardedLocations } from "./suppressions/index.ts";
import type { FunctionText, LocationFact, Program } from "./vocabulary/index.ts";

export interface StoredRun extends Pick<AuditRun, "rules"> {
  readonly root: string;
  readonly importPrefix: string;
  readonly lockNames: readonly string[];
  readonly cacheFolder: string;
  /** Of a process that audits the subject again and again. */
  readonly memory?: FactMemory | undefined;
  /** Takes work that may wait until people have what they asked for. */
  readonly afterwards: (work: () => Promise<unknown>) => Promise<unknown>;
}

export interface SubjectProgram {
  readonly outcome: AuditOutcome;
  /** Locations that comments say a lock guards. */
  readonly guarded: ReadonlyMap<string, LocationFact>;
  program(): Promise<Program>;
  /** Of every language. */
  functions(): Promise<readonly FunctionText[]>;
}

interface KeptResult {
  readonly outcome: AuditOutcome;
  readonly guarded: readonly (readonly [string, LocationFact])[];
}

export async function auditStored(files: readonly SourceFile[], run: StoredRun): Promise<SubjectProgram> {
  const results = openResultStore<KeptResult>(run.cacheFolder, aboutOf(run));
  const key = keyOf(files, run.rules);
  // Whoever audits again and again wants the program ready, and others to find the result.
  const kept = run.memory ? undefined : await results.load(key);
  if (kept) {
    const program = async (): Promise<Program> => (await auditByModules(files, run)).program;
    return { outcome: kept.outcome, guarded: new Map(kept.guarded), program, functions: async () => functionTexts(await program(), files) };
  }
  const audit = await auditByModules(files, run);
  const { program } = audit;
  const outcome = outcomeOf(audit, await auditNative(files, run));
  const found: SubjectProgram = {
    outcome,
    guarded: guardedLocations(outcome.remarks, program),
    program: () => Promise.resolve(program),
    functions: () => functionTexts(program, files),
  };
  // That a thread failed says nothing about the next run.
  if (audit.analysis.failures.length === 0) await run.afterwards(() => results.save(key, { outcome: found.outcome, guarded: [...found.guarded] }));
  return found;
}

function outcomeOf({ analysis: _, program: __, ...python }: StoredAudit, native: NativeOutcome | undefined): AuditOutcome {
  if (native === undefined) return python;
  return {
    ...python,
    hazards: [...python.hazards, ...native.hazards],
    remarks: [...python.remarks, ...native.remarks],
    coverage: { ...python.coverage, native: native.coverage },
    notifications: [...python.notifications, ...native.notifications],
  };
}

async function functionTexts({ functions, textOf }: Program, files: readonly SourceFile[]): Promise<FunctionText[]> {
  const python = functions.map(({ qualifiedName, span }) => ({ file: span.file, name: qualifiedName, text: textOf(span) }));
  const natives = files.filter(({ path }) => isNativeSource(path));
  return natives.length === 0 ? python : [...python, ...(await nativeFunctionTexts(natives))];
}

async function auditNative(files: readonly SourceFile[], { rules }: StoredRun): Promise<NativeOutcome | undefined> {
  const natives = files.filter(({ path }) => isNativeSource(path));
  const selected = rules === undefined ? undefined : new Set(ruleIdsFor(rules));
  const wanted = nativeRules.filter(({ metadata }) => selected?.has(metadata.id) ?? true);
  if (natives.length === 0 || wanted.length === 0) return undefined;
  const outcome = await auditNativeFiles(natives, wanted);
  const cython = natives.filter(({ path }) => /\.(pyx|pxd|pxi)$/.test(path));
  if (cython.length === 0) return outcome;
  const message = `${cython.length} Cython files are not read, ${cython[0]?.path} among them: nothing is known of them`;
  return { ...outcome, notifications: [...outcome.notifications, { level: "warning", message }] };
}

/** What an earlier audit of the same subject found out is used where it still holds. */
async function auditByModules(all: readonly SourceFile[], run: StoredRun): Promise<StoredAudit> {
  const files = all.filter(({ path }) => !isNativeSource(path));
  const store = run.memory ? run.memory.open(run.cacheFolder, aboutOf(run)) : openFactStore(run.cacheFolder, aboutOf(run));
  const stored = await store.load();
  const { importPrefix, lockNames, rules } = run;
  const audit = await auditFiles(files, { ...(rules ? { rules } : {}), importPrefix, lockNames, stored });
  const { modules } = audit.analysis;
  const isKnown = stored.size === modules.length && files.every(({ path }, index) => stored.get(path) === modules[index]);
  if (!isKnown) await run.afterwards(() => store.save(new Map(files.map(({ path }, index) => [path, modules[index] as (typeof modules)[number]]))));
  return audit;
}

function aboutOf({ root, importPrefix, lockNames }: StoredRun): string[] {
  return [root, importPrefix, ...lockNames];
}

/** The same for the same files in the same order, searched by the same rules. */
function keyOf(files: readonly SourceFile[], rules: readonly string[] | undefined): string {
  const hash = createHash("sha256").update(JSON.stringify([rules, files.map(({ path, bytes }) => [path, bytes.length])]));
  for (const { bytes } of files) hash.update(bytes);
  return hash.digest("hex");
}
