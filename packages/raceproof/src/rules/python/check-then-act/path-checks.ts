// A function in, its questions whether a path is there that making or removing it relies on out: `if not os.path.exists(p): os.makedirs(p)`.
// The file system is shared by all threads, and by other processes. Misses: opening what was there; paths in other words the second time.
import type { AccessFact, CallFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import { beliefInSharing, doubt } from "../confidence.ts";
import { controls, isInCondition } from "../controlled-by.ts";
import type { HazardDraft } from "../hazard-draft.ts";
import { accessOfProcess } from "../process-access.ts";
import { callsByFunction, indexOf } from "../program-index.ts";
import { isProgramEntry } from "../program-entry.ts";

const questions: readonly string[] = ["exists", "lexists", "isdir", "isfile", "is_dir", "is_file"];

/** By last name: os.mkdir(p), shutil.rmtree(p), p.unlink(). Source: docs.python.org/3/library/os.html, pathlib.html: what raises FileExistsError or FileNotFoundError. */
const acts: ReadonlySet<string> = new Set(["mkdir", "makedirs", "symlink", "symlink_to", "remove", "unlink", "rmdir", "removedirs", "rmtree"]);

/** The call copes with a path that is there, or gone, by itself. */
const forgiving = /\b(exist_ok|missing_ok|ignore_errors)\s*=\s*(?!False)|\bonerror\s*=|\bonexc\s*=/;

/** Calls that ask, by function. */
export type PathQuestions = ReadonlyMap<number, readonly CallFact[]>;

export function pathQuestionsIn(program: Program): PathQuestions {
  return callsByFunction(
    indexOf(program)
      .callsNamed(questions)
      .filter(({ targets }) => targets.length === 0),
  );
}

/** At most one per function. */
export function pathChecksIn(program: Program, fn: FunctionFact, asked: PathQuestions): HazardDraft[] {
  for (const question of asked.get(fn.id) ?? []) {
    const path = pathOf(program, question);
    if (path === undefined || question.lockset.length > 0 || isOwnPath(fn, question)) continue;
    const act = actOn(program, fn, question, path);
    if (act) return [draftOf(program, fn, question, act)];
  }
  return [];
}

function actOn(program: Program, fn: FunctionFact, question: CallFact, path: string): CallFact | undefined {
  const tests = fn.tests.filter((test) => isInCondition(question.order, test));
  return fn.calls.find((call) => {
    if (call.order <= question.order || !acts.has(lastName(call.text)) || call.targets.length > 0 || call.lockset.length > 0) return false;
    if (!tests.some((test) => controls(test, call.order)) || pathOf(program, call) !== path) return false;
    return !handlesFailure(call) && !forgiving.test(program.sourceOf(call.span));
  });
}

const lastName = (text: string): string => text.slice(text.lastIndexOf(".") + 1);

/** What is asked about: the first argument of a function of os or shutil, else what the method is called on. */
function pathOf(program: Program, call: CallFact): string | undefined {
  if (/^(os|os\.path|shutil)\./.test(call.external ?? "")) {
    return /^\s*([\w.[\]'"]+)\s*[,)]/.exec(program.sourceOf(call.span).slice(call.text.length + 1))?.[1];
  }
  return call.external === undefined && call.text.includes(".") ? call.text.slice(0, call.text.lastIndexOf(".")) : undefined;
}

/** Made by this call for itself. */
function isOwnPath(fn: FunctionFact, question: CallFact): boolean {
  const origins = [...question.origins, ...question.receiver];
  return fn.calls.some(({ external, order }) => external?.startsWith("tempfile.") === true && origins.includes(`call@${order}`));
}

function handlesFailure({ handled }: CallFact): boolean {
  return handled.some(
    (name) => name === "*" || /(^|\.)(FileExistsError|FileNotFoundError|OSError|IOError|EnvironmentError|error|Exception|BaseException)$/.test(name),
  );
}

function draftOf(program: Program, fn: FunctionFact, question: CallFact, act: CallFact): HazardDraft {
  const [main, second] = [question, act].map((call) => accessOfProcess(call, fn, "file system")) as [AccessFact, AccessFact];
  return {
    main,
    sequence: [main, second],
    interfering: [second],
    ...doubt(beliefInSharing(program, main), [
      { steps: 1, because: "two threads that never work with the same path do not meet" },
      isProgramEntry(program, fn) && { steps: 1, because: `${fn.qualifiedName} starts the program` },
    ]),
    severity: "crash",
    message: `${question.text} is asked here and ${act.text} at line ${act.span.line} relies on the answer: another thread may have been faster, and it raises`,
  };
}
