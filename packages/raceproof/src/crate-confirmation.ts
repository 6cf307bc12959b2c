// The corridor's way from hazards of crates to what their own builds showed: builds each crate once, tries its hazards, says what kept it.
import { join, resolve } from "node:path";
import { buildCrate, chooseCalls, confirmCrate, crateCandidates, provideRequirements, selectRuntime } from "./confirmations/index.ts";
import type { BuiltCrate, Choice } from "./confirmations/index.ts";
import type { ConfirmRequest } from "./confirm-request.ts";
import { usagesOf } from "./driver-source.ts";
import { supportsPython } from "./models/index.ts";
import { auditRustFiles } from "./rust-audit.ts";
import { defaultCacheFolder } from "./sources/index.ts";
import { readFiles, secondsSince } from "./subject-audit.ts";
import type { AuditedSubject } from "./subject-audit.ts";
import { acceptsPython, packageOf, UserError } from "./vocabulary/index.ts";
import type { CargoPackage, Confirmation, Hazard, Runtime, RustProgram } from "./vocabulary/index.ts";

export interface CrateTask {
  readonly hazards: readonly Hazard[];
  readonly runtimes: readonly Runtime[];
  /** Of the clock performance.now(). */
  readonly until: number;
}

/** Executes the crates' build scripts and their code. A crate that cannot be built is told; its hazards stay unproven. */
export async function confirmCrates(state: AuditedSubject, request: ConfirmRequest, task: CrateTask): Promise<ReadonlyMap<string, Confirmation>> {
  const { subject, notifications } = state;
  const since = performance.now();
  const { program } = await auditRustFiles(await readFiles(request, { subject, notifications, seconds: {} }), []);
  const byCrate = new Map<CargoPackage, Hazard[]>();
  for (const hazard of task.hazards) {
    const crate = extensionOf(program, hazard);
    if (crate !== undefined) byCrate.set(crate, [...(byCrate.get(crate) ?? []), hazard]);
  }
  const confirmations = new Map<string, Confirmation>();
  const candidates = crateCandidates(program, await usagesOf(subject));
  for (const [crate, hazards] of byCrate) {
    for (const [runtime, own] of await byRuntime(crate, hazards, { state, request, task, program, candidates })) {
      const found = await confirmOne(crate, own, runtime, { state, request, task, program, candidates });
      for (const [id, confirmation] of found) confirmations.set(id, confirmation);
    }
  }
  state.seconds["crates"] = secondsSince(since);
  return confirmations;
}

/** Hazards in a library are tried through an extension of the same project. */
function extensionOf({ cargo }: RustProgram, { span }: Hazard): CargoPackage | undefined {
  const own = packageOf(cargo, span.file);
  return own?.isExtension === true ? own : cargo.packages.find(({ isExtension }) => isExtension);
}

interface Circumstances {
  readonly state: AuditedSubject;
  readonly request: ConfirmRequest;
  readonly task: CrateTask;
  readonly program: RustProgram;
  readonly candidates: ReturnType<typeof crateCandidates>;
}

/** What one thread is enough for is tried with the GIL, the rest without it where that is possible; a person's choice is for all. */
async function byRuntime(crate: CargoPackage, hazards: readonly Hazard[], circumstances: Circumstances): Promise<Map<Runtime | undefined, Hazard[]>> {
  const suitable = await runtimesFor(crate, circumstances);
  const groups = new Map<Runtime | undefined, Hazard[]>();
  for (const hazard of hazards) {
    const runtime = suitable.find(({ freeThreaded }) => freeThreaded === (hazard.reach !== "single-threaded")) ?? suitable[0];
    groups.set(runtime, [...(groups.get(runtime) ?? []), hazard]);
  }
  return groups;
}

async function confirmOne(
  crate: CargoPackage,
  hazards: readonly Hazard[],
  runtime: Runtime | undefined,
  { state, request, task, program, candidates }: Circumstances,
): Promise<ReadonlyMap<string, Confirmation>> {
  const { onProgress, signal, workers } = request;
  if (runtime === undefined) return unproven(state, hazards, `no interpreter here that PyO3 ${crate.pyo3?.version ?? ""} of ${crate.name} can be built for`);
  onProgress(`building ${crate.name} for ${runtime.id}`);
  let build: BuiltCrate;
  try {
    build = await startBuild(crate, runtime, state, request);
  } catch (error) {
    if (error instanceof UserError) return unproven(state, hazards, error.message);
    throw error;
  }
  const requirements = (await provideRequirements(state.subject, runtime, cacheFolderOf(request))).paths;
  // A module that does not say so would switch the GIL on.
  const environment: Record<string, string> = runtime.freeThreaded ? { PYTHON_GIL: "0" } : {};
  const { folder, modules } = build;
  const choice = await chooseCalls(candidates, { runtime, paths: [folder, ...requirements], modules, environment, signal });
  state.notifications.push({ level: "note", message: choiceText(crate, candidates, choice) });
  return confirmCrate(hazards, { program, build, requirements, choice, environment, runtime, workers, until: task.until, signal, onProgress });
}

function choiceText({ name }: CargoPackage, { objects, calls }: Circumstances["candidates"], { chosen, refused }: Choice): string {
  const count = (wanted: readonly { readonly key: string }[]): string => `${wanted.filter(({ key }) => chosen.has(key)).length} of ${wanted.length}`;
  if (refused !== undefined) return `the extension of ${name} cannot be tried: ${refused}`;
  return `expressions were found for ${count(objects)} classes and ${count(calls)} functions and methods of ${name}`;
}

function cacheFolderOf({ cacheFolder }: ConfirmRequest): string {
  return cacheFolder ?? defaultCacheFolder(process.env);
}

function startBuild(crate: CargoPackage, runtime: Runtime, { subject }: AuditedSubject, request: ConfirmRequest): Promise<BuiltCrate> {
  const manifest = request.manifest === undefined ? join(subject.root, crate.manifest) : resolve(request.cwd, request.manifest);
  return buildCrate({
    manifest,
    root: subject.root,
    runtime,
    features: crate.pyo3?.features.includes("extension-module") === true ? [] : [`${crate.pyo3?.alias ?? "pyo3"}/extension-module`],
    cacheFolder: cacheFolderOf(request),
    ...(request.manifest === undefined ? {} : { cargoAlone: true as const }),
    signal: request.signal,
  });
}

async function runtimesFor({ pyo3 }: CargoPackage, { state, request: { python }, task: { runtimes } }: Circumstances): Promise<Runtime[]> {
  const suitable = runtimes.filter(
    ({ implementation, version, freeThreaded }) =>
      implementation === "cpython" &&
      acceptsPython(state.subject.requiresPython, version) &&
      (pyo3?.version === undefined || supportsPython(pyo3.version, version, freeThreaded)),
  );
  if (python === undefined) return suitable;
  try {
    return [await selectRuntime({ runtimes: suitable, wanted: python })];
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}

function unproven({ notifications }: AuditedSubject, hazards: readonly Hazard[], reason: string): ReadonlyMap<string, Confirmation> {
  notifications.push({ level: "warning", message: reason });
  const [first = ""] = reason.split("\n");
  const confirmation: Confirmation = { verdict: "unproven", reason: first, rungs: [], runtimes: [], uncontrolled: [], drivers: [] };
  return new Map(hazards.map(({ id }) => [id, confirmation]));
}
