// Module facts in, for each class the evidence that several threads reach one instance out, strongest first.
// Source: RacerD's notion of a class meant for several threads (it locks, it starts threads), extended by where instances are kept.
// Misses: instances handed to threads by the library's users (that is why public classes are never excluded).
import type { ExtractedClass, ExtractedFunction, KeptInstance, ModuleFacts, ThreadStart } from "../module-facts.ts";

/** What is reached through a shared object is shared, this many objects deep. */
const deepestReach = 4;

export function sharingEvidence(
  modules: readonly ModuleFacts[],
  classes: ReadonlyMap<string, ExtractedClass>,
  starts: readonly ThreadStart[],
): Map<string, readonly string[]> {
  const search = new EvidenceSearch(classes);
  const functions = new Map(modules.flatMap((module) => module.functions.map((fn): [string, ExtractedFunction] => [fn.key, fn])));
  for (const fn of functions.values()) search.noteLocks(fn);
  for (const start of starts) search.noteStart(start, functions.get(start.key));
  for (const module of modules) search.noteInstances(module.keptInstances);
  for (const cls of classes.values()) search.noteClass(cls);
  for (let depth = 0; depth < deepestReach && search.noteReached(); depth++);
  return new Map([...classes.keys()].map((key) => [key, search.evidenceFor(key)]));
}

class EvidenceSearch {
  private readonly classes: ReadonlyMap<string, ExtractedClass>;
  private readonly sentences = new Map<string, Set<string>>();
  /** Classes of one hierarchy speak for each other: an instance of one is an instance of its bases. */
  private readonly related = new Map<string, Set<string>>();

  constructor(classes: ReadonlyMap<string, ExtractedClass>) {
    this.classes = classes;
    for (const cls of classes.values()) {
      for (const base of cls.lineage) {
        this.relate(cls.key, base);
        this.relate(base, cls.key);
      }
    }
  }

  private relate(cls: string, other: string): void {
    const known = this.related.get(cls);
    if (known) known.add(other);
    else this.related.set(cls, new Set([other]));
  }

  evidenceFor(key: string): readonly string[] {
    return [...new Set([key, ...(this.related.get(key) ?? [])].flatMap((each) => [...(this.sentences.get(each) ?? [])]))];
  }

  private add(key: string, sentence: string): boolean {
    const known = this.sentences.get(key);
    if (known?.has(sentence) === true) return false;
    if (known) known.add(sentence);
    else this.sentences.set(key, new Set([sentence]));
    return true;
  }

  /** Locks taken by its methods. */
  noteLocks(fn: ExtractedFunction): void {
    const owner = this.classes.get(fn.owner ?? "");
    if (owner && fn.lockSpans > 0) this.add(owner.key, `${owner.qualifiedName} takes a lock itself`);
  }

  /** Threads on its methods, and what they are given. */
  noteStart({ runs, gives, where }: ThreadStart, started: ExtractedFunction | undefined): void {
    if (started?.owner !== undefined && runs === "thread") this.add(started.owner, `a thread is started on ${started.qualifiedName}`);
    for (const cls of gives) this.add(cls, `an instance is passed to another thread at ${where}`);
  }

  /** Instances kept in modules and class bodies are everybody's. */
  noteInstances(kept: readonly KeptInstance[]): void {
    for (const { type, sentence } of kept) this.add(type, sentence);
  }

  /** Threads are shared with whoever started them. */
  noteClass(cls: ExtractedClass): void {
    this.noteInstances(cls.keptInstances);
    if (cls.documented.shared !== undefined) this.add(cls.key, cls.documented.shared);
    const bases = new Set(cls.lineage.flatMap((each) => this.classes.get(each)?.externalNames ?? []));
    if (bases.has("threading.Thread")) this.add(cls.key, `${cls.qualifiedName} is a thread`);
    if (["builtins.type", "abc.ABCMeta", "enum.EnumMeta"].some((base) => bases.has(base))) {
      this.add(cls.key, `${cls.qualifiedName} is a metaclass: its instances are classes, which all threads share`);
    }
  }

  /** `self.helper = Helper()` in a class that is shared itself. Gives false when nothing new was found. */
  noteReached(): boolean {
    const shared = [...this.classes.values()].filter((cls) => this.evidenceFor(cls.key).length > 0);
    let found = false;
    for (const holder of shared) {
      for (const { part, attribute } of holder.keptParts) {
        found = this.add(part, `reached through ${holder.qualifiedName}.${attribute}`) || found;
      }
    }
    return found;
  }
}
