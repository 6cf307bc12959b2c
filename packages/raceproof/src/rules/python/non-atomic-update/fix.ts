// A lock of its own around the update of an attribute or a global that is on a line of its own, made where the attribute or the global is.
// Refused for classes with __slots__ or without an __init__ of their own, where objects may be pickled or copied (a lock cannot be), and where the
// new value comes out of a call: that may need the lock, too.
import type { FixAnswer, FixSource, Hazard, Program, TextEdit } from "../../../vocabulary/index.ts";
import { linesFrom, refusal } from "../source-lines.ts";
import type { SourceLine } from "../source-lines.ts";

const copying = ["pickle", "__reduce__", "__reduce_ex__", "__getstate__", "__copy__", "deepcopy"];

export function propose(hazard: Hazard, program: Program, source: FixSource): FixAnswer {
  const { file, line } = hazard.span;
  const text = source.textOf(file);
  const update = readUpdate(linesFrom(text, line, 1)[0]);
  if (typeof update === "string") return refusal(update);
  const { statement, holder, name } = update;
  if (hazard.location.path !== name) return refusal("it is an update of something else's attribute");
  if (holder !== "" && copying.some((word) => source.mentions(word))) return refusal("objects may be pickled or copied here, and a lock cannot be");
  const lock = `${holder !== "" || !name.startsWith("_") ? "_" : ""}${holder === "" ? name : name.replace(/^_+/, "")}_lock`;
  const isMade = text.includes(`${holder}${lock} = threading.Lock()`);
  if (!isMade && new RegExp(`\\b${lock}\\b`).test(text)) return refusal(`there is a ${lock} already`);
  const made = isMade ? [] : makeLock(hazard, { program, text, name, lock });
  if (typeof made === "string") return refusal(made);
  const edit: TextEdit = { file, from: statement.from, to: statement.to, text: guarded(statement, `${holder}${lock}`, text) };
  return { kind: "fix", title: `${hazard.function}: ${holder}${name} is updated under ${holder}${lock}`, edits: [...made, edit] };
}

interface Update {
  readonly statement: SourceLine;
  /** "self." for an attribute, "" for a global. */
  readonly holder: string;
  readonly name: string;
}

/** Or why it cannot be guarded as it stands. */
function readUpdate(statement: SourceLine | undefined): Update | string {
  const [, holder = "", name] = /^((?:self\.)?)([A-Za-z_]\w*) [-+*|&^]= [^;\\]*$/.exec(statement?.code ?? "") ?? [];
  if (statement === undefined || name === undefined || /\b(?:await|yield|lambda)\b|[([{]$/.test(statement.code))
    return "the update is no statement of one line";
  const hasCall = statement.code.replace(/\blen\([\w.]+\)/, "").includes("(");
  return hasCall ? "the new value comes out of a call, which may need the lock, too" : { statement, holder, name };
}

function guarded({ indent, from, to }: SourceLine, lock: string, text: string): string {
  const step = indent.includes("\t") ? "\t" : "    ";
  return `${indent}with ${lock}:\n${step}${text.slice(from, to).replace(/\n?$/, "\n")}`;
}

interface Place {
  readonly program: Program;
  readonly text: string;
  readonly name: string;
  readonly lock: string;
}

/** Edits that make it where what it guards is made, or why there is no such place. */
function makeLock({ span: { file }, location }: Hazard, { program, text, name, lock }: Place): TextEdit[] | string {
  const imported = importEdits(file, text);
  if (location.ownerKind === "module") {
    const [whole] = new RegExp(`^${name}(?:\\s*:[^=\\n]+)? = [^\\n(\\[{\\\\]*\\n`, "m").exec(text) ?? [];
    if (whole === undefined) return "the global is not made by a statement of one line";
    const at = text.indexOf(whole) + whole.length;
    return [...imported, { file, from: at, to: at, text: `${lock} = threading.Lock()\n` }];
  }
  const owner = program.classes.get(location.owner);
  const start = owner?.methods.get("__init__");
  const init = start === undefined ? undefined : program.functions[start];
  if (owner === undefined || init === undefined || init.span.file !== file) return "its class has no __init__ of its own in this file";
  if (/^\s+__slots__\b/m.test(linesText(text, owner.span.line, owner.span.endLine))) return "its class has __slots__";
  const lines = linesFrom(text, init.span.line, init.span.endLine - init.span.line + 1);
  const first = lines.find(({ code }) => new RegExp(`^self\\.${name}(?:\\s*:[^=]+)? = [^([{]*$`).test(code));
  if (first === undefined) return "its __init__ does not set the attribute by a statement of one line";
  return [...imported, { file, from: first.from, to: first.from, text: `${first.indent}self.${lock} = threading.Lock()\n` }];
}

function linesText(text: string, from: number, to: number): string {
  return text
    .split("\n")
    .slice(from - 1, to)
    .join("\n");
}

/** `import threading`, behind the other imports at the beginning of lines, or before the first statement. */
function importEdits(file: string, text: string): TextEdit[] {
  if (/^import threading$/m.test(text)) return [];
  const plain = [...text.matchAll(/^(?:import [\w., ]+|from [\w.]+ import [^\n(\\]+)\n/gm)].filter(
    ({ 0: line, index }) => text.slice(0, index + line.length).split(/"""|'''/).length % 2 === 1,
  );
  const last = plain.at(-1);
  if (last) return [{ file, from: last.index + last[0].length, to: last.index + last[0].length, text: "import threading\n" }];
  const documented = /^(?:\s*#[^\n]*\n|\s*\n)*(?:"""[^]*?"""|'''[^]*?''')[^\n]*\n/.exec(text)?.[0].length;
  const at = documented ?? /^(?:#[^\n]*\n)*/.exec(text)?.[0].length ?? 0;
  return [{ file, from: at, to: at, text: `${documented === undefined ? "" : "\n"}import threading\n\n` }];
}
