// Where a comment in C stands and what it speaks about, from files the front end has parsed.
import { beforeAll, describe, expect, it } from "vitest";
import { buildConfiguration, createNameTable, openCFrontEnd } from "../sources/index.ts";
import type { CFrontEnd } from "../sources/index.ts";
import { collectNativeRemarks } from "./index.ts";

let frontEnd: CFrontEnd;
beforeAll(async () => {
  frontEnd = await openCFrontEnd();
});

/** "line: from-to at" of each remark; "nothing" without a scope. */
function scopesIn(source: string, path = "m.c"): string[] {
  const files = [{ path, bytes: new TextEncoder().encode(source) }];
  const program = frontEnd.parse(files, [buildConfiguration("free-threaded", [3, 14])], createNameTable());
  return collectNativeRemarks(program).map(({ line, scope, content }) => {
    const place = scope ? `${scope.from}-${scope.to} ${scope.at}` : "nothing";
    return content.kind === "allow" ? `${line}: ${place} ${content.rules.join("+")} ${content.reason}` : `${line}: ${content.kind}`;
  });
}

const allow = "raceproof: allow[all] why";

describe("a remark in C speaks about", () => {
  it.each([
    ["its line", `void f(void)\n{\n    a(); /* ${allow} */\n    b();\n}\n`, "3: 3-3 statement all why"],
    ["its line, after two slashes", `void f(void)\n{\n    a(); // ${allow}\n    b();\n}\n`, "3: 3-3 statement all why"],
    ["a statement of several lines", `void f(void)\n{\n    a(1, // ${allow}\n      2);\n}\n`, "3: 3-4 statement all why"],
    ["the statement below", `void f(void)\n{\n    // ${allow}\n\n    a();\n}\n`, "3: 5-5 statement all why"],
    ["the header of a loop", `void f(void)\n{\n    while (a()) { /* ${allow} */\n        b();\n    }\n}\n`, "3: 3-3 statement all why"],
    ["a whole function below", `/* ${allow} */\nstatic int\nf(void)\n{\n    return a();\n}\n`, "1: 2-6 function all why"],
    ["a whole function from its header", `static int\nf(void) /* ${allow} */\n{\n    return a();\n}\n`, "2: 1-5 function all why"],
    ["a declaration at file scope", `int a;\nstatic int b; /* ${allow} */\n`, "2: 2-2 statement all why"],
    ["nothing at the end of a file", `int a;\n/* ${allow} */\n`, "2: nothing all why"],
    [
      "the statement below, over several lines",
      `/* raceproof: allow[c/mutable-static]\n * written once,\n * at import */\nstatic int b;\n`,
      "1: 4-4 statement c/mutable-static written once, at import",
    ],
    ["what a macro call expands to", `#define LOOP(x) for (;;) { x; }\nvoid f(void)\n{\n    LOOP(a()) // ${allow}\n}\n`, "4: 4-4 statement all why"],
  ])("%s", (_, source, expected) => {
    expect(scopesIn(source)).toEqual([expected]);
  });

  it("is said to be malformed when it is, and others' words mean nothing", () => {
    expect(scopesIn("int a; /* raceproof: allow[all] */\n")).toEqual(["1: malformed"]);
    expect(scopesIn("int a; // raceproof: alow[all] why\n")).toEqual(["1: malformed"]);
    expect(scopesIn('int a; /* thread-safe on purpose; see raceproof: docs */\nchar *s = "// raceproof: allow[all] why";\n')).toEqual([]);
  });

  it("is read in C++ too", () => {
    expect(scopesIn(`namespace n {\nclass C {\n  int f() { return a(); } // ${allow}\n};\n}\n`, "m.cpp")).toEqual(["3: 3-3 function all why"]);
  });
});
