// What evaluation asked of the rest of the program: enough to tell later whether the answers would still be the same.
// What enters: the name of the module that is worked for, which is known to be as it was. What leaves: the record that the evaluator fills.

export class Consultation {
  /** Names of modules looked for. */
  readonly modules: Set<string> = new Set();
  /** Names that were asked of other modules: "pkg.module:name", classes and functions by the outermost name they stand in. */
  readonly names: Set<string> = new Set();
  /** Attribute names whose only class was asked for. */
  readonly attributes: Set<string> = new Set();
  /** Keys of functions of whose parameters it was asked what calls pass. */
  readonly parameters: Set<string> = new Set();
  private readonly home: string;
  /** By module: evaluation asks for the same few names again and again. */
  private readonly noted: Map<string, Set<string>> = new Map();

  constructor(home: string) {
    this.home = home;
  }

  noteName(module: string, qualifiedName: string): void {
    if (module === this.home) return;
    let noted = this.noted.get(module);
    if (!noted) this.noted.set(module, (noted = new Set()));
    if (noted.has(qualifiedName)) return;
    noted.add(qualifiedName);
    const dot = qualifiedName.indexOf(".");
    this.names.add(`${module}:${dot < 0 ? qualifiedName : qualifiedName.slice(0, dot)}`);
  }

  /** `key`: "pkg.module:Outer.Class". */
  noteClass(key: string): void {
    const colon = key.indexOf(":");
    if (colon >= 0) this.noteName(key.slice(0, colon), key.slice(colon + 1));
  }
}
