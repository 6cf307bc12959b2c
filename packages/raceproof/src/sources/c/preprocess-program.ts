// All C files of a subject as one build configuration compiles them.
// What enters: files and a configuration. What leaves: one PreprocessedUnit per file that is not merely part of others.
// Sources are read first, in order of their paths; a header gets the macros of the first that includes it.
import type { BuildConfiguration } from "./build-configuration.ts";
import type { IncludeResolver } from "./include-resolver.ts";
import type { SharedHeaders } from "./includes.ts";
import { predefinedMacros } from "./predefined-macros.ts";
import type { CFile, PreprocessedUnit } from "./preprocessed-file.ts";
import { isHeader, isSource, languageOf, majorityOf } from "./source-language.ts";
import { TranslationUnit } from "./translation-unit.ts";

export interface PreprocessedProgram {
  readonly units: readonly PreprocessedUnit[];
  readonly missingIncludes: ReadonlySet<string>;
}

/** @param files by file number, sorted by path */
export function preprocessProgram(files: readonly CFile[], resolver: IncludeResolver, configuration: BuildConfiguration): PreprocessedProgram {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const findFile: SharedHeaders["findFile"] = (name, includer) => byPath.get(resolver.resolve(name, includer) ?? "");
  const fileAt = (path: string): CFile => byPath.get(path) as CFile;
  const shared: SharedHeaders = { paths: files.map(({ path }) => path), findFile, fileAt, headers: new Map(), inlined: new Map(), missing: new Set() };
  const isCpp = ({ path, text }: CFile): boolean => languageOf(path, text, "c") === "cpp";
  const predefined = { c: predefinedMacros(configuration, "c"), cpp: predefinedMacros(configuration, "cpp") };
  const units: PreprocessedUnit[] = [];
  const read = (file: CFile): void => {
    const language = languageOf(file.path, file.text, majority);
    units.push(new TranslationUnit(shared, language, predefined[language]).readUnit(file));
  };
  const majority = majorityOf(files);
  const parts = includedSources(files, findFile);
  const sources = files.filter((file) => isSource(file.path) && !parts.has(file.path));
  for (const file of sources) read(file);
  // A header nobody includes is somebody's interface. Those that tell their language come first: they may include others that do not.
  const headers = files.filter((file) => isHeader(file.path)).toSorted((left, right) => Number(isCpp(right)) - Number(isCpp(left)));
  for (const file of headers) if (!shared.headers.has(file.path) && !shared.inlined.has(file.path)) read(file);
  units.push(...[...shared.headers.values()].flat());
  return { units: units.toSorted((left, right) => left.file.number - right.file.number), missingIncludes: shared.missing };
}

/** Sources that other sources include: compiled as a part of those, or not at all. */
function includedSources(files: readonly CFile[], findFile: SharedHeaders["findFile"]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { path, text } of files) {
    if (!isSource(path) || found.has(path)) continue;
    for (const [, name = ""] of text.matchAll(/^[ \t]*#[ \t]*include[ \t]*"([^"\n]+\.(?:c|cc|cpp|cxx))"/gm)) {
      const target = findFile(name, path);
      if (target !== undefined && target.path !== path) found.add(target.path);
    }
  }
  return found;
}
