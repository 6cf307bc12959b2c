// Extracted functions in, the publications of each out: its own, and what the functions it hands objects to do with them.
// Source: summaries over the call graph as in RacerD (Blackshear et al., OOPSLA 2018), a few calls deep.
import type { PublicationFact } from "../../vocabulary/index.ts";
import type { ExtractedFunction, ExtractedHanding } from "../module-facts.ts";

/** What is stored further down than this many calls is most often stored for good reason. */
const deepestHanding = 3;

/** By function id, in program order. */
export function linkPublications(functions: readonly ExtractedFunction[], idOf: ReadonlyMap<string, number>): PublicationFact[][] {
  const out = functions.map((fn, functionId) => fn.publications.map((publication): PublicationFact => ({ ...publication, functionId })));
  const handings = handingsIn(functions, idOf);
  let fresh: ReadonlySet<number> = new Set(out.flatMap((list, id) => (list.length > 0 ? [id] : [])));
  for (let depth = 0; depth < deepestHanding && fresh.size > 0; depth++) {
    const found: PublicationFact[] = [];
    for (const { handing, targets, functionId } of handings) {
      const publication = targets.some((id) => fresh.has(id)) ? publicationThrough(handing, targets, { functions, out, fresh }) : undefined;
      if (publication) found.push({ ...publication, functionId });
    }
    fresh = new Set(found.filter((publication) => addNew(out[publication.functionId] as PublicationFact[], publication)).map(({ functionId }) => functionId));
  }
  for (const list of out) list.sort((a, b) => a.order - b.order);
  return out;
}

interface NumberedHanding {
  readonly functionId: number;
  readonly handing: ExtractedHanding;
  readonly targets: readonly number[];
}

/** Looked up once for all rounds. */
function handingsIn(functions: readonly ExtractedFunction[], idOf: ReadonlyMap<string, number>): readonly NumberedHanding[] {
  return functions.flatMap(({ handings }, functionId) =>
    handings.map((handing) => ({ functionId, handing, targets: handing.targets.flatMap((key) => idOf.get(key) ?? []) })),
  );
}

interface Solution {
  readonly functions: readonly ExtractedFunction[];
  readonly out: readonly PublicationFact[][];
  /** Functions that have become publishers in the last round. */
  readonly fresh: ReadonlySet<number>;
}

function publicationThrough(
  handing: ExtractedHanding,
  targets: readonly number[],
  { functions, out, fresh }: Solution,
): Omit<PublicationFact, "functionId"> | undefined {
  for (const target of targets) {
    const callee = functions[target];
    if (!callee || !fresh.has(target)) continue;
    const names = namesIn(callee, handing);
    const inner = out[target]?.find((publication) => names.includes(publication.name));
    if (!inner) continue;
    const { span, order, name, type } = handing;
    return { span, order, name, type: type ?? inner.type, how: inner.how === "thread" ? "thread" : "passed", into: inner.into };
  }
  return undefined;
}

/** What the callee calls the object. */
function namesIn(callee: ExtractedFunction, { position, keyword }: ExtractedHanding): readonly string[] {
  if (keyword !== undefined) return [keyword];
  if (position < 0) return callee.returnedNames.filter((name) => !callee.parameters.some((parameter) => parameter.name === name));
  const receiver = callee.role === "method" || callee.role === "class-method" ? 1 : 0;
  const parameter = callee.parameters[position + receiver];
  return parameter ? [parameter.name] : [];
}

function addNew(list: PublicationFact[], publication: PublicationFact): boolean {
  if (list.some(({ name, order }) => name === publication.name && order === publication.order)) return false;
  list.push(publication);
  return true;
}
