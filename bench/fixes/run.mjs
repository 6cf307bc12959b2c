// What a patch of an extension costs and what it is good for. Enters: a folder of sources before the patch and one after it, the file that is compiled, the
// module and the type. Leaves: a table for README.md. Builds with gcc, each side the same way, and takes samples of both in turn: only ratios are told.
// node bench/fixes/run.mjs BEFORE AFTER --source multidict/_multidict.c --type multidict:MultiDict --python 3.13 --python 3.13t
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    source: { type: "string" },
    type: { type: "string" },
    python: { type: "string", multiple: true },
    samples: { type: "string", default: "15" },
    stress: { type: "string", default: "5" },
  },
});
const [before, after] = positionals;
const [module, type] = values.type.split(":");
const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "raceproof-fixes-"));

function ask(python, code) {
  return execFileSync(python, ["-c", `import sysconfig, sys; print(${code})`], { encoding: "utf8" }).trim();
}

/** @returns where the package is, with its extension built, and the bytes of code in that */
function build(folder, python, name) {
  const place = join(scratch, name);
  cpSync(folder, place, { recursive: true });
  const out = values.source.replace(/\.\w+$/, ask(python, "sysconfig.get_config_var('EXT_SUFFIX')"));
  const flags = ["-O3", "-DNDEBUG", "-fPIC", "-shared", "-I", ask(python, "sysconfig.get_path('include')")];
  execFileSync("gcc", [...flags, values.source, "-o", out], { cwd: place, stdio: "inherit" });
  return {
    place,
    code: Number(
      execFileSync("size", [join(place, out)], { encoding: "utf8" })
        .split("\n")[1]
        .trim()
        .split(/\s+/)[0],
    ),
  };
}

const sample = (python, place) => JSON.parse(execFileSync(python, ["-W", "ignore", here("operations.py"), place, module, type], { encoding: "utf8" }));
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

try {
  for (const python of values.python) {
    const id = ask(python, "sys.version.split()[0] + ('t' if sysconfig.get_config_var('Py_GIL_DISABLED') else '')");
    const sides = [build(before, python, `before-${id}`), build(after, python, `after-${id}`)];
    const times = sides.map(() => []);
    for (let round = 0; round < Number(values.samples); round++) for (const side of [0, 1]) times[side].push(sample(python, sides[side].place));
    console.log(`\n### Python ${id}\n\n| operation | after / before, median of ${values.samples} | fastest |\n|---|---|---|`);
    for (const operation of Object.keys(times[0][0])) {
      const [old, now] = times.map((list) => list.map((each) => each[operation]));
      console.log(`| \`${operation}\` | ${(median(now) / median(old)).toFixed(2)} | ${(Math.min(...now) / Math.min(...old)).toFixed(2)} |`);
    }
    console.log(`\nCode: ${sides[0].code} → ${sides[1].code} bytes.`);
    for (const [index, { place }] of sides.entries()) {
      const ends = [1, 2, 3].map(() => {
        const { status, signal } = spawnSync(python, ["-W", "ignore", here("stress.py"), place, module, type, values.stress]);
        return signal ?? `exit ${status}`;
      });
      console.log(`Eight threads for ${values.stress} s, three times, ${index === 0 ? "before" : "after"}: ${ends.join(", ")}.`);
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
