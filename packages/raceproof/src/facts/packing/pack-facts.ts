// Facts of a module in, a pack out, and back. What there is most of (accesses, calls, tests) is laid out field by field.
import type { Location, ParameterFact } from "../../vocabulary/index.ts";
import type { ExtractedAccess, ExtractedCall, ExtractedFunction, ExtractedTest, ModuleFacts } from "../module-facts.ts";
import { flag, int, json, list, optional, ownSpan, pair, PackReader, PackWriter, record, shared, term, word } from "./codec.ts";
import type { Codec, Pack } from "./codec.ts";

const texts: Codec<readonly string[]> = shared(list(word()));
const span = shared(ownSpan);
const range = pair(int, int);

const location: Codec<Location> = shared(record<Location>({ key: word(), ownerKind: term(), owner: word(), path: word(), display: word() }));

const access: Codec<ExtractedAccess> = record<ExtractedAccess>({
  span,
  kind: term(),
  location,
  lockset: texts,
  order: int,
  statement: span,
  text: word(),
  sharing: term(),
  container: term(),
  operation: term(),
  key: optional(word()),
  origins: texts,
  stored: optional(term()),
  handled: texts,
  guessed: flag,
  ownAttribute: flag,
});

const call: Codec<ExtractedCall> = record<ExtractedCall>({
  span,
  statement: span,
  order: int,
  text: word(),
  external: optional(word()),
  targets: texts,
  lockset: texts,
  sharing: term(),
  origins: texts,
  handled: texts,
  valueUsed: flag,
  passes: texts,
  receiver: texts,
  starts: optional(json()),
});

const test: Codec<ExtractedTest> = record<ExtractedTest>({
  span,
  kind: term(),
  condition: range,
  whenTrue: range,
  whenFalse: range,
  after: range,
  trueLeaves: flag,
  falseLeaves: flag,
  origins: texts,
  exits: flag,
});

const parameter: Codec<ParameterFact> = record<ParameterFact>({
  name: word(),
  kind: term(),
  annotation: optional(word()),
  default: optional(word()),
  type: optional(word()),
  absence: word(),
});

const fn: Codec<ExtractedFunction> = record<ExtractedFunction>({
  key: word(),
  module: word(),
  qualifiedName: word(),
  owner: optional(word()),
  span,
  role: term(),
  public: flag,
  isConstructor: flag,
  generator: flag,
  asynchronous: flag,
  contextManager: flag,
  neverReturns: flag,
  parameters: list(parameter),
  accesses: list(access),
  calls: list(call),
  tests: list(test),
  acquisitions: list(json()),
  suspensions: list(json()),
  publications: list(json()),
  decorators: texts,
  returnAnnotation: optional(word()),
  predicate: flag,
  unresolvedAccesses: int,
  lockSpans: int,
  constructedClasses: texts,
  keptClasses: texts,
  returned: texts,
  raises: flag,
  handings: json(),
  returnedNames: texts,
});

const facts: Codec<ModuleFacts> = record<ModuleFacts>({
  name: word(),
  file: word(),
  functions: list(fn),
  classes: list(json()),
  exportedClasses: texts,
  keptInstances: json(),
  handed: json(),
});

/** Packs of facts that came out of one, so that storing what was just sent does not pack it again. */
const packs = new WeakMap<ModuleFacts, Pack>();

export function packFacts(module: ModuleFacts): Pack {
  const known = packs.get(module);
  if (known) return known;
  const writer = new PackWriter();
  writer.file = module.file;
  writer.text(module.file);
  facts.write(writer, module);
  return writer.finish();
}

/** @throws when the pack is damaged */
export function unpackFacts(pack: Pack): ModuleFacts {
  const reader = new PackReader(pack);
  reader.file = reader.text();
  const module = facts.read(reader);
  packs.set(module, pack);
  return module;
}
