// The names that each class of a program gives its attributes in, the only class that has a name out: tells objects of unknown
// class apart by what is done with them.
import type { ModuleDeclaration } from "./declarations.ts";

/** Attributes and methods of one class. */
export interface ClassAttributes {
  readonly cls: string;
  readonly names: readonly string[];
}

export function attributesIn(module: ModuleDeclaration): ClassAttributes[] {
  return module.classes.map((cls) => ({ cls: cls.key, names: [...new Set([...cls.attributes.keys(), ...cls.methods.keys()])] }));
}

export class AttributeOwners {
  private readonly owners = new Map<string, string | undefined>();

  constructor(classes: Iterable<ClassAttributes>) {
    const seen = new Set<string>();
    for (const { cls, names } of classes) {
      if (seen.has(cls)) continue;
      seen.add(cls);
      for (const name of names) this.owners.set(name, this.owners.has(name) ? undefined : cls);
    }
  }

  /** Key of the class; undefined when none or several have the attribute, or its name is too common to identify one. */
  onlyClassWith(attribute: string): string | undefined {
    return attribute.length < 3 || attribute.startsWith("__") ? undefined : this.owners.get(attribute);
  }
}
