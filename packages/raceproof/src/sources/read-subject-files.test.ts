// Reading a subject's files goes on past the ones that cannot be read.
import { expect, it } from "vitest";
import type { Notification } from "../vocabulary/index.ts";
import { readSubjectFiles } from "./read-subject-files.ts";
import { scratchFolder, writeFiles } from "./testing/scratch.ts";

it("gives bytes in order, and a notification for each file that is gone", async () => {
  const root = writeFiles(scratchFolder(), { "a.py": Buffer.from([0xff, 0x00, 0x0a]), "c/d.py": "x" });
  const notes: Notification[] = [];
  const files = [];
  for await (const file of readSubjectFiles({ root, files: ["a.py", "b.py", "c", "c/d.py"] }, (note) => notes.push(note))) files.push(file);
  expect(files.map(({ path, bytes }) => [path, ...bytes])).toEqual([
    ["a.py", 0xff, 0, 0x0a],
    ["c/d.py", 120],
  ]);
  expect(notes.map(({ level, file, message }) => [level, file, message])).toEqual([
    ["error", "b.py", "the file cannot be read: ENOENT"],
    ["error", "c", "the file cannot be read: EISDIR"],
  ]);
});

it("passes over files above the limit, without reading them, and says how large they are", async () => {
  const root = writeFiles(scratchFolder(), { "a.py": "x = 1\n", "data.py": Buffer.alloc(9 * 1024 * 1024, 0x20) });
  const read = async (maxFileSize?: number): Promise<readonly [string[], Notification[]]> => {
    const notes: Notification[] = [];
    const paths = [];
    for await (const { path } of readSubjectFiles({ root, files: ["a.py", "data.py"] }, (note) => notes.push(note), maxFileSize)) paths.push(path);
    return [paths, notes];
  };
  const [paths, notes] = await read();
  expect(paths).toEqual(["a.py"]);
  expect(notes).toMatchObject([
    { level: "error", file: "data.py", message: expect.stringContaining("9.0 MiB, more than the 8 of the setting max-file-size") as string },
  ]);
  expect(await read(9)).toEqual([["a.py", "data.py"], []]);
});
