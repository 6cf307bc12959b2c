// The program in, the order in which its locks are taken out: an edge from each lock that is held to each that is waited for.
// Misses: orders that arise through callbacks; two instances of one class have one name.
import type { AccessFact, AcquisitionFact, CallFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import { accessOfAcquisition, accessOfCall } from "../lock-accesses.ts";
import { lockUsageOf } from "../lock-usage.ts";
import { heldAt, locksReachedBy } from "../lock-reach.ts";

/** `held` is held where `wanted` is waited for. */
export interface OrderEdge {
  readonly held: string;
  readonly wanted: string;
  /** Where the wanted lock is waited for, or the call that leads there. */
  readonly at: AccessFact;
  /** Where the held one was taken, when this function did it. */
  readonly outer: AcquisitionFact | undefined;
  readonly acquisition: AcquisitionFact;
  readonly path: readonly CallFact[];
}

/** By held lock, then by wanted lock: the edge with the shortest path of calls. */
export type OrderGraph = ReadonlyMap<string, ReadonlyMap<string, OrderEdge>>;

export function orderGraphOf(program: Program): OrderGraph {
  const graph = new Map<string, Map<string, OrderEdge>>();
  const add = (edge: OrderEdge): void => {
    const known = graph.get(edge.held);
    const before = known?.get(edge.wanted);
    if (!known) graph.set(edge.held, new Map([[edge.wanted, edge]]));
    else if (!before || before.path.length > edge.path.length) known.set(edge.wanted, edge);
  };
  const { takers, calls } = lockUsageOf(program);
  for (const fn of takers) {
    for (const acquisition of fn.acquisitions) {
      if (!acquisition.blocks || acquisition.ownerKind === "call") continue;
      const at = accessOfAcquisition(program, acquisition);
      for (const held of acquisition.held)
        addUnlessSame(add, { held, wanted: acquisition.lock, at, acquisition, path: [], outer: undefined }, fn, acquisition.order);
    }
  }
  for (const call of calls) {
    const fn = program.functions[call.functionId] as FunctionFact;
    edgesOfCall(program, call, (edge) => addUnlessSame(add, edge, fn, call.order));
  }
  return graph;
}

function addUnlessSame(add: (edge: OrderEdge) => void, edge: OrderEdge, fn: FunctionFact, order: number): void {
  if (edge.held !== edge.wanted) add({ ...edge, outer: heldAt(fn, order).find(({ lock }) => lock === edge.held) });
}

function edgesOfCall(program: Program, call: CallFact, add: (edge: OrderEdge) => void): void {
  for (const target of call.targets) {
    for (const [wanted, { acquisition, path }] of locksReachedBy(program, target)) {
      // A lock that is held already is not waited for.
      if (call.lockset.includes(wanted)) continue;
      for (const held of call.lockset) add({ held, wanted, at: accessOfCall(program, call, wanted), acquisition, path: [call, ...path], outer: undefined });
    }
  }
}

/** Cycles of the graph, each once, shortest first: pairs, then for locks in no pair the shortest way round. */
export function cyclesOf(graph: OrderGraph): OrderEdge[][] {
  const cycles: OrderEdge[][] = [];
  const done = new Set<string>();
  for (const [held, edges] of graph) {
    for (const [wanted, edge] of edges) {
      const back = graph.get(wanted)?.get(held);
      if (!back || held > wanted) continue;
      cycles.push(isBefore(edge, back) ? [edge, back] : [back, edge]);
      done.add(held).add(wanted);
    }
  }
  for (const start of graph.keys()) {
    const cycle = done.has(start) ? undefined : shortestWayRound(graph, start, done);
    if (!cycle) continue;
    cycles.push(cycle);
    for (const { held } of cycle) done.add(held);
  }
  return cycles;
}

/** In program order. */
function isBefore({ at: a }: OrderEdge, { at: b }: OrderEdge): boolean {
  return a.functionId < b.functionId || (a.functionId === b.functionId && a.order < b.order);
}

/** Breadth first from a lock back to itself, not through locks of cycles that are known. */
function shortestWayRound(graph: OrderGraph, start: string, done: ReadonlySet<string>): OrderEdge[] | undefined {
  const cameBy = new Map<string, OrderEdge>();
  let frontier = [start];
  while (frontier.length > 0) {
    const next: string[] = [];
    for (const held of frontier) {
      for (const [wanted, edge] of graph.get(held) ?? []) {
        if (wanted === start) return [...wayTo(held, start, cameBy), edge];
        if (cameBy.has(wanted) || done.has(wanted)) continue;
        cameBy.set(wanted, edge);
        next.push(wanted);
      }
    }
    frontier = next;
  }
  return undefined;
}

function wayTo(lock: string, start: string, cameBy: ReadonlyMap<string, OrderEdge>): OrderEdge[] {
  const way: OrderEdge[] = [];
  for (let at = lock; at !== start;) {
    const edge = cameBy.get(at);
    if (!edge) break;
    way.unshift(edge);
    at = edge.held;
  }
  return way;
}
