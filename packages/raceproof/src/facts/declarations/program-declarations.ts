// The files of a program in, the declarations of any module, class or function by name out. A file is parsed and declared when
// something of it is asked for, and not before.
import type { SyntaxTree } from "../../sources/index.ts";
import { collectDeclarations } from "./collect-declarations.ts";
import type { ClassDeclaration, Declarations, FunctionDeclaration, ModuleDeclaration } from "./declarations.ts";
import { moduleNameOf } from "./module-names.ts";
import { Scopes } from "./scopes.ts";

export interface ProgramFile {
  /** Path relative to the subject's root, forward slashes: what spans say. */
  readonly path: string;
  /** Path relative to the import root: names the module. */
  readonly modulePath: string;
  readonly parse: () => SyntaxTree;
}

export class ProgramDeclarations implements Declarations {
  readonly scopes: Scopes = new Scopes();
  readonly isLockName: ((name: string) => boolean) | undefined;
  private readonly files: ReadonlyMap<string, readonly ProgramFile[]>;
  private readonly names: ReadonlyMap<string, string>;
  private readonly owner: (attribute: string) => string | undefined;
  /** By module name: every file that has it, in order. */
  private readonly declared = new Map<string, readonly ModuleDeclaration[]>();
  private readonly classes = new Map<string, ClassDeclaration>();
  /** By key, of the modules of which one was asked for. */
  private readonly functions = new Map<ModuleDeclaration, ReadonlyMap<string, FunctionDeclaration>>();

  constructor(files: readonly ProgramFile[], owner: (attribute: string) => string | undefined, isLockName?: (name: string) => boolean) {
    this.isLockName = isLockName;
    this.owner = owner;
    this.names = new Map(files.map(({ path, modulePath }) => [path, moduleNameOf(modulePath)]));
    const byName = new Map<string, ProgramFile[]>();
    for (const file of files) {
      const name = this.names.get(file.path) as string;
      byName.set(name, [...(byName.get(name) ?? []), file]);
    }
    this.files = byName;
  }

  /** Of two files with one module name the last is imported. */
  moduleNamed(name: string): ModuleDeclaration | undefined {
    return this.modulesNamed(name).at(-1);
  }

  moduleOfFile(path: string): ModuleDeclaration | undefined {
    return this.modulesNamed(this.names.get(path) ?? "").find(({ file }) => file === path);
  }

  classWithKey(key: string): ClassDeclaration | undefined {
    this.modulesNamed(key.slice(0, key.indexOf(":")));
    return this.classes.get(key);
  }

  functionWithKey(key: string): FunctionDeclaration | undefined {
    const module = this.moduleOfFile(key.slice(0, key.indexOf(":")));
    if (!module) return undefined;
    let functions = this.functions.get(module);
    if (!functions) this.functions.set(module, (functions = new Map(module.functions.map((fn) => [fn.key, fn]))));
    return functions.get(key);
  }

  onlyClassWith(attribute: string): string | undefined {
    return this.owner(attribute);
  }

  private modulesNamed(name: string): readonly ModuleDeclaration[] {
    const known = this.declared.get(name);
    if (known) return known;
    const modules = (this.files.get(name) ?? []).map(({ path, modulePath, parse }) =>
      collectDeclarations({ path, modulePath, tree: parse() }, this.scopes, (key) => this.classes.has(key)),
    );
    for (const module of modules) this.index(module);
    if (modules.length > 0) this.declared.set(name, modules);
    return modules;
  }

  private index(module: ModuleDeclaration): void {
    for (const cls of module.classes) this.classes.set(cls.key, cls);
  }
}
