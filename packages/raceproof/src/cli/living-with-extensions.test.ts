// The built command line in a project with an extension in C: reviews of a fix in several commits, comments, baseline, --since, and formats.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const program = fileURLToPath(new URL("../../bin/raceproof.js", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "raceproof-extensions-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function raceproof(cwd: string, ...args: readonly string[]): Promise<{ readonly code: number | null; readonly out: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...args, "--quiet"], { cwd, env: { ...process.env, RACEPROOF_CACHE: join(scratch, "cache") } });
    let out = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.on("close", (code) => resolve({ code, out }));
  });
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const head = `#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject **items;
    Py_ssize_t size;
} Stack;

static int grow(Stack *self)
{
    PyObject **larger = PyMem_Realloc(self->items, (self->size + 1) * sizeof(PyObject *));
    if (larger == NULL) return -1;
    self->items = larger;
    return 0;
}
`;
const tables = `
static PyMethodDef Stack_methods[] = {
    {"push", (PyCFunction)Stack_push, METH_O, NULL},
    {"top", (PyCFunction)Stack_top, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
`;
const racyPush = `
static PyObject *Stack_push(Stack *self, PyObject *value)
{
    if (grow(self) < 0) return NULL;
    self->items[self->size++] = Py_NewRef(value);
    Py_RETURN_NONE;
}
`;
const lockedPush = (label: string): string => `
static PyObject *Stack_push(Stack *self, PyObject *value)
{
    PyObject *result = NULL;
    Py_BEGIN_CRITICAL_SECTION(self);
    if (grow(self) < 0) goto done;
    self->items[self->size++] = Py_NewRef(value);
    result = Py_NewRef(Py_None);
${label}
    Py_END_CRITICAL_SECTION();
    return result;
}
`;
const racyTop = `
static PyObject *Stack_top(Stack *self, PyObject *unused)
{
    return Py_NewRef(self->items[self->size - 1]);
}
`;
const racy = head + racyPush + racyTop + tables;

describe("a fix of an extension in two commits", () => {
  const folder = join(scratch, "repository");
  const commit = (source: string, message: string): void => {
    write(folder, { "stack.c": source });
    const author = ["-c", "user.name=A. Author", "-c", "user.email=author@example.invalid"];
    execFileSync("git", ["-C", folder, "add", "."]);
    execFileSync("git", ["-C", folder, ...author, "commit", "-qm", message]);
  };
  beforeAll(() => {
    mkdirSync(folder);
    execFileSync("git", ["init", "-q", folder]);
    commit(racy, "base");
    commit(head + lockedPush("done:") + racyTop + tables, "Lock push");
    commit(head + lockedPush("done:;") + racyTop + tables, "Give the label a statement");
  });

  it("is told with what it protects, what it leaves, and what came and went on the way", async () => {
    const { code, out } = await raceproof(folder, "review", "HEAD~2..HEAD");
    expect(code).toBe(0);
    expect(out).toMatch(/\| `c\/unlocked-entry-point` \| 1 \| `Stack_push:17` \|/);
    expect(out).toMatch(/### Came and went on the way[^]*`c\/label-before-end-section` \| `Stack_push:\d+` .*Lock push.*Give the label a statement/);
    expect(out).toMatch(/Remaining[^]*`c\/unlocked-entry-point` \| 1 \| `Stack_top:\d+`/);
    expect(out).toMatch(/and 1 file of an extension with 3 functions/);
  });

  it("is told in JSON, and without the commits between when they are not wanted", async () => {
    const review = JSON.parse((await raceproof(folder, "review", "HEAD~2..HEAD", "--output-format", "json")).out);
    expect(review.passing).toMatchObject([
      { rule: "c/label-before-end-section", came: { subject: "Lock push" }, went: { subject: "Give the label a statement" } },
    ]);
    expect(review.mended.map((each: { function: string }) => each.function).toSorted()).toEqual(["Stack_push", "grow"]);
    expect((await raceproof(folder, "review", "HEAD~2..HEAD", "--steps", "0")).out).not.toContain("Came and went");
    expect((await raceproof(folder, "review", "HEAD~2..HEAD", "--steps", "1")).out).not.toContain("Came and went");
  });

  it("is what --since shows: functions that changed", async () => {
    const { out } = await raceproof(folder, "audit", ".", "--since", "HEAD~2", "--confidence", "low", "--output-format", "json");
    const functions = new Set(JSON.parse(out).findings.map((finding: { function: string }) => finding.function));
    expect(functions.has("Stack_top")).toBe(false);
    write(folder, { "stack.c": head + lockedPush("done:;") + racyTop.replace("- 1", "-1") + tables });
    const changed = JSON.parse((await raceproof(folder, "audit", ".", "--since", "HEAD", "--output-format", "json")).out);
    expect(changed.findings.map((finding: { function: string }) => finding.function)).toContain("Stack_top");
  });
});

describe("hazards in C that somebody answered for", () => {
  const folder = join(scratch, "answered");

  it("are listed as suppressed, and comments that nothing needs are told", async () => {
    const answered = racy
      .replace(
        "static PyObject *Stack_top",
        "/* raceproof: allow[c/] only the owner looks,\n * and it has one thread; until=2999-01-01 */\nstatic PyObject *Stack_top",
      )
      .replace("Py_RETURN_NONE;", "Py_RETURN_NONE; // raceproof: allow[c/mutable-static] not needed");
    write(folder, { "stack.c": answered });
    const report = JSON.parse((await raceproof(folder, "audit", ".", "--output-format", "json")).out);
    const reasons = new Set(report.suppressed.map(({ suppression }: { suppression: { reason: string } }) => suppression.reason));
    expect(reasons).toEqual(new Set(["only the owner looks, and it has one thread"]));
    expect(report.findings.some((finding: { function: string }) => finding.function === "Stack_top")).toBe(false);
    expect(report.notifications).toContainEqual(expect.objectContaining({ line: 21, message: expect.stringContaining("unused suppression") }));
  });

  it("are quiet by settings, and by a baseline", async () => {
    write(folder, { "stack.c": racy, "raceproof.toml": 'ignore = ["c/unlocked-entry-point"]\n' });
    const ignoring = JSON.parse((await raceproof(folder, "audit", ".", "--output-format", "json")).out);
    expect(ignoring.findings.map((finding: { rule: string }) => finding.rule)).not.toContain("c/unlocked-entry-point");
    write(folder, { "raceproof.toml": '[per-file-ignores]\n"*.c" = ["c/"]\n' });
    expect((await raceproof(folder, "audit", ".")).code).toBe(0);
    write(folder, { "raceproof.toml": "" });
    await raceproof(folder, "audit", ".", "--write-baseline", "known.json");
    expect((await raceproof(folder, "audit", ".", "--baseline", "known.json")).code).toBe(0);
    write(folder, { "stack.c": racy.replace("grow(self) < 0", "grow(self) != 0") });
    expect((await raceproof(folder, "audit", ".", "--baseline", "known.json")).code).toBe(0);
  });

  it("say in SARIF how each of two threads gets there, and what it holds", async () => {
    write(folder, { "stack.c": head + lockedPush("done:;") + racyTop + tables, "raceproof.toml": "" });
    const sarif = JSON.parse((await raceproof(folder, "audit", ".", "--output-format", "sarif")).out);
    const top = sarif.runs[0].results.find(
      (result: { ruleId: string; message: { text: string } }) => result.ruleId === "c/unlocked-entry-point" && result.message.text.startsWith("Stack_top"),
    );
    const [reading, changing] = top.codeFlows[0].threadFlows;
    expect(reading.locations.map((each: { location: { message: { text: string } } }) => each.location.message.text)).toEqual([
      "read of Stack.items in Stack_top, no lock held",
    ]);
    expect(changing.locations.map((each: { location: { message: { text: string } } }) => each.location.message.text)).toEqual([
      "calls",
      expect.stringMatching(/of Stack.items in grow, holding section on self/),
    ]);
    expect((await raceproof(folder, "audit", ".")).out).toMatch(/write +stack\.c:\d+ +grow +holding section on self, through stack\.c:\d+/);
  });
});
