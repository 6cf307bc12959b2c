// Joins static hazards and dynamic switch points: which points are the hazard's own, and whether a failure is its doing.
// Misses: accesses in code that the rewriter names differently from the audit (generated code).
// Over-reports: two hazards on the same line and attribute share their failures.
import { type Access, type AccessKind, type Hazard, type Location, type Plan, rootNameOf, type TraceEvent } from "../vocabulary/index.ts";
import type { SwitchSite } from "./agent-messages.ts";
import type { InterruptedPair } from "./needed-interruptions.ts";

export interface HazardSites {
  /** On the lines of the hazard's accesses and about its location. */
  readonly own: readonly SwitchSite[];
  /** Where to stop first: the own ones that conflict, and everything on the hazard's own line. */
  readonly active: readonly string[];
}

export function findHazardSites(hazard: Hazard, sites: readonly SwitchSite[]): HazardSites {
  const own = sites.filter((site) => hazard.accesses.some((access) => isAccessSite(access, site)));
  const onLine = sites.filter((site) => isInFile(site.file, hazard.span.file) && isBetween(site.line, hazard.span));
  const active = [...own.filter(({ conflict }) => conflict), ...onLine].map(({ key }) => key);
  return { own, active: [...new Set(active)] };
}

/** What a failing execution left behind. */
export interface FailureEvidence {
  readonly plan: Plan;
  /** Accesses of the failing execution; empty when the process died. */
  readonly trace: readonly TraceEvent[];
  /** "file:line function" of every frame of the strange exception, if that is what failed. */
  readonly traceback: readonly string[];
}

/** Whose driver showed the failure: one that was written for the hazard may reach its accesses through callees. */
export type Provenance = { readonly kind: "own driver"; readonly source: string } | { readonly kind: "other driver" };

/**
 * Whether a failure is the hazard's: another thread's access falls between two accesses of one thread to the same object and name,
 * and one of the three is in the suspect sequence; or a stop is at a suspect access that another thread's access overtakes; or the
 * exception passes through a suspect line. Accesses of other functions, listed because they interfere, do not make it the hazard's.
 * Source of the pattern: Lu et al., "AVIO: Detecting Atomicity Violations via Access Interleaving Invariants", ASPLOS 2006.
 */
export function isFailureOf(hazard: Hazard, { plan, trace, traceback }: FailureEvidence, sites: readonly SwitchSite[], provenance: Provenance): boolean {
  const suspects = suspectAccesses(hazard);
  if (traceback.some((frame) => suspects.some((access) => isFrameOf(access, frame)))) return true;
  const atSuspects = keysOf(suspects, sites);
  // Accesses that callees make have no switch point on the hazard's lines; its own driver may still run them through its function.
  const isThroughCallees =
    atSuspects.size === 0 && provenance.kind === "own driver" && (callsFunction(hazard, provenance.source) || runsFunction(hazard, trace, sites));
  const suspectKeys = isThroughCallees ? keysOf(hazard.accesses, sites) : atSuspects;
  const stops = new Set(plan.flatMap(({ thread, until }) => (until !== null && suspectKeys.has(until.site) ? [`${thread} ${until.site}`] : [])));
  if (trace.length === 0) return stops.size > 0;
  if (!trace.some(({ site }) => suspectKeys.has(site))) return false;
  return findOvertakings(trace, writesIn(sites)).some(
    ({ before, between, after }) =>
      [before, between, after].some((event) => event !== undefined && suspectKeys.has(event.site)) &&
      (before !== undefined || stops.has(`${after.thread} ${after.site}`)),
  );
}

/**
 * Pairs of accesses to the hazard's location that callees make on two suspect lines, with another thread in between. That they are
 * there does not make the failure the hazard's; that it needs one of them does.
 */
export function pairsThroughCallees(hazard: Hazard, { trace }: FailureEvidence, sites: readonly SwitchSite[]): InterruptedPair[] {
  const suspects = suspectAccesses(hazard);
  const named = new Set(sites.filter(({ text }) => isNamed(hazard.location, text)).map(({ key }) => key));
  const made = trace.flatMap((event, index) => {
    const on = named.has(event.site) ? suspects.filter((access) => isMadeOn(access, event)) : [];
    return on.length === 0 ? [] : [{ event, index, on }];
  });
  const isOneCall = (a: readonly Access[], b: readonly Access[]): boolean => suspects.length > 1 && a.length === 1 && b.length === 1 && a[0] === b[0];
  const mayWrite = writesIn(sites);
  return made.flatMap(({ event: after, index: end, on }) => {
    const first = made.findLast(
      ({ event, index, on: other }) => index < end && event.thread === after.thread && isSamePlace(event, after) && !isOneCall(other, on),
    );
    if (first === undefined) return [];
    const { event: before, index: start } = first;
    const between = trace
      .slice(start + 1, end)
      .find((event) => event.thread !== after.thread && isSamePlace(event, after) && (mayWrite(event) || mayWrite(after) || mayWrite(before)));
    return between === undefined ? [] : [{ before, between, after }];
  });
}

/** Made there, or by a callee of what stands there. */
function isMadeOn(access: Access, { file, line, callers = [] }: TraceEvent): boolean {
  return [[file, line] as const, ...callers].some(([inFile, at]) => isInFile(inFile, access.span.file) && isBetween(at, access.span));
}

function isNamed(location: Location, text: string): boolean {
  const name = rootNameOf(location);
  const words = text.split(/\W+/);
  return words.includes(name) || words.includes(name.replace(/^_+/, ""));
}

/** Whether a driver takes threads through the suspect sequence against each other; the accesses that interfere with it are not enough. */
export function isExercisedBy(hazard: Hazard, sites: readonly SwitchSite[], source: string): boolean {
  const suspects = suspectAccesses(hazard);
  const atSuspects = sites.filter((site) => suspects.some((access) => isAccessSite(access, site)));
  if (atSuspects.length > 0) return atSuspects.some(({ conflict }) => conflict);
  return callsFunction(hazard, source) && findHazardSites(hazard, sites).own.some(({ conflict }) => conflict);
}

/** Weaker, for choosing what to search: callers may run the suspect sequence, and callees make the accesses of it that conflict. */
export function mayBeExercisedBy(hazard: Hazard, sites: readonly SwitchSite[], source: string): boolean {
  const isRun = sites.some((site) => site.function === hazard.function && isInFile(site.file, hazard.span.file));
  return isExercisedBy(hazard, sites, source) || (isRun && findHazardSites(hazard, sites).own.some(({ conflict }) => conflict));
}

/** An operation of the driver calls the hazard's function by name; a constructor is called by the name of its class. */
function callsFunction(hazard: Hazard, source: string): boolean {
  const parts = hazard.function.split(".");
  const name = /^__(init|new)__$/.test(parts.at(-1) ?? "") ? parts.at(-2) : parts.at(-1);
  const operations = source.slice(Math.max(0, source.search(/^def operation/m)));
  return new RegExp(`\\b${name ?? ""}\\(`).test(operations);
}

/** The failing execution was in the hazard's function at some time. */
function runsFunction(hazard: Hazard, trace: readonly TraceEvent[], sites: readonly SwitchSite[]): boolean {
  const inside = new Set(sites.filter((site) => site.function === hazard.function && isInFile(site.file, hazard.span.file)).map(({ key }) => key));
  return trace.some(({ site }) => inside.has(site));
}

function keysOf(accesses: readonly Access[], sites: readonly SwitchSite[]): ReadonlySet<string> {
  return new Set(sites.filter((site) => accesses.some((access) => isAccessSite(access, site))).map(({ key }) => key));
}

/** The suspect sequence comes first in `accesses` and is in the hazard's own function, unless a callee makes its accesses. */
function suspectAccesses({ accesses, function: name, span }: Hazard): readonly Access[] {
  const own = accesses.filter((access) => access.function === name && access.span.file === span.file);
  return own.length > 0 ? own : accesses.slice(0, 1);
}

/** `between` of another thread conflicts with `after`, and with `before` when that thread had touched the same before. */
interface Overtaking {
  readonly before: TraceEvent | undefined;
  readonly between: TraceEvent;
  readonly after: TraceEvent;
}

function writesIn(sites: readonly SwitchSite[]): (event: TraceEvent) => boolean {
  const accesses = new Map(sites.map((site) => [site.key, site.access]));
  return ({ site }) => !readingKinds.has(accesses.get(site) ?? "call");
}

function findOvertakings(trace: readonly TraceEvent[], mayWrite: (event: TraceEvent) => boolean): Overtaking[] {
  return trace.flatMap((after, end) => {
    const own = (event: TraceEvent, index: number): boolean => index < end && event.thread === after.thread;
    const same = trace.findLastIndex((event, index) => own(event, index) && isSamePlace(event, after));
    // Without an earlier access of the same place only what ran right before counts: the thread stood before this very access.
    const start = same >= 0 ? same : trace.findLastIndex(own);
    const before = same >= 0 ? trace[same] : undefined;
    return trace
      .slice(start + 1, end)
      .filter((between) => between.thread !== after.thread && isSamePlace(between, after))
      .filter((between) => mayWrite(between) || mayWrite(after) || (before !== undefined && mayWrite(before)))
      .map((between) => ({ before, between, after }));
  });
}

const readingKinds: ReadonlySet<AccessKind> = new Set(["read", "check", "iterate"]);

function isSamePlace(a: TraceEvent, b: TraceEvent): boolean {
  return a.object !== 0 && a.object === b.object && (a.name === b.name || a.name === null || b.name === null);
}

function isAccessSite(access: Access, site: SwitchSite): boolean {
  return isInFile(site.file, access.span.file) && isBetween(site.line, access.span) && isAbout(access, site.text);
}

/** An attribute of another name on the same line is another location; a bare local name may be an alias of this one, a public name may be the property of a private one. */
function isAbout(access: Access, text: string): boolean {
  return !text.includes(".") || isNamed(access.location, text);
}

function isBetween(line: number, { line: first, endLine: last }: { readonly line: number; readonly endLine: number }): boolean {
  return first <= line && line <= last;
}

function isInFile(absolute: string, relative: string): boolean {
  return absolute.replaceAll("\\", "/").endsWith(`/${relative}`);
}

function isFrameOf(access: Access, frame: string): boolean {
  const [, file = "", line = ""] = /^(.*):(\d+) /.exec(frame) ?? [];
  return isInFile(file, access.span.file) && isBetween(Number(line), access.span);
}
