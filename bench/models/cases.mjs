// The cases of the table and where their drivers are. `gil`: whether a GIL of CPython 3.10 and later can show it (README.md says how each is known).
import { readdirSync } from "node:fs";
import { inRepository } from "../../scripts/repository.mjs";

const litmus = (name) => ({ file: inRepository("litmus", "python", "racy", name, "driver.py"), root: inRepository("litmus", "python", "racy", name) });
const own = (name, specification) => ({ file: inRepository("bench", "models", "drivers", `${name}.py`), specification });
const example = (name) => ({ file: inRepository("examples", "pyfakefs-1321", "drivers", `${name}.py`), specification: pyfakefs });
const pyfakefs = "pyfakefs==6.2.0";
const multidict = "multidict==6.7.0";

const named = [
  { name: "counter", gil: false, ...litmus("counter") },
  { name: "dict iterate, insert", gil: true, ...litmus("dict-iterate") },
  { name: "heap check, pop", gil: false, ...litmus("heap-check-pop") },
  { name: "lazy singleton", gil: true, ...litmus("lazy-singleton") },
  // left out under real threads: a repeat that deadlocks takes a minute to be given up
  { name: "lock order", gil: true, mostRepeats: 0, ...litmus("lock-order") },
  { name: "multidict []= []=", gil: true, ...own("multidict-set-set", multidict) },
  { name: "multidict add, add", gil: true, ...own("multidict-add-add", multidict) },
  { name: "multidict list, add", gil: true, ...own("multidict-iterate-add", multidict) },
  { name: "pyfakefs heap", gil: false, ...own("pyfakefs-heap", pyfakefs) },
  { name: "pyfakefs os.open, os.open", gil: false, ...example("shape-2-descriptor-heap") },
  { name: "pyfakefs user id", gil: true, ...example("shape-7-user-id") },
  { name: "pyfakefs exists, create", gil: true, ...own("pyfakefs-case-insensitive-exists", pyfakefs) },
  { name: "pyfakefs create_dir, create_dir", gil: true, ...example("shape-3-directory-entries") },
  { name: "pyfakefs inode numbers", gil: true, ...example("shape-1-inode-counter") },
];

/** The litmus programs that have no line above: nothing is expected of the model of a GIL, but what real threads show must be reached. */
const others = readdirSync(inRepository("litmus", "python", "racy")).filter((name) => !named.some(({ file }) => file === litmus(name).file));
export const cases = [...named, ...others.map((name) => ({ name: `litmus ${name}`, ...litmus(name) }))];
