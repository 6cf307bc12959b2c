// Plain values in, numbers and one text out, and back: compact enough to store and to send between threads. A codec says how a
// type is laid out; a record's codec must name every field, so that a new one cannot be forgotten.
import type { SourceSpan } from "../../vocabulary/index.ts";

/** Numbers, with strings by number: string n is text[starts[n]..starts[n + 1]). */
export interface Pack {
  readonly numbers: Int32Array;
  readonly starts: Int32Array;
  readonly text: string;
}

/** Most lists of texts are empty: all of these are one object, which every pack knows from the start. */
const noTexts: readonly string[] = [];
const noTextsAt = 0;

export interface Codec<T> {
  write(pack: PackWriter, value: T): void;
  read(pack: PackReader): T;
}

export class PackWriter {
  /** The file whose spans are being written. */
  file: string = "";
  private numbers = new Int32Array(1 << 12);
  private size = 0;
  private readonly strings = new Map<string, number>();
  private readonly objects = new Map<object, number>([[noTexts, noTextsAt]]);

  number(value: number): void {
    if (this.size === this.numbers.length) {
      const larger = new Int32Array(this.size * 2);
      larger.set(this.numbers);
      this.numbers = larger;
    }
    this.numbers[this.size++] = value;
  }

  text(value: string): void {
    let id = this.strings.get(value);
    if (id === undefined) this.strings.set(value, (id = this.strings.size));
    this.number(id);
  }

  /** True when the object has been written before; then only its number is written. */
  isKnown(value: object): boolean {
    const known = this.objects.get(value);
    if (known === undefined) this.objects.set(value, this.objects.size);
    this.number(known ?? -1);
    return known !== undefined;
  }

  finish(): Pack {
    const starts = new Int32Array(this.strings.size + 1);
    let at = 0;
    let index = 0;
    for (const text of this.strings.keys()) starts[++index] = at += text.length;
    return { numbers: this.numbers.slice(0, this.size), starts, text: [...this.strings.keys()].join("") };
  }
}

export class PackReader {
  file: string = "";
  readonly objects: unknown[] = [noTexts];
  private readonly pack: Pack;
  private readonly strings: (string | undefined)[] = [];
  private readonly terms: (string | undefined)[] = [];
  private at = 0;

  constructor(pack: Pack) {
    this.pack = pack;
  }

  /** @throws RangeError past the end: the pack is damaged */
  number(): number {
    const value = this.pack.numbers[this.at++];
    if (value === undefined) throw new RangeError("the pack ends too early");
    return value;
  }

  text(): string {
    return this.textAt(this.number());
  }

  term(): string {
    const id = this.number();
    return (this.terms[id] ??= internalized(this.textAt(id)));
  }

  private textAt(id: number): string {
    const known = this.strings[id];
    if (known !== undefined) return known;
    const { starts, text } = this.pack;
    const from = starts[id];
    const to = starts[id + 1];
    if (from === undefined || to === undefined) throw new RangeError("the pack names a string it does not hold");
    return (this.strings[id] = text.slice(from, to));
  }
}

export const int: Codec<number> = { write: (pack, value) => pack.number(value), read: (pack) => pack.number() };
export const flag: Codec<boolean> = { write: (pack, value) => pack.number(value ? 1 : 0), read: (pack) => pack.number() === 1 };

/** Texts, and unions of literal texts. */
export function word<T extends string = string>(): Codec<T> {
  return { write: (pack, value) => pack.text(value), read: (pack) => pack.text() as T };
}

/** Words of a small vocabulary, which rules compare with literals all the time: each comes back as the very string that a literal is. */
export function term<T extends string = string>(): Codec<T> {
  return { write: (pack, value) => pack.text(value), read: (pack) => pack.term() as T };
}

const internalizedTerms = new Map<string, string>();

/** Strings cut from a text are compared letter by letter; names of properties are compared by where they stand, as literals are. */
function internalized(text: string): string {
  let known = internalizedTerms.get(text);
  if (known === undefined) internalizedTerms.set(text, (known = Object.keys({ [text]: true })[0] as string));
  return known;
}

export function optional<T extends {}>(inner: Codec<T>): Codec<T | undefined> {
  return {
    write: (pack, value) => {
      pack.number(value === undefined ? 0 : 1);
      if (value !== undefined) inner.write(pack, value);
    },
    read: (pack) => (pack.number() === 0 ? undefined : inner.read(pack)),
  };
}

export function list<T>(inner: Codec<T>): Codec<readonly T[]> {
  return {
    write: (pack, values) => {
      pack.number(values.length);
      for (let index = 0; index < values.length; index++) inner.write(pack, values[index] as T);
    },
    read: (pack) => {
      const length = pack.number();
      const values: T[] = [];
      for (let index = 0; index < length; index++) values.push(inner.read(pack));
      return values;
    },
  };
}

/** Values that stand in many places, as one object, stay one. */
export function shared<T extends object>(inner: Codec<T>): Codec<T> {
  return {
    write: (pack, value) => {
      if (!pack.isKnown(value)) inner.write(pack, value);
    },
    read: (pack) => {
      const known = pack.number();
      if (known >= 0) return pack.objects[known] as T;
      const index = pack.objects.push(undefined) - 1;
      return (pack.objects[index] = inner.read(pack));
    },
  };
}

const sharedTexts = shared(list(word()));

export const texts: Codec<readonly string[]> = {
  write: (pack, values) => (values.length === 0 ? pack.number(noTextsAt) : sharedTexts.write(pack, values)),
  read: sharedTexts.read,
};

export function pair<A, B>(first: Codec<A>, second: Codec<B>): Codec<readonly [A, B]> {
  return {
    write: (pack, both) => {
      first.write(pack, both[0]);
      second.write(pack, both[1]);
    },
    read: (pack) => [first.read(pack), second.read(pack)],
  };
}

export type Fields<T> = { readonly [Field in keyof T]-?: Codec<T[Field]> };

/**
 * Both ways are compiled from the names: each field is written and read by code of its own, which the engine compiles for that field's kind,
 * and all objects of a type come from one object literal, so that they get one shape. Loops over the names take twice as long.
 */
export function record<T extends object>(fields: Fields<T>): Codec<T> {
  const names = Object.keys(fields) as (string & keyof T)[];
  const written = names.filter((name) => fields[name].write !== writeNothing);
  const compiled = (parameters: string, body: string): unknown =>
    new Function("fields", `const { ${names.map((name) => `${name}: $${name}`)} } = fields; return (${parameters}) => ${body};`)(fields);
  return {
    write: compiled("pack, value", `{ ${written.map((name) => `$${name}.write(pack, value.${name});`).join(" ")} }`) as Codec<T>["write"],
    read: compiled("pack", `({ ${names.map((name) => `${name}: $${name}.read(pack)`)} })`) as Codec<T>["read"],
  };
}

const writeNothing = (): void => undefined;

/** Room for what is found out later: not written. */
export function always<T>(value: T): Codec<T> {
  return { write: writeNothing, read: () => value };
}

/** For what there is little of. Fields that are undefined come back absent. */
export function json<T>(): Codec<T> {
  return { write: (pack, value) => pack.text(JSON.stringify(value)), read: (pack) => JSON.parse(pack.text()) as T };
}

/** A span of the file at hand: its name is written once. */
export const span: Codec<SourceSpan> = {
  write: (pack, value) => {
    if (value.file !== pack.file) throw new Error(`a span of ${value.file} in the facts of ${pack.file}`);
    pack.number(value.line);
    pack.number(value.column);
    pack.number(value.endLine);
    pack.number(value.endColumn);
  },
  read: (pack) => ({ file: pack.file, line: pack.number(), column: pack.number(), endLine: pack.number(), endColumn: pack.number() }),
};
