// Declarations and raw facts in, for each class the evidence that several threads reach one instance out, strongest first.
// Source: RacerD's notion of a class meant for several threads (it locks, it starts threads), extended by where instances are kept.
// Misses: instances handed to threads by the library's users (that is why public classes are never excluded).
import { childrenWithRole, childWithRole, nameOf, PythonKind as K, PythonRole as R } from "../sources/index.ts";
import { threadStarts, threadStartMethods } from "../models/index.ts";
import { extendsExternal, lineage } from "./class-hierarchy.ts";
import type { ClassDeclaration, Declarations, FunctionDeclaration } from "./declarations.ts";
import type { Evaluator } from "./evaluator.ts";
import type { KeptPart } from "./kept-parts.ts";
import type { RawCall, RawFunction } from "./raw-facts.ts";
import type { Shape } from "./static-value.ts";

/** What is reached through a shared object is shared, this many objects deep. */
const deepestReach = 4;

export function sharingEvidence(
  evaluator: Evaluator,
  declarations: Declarations,
  functions: readonly RawFunction[],
  keptParts: readonly KeptPart[],
): Map<string, readonly string[]> {
  const search = new EvidenceSearch(evaluator, declarations);
  for (const raw of functions) search.noteFunction(raw);
  search.noteKeptInstances();
  for (let depth = 0; depth < deepestReach && search.noteReached(keptParts); depth++);
  return new Map([...declarations.classes.values()].map((cls) => [cls.key, search.evidenceFor(cls)]));
}

class EvidenceSearch {
  private readonly evaluator: Evaluator;
  private readonly declarations: Declarations;
  private readonly sentences = new Map<ClassDeclaration, Set<string>>();
  /** Classes of one hierarchy speak for each other: an instance of one is an instance of its bases. */
  private readonly related = new Map<ClassDeclaration, Set<ClassDeclaration>>();

  constructor(evaluator: Evaluator, declarations: Declarations) {
    this.evaluator = evaluator;
    this.declarations = declarations;
    for (const cls of declarations.classes.values()) {
      for (const base of lineage(evaluator, cls)) {
        this.relate(cls, base);
        this.relate(base, cls);
      }
    }
  }

  private relate(cls: ClassDeclaration, other: ClassDeclaration): void {
    const known = this.related.get(cls);
    if (known) known.add(other);
    else this.related.set(cls, new Set([other]));
  }

  evidenceFor(cls: ClassDeclaration): readonly string[] {
    return [...new Set([cls, ...(this.related.get(cls) ?? [])].flatMap((each) => [...(this.sentences.get(each) ?? [])]))];
  }

  private add(cls: ClassDeclaration, sentence: string): boolean {
    const known = this.sentences.get(cls);
    if (known?.has(sentence) === true) return false;
    if (known) known.add(sentence);
    else this.sentences.set(cls, new Set([sentence]));
    return true;
  }

  /** Locks taken by its methods; threads that run them. */
  noteFunction({ declaration, lockSpans, calls }: RawFunction): void {
    const { owner } = declaration;
    if (owner && lockSpans > 0) this.add(owner, `${owner.qualifiedName} takes a lock itself`);
    for (const call of calls) {
      const started = this.functionStartedBy(declaration, call);
      if (started?.owner) this.add(started.owner, `a thread is started on ${started.qualifiedName}`);
    }
  }

  private functionStartedBy(fn: FunctionDeclaration, { node, target }: RawCall): FunctionDeclaration | undefined {
    const { module } = fn;
    const { tree } = module;
    if (tree.kind[node] !== K.Call) return undefined;
    const method = nameOf(tree, childWithRole(tree, node, R.func));
    const row = threadStarts.get(target.external ?? "") ?? (target.functions.length === 0 ? threadStartMethods.get(method) : undefined);
    if (!row) return undefined;
    const keyword = childrenWithRole(tree, node, R.keywords).find((each) => nameOf(tree, each) === row.keyword);
    const passed = keyword === undefined ? (childrenWithRole(tree, node, R.args)[row.position] ?? -1) : childWithRole(tree, keyword, R.value);
    const { shape } = this.evaluator.valueOf(module, passed);
    return shape.kind === "function" ? shape.of : undefined;
  }

  /** Instances kept in modules and class bodies are everybody's; threads are shared with whoever started them. */
  noteKeptInstances(): void {
    for (const module of this.declarations.modules.values()) {
      for (const [name, bindings] of module.bindings) {
        if (!bindings.some((binding) => binding.kind === "assign")) continue;
        this.noteInstance(this.evaluator.valueOfGlobal(module, name)?.shape, `module ${module.name} keeps an instance in ${name}`);
      }
    }
    for (const cls of this.declarations.classes.values()) {
      for (const [name, bindings] of cls.bindings) {
        for (const binding of bindings) {
          if (binding.kind !== "assign") continue;
          this.noteInstance(this.evaluator.valueOf(cls.module, binding.value).shape, `class ${cls.qualifiedName} keeps an instance in ${name}`);
        }
      }
      if (extendsExternal(this.evaluator, cls, "threading.Thread")) this.add(cls, `${cls.qualifiedName} is a thread`);
    }
  }

  private noteInstance(shape: Shape | undefined, sentence: string): void {
    if (shape?.kind === "instance") this.add(shape.of, sentence);
  }

  /** `self.helper = Helper()` in a class that is shared itself. Gives false when nothing new was found. */
  noteReached(keptParts: readonly KeptPart[]): boolean {
    const shared = new Set([...this.declarations.classes.values()].filter((cls) => this.evidenceFor(cls).length > 0));
    let found = false;
    for (const { part, holder, attribute } of keptParts) {
      if (shared.has(holder)) found = this.add(part, `reached through ${holder.qualifiedName}.${attribute}`) || found;
    }
    return found;
  }
}
