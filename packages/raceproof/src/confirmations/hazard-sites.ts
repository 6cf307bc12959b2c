// Joins static hazards and dynamic switch points: which points are the hazard's own, and whether a failure is its doing.
// Misses: accesses in code that the rewriter names differently from the audit (generated code).
// Over-reports: two hazards on the same line and attribute share their failures.
import { type Access, type Hazard, type Plan, preemptionsOf, rootNameOf, type TraceEvent } from "../vocabulary/index.ts";
import type { SwitchSite } from "./agent-messages.ts";

export interface HazardSites {
  /** On the lines of the hazard's accesses and about its location. */
  readonly own: ReadonlySet<string>;
  /** Where to stop first: the own ones that conflict, and everything on the hazard's own line. */
  readonly active: readonly string[];
}

export function findHazardSites(hazard: Hazard, sites: readonly SwitchSite[]): HazardSites {
  const own = sites.filter((site) => hazard.accesses.some((access) => isAccessSite(access, site)));
  const onLine = sites.filter((site) => isInFile(site.file, hazard.span.file) && isBetween(site.line, hazard.span));
  const active = [...own.filter(({ conflict }) => conflict), ...onLine].map(({ key }) => key);
  return { own: new Set(own.map(({ key }) => key)), active: [...new Set(active)] };
}

/** What a failing execution left behind. */
export interface FailureEvidence {
  readonly plan: Plan;
  /** Accesses of the failing execution; empty when the process died. */
  readonly trace: readonly TraceEvent[];
  /** "module:function" of the strange exception, if that is what failed. */
  readonly where: string | undefined;
}

/**
 * Whether a failure is the hazard's: one of its accesses and another thread's conflicting access of the same object and name
 * interleave, or a stop is at one of its accesses (when there is no trace), or the exception comes out of one of its functions.
 */
export function isFailureOf(hazard: Hazard, evidence: FailureEvidence, sites: readonly SwitchSite[]): boolean {
  const { own } = findHazardSites(hazard, sites);
  if (evidence.where !== undefined && hazard.accesses.some((access) => isRaisedIn(access, evidence.where ?? ""))) return true;
  if (evidence.trace.length === 0) return evidence.plan.some(({ until }) => until !== null && own.has(until.site));
  return preemptionsOf(evidence.plan) > 0 && hasInterleavedConflict(own, evidence.trace, new Map(sites.map((site) => [site.key, site])));
}

function hasInterleavedConflict(own: ReadonlySet<string>, trace: readonly TraceEvent[], sites: ReadonlyMap<string, SwitchSite>): boolean {
  const spans = spansOfThreads(trace);
  return trace.some((event, index) => own.has(event.site) && trace.some((other, otherIndex) => isConflict(event, other, sites) && areInterleaved([event.thread, index], [other.thread, otherIndex], spans)));
}

function isConflict(event: TraceEvent, other: TraceEvent, sites: ReadonlyMap<string, SwitchSite>): boolean {
  if (event.thread === other.thread || event.object === 0 || event.object !== other.object) return false;
  if (event.name !== other.name && event.name !== null && other.name !== null) return false;
  return mayWrite(sites.get(event.site)) || mayWrite(sites.get(other.site));
}

function mayWrite(site: SwitchSite | undefined): boolean {
  return site === undefined || site.access === "write" || site.access === "update" || site.access === "call";
}

type Span = readonly [first: number, last: number];

/** Positions of the first and last access of each thread. */
function spansOfThreads(trace: readonly TraceEvent[]): ReadonlyMap<number, Span> {
  const spans = new Map<number, Span>();
  trace.forEach(({ thread }, index) => spans.set(thread, [spans.get(thread)?.[0] ?? index, index]));
  return spans;
}

/** One of the two accesses falls between the first and the last access of the other's thread. */
function areInterleaved([threadA, a]: readonly [number, number], [threadB, b]: readonly [number, number], spans: ReadonlyMap<number, Span>): boolean {
  return isWithin(b, spans.get(threadA)) || isWithin(a, spans.get(threadB));
}

function isWithin(position: number, span: Span | undefined): boolean {
  return span !== undefined && span[0] < position && position < span[1];
}

function isAccessSite(access: Access, site: SwitchSite): boolean {
  return isInFile(site.file, access.span.file) && isBetween(site.line, access.span) && isAbout(access, site.text);
}

/** An attribute of another name on the same line is another location; a bare local name may be an alias of this one. */
function isAbout(access: Access, text: string): boolean {
  return !text.includes(".") || text.split(/\W+/).includes(rootNameOf(access.location));
}

function isBetween(line: number, { line: first, endLine: last }: { readonly line: number; readonly endLine: number }): boolean {
  return first <= line && line <= last;
}

function isInFile(absolute: string, relative: string): boolean {
  return absolute.replaceAll("\\", "/").endsWith(`/${relative}`);
}

function isRaisedIn(access: Access, where: string): boolean {
  const [module = "", name = ""] = where.split(":");
  const path = access.span.file.replace(/\.py$/, "").replace(/\/__init__$/, "").replaceAll("/", ".");
  return name === access.function && (path === module || path.endsWith(`.${module}`));
}
