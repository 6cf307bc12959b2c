// Files of a subject in, what their audit finds out: as an earlier run found it where nothing has changed since, module by module where
// something has. The program itself is made when somebody asks for it.
import { createHash } from "node:crypto";
import { auditFiles, ruleIdsFor } from "./audit.ts";
import type { AuditOutcome, AuditRun, SourceFile, StoredAudit } from "./audit.ts";
import { openFactStore, openResultStore } from "./cache/index.ts";
import type { FactMemory } from "./cache/index.ts";
import { auditNativeFiles, nativeFunctionTexts } from "./native-audit.ts";
import type { NativeOutcome } from "./native-audit.ts";
import { nativeRules, rustRules } from "./rules/index.ts";
import { auditRustFiles, rustFunctionTexts } from "./rust-audit.ts";
import type { RustOutcome } from "./rust-audit.ts";
import { generatedTwins, isCython, isExtensionSource, isNativeSource, isRustSource } from "./sources/index.ts";
import { guardedLocations } from "./suppressions/index.ts";
import type { FunctionText, LocationFact, Program, RuleMetadata } from "./vocabulary/index.ts";

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
  const outcome = outcomeOf(audit, await auditNative(files, run), await auditRust(files, run));
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

function outcomeOf({ analysis: _, program: __, ...python }: StoredAudit, native: NativeOutcome | undefined, rust: RustOutcome | undefined): AuditOutcome {
  const extensions = [native, rust].filter((outcome) => outcome !== undefined);
  return {
    ...python,
    hazards: [...python.hazards, ...extensions.flatMap(({ hazards }) => hazards)],
    remarks: [...python.remarks, ...extensions.flatMap(({ remarks }) => remarks)],
    coverage: { ...python.coverage, ...(native ? { native: native.coverage } : {}), ...(rust ? { rust: rust.coverage } : {}) },
    notifications: [...python.notifications, ...extensions.flatMap(({ notifications }) => notifications)],
  };
}

async function functionTexts({ functions, textOf }: Program, files: readonly SourceFile[]): Promise<FunctionText[]> {
  const python = functions.map(({ qualifiedName, span }) => ({ file: span.file, name: qualifiedName, text: textOf(span) }));
  const natives = files.filter(isNative);
  const rust = files.filter(({ path }) => isRustSource(path));
  return [...python, ...(natives.length === 0 ? [] : await nativeFunctionTexts(natives)), ...(rust.length === 0 ? [] : await rustFunctionTexts(rust))];
}

function selected<R extends { readonly metadata: RuleMetadata }>(all: readonly R[], { rules }: StoredRun): readonly R[] {
  const ids = rules === undefined ? undefined : new Set(ruleIdsFor(rules));
  return all.filter(({ metadata }) => ids?.has(metadata.id) ?? true);
}

/** Cargo's files alone are no extension: they say how one is built. */
async function auditRust(files: readonly SourceFile[], run: StoredRun): Promise<RustOutcome | undefined> {
  const wanted = selected(rustRules, run);
  if (wanted.length === 0 || !files.some(({ path }) => isRustSource(path) || path.endsWith("Cargo.toml"))) return undefined;
  return auditRustFiles(
    files.filter(({ path, role }) => role === undefined && isExtensionSource(path)),
    wanted,
  );
}

async function auditNative(files: readonly SourceFile[], run: StoredRun): Promise<NativeOutcome | undefined> {
  const twins = generatedTwins(files);
  const natives = files.filter((file) => isNative(file) && !twins.has(file));
  const wanted = selected(nativeRules, run);
  if (natives.length === 0 || wanted.length === 0) return undefined;
  return auditNativeFiles([...natives, ...files.filter(({ role }) => role === "build")], wanted);
}

/** What an earlier audit of the same subject found out is used where it still holds. */
async function auditByModules(files: readonly SourceFile[], run: StoredRun): Promise<StoredAudit> {
  const store = run.memory ? run.memory.open(run.cacheFolder, aboutOf(run)) : openFactStore(run.cacheFolder, aboutOf(run));
  const stored = await store.load();
  const { importPrefix, lockNames, rules } = run;
  const audit = await auditFiles(files, { ...(rules ? { rules } : {}), importPrefix, lockNames, stored });
  const { modules } = audit.analysis;
  const isKnown = stored.size === modules.length && modules.every((module) => stored.get(module.facts.value.file) === module);
  if (!isKnown) await run.afterwards(() => store.save(new Map(modules.map((module) => [module.facts.value.file, module]))));
  return audit;
}

/** Cython is read with Python. */
function isNative({ path }: SourceFile): boolean {
  return isNativeSource(path) && !isCython(path);
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
