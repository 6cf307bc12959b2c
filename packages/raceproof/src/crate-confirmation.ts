// The corridor's way from hazards of crates to what their own builds showed: builds each crate once, tries its hazards, says what kept it.
import { join, resolve } from "node:path";
import { buildCrate, confirmCrate } from "./confirmations/index.ts";
import type { BuiltCrate } from "./confirmations/index.ts";
import type { ConfirmRequest } from "./confirm-request.ts";
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
  for (const [crate, hazards] of byCrate)
    for (const [id, confirmation] of await confirmOne(crate, hazards, { state, request, task, program })) confirmations.set(id, confirmation);
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
}

async function confirmOne(
  crate: CargoPackage,
  hazards: readonly Hazard[],
  { state, request, task, program }: Circumstances,
): Promise<ReadonlyMap<string, Confirmation>> {
  const { onProgress, signal, workers } = request;
  const runtime = runtimeFor(crate, state, request, task.runtimes);
  if (runtime === undefined) return unproven(state, hazards, `no interpreter here that PyO3 ${crate.pyo3?.version ?? ""} of ${crate.name} can be built for`);
  onProgress(`building ${crate.name} for ${runtime.id}`);
  let build: BuiltCrate;
  try {
    build = await startBuild(crate, runtime, state, request);
  } catch (error) {
    if (error instanceof UserError) return unproven(state, hazards, error.message);
    throw error;
  }
  return confirmCrate(hazards, { program, build, runtime, workers, until: task.until, signal, onProgress });
}

function startBuild(crate: CargoPackage, runtime: Runtime, { subject }: AuditedSubject, request: ConfirmRequest): Promise<BuiltCrate> {
  const manifest = request.manifest === undefined ? join(subject.root, crate.manifest) : resolve(request.cwd, request.manifest);
  return buildCrate({
    manifest,
    root: subject.root,
    runtime,
    features: crate.pyo3?.features.includes("extension-module") === true ? [] : [`${crate.pyo3?.alias ?? "pyo3"}/extension-module`],
    cacheFolder: request.cacheFolder ?? defaultCacheFolder(process.env),
    signal: request.signal,
  });
}

function runtimeFor({ pyo3 }: CargoPackage, { subject }: AuditedSubject, { python }: ConfirmRequest, runtimes: readonly Runtime[]): Runtime | undefined {
  const suitable = runtimes.filter(
    ({ implementation, version, freeThreaded }) =>
      implementation === "cpython" &&
      acceptsPython(subject.requiresPython, version) &&
      (pyo3?.version === undefined || supportsPython(pyo3.version, version, freeThreaded)),
  );
  return python === undefined
    ? suitable[0]
    : suitable.find(({ id, version, executable }) => executable === python || id === python || version.startsWith(python) || id.includes(python));
}

function unproven({ notifications }: AuditedSubject, hazards: readonly Hazard[], reason: string): ReadonlyMap<string, Confirmation> {
  notifications.push({ level: "warning", message: reason });
  const [first = ""] = reason.split("\n");
  const confirmation: Confirmation = { verdict: "unproven", reason: first, rungs: [], runtimes: [], uncontrolled: [], drivers: [] };
  return new Map(hazards.map(({ id }) => [id, confirmation]));
}
