// The names that each class of a program gives its attributes in, the only class that has a name out: tells objects of unknown
// class apart by what is done with them. Classes that extend one another count as one, the root-most that has the name.
import { childWithRole, nameOf, PythonKind as K, PythonRole as R } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";
import type { ModuleDeclaration } from "./declarations.ts";

/** Attributes and methods of one class. */
export interface ClassAttributes {
  readonly cls: string;
  readonly names: readonly string[];
  /** Last names of its bases, as they are written: what they stand for is not known yet. */
  readonly bases: readonly string[];
}

export function attributesIn(module: ModuleDeclaration): ClassAttributes[] {
  return module.classes.map((cls) => ({
    cls: cls.key,
    names: [...new Set([...cls.attributes.keys(), ...cls.methods.keys()])],
    bases: cls.bases.map((base) => lastNameOf(module.tree, base)),
  }));
}

/** `Base`, `module.Base`, `Base[int]`. */
function lastNameOf(tree: SyntaxTree, base: number): string {
  const named = tree.kind[base] === K.Subscript ? childWithRole(tree, base, R.value) : base;
  return named < 0 ? "" : nameOf(tree, named);
}

export class AttributeOwners {
  private readonly owners = new Map<string, string | undefined>();
  private readonly bases = new Map<string, readonly string[]>();

  constructor(classes: Iterable<ClassAttributes>) {
    const seen = new Set<string>();
    for (const { cls, names, bases } of classes) {
      if (seen.has(cls)) continue;
      seen.add(cls);
      this.bases.set(cls, bases);
      for (const name of names) this.owners.set(name, this.owners.has(name) ? this.rootOf(this.owners.get(name), cls) : cls);
    }
  }

  /** Key of the class; undefined when none or several have the attribute, or its name is too common to identify one. */
  onlyClassWith(attribute: string): string | undefined {
    return attribute.length < 3 || attribute.startsWith("__") ? undefined : this.owners.get(attribute);
  }

  /** The one of two classes that the other names as its base, if one does. */
  private rootOf(one: string | undefined, two: string): string | undefined {
    if (one === undefined) return undefined;
    if (this.bases.get(two)?.includes(simpleName(one)) === true) return one;
    return this.bases.get(one)?.includes(simpleName(two)) === true ? two : undefined;
  }
}

/** "package.module:Outer.Class" -> "Class". */
const simpleName = (key: string): string => key.slice(Math.max(key.lastIndexOf("."), key.lastIndexOf(":")) + 1);
