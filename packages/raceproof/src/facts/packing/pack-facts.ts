// Facts of a module in, a pack out, and back. What there is most of (accesses, calls, tests) is laid out field by field.
import { noLocks } from "../../vocabulary/index.ts";
import type { AccessFact, CallFact, ParameterFact } from "../../vocabulary/index.ts";
import type { ExtractedAccess, ExtractedCall, ExtractedFunction, ExtractedTest, ModuleFacts } from "../module-facts.ts";
import { flag, int, json, list, optional, PackReader, PackWriter, record, term, word } from "./codec.ts";
import type { Codec, Pack } from "./codec.ts";
import { location, range, span, texts } from "./pack-places.ts";

const noNumbers: readonly number[] = [];

const access: Codec<ExtractedAccess> = record<ExtractedAccess>(
  {
    kind: term(),
    operation: term(),
    location,
    span,
    statement: span,
    order: int,
    text: word(),
    container: term(),
    key: optional(word()),
    origins: texts,
    stored: optional(term()),
    handled: texts,
    guessed: flag,
    ownLockset: texts,
    ownSharing: term(),
    ownAttribute: flag,
  },
  (pack, fields): ExtractedAccess & AccessFact => ({
    id: -1,
    functionId: -1,
    function: "",
    kind: fields.kind.read(pack),
    operation: fields.operation.read(pack),
    location: fields.location.read(pack),
    span: fields.span.read(pack),
    statement: fields.statement.read(pack),
    order: fields.order.read(pack),
    text: fields.text.read(pack),
    lockset: noLocks,
    sharing: "shared",
    container: fields.container.read(pack),
    key: fields.key.read(pack),
    origins: fields.origins.read(pack),
    stored: fields.stored.read(pack),
    handled: fields.handled.read(pack),
    guessed: fields.guessed.read(pack),
    ownLockset: fields.ownLockset.read(pack),
    ownSharing: fields.ownSharing.read(pack),
    ownAttribute: fields.ownAttribute.read(pack),
  }),
);

const call: Codec<ExtractedCall> = record<ExtractedCall>(
  {
    span,
    statement: span,
    order: int,
    text: word(),
    external: optional(word()),
    sharing: term(),
    origins: texts,
    receiver: texts,
    handled: texts,
    valueUsed: flag,
    ownLockset: texts,
    targetKeys: texts,
    passedKeys: texts,
    starts: optional(json()),
  },
  (pack, fields): ExtractedCall & CallFact => ({
    id: -1,
    functionId: -1,
    span: fields.span.read(pack),
    statement: fields.statement.read(pack),
    order: fields.order.read(pack),
    text: fields.text.read(pack),
    external: fields.external.read(pack),
    targets: noNumbers,
    lockset: noLocks,
    sharing: fields.sharing.read(pack),
    origins: fields.origins.read(pack),
    receiver: fields.receiver.read(pack),
    handled: fields.handled.read(pack),
    valueUsed: fields.valueUsed.read(pack),
    passes: noNumbers,
    ownLockset: fields.ownLockset.read(pack),
    targetKeys: fields.targetKeys.read(pack),
    passedKeys: fields.passedKeys.read(pack),
    starts: fields.starts.read(pack),
  }),
);

const test: Codec<ExtractedTest> = record<ExtractedTest>(
  {
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
  },
  (pack, fields) => ({
    span: fields.span.read(pack),
    kind: fields.kind.read(pack),
    condition: fields.condition.read(pack),
    whenTrue: fields.whenTrue.read(pack),
    whenFalse: fields.whenFalse.read(pack),
    after: fields.after.read(pack),
    trueLeaves: fields.trueLeaves.read(pack),
    falseLeaves: fields.falseLeaves.read(pack),
    origins: fields.origins.read(pack),
    exits: fields.exits.read(pack),
  }),
);

const parameter: Codec<ParameterFact> = record<ParameterFact>(
  {
    name: word(),
    kind: term(),
    annotation: optional(word()),
    default: optional(word()),
    type: optional(word()),
    absence: word(),
  },
  (pack, fields) => ({
    name: fields.name.read(pack),
    kind: fields.kind.read(pack),
    annotation: fields.annotation.read(pack),
    default: fields.default.read(pack),
    type: fields.type.read(pack),
    absence: fields.absence.read(pack),
  }),
);

const fn: Codec<ExtractedFunction> = record<ExtractedFunction>(
  {
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
  },
  (pack, fields) => ({
    key: fields.key.read(pack),
    module: fields.module.read(pack),
    qualifiedName: fields.qualifiedName.read(pack),
    owner: fields.owner.read(pack),
    span: fields.span.read(pack),
    role: fields.role.read(pack),
    public: fields.public.read(pack),
    isConstructor: fields.isConstructor.read(pack),
    generator: fields.generator.read(pack),
    asynchronous: fields.asynchronous.read(pack),
    contextManager: fields.contextManager.read(pack),
    neverReturns: fields.neverReturns.read(pack),
    parameters: fields.parameters.read(pack),
    accesses: fields.accesses.read(pack),
    calls: fields.calls.read(pack),
    tests: fields.tests.read(pack),
    acquisitions: fields.acquisitions.read(pack),
    suspensions: fields.suspensions.read(pack),
    publications: fields.publications.read(pack),
    decorators: fields.decorators.read(pack),
    returnAnnotation: fields.returnAnnotation.read(pack),
    predicate: fields.predicate.read(pack),
    unresolvedAccesses: fields.unresolvedAccesses.read(pack),
    lockSpans: fields.lockSpans.read(pack),
    constructedClasses: fields.constructedClasses.read(pack),
    keptClasses: fields.keptClasses.read(pack),
    returned: fields.returned.read(pack),
    raises: fields.raises.read(pack),
    handings: fields.handings.read(pack),
    returnedNames: fields.returnedNames.read(pack),
  }),
);

const facts: Codec<ModuleFacts> = record<ModuleFacts>(
  {
    name: word(),
    file: word(),
    functions: list(fn),
    classes: list(json()),
    exportedClasses: texts,
    keptInstances: json(),
    handed: json(),
  },
  (pack, fields) => ({
    name: fields.name.read(pack),
    file: fields.file.read(pack),
    functions: fields.functions.read(pack),
    classes: fields.classes.read(pack),
    exportedClasses: fields.exportedClasses.read(pack),
    keptInstances: fields.keptInstances.read(pack),
    handed: fields.handed.read(pack),
  }),
);

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
