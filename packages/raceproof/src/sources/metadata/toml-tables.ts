// Enters: TOML text. Leaves: its tables with the values that are strings or arrays of strings.
// It steps over everything else, and stops at the first thing that is not TOML, keeping what came before.

/** Dotted table name ("" for the top) to key to value. */
export type TomlTables = ReadonlyMap<string, ReadonlyMap<string, string | readonly string[]>>;

/** Source: TOML 1.0. Dotted keys ("a.b = 1") are filed under their table, as if written below its header. */
export function readTomlTables(text: string): TomlTables {
  const tables = new Map<string, Map<string, string | readonly string[]>>();
  const reader = new TomlReader(text);
  let table = "";
  for (reader.skipBlank(); !reader.atEnd(); reader.skipBlank()) {
    const header = reader.take(/\[\[?/y) !== undefined;
    const path = reader.readKey();
    if (path === undefined) break;
    if (header) {
      table = path.join(".");
      tables.set(table, tables.get(table) ?? new Map());
      if (reader.take(/[ \t]*\]\]?/y) === undefined) break;
      continue;
    }
    const value = reader.take(/[ \t]*=[ \t]*/y) === undefined ? undefined : reader.readValue();
    if (value === undefined) break;
    const owner = [...(table === "" ? [] : [table]), ...path.slice(0, -1)].join(".");
    const values = tables.get(owner) ?? new Map<string, string | readonly string[]>();
    tables.set(owner, values);
    if (value !== "other") values.set(path.at(-1) ?? "", value.content);
  }
  return tables;
}

/** A value that is understood, "other" for one that was stepped over, undefined for text that is no value. */
type TomlValue = { readonly content: string | readonly string[] } | "other" | undefined;

const DEEPEST_NESTING = 64;

class TomlReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** Consumes what a sticky pattern matches here. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text)?.[0];
    this.#at += match?.length ?? 0;
    return match;
  }

  skipBlank(): void {
    this.take(/(?:[\s\uFEFF]+|#[^\n]*)*/y);
  }

  readKey(): string[] | undefined {
    const path: string[] = [];
    do {
      this.take(/[ \t]*/y);
      const part = this.take(/[A-Za-z0-9_-]+/y) ?? this.#readString();
      if (part === undefined) return undefined;
      path.push(part);
    } while (this.take(/[ \t]*\.[ \t]*/y) !== undefined);
    return path;
  }

  readValue(): TomlValue {
    if (this.take(/\[/y) !== undefined) return this.#readArray();
    if (this.take(/\{/y) !== undefined) return this.#skipInlineTable();
    const text = this.#readString();
    if (text !== undefined) return { content: text };
    // Numbers, booleans, dates: nothing that metadata needs.
    return this.take(/[^\s,\]}#"'[{=]+(?: \d[\d:.+-]*)?/y) === undefined ? undefined : "other";
  }

  #readString(): string | undefined {
    const long = this.take(/"""(?:\\[\s\S]|(?!""")[^\\])*"{3,5}/y);
    if (long !== undefined) return unescape(withoutFirstLineEnd(long.slice(3, -3)));
    const longLiteral = this.take(/'''(?:(?!''')[\s\S])*'{3,5}/y);
    if (longLiteral !== undefined) return withoutFirstLineEnd(longLiteral.slice(3, -3));
    const basic = this.take(/"(?:\\.|[^"\\\n])*"/y) ?? this.take(/'[^'\n]*'/y);
    return basic?.startsWith('"') ? unescape(basic.slice(1, -1)) : basic?.slice(1, -1);
  }

  #readArray(): TomlValue {
    const items: string[] = [];
    let onlyStrings = true;
    if (++this.#depth > DEEPEST_NESTING) return undefined;
    for (this.skipBlank(); this.take(/\]/y) === undefined; this.skipBlank()) {
      const item = this.readValue();
      if (item === undefined) return undefined;
      if (item !== "other" && typeof item.content === "string") items.push(item.content);
      else onlyStrings = false;
      this.skipBlank();
      this.take(/,/y);
    }
    this.#depth--;
    return onlyStrings ? { content: items } : "other";
  }

  #skipInlineTable(): TomlValue {
    if (++this.#depth > DEEPEST_NESTING) return undefined;
    for (this.skipBlank(); this.take(/\}/y) === undefined; this.skipBlank()) {
      if (this.readKey() === undefined || this.take(/[ \t]*=[ \t]*/y) === undefined) return undefined;
      if (this.readValue() === undefined) return undefined;
      this.skipBlank();
      this.take(/,/y);
    }
    this.#depth--;
    return "other";
  }
}

/** TOML lets a long string begin on the line after its quotes. */
function withoutFirstLineEnd(text: string): string {
  return text.replace(/^\r?\n/, "");
}

const ESCAPES: Readonly<Record<string, string>> = { b: "\b", t: "\t", n: "\n", f: "\f", r: "\r", '"': '"', "\\": "\\" };

function unescape(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|U00([0-9a-fA-F]{6})|\s*\n\s*|(.))/g, (_whole, short?: string, long?: string, single?: string) => {
    const point = Number.parseInt(short ?? long ?? "", 16);
    if (point <= 0x10ffff) return String.fromCodePoint(point);
    return single === undefined ? "" : (ESCAPES[single] ?? single);
  });
}
