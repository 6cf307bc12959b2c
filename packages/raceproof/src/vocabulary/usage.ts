// A usage: how the package's own tests, documentation or docstrings use it, as plain data that can be run again in parts.

/** One statement of a usage. */
export interface UsageStep {
  /** As it stands in the file, without its indentation. */
  readonly text: string;
  readonly line: number;
  /** import: brings names from elsewhere. expression: has a value to return. */
  readonly form: "import" | "expression" | "other";
  readonly loads: readonly string[];
  readonly stores: readonly string[];
  /** Names it calls, reads as attributes or stores to; special methods stand for operators: "__setitem__". */
  readonly uses: readonly string[];
}

/** Where a parameter of a test gets its value: an expression beside the test, or a fixture function of a module. */
export type UsageParameter =
  | { readonly name: string; readonly kind: "value"; readonly text: string }
  | { readonly name: string; readonly kind: "fixture"; readonly module: string; readonly parameters: readonly UsageParameter[] };

/** Names of managers that were entered and are not left: they live as long as what they gave. */
export const enteredPrefix = "entered_";

export interface Usage {
  readonly file: string;
  readonly line: number;
  /** "TestCache.test_get", "test_get", "README.md:12". */
  readonly name: string;
  /** Dotted name of the module whose names the steps use; undefined when the steps import what they need. */
  readonly module: string | undefined;
  /** Names that this module binds. */
  readonly moduleNames: ReadonlySet<string>;
  /** The class whose instance the steps know by `receiver`, and the method they are from. */
  readonly testCase: { readonly className: string; readonly method: string; readonly receiver: string } | undefined;
  readonly parameters: readonly UsageParameter[];
  readonly steps: readonly UsageStep[];
  /** Another usage has the same statements with its `with` statements whole. */
  readonly isEntered?: true;
}
