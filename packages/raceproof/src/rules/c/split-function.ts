// A C function in, edits that put its body into a second function and call that one under critical sections out. The body keeps its returns:
// a section may not be left by one.
// Misses: functions declared through macros, with unnamed parameters or in classes are refused, with the reason.
// Source: docs.python.org/3/c-api/synchronization.html (Py_BEGIN_CRITICAL_SECTION, Py_BEGIN_CRITICAL_SECTION2).
import type { FixAnswer, FixSource, FunctionPlace, TextEdit } from "../../vocabulary/index.ts";

interface Header {
  /** Without `static` and `inline`. */
  readonly returns: string;
  /** Where the name begins, from the start of the function. */
  readonly nameAt: number;
  readonly arguments: readonly string[];
}

/** @param objects one or two expressions, in terms of the parameters */
export function splitUnderSection(place: FunctionPlace, objects: readonly string[], source: FixSource): FixAnswer {
  const { file, name, from, to } = place;
  const text = source.textOf(file).slice(from, to);
  const written = text.slice(0, place.body - from);
  const header = readHeader(written, name);
  if (typeof header === "string") return { kind: "refusal", reason: header };
  const missing = objects.find((object) => isTested(object, text));
  if (missing !== undefined) return { kind: "refusal", reason: `${missing} may be NULL` };
  const inner = `${name}_lock_held`;
  if (source.mentions(inner)) return { kind: "refusal", reason: `there is a ${inner} already` };
  const isStatic = /\bstatic\b/.test(written.slice(0, header.nameAt));
  const nameAt = from + header.nameAt;
  const selfCalls = callsToItself(name, text, objects);
  const before = `${selfCalls.at.length > 0 && !selfCalls.isSure ? `${named(written)};\n\n` : ""}${isStatic ? "" : "static "}`;
  const edits: TextEdit[] = [
    ...sectionMacrosFor(place, source),
    ...(before === "" ? [] : [{ file, from, to: from, text: before }]),
    { file, from: nameAt, to: nameAt + name.length, text: inner },
    ...(selfCalls.isSure ? selfCalls.at.map((at) => ({ file, from: from + at, to: from + at + name.length, text: inner })) : []),
    { file, from: to, to, text: `\n\n${wrapperOf({ written: named(written), header, inner, objects, indent: indentOf(text) })}` },
  ];
  return { kind: "fix", title: `${name} does its work under the critical section of ${objects.join(" and ")}`, edits, renamed: { from: name, to: inner } };
}

/** A second function that does the same under a section, for the call at `at` that needs it; the others stay as they are. */
export function callUnderSection(
  place: FunctionPlace,
  objects: readonly string[],
  call: { readonly file: string; readonly at: number },
  source: FixSource,
): FixAnswer {
  const { file, name, from, to } = place;
  const text = source.textOf(file).slice(from, to);
  const written = text.slice(0, place.body - from);
  const header = readHeader(written, name);
  if (typeof header === "string") return { kind: "refusal", reason: header };
  const missing = objects.find((object) => isTested(object, text));
  if (missing !== undefined) return { kind: "refusal", reason: `${missing} of ${name} may be NULL` };
  if (!source.textOf(call.file).startsWith(name, call.at)) return { kind: "refusal", reason: `${name} is called through a macro` };
  const outer = `${name}_locked`;
  const wrapper = wrapperOf({
    written: `${written.slice(0, header.nameAt)}${outer}${written.slice(header.nameAt + name.length)}`,
    header,
    inner: name,
    objects,
    indent: indentOf(text),
  });
  const isStatic = /\bstatic\b/.test(written.slice(0, header.nameAt));
  const added = `\n\n${isStatic ? "" : "static "}${named(wrapper)}`;
  const edits: TextEdit[] = [
    ...(source.mentions(outer) ? [] : [...sectionMacrosFor(place, source), { file, from: to, to, text: added }]),
    { file: call.file, from: call.at, to: call.at + name.length, text: outer },
  ];
  return { kind: "fix", title: `${outer} does the work of ${name} under the critical section of ${objects.join(" and ")}`, edits };
}

interface CallsToItself {
  /** From its start. */
  readonly at: readonly number[];
  /** They are all about the same objects, whose section is held already: taking it again would be slow, and let go of it first. */
  readonly isSure: boolean;
}

function callsToItself(name: string, text: string, objects: readonly string[]): CallsToItself {
  const calls = [...text.matchAll(new RegExp(`(?<![\\w.>])${name}\\s*\\(([^()]*)\\)`, "g"))].slice(1);
  const all = text.match(new RegExp(`\\b${name}\\b`, "g"))?.length ?? 0;
  const roots = objects.map((object) => object.split("->")[0]);
  const isSame = ([, list = ""]: RegExpExecArray): boolean => {
    const given = list.split(",").map((each) => each.trim());
    return roots.every((root, index) => (roots.length === 1 ? given[0] === root : given[index] === root));
  };
  return { at: calls.map(({ index }) => index), isSure: all === calls.length + 1 && calls.every(isSame) };
}

/** Its root is compared with NULL, or tested. */
function isTested(object: string, text: string): boolean {
  const root = object.split("->")[0] ?? "";
  return new RegExp(`\\b${root}\\s*[!=]=\\s*(?:NULL|nullptr)\\b|(?:if|while)\\s*\\(\\s*!?\\s*${root}\\s*(?:\\)|&&|\\|\\|)|\\b${root}\\s*\\?`).test(text);
}

interface Wrapper {
  readonly written: string;
  readonly header: Header;
  readonly inner: string;
  readonly objects: readonly string[];
  readonly indent: string;
}

function wrapperOf({ written, header, inner, objects, indent }: Wrapper): string {
  const [begin, end] =
    objects.length === 1 ? ["Py_BEGIN_CRITICAL_SECTION", "Py_END_CRITICAL_SECTION"] : ["Py_BEGIN_CRITICAL_SECTION2", "Py_END_CRITICAL_SECTION2"];
  const call = `${inner}(${header.arguments.join(", ")});`;
  const isVoid = header.returns === "void";
  const declared = header.returns.endsWith("*") ? header.returns : `${header.returns} `;
  const lines = [
    ...(isVoid ? [] : [`${declared}result;`]),
    `${begin}(${objects.join(", ")});`,
    isVoid ? call : `result = ${call}`,
    `${end}();`,
    ...(isVoid ? [] : ["return result;"]),
  ];
  return `${written.trimEnd()}\n{\n${lines.map((line) => `${indent}${line}\n`).join("")}}`;
}

/** The header of a function that uses all its parameters. */
function named(written: string): string {
  return written.trimEnd().replaceAll(/\bPy_UNUSED\(\s*(\w+)\s*\)/g, "$1");
}

/** What it says of itself, or why it cannot be split. */
function readHeader(written: string, name: string): Header | string {
  if (/[#{]|\/[*/]|::|\btemplate\b|\boperator\b/.test(written)) return "its header holds directives, comments or C++ that is not understood";
  const match = new RegExp(`\\b${name}\\s*\\(`).exec(written);
  if (!match) return "its header is made by a macro";
  const prefix = written.slice(0, match.index);
  const open = match.index + match[0].length;
  const close = written.lastIndexOf(")");
  if (prefix.includes("(") || close < open || written.slice(close + 1).trim() !== "") return "it is declared through a macro";
  const list = written.slice(open, close);
  const names = splitParameters(list).map(parameterName);
  if (names.includes("")) return "a parameter has no name";
  const returns = prefix
    .replaceAll(/\b(?:static|inline|extern|__inline|__inline__)\b/g, "")
    .replaceAll(/\s+/g, " ")
    .trim()
    .replaceAll(/\s+\*/g, " *");
  return returns === "" ? "it does not say what it returns" : { returns, nameAt: match.index, arguments: names };
}

function splitParameters(list: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at <= list.length; at++) {
    if (list[at] === "(") depth++;
    else if (list[at] === ")") depth--;
    else if (at === list.length || (list[at] === "," && depth === 0)) {
      parts.push(list.slice(from, at).trim());
      from = at + 1;
    }
  }
  return parts.filter((part) => part !== "" && part !== "void");
}

/** "" for what has none, and for pointers to functions. */
function parameterName(parameter: string): string {
  const unused = /\bPy_UNUSED\(\s*(\w+)\s*\)$/.exec(parameter);
  if (unused) return unused[1] ?? "";
  return /[\s*&]([A-Za-z_]\w*)\s*(?:\[[^\]]*\])*$/.exec(parameter)?.[1] ?? "";
}

/** Of the body's first line. */
function indentOf(text: string): string {
  return /\{[^\n]*\n([ \t]+)\S/.exec(text)?.[1] ?? "    ";
}

const fallback = `#ifndef Py_BEGIN_CRITICAL_SECTION /* in Python.h since 3.13; with the GIL there is nothing to lock */
#  define Py_BEGIN_CRITICAL_SECTION(op) {
#  define Py_END_CRITICAL_SECTION() }
#  define Py_BEGIN_CRITICAL_SECTION2(a, b) {
#  define Py_END_CRITICAL_SECTION2() }
#endif
`;

/** Older Pythons do not have the macros: a project that does not use them yet needs a fallback. */
function sectionMacrosFor({ file, from }: FunctionPlace, source: FixSource): TextEdit[] {
  if (source.mentions("Py_BEGIN_CRITICAL_SECTION")) return [];
  const text = source.textOf(file);
  const at = afterIncludes(text) ?? text.lastIndexOf("\n", from - 1) + 1;
  return [{ file, from: at, to: at, text: `\n${fallback}` }];
}

/** Behind the last #include that no condition but an include guard encloses. */
function afterIncludes(text: string): number | undefined {
  let depth = /^\s*(?:(?:\/\*[^]*?\*\/|\/\/.*)\s*)*#\s*ifndef\s+(\w+)\s+#\s*define\s+\1\b/.test(text) ? -1 : 0;
  let found: number | undefined;
  for (const { 0: line, index } of text.matchAll(/^[ \t]*#[ \t]*(?:if|endif|include).*$/gm)) {
    if (/#\s*include/.test(line)) found = depth === 0 ? index + line.length + 1 : found;
    else depth += /#\s*if/.test(line) ? 1 : -1;
  }
  return found;
}
