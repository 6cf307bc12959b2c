// Module facts in, for each class the evidence that several threads reach one instance out, strongest first.
// Source: RacerD's notion of a class meant for several threads (it locks, it starts threads), extended by where instances are kept.
// Misses: instances handed to threads by the library's users (that is why public classes are never excluded).
import type { ExtractedClass, ExtractedFunction, KeptInstance, ThreadStart } from "../module-facts.ts";
import type { CreatedClasses } from "./created-classes.ts";
import type { ExtractedProgram } from "./extracted-program.ts";
import { loopClasses } from "./loop-classes.ts";

/** What is reached through a shared object is shared, this many objects deep. */
const deepestReach = 4;

const none: readonly string[] = [];

/** One shared instance says little about a base that more classes extend: a node, a field, a widget. */
const fewEnough = 12;

class Sentences {
  private readonly byClass = new Map<string, Set<string>>();

  /** Gives false when it was known. */
  add(key: string, sentence: string): boolean {
    const known = this.byClass.get(key);
    if (known?.has(sentence) === true) return false;
    if (known) known.add(sentence);
    else this.byClass.set(key, new Set([sentence]));
    return true;
  }

  has(key: string): boolean {
    return this.byClass.has(key);
  }

  about(key: string): readonly string[] {
    return [...(this.byClass.get(key) ?? [])];
  }
}

/** `published`: instances that functions put into globals. */
export function sharingEvidence(
  { modules, functions, idOf, classes, starts }: ExtractedProgram,
  created: CreatedClasses,
  published: readonly KeptInstance[],
): Map<string, SharingEvidence> {
  const search = new EvidenceSearch(classes, created.elsewhere, loopClasses(functions, classes));
  for (const fn of functions) if (fn.lockSpans > 0) search.noteLocks(fn);
  for (const start of starts) search.noteStart(start, functions[idOf.get(start.key) ?? -1]);
  for (const module of modules) search.noteInstances(module.keptInstances);
  search.noteInstances(published);
  for (const cls of classes.values()) search.noteClass(cls);
  for (let depth = 0; depth < deepestReach && search.noteReached(); depth++);
  return new Map([...classes.keys()].map((key) => [key, { all: search.evidenceFor(key), some: search.partialFor(key) }]));
}

/** Why instances of a class are shared, and why some of them are. */
export interface SharingEvidence {
  readonly all: readonly string[];
  readonly some: readonly string[];
}

class EvidenceSearch {
  private readonly classes: ReadonlyMap<string, ExtractedClass>;
  private readonly elsewhere: CreatedClasses["elsewhere"];
  private readonly onLoop: ReadonlySet<string>;
  /** Names of the other classes. */
  private readonly offLoop: ReadonlySet<string>;
  /** What a class does speaks for its whole hierarchy. */
  private readonly ofClasses = new Sentences();
  /** What happens to instances of a class speaks for its bases too, but not for classes that extend it. */
  private readonly ofInstances = new Sentences();
  /** What stands in attributes of shared objects and nowhere else, and what may stand elsewhere, too. */
  private readonly ofParts = new Sentences();
  private readonly ofSomeParts = new Sentences();
  private readonly extending = new Map<string, string[]>();
  /** Asked for each class again and again. */
  private readonly nearby = new Map<string, readonly string[]>();

  constructor(classes: ReadonlyMap<string, ExtractedClass>, elsewhere: CreatedClasses["elsewhere"], onLoop: ReadonlySet<string>) {
    this.onLoop = onLoop;
    this.offLoop = new Set([...classes.values()].flatMap(({ key, qualifiedName }) => (onLoop.has(key) ? [] : [qualifiedName])));
    this.classes = classes;
    this.elsewhere = elsewhere;
    for (const cls of classes.values()) {
      for (const base of cls.lineage) {
        if (base === cls.key) continue;
        const known = this.extending.get(base);
        if (known) known.push(cls.key);
        else this.extending.set(base, [cls.key]);
      }
    }
  }

  evidenceFor(key: string): readonly string[] {
    if (!this.isShared(key)) return [];
    return [
      ...new Set([
        ...this.hierarchyOf(key).flatMap((each) => this.ofClasses.about(each)),
        ...[key, ...this.fewBelow(key)].flatMap((each) => this.ofInstances.about(each)),
        ...this.near(key).flatMap((each) => this.ofParts.about(each)),
      ]),
    ];
  }

  /** Whether `evidenceFor` gives anything. */
  private isShared(key: string): boolean {
    return (
      this.hierarchyOf(key).some((each) => this.ofClasses.has(each)) ||
      this.ofInstances.has(key) ||
      this.fewBelow(key).some((each) => this.ofInstances.has(each)) ||
      this.near(key).some((each) => this.ofParts.has(each))
    );
  }

  /** What it holds meets the tasks of one loop. Not so when its methods expect threads, or a class for threads with its name shares parts with it. */
  private livesOnLoop({ key, qualifiedName }: ExtractedClass): boolean {
    if (!this.onLoop.has(key) || this.offLoop.has(qualifiedName)) return false;
    return !this.hierarchyOf(key).some((each) => this.ofClasses.has(each));
  }

  private hierarchyOf(key: string): readonly string[] {
    const below = this.extending.get(key);
    const above = this.classes.get(key)?.lineage ?? [];
    return below ? [...above, ...below] : above;
  }

  private fewBelow(key: string): readonly string[] {
    const below = this.extending.get(key);
    return below && below.length <= fewEnough ? below : none;
  }

  /** An attribute declared as a class holds one that extends it, often. */
  private near(key: string): readonly string[] {
    let near = this.nearby.get(key);
    if (!near) {
      const above = (this.classes.get(key)?.lineage ?? []).filter((base) => base !== key && this.fewBelow(base).length > 0);
      this.nearby.set(key, (near = [key, ...above, ...this.fewBelow(key)]));
    }
    return near;
  }

  partialFor(key: string): readonly string[] {
    return this.near(key).flatMap((each) => this.ofSomeParts.about(each));
  }

  private add(key: string, sentence: string): boolean {
    return this.ofClasses.add(key, sentence);
  }

  /** Locks taken by its methods: for each function that takes one. */
  noteLocks(fn: ExtractedFunction): void {
    const owner = this.classes.get(fn.owner ?? "");
    if (owner) this.add(owner.key, `${owner.qualifiedName} takes a lock itself`);
  }

  /** Threads on its methods, and what they are given. */
  noteStart({ runs, gives, where }: ThreadStart, started: ExtractedFunction | undefined): void {
    if (started?.owner !== undefined && runs !== "moment") this.noteStarted(started.owner, started, runs);
    for (const cls of gives) this.ofInstances.add(cls, `an instance is passed to another thread at ${where}`);
  }

  /** Who leaves work to a loop, or a function of its own to a thread while it is on the loop, keeps away from what the loop works with. */
  private noteStarted(owner: string, { qualifiedName, role }: ExtractedFunction, runs: "thread" | "loop"): void {
    if (runs === "loop") this.ofInstances.add(owner, `other threads leave ${qualifiedName} to the event loop`);
    else (role === "nested" && this.onLoop.has(owner) ? this.ofInstances : this.ofClasses).add(owner, `a thread is started on ${qualifiedName}`);
  }

  /** Instances kept in modules and class bodies are everybody's. */
  noteInstances(kept: readonly KeptInstance[]): void {
    for (const { type, sentence } of kept) this.ofInstances.add(type, sentence);
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

  /** `self.helper = Helper()` in a class that is shared itself, and nowhere else. Gives false when nothing new was found. */
  noteReached(): boolean {
    const all = [...this.classes.values()];
    const shared = new Set(all.filter(({ key }) => this.isShared(key)));
    const inPart = all.filter((cls) => !shared.has(cls) && this.near(cls.key).some((each) => this.ofSomeParts.has(each)));
    let found = false;
    for (const holder of [...shared, ...inPart]) {
      if (this.livesOnLoop(holder)) continue;
      for (const { part, attribute } of holder.keptParts) {
        const sentences = shared.has(holder) && !this.elsewhere.has(part) ? this.ofParts : this.ofSomeParts;
        found = sentences.add(part, `reached through ${holder.qualifiedName}.${attribute}`) || found;
      }
    }
    return found;
  }
}
