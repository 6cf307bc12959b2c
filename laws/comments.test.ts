// Every TypeScript and script file opens with a header comment of one to five lines; the project writes American English.
import { describe, expect, it } from "vitest";
import { readCommittedFiles, type CommittedFile } from "./committed-files.ts";

const mostHeaderLines = 5;
const british =
  /\b\w*(?:behaviour|colour|favour|neighbour|honour|centre|licence|defence|catalogue[sd]?\b|labell|modell|travell|analys(?:e[sd]?|ing)\b|(?:synchron|serial|initial|minim|maxim|normal|organ|recogn|optim|summar|parameter|general|special|categor|character|final|priorit|util)is(?:e[sdr]?|ing|ation)\b)\w*/i;

function findBadHeaders(files: readonly CommittedFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    const lines = text.replace(/^#!.*\n/, "").split("\n");
    const length = lines.findIndex((line) => !line.startsWith("//"));
    if (length === 0) return [`${path} has no header comment`];
    return length > mostHeaderLines ? [`${path} has a header of ${length} lines`] : [];
  });
}

function findBritish(files: readonly CommittedFile[]): string[] {
  return files.flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, index) => {
      const found = british.exec(line)?.[0];
      return found ? [`${path}:${index + 1} ${found}`] : [];
    }),
  );
}

const ours = /^(?!packages\/.*\/(third-party|fixtures)\/).*\.(ts|mjs|js|md|py)$/;
const files = readCommittedFiles(ours).filter(({ path }) => path !== "laws/comments.test.ts");

describe("comments", () => {
  it("open every file", () => {
    expect(findBadHeaders(files.filter(({ path }) => /\.(ts|mjs|js)$/.test(path)))).toEqual([]);
  });

  it("and documents are in American English", () => {
    expect(findBritish(files)).toEqual([]);
  });

  it.each(["import a;\n", "//1\n//2\n//3\n//4\n//5\n//6\nimport a;"])("that are missing or long are caught", (text) => {
    expect(findBadHeaders([{ path: "a.ts", text }])).toHaveLength(1);
  });

  it("after a shebang count as a header", () => {
    expect(findBadHeaders([{ path: "a.js", text: "#!/usr/bin/env node\n// what it is\ncode;" }])).toEqual([]);
  });

  it.each(["the behaviour", "we analyse it", "serialises", "a licence", "initialisation", "minimised", "labelled"])(
    "in British English are caught: %s",
    (text) => {
      expect(findBritish([{ path: "a.md", text }])).toHaveLength(1);
    },
  );

  it.each(["behavior", "analysis", "serializes", "labeled", "license", "precise", "otherwise", "promise", "utilities", "initialism", "finalist"])(
    "let American English through: %s",
    (text) => {
      expect(findBritish([{ path: "a.md", text }])).toEqual([]);
    },
  );
});
