// The corridor's way from hazards of an extension in C to what its own build showed: built with a sanitizer for real threads, then plainly for what
// happens inside callbacks and for what the compiler says. A build that fails is told; its hazards stay unproven.
import {
  buildExtension,
  confirmCallbacks,
  confirmLabels,
  confirmNatives,
  defaultBudget,
  type ExtensionBuild,
  type NativeConfirmations,
  prepareSanitizer,
  provideRequirements,
  selectRuntime,
} from "./confirmations/index.ts";
import { requiredPython } from "./config/index.ts";
import type { ConfirmRequest } from "./confirm-request.ts";
import { analyzeNativeFiles } from "./native-audit.ts";
import { defaultCacheFolder, isNativeSource } from "./sources/index.ts";
import { readFiles, secondsSince } from "./subject-audit.ts";
import type { AuditedSubject } from "./subject-audit.ts";
import { acceptsPython, UserError } from "./vocabulary/index.ts";
import type { Confirmation, Hazard, NativeFault, NativeProgram, Runtime } from "./vocabulary/index.ts";

export interface ExtensionTask {
  readonly hazards: readonly Hazard[];
  readonly runtimes: readonly Runtime[];
  /** Of the clock performance.now(). */
  readonly until: number;
}

export interface ExtensionConfirmations {
  readonly confirmations: ReadonlyMap<string, Confirmation>;
  readonly faults: readonly NativeFault[];
}

/** Of the time there is; the rest is for callbacks, where a second is enough for most drivers. */
const SHARE_FOR_THREADS = 0.65;

/** Executes the subject's build and its code. */
export async function confirmExtensions(state: AuditedSubject, request: ConfirmRequest, task: ExtensionTask): Promise<ExtensionConfirmations> {
  const since = performance.now();
  const { subject } = state;
  const sources = (await readFiles(request, { subject, notifications: [], seconds: {} })).filter(({ path }) => isNativeSource(path));
  const { program } = await analyzeNativeFiles(sources);
  const run = new ExtensionRun(state, request, { ...task, program, files: sources.map(({ path }) => path) });
  const threads = await run.underThreads();
  const callbacks = await run.inCallbacks(threads.refusals);
  state.seconds["extensions"] = secondsSince(since);
  return {
    faults: threads.faults,
    confirmations: new Map(
      task.hazards.map(({ id }) => {
        const first = threads.confirmations.get(id) ?? untried;
        return [id, joined(first, callbacks.get(id))];
      }),
    ),
  };
}

const untried: Confirmation = { verdict: "unproven", reason: "it was not run", rungs: [], runtimes: [], uncontrolled: [], drivers: [] };

/** A witness says more than a count; what else was seen stays beside it. */
function joined(threads: Confirmation, callbacks: Confirmation | undefined): Confirmation {
  if (callbacks === undefined) return threads;
  const better = callbacks.verdict === "confirmed" || threads.verdict === "unproven" ? callbacks : threads;
  return {
    ...better,
    ...(threads.workload === undefined ? {} : { workload: threads.workload }),
    runtimes: [...callbacks.runtimes, ...threads.runtimes],
    rungs: callbacks.rungs,
    drivers: [...threads.drivers, ...callbacks.drivers],
    uncontrolled: [...new Set([...callbacks.uncontrolled, ...threads.uncontrolled])],
  };
}

class ExtensionRun {
  readonly #state: AuditedSubject;
  readonly #request: ConfirmRequest;
  readonly #task: ExtensionTask & { readonly program: NativeProgram; readonly files: readonly string[] };
  readonly #cacheFolder: string;

  constructor(state: AuditedSubject, request: ConfirmRequest, task: ExtensionTask & { readonly program: NativeProgram; readonly files: readonly string[] }) {
    this.#state = state;
    this.#request = request;
    this.#task = task;
    this.#cacheFolder = request.cacheFolder ?? defaultCacheFolder(process.env);
  }

  /** Without the GIL where there is such an interpreter. */
  async underThreads(): Promise<Pick<NativeConfirmations, "confirmations" | "faults" | "refusals">> {
    const nothing = { confirmations: new Map<string, Confirmation>(), faults: [], refusals: [] };
    const runtime = await this.#runtime((one) => one.freeThreaded);
    const sanitizer = await prepareSanitizer(runtime, this.#cacheFolder);
    if (sanitizer === undefined) this.#warn("the C compiler here has no AddressSanitizer: only crashes are seen");
    const build = await this.#build(runtime, sanitizer === undefined ? "plain" : "address");
    if (build === undefined) return nothing;
    const { hazards, program, files, until } = this.#task;
    const { workers, signal, onProgress } = this.#request;
    const began = performance.now();
    const found = await confirmNatives({
      program,
      hazards,
      files,
      runtime,
      build,
      sanitizer,
      workers,
      signal,
      onProgress,
      requirements: await this.#requirements(runtime),
      until: began + (until - began) * SHARE_FOR_THREADS,
    });
    const { all, called } = found.entries;
    this.#state.notifications.push({ level: "note", message: `calls were found for ${called} of ${all} entry points of the extension` });
    for (const remark of found.remarks) this.#warn(remark);
    for (const fault of found.faults) if (fault.hazards.length === 0) this.#warn(`a fault that no hazard explains: ${fault.summary}`);
    return found;
  }

  /** With the GIL, so that nothing but the callback lets others run. */
  async inCallbacks(refusals: readonly string[]): Promise<ReadonlyMap<string, Confirmation>> {
    const { hazards, program, files, until } = this.#task;
    const { workers, signal, onProgress } = this.#request;
    const runtime = await this.#runtime((one) => !one.freeThreaded);
    const build = await this.#build(runtime, "plain");
    if (build === undefined) return new Map();
    const { subject } = this.#state;
    const tested = {
      specification: subject.specification,
      root: subject.root,
      importPaths: [build.folder, ...(await this.#requirements(runtime))],
      instrument: subject.topLevelModules,
    };
    const options = { subject: tested, runtime, workers, budget: defaultBudget, replayOn: [], ...(signal === undefined ? {} : { signal }) };
    const proved = await confirmCallbacks({ program, hazards, files, modules: build.modules, options, until, onProgress, refusals });
    return new Map([...proved, ...confirmLabels(build.log, hazards, runtime)]);
  }

  async #build(runtime: Runtime, flavor: "plain" | "address"): Promise<ExtensionBuild | undefined> {
    const { subject } = this.#state;
    this.#request.onProgress(`building ${subject.name} for ${runtime.id}${flavor === "plain" ? "" : " with AddressSanitizer"}`);
    try {
      return await buildExtension({ root: subject.root, name: subject.name, runtime, flavor, cacheFolder: this.#cacheFolder, signal: this.#request.signal });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#warn(error.message);
      return undefined;
    }
  }

  /** What a person asked for; else the newest that the subject allows, of the kind that shows most where there is one. */
  async #runtime(isPreferred: (runtime: Runtime) => boolean): Promise<Runtime> {
    const { runtimes } = this.#task;
    const { python, settings } = this.#request;
    const requiresPython = requiredPython(this.#state.subject, settings);
    const suitable = runtimes.filter(({ implementation, version }) => implementation === "cpython" && acceptsPython(requiresPython, version));
    const preferred = python === undefined ? (suitable.find(isPreferred) ?? suitable[0]) : undefined;
    return preferred ?? selectRuntime({ runtimes, wanted: python, requiresPython });
  }

  async #requirements(runtime: Runtime): Promise<readonly string[]> {
    return (await provideRequirements(this.#state.subject, runtime, this.#cacheFolder)).paths;
  }

  #warn(message: string): void {
    this.#state.notifications.push({ level: "warning", message });
  }
}
