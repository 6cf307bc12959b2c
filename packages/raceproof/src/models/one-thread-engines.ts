// Engines that call everything built on them from one thread: frameworks with a loop of their own, test runners, command lines.
// How a function shows that it is called by one: names that the engine looks for, decorators, or calls into the engine.

export interface OneThreadEngineRow {
  /** Completes "runs ...". */
  readonly because: string;
  /** External callees; what works with these threads is left out. */
  readonly callee?: RegExp;
  /** Names of functions and methods that the engine looks for. */
  readonly hook?: RegExp;
  readonly decorator?: RegExp;
  /** Last name of the function. */
  readonly entry?: RegExp;
  readonly source: string;
}

/** A package of which so many modules work with such an engine is built on it. Measured on plugins of test runners and on frameworks. */
export const builtOnShare = 0.2;

/** A module in which so many functions work with such an engine is one of it; an adapter among much else makes none. */
export const worksWithShare = 0.05;

/** Engines that packages are built on: the package's objects live in the engine's thread. */
export const hostEngines: readonly OneThreadEngineRow[] = [
  {
    because: "in the one thread of the reactor",
    callee: /^twisted\.(?!(internet\.threads|python)\b)/,
    source: 'docs.twisted.org/en/stable/core/howto/threading.html ("most code in Twisted is not thread-safe", callbacks run in the reactor thread)',
  },
  {
    because: "in the one thread of a test session",
    hook: /^pytest_[a-z_]+$/,
    source: 'docs.pytest.org/en/stable/explanation/flaky.html ("pytest is single-threaded, executing its tests always in the same thread, sequentially")',
  },
  {
    because: "in the one thread that reads, transforms and writes a document",
    callee: /^docutils\.(nodes|parsers|statemachine|transforms|writers|readers)\b/,
    source: "docutils.sourceforge.io/docs/api/publisher.html (one publisher conducts reader, parser, transforms and writer, one after the other)",
  },
];

/** Modules of a package's command line, by the names that packages give them. */
export const commandModule: RegExp = /(^|\.)(__main__|cmd|cli|scripts|command_?line)(\.|$)/;

/** Where programs begin: the process is theirs. */
export const programEntries: readonly OneThreadEngineRow[] = [
  {
    because: "as a command, in the thread that the process began with",
    entry: /(^|\.)(_?_?main(_|$)|console_main$|cli_main$)/,
    decorator: /(^|\.)(command|group|callback)(\(|$)/,
    source: "packaging.python.org/en/latest/specifications/entry-points (console_scripts), docs.python.org/3/library/__main__.html, click.palletsprojects.com",
  },
];

/** Modules of tests and of what is made for them. Source: names that test discovery looks for, and those that packages give to their test kits. */
export const testModule: RegExp = /(^|\.)(tests?|testing|test_?utils?|test_?helpers?|conftest)(\.|$)/;
