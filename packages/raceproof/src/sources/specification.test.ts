// Every form a person may type, and what each wrong one is told.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { UserError } from "../vocabulary/index.ts";
import { parseSpecification } from "./specification.ts";
import { scratchFolder, writeFiles } from "./testing/scratch.ts";

function refusal(text: string, cwd = scratchFolder()): UserError {
  try {
    parseSpecification(text, cwd);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error(`"${text}" was accepted`);
}

describe("paths", () => {
  it("are told apart by what is there", () => {
    const cwd = writeFiles(scratchFolder(), { "src/a.py": "", "one.py": "", "a-1.0.tar.gz": "", "a.whl": "" });
    expect(parseSpecification("src", cwd)).toEqual({ kind: "folder", text: "src", path: join(cwd, "src") });
    expect(parseSpecification("./src/", cwd)).toEqual({ kind: "folder", text: "./src/", path: join(cwd, "src") });
    expect(parseSpecification(cwd, "/")).toEqual({ kind: "folder", text: cwd, path: cwd });
    expect(parseSpecification(" one.py ", cwd)).toEqual({ kind: "file", text: "one.py", path: join(cwd, "one.py") });
    expect(parseSpecification("a-1.0.tar.gz", cwd)).toMatchObject({ kind: "archive", path: join(cwd, "a-1.0.tar.gz") });
    expect(parseSpecification("a.whl", cwd)).toMatchObject({ kind: "archive" });
  });

  it("win over packages of the same name", () => {
    const cwd = writeFiles(scratchFolder(), { "flask/a.py": "" });
    expect(parseSpecification("flask", cwd)).toMatchObject({ kind: "folder" });
    expect(parseSpecification("flask==3.0", cwd)).toMatchObject({ kind: "release" });
  });

  it("that are missing or something else are refused", () => {
    const cwd = writeFiles(scratchFolder(), { "notes.txt": "" });
    expect(refusal("notes.txt", cwd).message).toContain("not a Python file");
    for (const text of ["./no-such", "no/such", "no-such.py", "no-such.whl", "no-such-1.0.tar.gz", "..\\x"]) {
      expect(refusal(text, cwd).message).toContain("no such file or folder");
    }
  });
});

describe("releases", () => {
  it.each([
    ["pyfakefs", "pyfakefs", undefined],
    ["pyfakefs==6.2.0", "pyfakefs", "6.2.0"],
    ["zope.interface == 5.0rc1", "zope.interface", "5.0rc1"],
    ["requests[socks]==2.32.0", "requests", "2.32.0"],
    ["A_b-c.D", "A_b-c.D", undefined],
    ["x==1!2.0+local.7", "x", "1!2.0+local.7"],
  ])("%s", (text, name, version) => {
    expect(parseSpecification(text, scratchFolder())).toEqual({ kind: "release", text, name, version });
  });

  it.each([
    ["x>=1", "not one release"],
    ["x==1,==2", "not a version"],
    ["x==1.*", "not a version"],
    ["x===1", "not a version"],
    ["x==one", "not a version"],
    ["-x", "names nothing"],
    ["x y", "names nothing"],
    ["", "no subject"],
    ["   ", "no subject"],
    ["a\0b", "no subject"],
  ])("%j is refused: %s", (text, message) => {
    const error = refusal(text);
    expect(error.message).toContain(message);
    expect(error.advice).not.toBe("");
  });
});

describe("git URLs", () => {
  it.each([
    ["git+https://host.example/a/b.git@v1.0", "https://host.example/a/b.git", "v1.0", undefined],
    ["git+https://host.example/a/b", "https://host.example/a/b", undefined, undefined],
    ["git+ssh://git@host.example/a/b@feature/x", "ssh://git@host.example/a/b", "feature/x", undefined],
    ["git+file:///a/b@0123abc#subdirectory=python/pkg", "file:///a/b", "0123abc", "python/pkg"],
    ["git+https://host.example/a@main#egg=a", "https://host.example/a", "main", undefined],
  ])("%s", (text, url, revision, subdirectory) => {
    expect(parseSpecification(text, "/")).toEqual({ kind: "git-url", text, url, revision, subdirectory });
  });

  it("keep credentials for the connection, not for the report", () => {
    const parsed = parseSpecification("git+https://user:secret@host.example/a@main", "/");
    expect(parsed).toMatchObject({ text: "git+https://****@host.example/a@main", url: "https://user:secret@host.example/a", revision: "main" });
    expect(refusal("https://user:secret@host.example/a.zip").message).not.toContain("secret");
  });

  it.each([
    ["git+ext::sh -c touch% x", "not a repository URL"],
    ["git+ftp://host.example/a", "not a repository URL"],
    ["git+git@host.example:a/b", "not a repository URL"],
    ["git+https://host.example/a@", "no usable revision"],
    ["git+https://host.example/a@--upload-pack=evil", "no usable revision"],
    ["git+https://host.example/a@v1%0Ax", "no usable revision"],
    ["git+https://host.example/a@v1#subdirectory=../x", "leaves the repository"],
    ["git+https://host.example/a@v1#subdirectory=/x", "leaves the repository"],
    ["https://host.example/a.whl", "bare URL"],
  ])("%s is refused: %s", (text, message) => {
    expect(refusal(text).message).toContain(message);
  });
});

describe("local repositories", () => {
  it("are folders with a revision after the last @ that leaves a folder", () => {
    const cwd = scratchFolder();
    mkdirSync(join(cwd, "repo"));
    mkdirSync(join(cwd, "odd@name"));
    expect(parseSpecification("repo@v1", cwd)).toEqual({ kind: "git-folder", text: "repo@v1", path: join(cwd, "repo"), revision: "v1" });
    expect(parseSpecification("repo@HEAD@{1}", cwd)).toMatchObject({ path: join(cwd, "repo"), revision: "HEAD@{1}" });
    expect(parseSpecification("odd@name@v1", cwd)).toMatchObject({ path: join(cwd, "odd@name"), revision: "v1" });
    expect(parseSpecification("odd@name", cwd)).toMatchObject({ kind: "folder" });
    expect(parseSpecification(".@HEAD~2", cwd)).toMatchObject({ path: cwd, revision: "HEAD~2" });
    expect(refusal("repo@--exec", cwd).message).toContain("no usable revision");
    expect(refusal("./missing@v1", cwd).message).toContain("no such file or folder");
  });
});
