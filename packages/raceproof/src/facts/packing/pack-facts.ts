// Facts of a module in, a pack out, and back. What there is most of (accesses, calls, tests) is laid out field by field.
import { noLocks } from "../../vocabulary/index.ts";
import type { AccessFact, CallFact, Location, ParameterFact } from "../../vocabulary/index.ts";
import type {
  Creation,
  Exit,
  ExtractedAccess,
  ExtractedCall,
  ExtractedFunction,
  ExtractedHanding,
  ExtractedTest,
  HandedParameter,
  ModuleFacts,
} from "../module-facts.ts";
import { always, flag, int, json, list, optional, PackReader, PackWriter, pair, record, shared, span, term, texts, word } from "./codec.ts";
import type { Codec, Pack } from "./codec.ts";

const noNumbers = always<readonly number[]>([]);
const unknown = always(-1);

const range: Codec<readonly [number, number]> = pair(int, int);

/** One object for many accesses stays one. */
const location: Codec<Location> = shared(
  record<Location>({
    key: word(),
    ownerKind: term(),
    owner: word(),
    path: word(),
    display: word(),
  }),
);

const access: Codec<ExtractedAccess> = record<ExtractedAccess & AccessFact>({
  id: unknown,
  functionId: unknown,
  function: always(""),
  kind: term(),
  operation: term(),
  location,
  span,
  statement: span,
  order: int,
  text: word(),
  lockset: always(noLocks),
  sharing: always("shared"),
  container: term(),
  key: optional(word()),
  origins: texts,
  stored: optional(term()),
  handled: texts,
  guessed: flag,
  ownLockset: texts,
  ownSharing: term(),
  ownAttribute: flag,
});

const call: Codec<ExtractedCall> = record<ExtractedCall & CallFact>({
  id: unknown,
  functionId: unknown,
  span,
  statement: span,
  order: int,
  text: word(),
  external: optional(word()),
  targets: noNumbers,
  lockset: always(noLocks),
  sharing: term(),
  origins: texts,
  receiver: texts,
  handled: texts,
  valueUsed: flag,
  passes: noNumbers,
  ownLockset: texts,
  targetKeys: texts,
  passedKeys: texts,
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

const handing: Codec<ExtractedHanding> = record<ExtractedHanding>({
  span,
  order: int,
  name: word(),
  type: optional(word()),
  targets: texts,
  position: int,
  keyword: optional(word()),
  fresh: flag,
});

const exits: Codec<readonly Exit[]> = list(json());

const creation: Codec<Creation> = record<Creation>({ type: word(), functionKey: word(), exits, partOf: optional(word()) });
const handedParameter: Codec<HandedParameter> = record<HandedParameter>({ functionKey: word(), index: int, exits });

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
  handings: list(handing),
  returnedNames: texts,
});

const facts: Codec<ModuleFacts> = record<ModuleFacts>({
  name: word(),
  file: word(),
  functions: list(fn),
  classes: list(json()),
  exportedClasses: texts,
  keptInstances: json(),
  handed: record({ creations: list(creation), parameters: list(handedParameter) }),
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
