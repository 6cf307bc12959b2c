// Enters: a subject. Leaves: the bytes of its tests and documents, which the audit leaves out. Small and few enough to read at once;
// what cannot be read is passed over: it only would have helped.
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Subject } from "../vocabulary/index.ts";
import { isTestPath } from "./discovery/path-roles.ts";
import type { SubjectFile } from "./read-subject-files.ts";

const mostBytesInAll = 16 * 1024 * 1024;
const mostBytes = 1024 * 1024;
const deepestFolder = 4;

export interface SubjectUsageFiles {
  readonly tests: readonly SubjectFile[];
  readonly documents: readonly SubjectFile[];
}

export async function readUsageFiles({ root, files, excluded }: Pick<Subject, "root" | "files" | "excluded">): Promise<SubjectUsageFiles> {
  // Plugins of a test runner are among the package's own modules; they hold fixtures.
  const tests = [...excluded.filter((path) => isTestPath(path.split("/"))), ...files.filter((path) => path.endsWith("plugin.py"))];
  const documents = await listDocuments(root, "", 0);
  return { tests: await readAll(root, tests.toSorted()), documents: await readAll(root, documents.toSorted()) };
}

async function listDocuments(root: string, folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  const found = entries.map(async (entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isFile()) return /\.(rst|md|txt)$/.test(entry.name) && (depth > 0 || /^readme/i.test(entry.name)) ? [path] : [];
    const isKept = depth > 0 || /^(docs?|documentation|manual)$/i.test(entry.name);
    return entry.isDirectory() && isKept && depth < deepestFolder && !entry.name.startsWith(".") ? listDocuments(root, path, depth + 1) : [];
  });
  return (await Promise.all(found)).flat();
}

async function readAll(root: string, paths: readonly string[]): Promise<SubjectFile[]> {
  const out: SubjectFile[] = [];
  let left = mostBytesInAll;
  for (const path of paths) {
    const size = await stat(join(root, path)).then(
      (found) => found.size,
      () => Number.POSITIVE_INFINITY,
    );
    if (size > mostBytes || size > left) continue;
    left -= size;
    const bytes = await readFile(join(root, path)).catch(() => undefined);
    if (bytes !== undefined) out.push({ path, bytes });
  }
  return out;
}
