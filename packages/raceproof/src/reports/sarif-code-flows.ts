// A confirmed finding's witness in, one SARIF code flow out: a thread flow per thread, `executionOrder` telling the interleaving.
import type { Access, Hazard, Report, Witness } from "../vocabulary/index.ts";
import { describeResult } from "./describe-outcome.ts";
import { interleavingOf, letterOf } from "./interleaving.ts";
import type { InterleavingSite, InterleavingStep } from "./interleaving.ts";
import { oneLine } from "./plain-text.ts";
import { renderSarifLocation } from "./sarif-locations.ts";
import type { SarifLocation } from "./sarif-locations.ts";

export interface SarifThreadFlow {
  readonly id: string;
  readonly message: { readonly text: string };
  readonly locations: readonly {
    readonly location: SarifLocation;
    readonly executionOrder: number;
    readonly importance: "essential" | "important" | "unimportant";
    readonly kinds: readonly string[];
  }[];
}

export interface SarifCodeFlow {
  readonly message: { readonly text: string };
  readonly threadFlows: readonly SarifThreadFlow[];
}

/** @returns nothing when the trace was lost: SARIF flows need at least one place per thread. */
export function renderSarifCodeFlows(witness: Witness, report: Report): readonly SarifCodeFlow[] {
  const { threads, steps } = interleavingOf(witness);
  const files = knownFiles(report);
  const threadFlows = threads.flatMap((name, thread) => {
    const own = steps.flatMap((step, order) => (step.kind === "access" && step.thread === thread ? [{ step, order }] : []));
    // The agent's own stops name no file: they are shown where the thread is next.
    const locations = own.flatMap(({ step, order }, index) => {
      const site =
        step.site.file !== ""
          ? step.site
          : (own.slice(index).find((later) => later.step.site.file !== "") ?? own.findLast((earlier) => earlier.step.site.file !== ""))?.step.site;
      return site === undefined ? [] : [flowLocation(step, site, { order, files })];
    });
    return locations.length === 0 ? [] : [{ id: letterOf(thread), message: { text: oneLine(`${name}; ${resultOf(steps, thread)}`) }, locations }];
  });
  if (threadFlows.length === 0) return [];
  return [{ message: { text: oneLine(`${witness.failure.kind}: ${witness.failure.summary}, found on ${witness.runtime}`) }, threadFlows }];
}

/**
 * What is only suspected of an extension: one thread on the way to its accesses, another on the way to those that interfere. Python's hazards
 * name no calls; their accesses are related locations.
 */
export function renderSuspectedFlows({ language, function: name, message, accesses }: Hazard): readonly SarifCodeFlow[] {
  const split = Math.max(1, accesses.filter((access) => access.function === name).length);
  const sides = [accesses.slice(0, split), accesses.slice(split)];
  if (language === "python" || accesses.length < 2) return [];
  let order = 0;
  const flowOf = (side: readonly Access[], thread: number): SarifThreadFlow => ({
    id: letterOf(thread),
    message: { text: thread === 0 ? oneLine(name) : "another thread" },
    locations: side.flatMap((access) => [
      ...(access.calls ?? []).map((span) => ({
        location: renderSarifLocation(span, { message: "calls" }),
        executionOrder: order++,
        importance: "important" as const,
        kinds: ["call"],
      })),
      {
        location: renderSarifLocation(access.span, { function: access.function, message: accessText(access) }),
        executionOrder: order++,
        importance: "essential" as const,
        kinds: ["memory"],
      },
    ]),
  });
  return [{ message: { text: oneLine(message) }, threadFlows: sides.map(flowOf) }];
}

/** "write of Stack.items in Stack_push, holding section on self". */
export function accessText({ kind, location, function: name, lockset }: Access): string {
  return `${kind} of ${location.display} in ${name}, ${lockset.length === 0 ? "no lock held" : `holding ${lockset.join(", ")}`}`;
}

interface FlowContext {
  readonly order: number;
  readonly files: readonly string[];
}

/** @param place where it is shown: the step's own site, or the nearest one with a file */
function flowLocation(
  step: Extract<InterleavingStep, { kind: "access" }>,
  place: InterleavingSite,
  { order, files }: FlowContext,
): SarifThreadFlow["locations"][number] {
  const { site } = step;
  const words = site.access === "schedule" ? site.text : `${site.access} ${site.text}`;
  return {
    location: renderSarifLocation({ file: fileOf(place, files), line: place.line, endLine: place.line }, { function: place.function, message: words }),
    executionOrder: order,
    importance: step.contended ? "essential" : "unimportant",
    kinds: [site.access === "schedule" ? "lock" : "memory"],
  };
}

function resultOf(steps: readonly InterleavingStep[], thread: number): string {
  const finish = steps.find((step) => step.kind === "finish" && step.thread === thread);
  return finish?.kind === "finish" ? finish.results.map(describeResult).join("; ") : "";
}

/** Traces name files from the import root; results name them from the subject's root, which may lie above it ("src/pkg/mod.py"). */
function fileOf(site: InterleavingSite, files: readonly string[]): string {
  return files.find((file) => file === site.file || file.endsWith(`/${site.file}`)) ?? site.file;
}

function knownFiles(report: Report): readonly string[] {
  return [...new Set(report.findings.flatMap(({ hazard }) => [hazard.span.file, ...hazard.accesses.map((access) => access.span.file)]))];
}
