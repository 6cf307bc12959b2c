// Files of a subject in, what their audit finds out: as an earlier run found it where nothing has changed since, module by module where
// something has. The program itself is made when somebody asks for it.
import { createHash } from "node:crypto";
import { analyzeFiles, linkAnalyzed, ruleIdsFor } from "./audit.ts";
import type { AuditOutcome, AuditRun, SourceFile, StoredAudit } from "./audit.ts";
import { openFactStore, openResultStore, openStateStore } from "./cache/index.ts";
import type { FactMemory, FactStore } from "./cache/index.ts";
import { auditEdited, knownProgramOf } from "./edited-audit.ts";
import type { KnownProgram } from "./edited-audit.ts";
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
  if (kept) return subjectProgram(kept, files, async () => linkAnalyzed(await analyzeFiles(files, await withStored(run))).program);
  const found = await auditModules(files, run);
  const native = await auditNative(files, run);
  const rust = await auditRust(files, run);
  const outcome = outcomeOf(found.outcome, native, rust);
  const { remarks } = outcome;
  // Comments that name a lock are among what makes an audit whole.
  const guarded = found.isWhole ? [...guardedLocations(remarks, found.program())] : [];
  // That a thread failed says nothing about the next run.
  if (!found.hasFailed) await run.afterwards(() => results.save(key, { outcome, guarded }));
  return subjectProgram({ outcome, guarded }, files, () => Promise.resolve(found.program()));
}

function subjectProgram({ outcome, guarded }: KeptResult, files: readonly SourceFile[], program: () => Promise<Program>): SubjectProgram {
  return { outcome, guarded: new Map(guarded), program, functions: async () => functionTexts(await program(), files) };
}

function outcomeOf(python: AuditOutcome, native: NativeOutcome | undefined, rust: RustOutcome | undefined): AuditOutcome {
  const extensions = [native, rust].filter((outcome) => outcome !== undefined);
  return {
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

interface FoundInModules {
  readonly outcome: AuditOutcome;
  readonly isWhole: boolean;
  readonly hasFailed: boolean;
  program(): Program;
}

/** What an earlier audit of the same subject found out is used where it still holds. */
async function auditModules(files: readonly SourceFile[], run: StoredRun): Promise<FoundInModules> {
  const store = openStore(run);
  const stored = await store.load();
  const analyzed = await analyzeFiles(files, { ...run, stored });
  const states = openStateStore<KnownProgram>(run.cacheFolder, aboutOf(run));
  const stateKey = JSON.stringify([run.rules, analyzed.files.map(({ path }) => path)]);
  const known = run.memory || stored.size === 0 ? undefined : await states.load(stateKey);
  const edited = known && auditEdited(analyzed, known, stored);
  // Neither facts nor state are stored anew: the next edits are again compared with the last audit of the whole.
  if (edited) return { outcome: edited, isWhole: false, hasFailed: false, program: () => linkAnalyzed(analyzed).program };
  const audit = linkAnalyzed(analyzed);
  const { modules, failures } = audit.analysis;
  const moduleAt = new Map(modules.map((module, index) => [analyzed.files[index]?.path ?? "", module]));
  const isKnown = stored.size === modules.length && [...moduleAt].every(([path, module]) => stored.get(path) === module);
  if (!isKnown) await run.afterwards(() => store.save(moduleAt));
  if (!run.memory) await run.afterwards(async () => keepState(audit, (next) => states.save(stateKey, next)));
  return { outcome: audit, isWhole: true, hasFailed: failures.length > 0, program: () => audit.program };
}

async function keepState(audit: StoredAudit, save: (next: KnownProgram) => Promise<unknown>): Promise<void> {
  const next = knownProgramOf(audit);
  if (next) await save(next);
}

function openStore(run: StoredRun): FactStore {
  return run.memory ? run.memory.open(run.cacheFolder, aboutOf(run)) : openFactStore(run.cacheFolder, aboutOf(run));
}

async function withStored(run: StoredRun): Promise<AuditRun> {
  return { ...run, stored: await openStore(run).load() };
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
