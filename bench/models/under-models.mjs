// Searches one driver under every model of an interpreter. Enters: a driver, a subject, an interpreter. Leaves: per model what was found.
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { builtPackage } from "../../scripts/repository.mjs";

if (!existsSync(join(builtPackage, "confirmations", "index.js"))) throw new Error("not built yet: npm run build");
export const load = (...path) => import(pathToFileURL(join(builtPackage, ...path)).href);
const { launchAgent } = await load("confirmations", "runtimes", "launch-agent.js");
const { Session } = await load("confirmations", "session.js");
const { prepareDriver } = await load("confirmations", "prepare-driver.js");
const { certifyDriver } = await load("confirmations", "certify-driver.js");
const { climbLadder } = await load("confirmations", "climb-ladder.js");
const { runtimeModelNames } = await load("vocabulary", "index.js");

const { testedSubject } = await load("confirmations", "index.js");
const { fetchSubject, parseSpecification } = await load("sources", "index.js");

export { runtimeModelNames };

/** What a line of cases.mjs is about. */
export async function subjectOf({ root, specification }) {
  if (root !== undefined) return { specification: basename(root), root, importPaths: [root], instrument: ["subject"] };
  return testedSubject(await fetchSubject(parseSpecification(specification, process.cwd()), { cacheFolder: undefined }), []);
}

/** Milliseconds. */
const CERTIFICATE = 20_000;

/** One process per model and subject; reached: schedules to the first failure. focus: only accesses whose text it matches. */
export class ModelBench {
  #sessions;

  constructor(subject, runtime) {
    this.#sessions = new Map(runtimeModelNames.map((model) => [model, new Session(subject, runtime, { launch: launchAgent, model })]));
  }

  async search(model, driver, { bound = 2, drawn = 0, seconds = 30, focus = /^/ } = {}) {
    const preparation = await prepareDriver(this.#sessions.get(model), driver);
    if (preparation.kind !== "ready") return { verdict: "untried", note: preparation.reason };
    const { prepared } = preparation;
    const sites = prepared.sites.filter(({ conflict, text }) => conflict && focus.test(text)).map(({ key }) => key);
    let failure;
    const onFailure = ({ signature }) => ((failure = signature.summary), Promise.resolve("stop"));
    const limits = { schedules: 20_000, deadline: performance.now() + seconds * 1000 };
    const { rungs, end, lengths } = await climbLadder(prepared, { sites, over: "conflicts", bound, drawn, onFailure }, "", limits);
    const schedules = rungs.reduce((sum, rung) => sum + rung.schedules, 0);
    if (failure !== undefined) return { verdict: "reached", schedules, failure, isMissedByTraces: await this.#isMissedByTraces(prepared, sites, lengths) };
    if (end.kind !== "exhausted") return { verdict: "not-reached", schedules };
    const { traces, isComplete } = (await certifyDriver(prepared, { sites, lengths, onFailure }, { ...limits, deadline: limits.deadline + CERTIFICATE })) ?? {};
    if (failure !== undefined) return { verdict: "reached", schedules: schedules + traces, failure };
    return { verdict: "excluded", schedules, ...(isComplete ? { traces } : {}) };
  }

  /** DPOR must find what bounds have found, or say that it could not look at everything. */
  async #isMissedByTraces(prepared, sites, lengths) {
    let isFound = false;
    const onFailure = () => ((isFound = true), Promise.resolve("stop"));
    const attempt = await certifyDriver(prepared, { sites, lengths, onFailure }, { schedules: 0, deadline: performance.now() + CERTIFICATE });
    return attempt?.isComplete === true && !isFound;
  }

  async dispose() {
    for (const session of this.#sessions.values()) await session.dispose();
  }
}

export function describe({ verdict, schedules, traces, note }) {
  if (verdict === "reached") return `reached in ${schedules}`;
  if (verdict === "excluded") return traces === undefined ? `in none of ${schedules}, all` : `in none: certificate, ${traces} traces`;
  return verdict === "untried" ? `untried: ${note}` : `not in ${schedules}`;
}
