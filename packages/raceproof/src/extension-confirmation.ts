// The corridor's way from hazards of an extension in C to what its own build showed: built with a sanitizer for real threads, then plainly for what
// happens inside callbacks and for what the compiler says. A build that fails is told; its hazards stay unproven.
import {
  buildExtension,
  confirmCallbacks,
  confirmLabels,
  confirmNatives,
  defaultBudget,
  type ExtensionBuild,
  type ExtensionFacts,
  factsOfC,
  factsOfCython,
  findThreadSanitizer,
  type NativeConfirmations,
  prepareSanitizer,
  provideRequirements,
  type SanitizerSetting,
  selectRuntime,
} from "./confirmations/index.ts";
import { requiredPython } from "./config/index.ts";
import type { ConfirmRequest } from "./confirm-request.ts";
import type { SourceFile } from "./audit.ts";
import { analyzeNativeFiles } from "./native-audit.ts";
import { defaultCacheFolder, isNativeSource } from "./sources/index.ts";
import { readFiles, secondsSince } from "./subject-audit.ts";
import type { AuditedSubject } from "./subject-audit.ts";
import { acceptsPython, UserError } from "./vocabulary/index.ts";
import type { Confirmation, Hazard, NativeFault, Runtime, SanitizerKind } from "./vocabulary/index.ts";

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
  const facts = await factsOf(state, task.hazards, sources);
  const run = new ExtensionRun(state, request, { ...task, facts });
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

/** Of Cython where its hazards are asked for, else of C: what Cython generates is not read. */
async function factsOf(state: AuditedSubject, hazards: readonly Hazard[], sources: readonly SourceFile[]): Promise<ExtensionFacts> {
  const files = sources.map(({ path }) => path);
  if (hazards.some(({ language }) => language === "cython")) return factsOfCython(await state.program(), files);
  return factsOfC((await analyzeNativeFiles(sources)).program, files);
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

/** Where real threads run. */
interface ThreadBench {
  readonly runtime: Runtime;
  readonly sanitizer: SanitizerSetting | undefined;
  /** What builds for it. */
  readonly builder: Runtime;
}

const withoutInstrumented =
  "there is no free-threaded interpreter here that is itself built with ThreadSanitizer (docs/native-confirmation.md says how to have one)";

class ExtensionRun {
  readonly #state: AuditedSubject;
  readonly #request: ConfirmRequest;
  readonly #task: ExtensionTask & { readonly facts: ExtensionFacts };
  readonly #cacheFolder: string;

  constructor(state: AuditedSubject, request: ConfirmRequest, task: ExtensionTask & { readonly facts: ExtensionFacts }) {
    this.#state = state;
    this.#request = request;
    this.#task = task;
    this.#cacheFolder = request.cacheFolder ?? defaultCacheFolder(process.env);
  }

  /** Without the GIL where there is such an interpreter. */
  async underThreads(): Promise<Pick<NativeConfirmations, "confirmations" | "faults" | "refusals">> {
    const nothing = { confirmations: new Map<string, Confirmation>(), faults: [], refusals: [] };
    const bench = this.#request.sanitizer === "thread" ? await this.#raceBench() : await this.#memoryBench();
    const build = bench && (await this.#build(bench.builder, bench.sanitizer === undefined ? "plain" : this.#request.sanitizer));
    if (bench === undefined || build === undefined) return nothing;
    const { runtime, sanitizer } = bench;
    const { hazards, facts, until } = this.#task;
    const { workers, signal, onProgress } = this.#request;
    const began = performance.now();
    const found = await confirmNatives({
      facts,
      hazards,
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

  async #memoryBench(): Promise<ThreadBench> {
    const runtime = await this.#runtime((one) => one.freeThreaded);
    const sanitizer = await prepareSanitizer(runtime, this.#cacheFolder);
    if (sanitizer === undefined) this.#warn("the C compiler here has no AddressSanitizer: only crashes are seen");
    return { runtime, sanitizer, builder: runtime };
  }

  /** Data races are judged where the sanitizer sees the interpreter's own locks, or nowhere. */
  async #raceBench(): Promise<ThreadBench | undefined> {
    const found = (await findThreadSanitizer(this.#request.python)) ?? (await findThreadSanitizer(undefined));
    if (found === undefined) this.#warn(`no data race can be shown: ${withoutInstrumented}`);
    const isAlike = ({ version, freeThreaded }: Runtime): boolean => freeThreaded && version === found?.runtime.version;
    // It is slow and may have no pip; an ordinary interpreter of the same kind and version builds the same for it.
    return found && { ...found, builder: this.#task.runtimes.find(isAlike) ?? found.runtime };
  }

  /** With the GIL, so that nothing but the callback lets others run. */
  async inCallbacks(refusals: readonly string[]): Promise<ReadonlyMap<string, Confirmation>> {
    const { hazards, facts, until } = this.#task;
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
    const proved = await confirmCallbacks({ facts, hazards, modules: build.modules, options, until, onProgress, refusals });
    return new Map([...proved, ...confirmLabels(build.log, hazards, runtime)]);
  }

  async #build(runtime: Runtime, flavor: "plain" | SanitizerKind): Promise<ExtensionBuild | undefined> {
    const { subject } = this.#state;
    const { onProgress, signal } = this.#request;
    onProgress(`building ${subject.name} for ${runtime.id}${flavor === "plain" ? "" : `, with the sanitizer of kind ${flavor}`}`);
    try {
      return await buildExtension({ root: subject.root, name: subject.name, runtime, flavor, cacheFolder: this.#cacheFolder, signal });
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
