// Whether a file is C or C++.
// What enters: path, text, and what else the subject has. What leaves: a language. A header that somebody includes takes its includer's instead.

/** What no C header has, `extern "C"` blocks for the other language left aside. */
const cppWords = /^[ \t]*(?:(?:inline[ \t]+)?namespace\b|template[ \t]*<|class[ \t]+\w+[^;()]*\{|public:|private:|using[ \t]+\w+[ \t]*=)|\bstd::\w/m;

export function isSource(path: string): boolean {
  return /\.(?:c|cc|cpp|cxx)$/i.test(path);
}

/** Other endings, such as .inc, are read only where something includes them: not all such files are C. */
export function isHeader(path: string): boolean {
  return /\.(?:h|hh|hpp|hxx)$/i.test(path);
}

/** @param majority the language of headers that do not tell */
export function languageOf(path: string, text: string, majority: "c" | "cpp"): "c" | "cpp" {
  if (/\.(?:cc|cpp|cxx|hpp|hh|hxx|inl)$/i.test(path)) return "cpp";
  if (isSource(path)) return "c";
  return majority === "cpp" || cppWords.test(text) ? "cpp" : "c";
}

/** A subject without C sources and with some of C++ is written in C++ throughout. */
export function majorityOf(files: readonly { readonly path: string; readonly text: string }[]): "c" | "cpp" {
  const hasC = files.some(({ path }) => /\.c$/i.test(path));
  return !hasC && files.some(({ path, text }) => languageOf(path, text, "c") === "cpp") ? "cpp" : "c";
}
