// Revisions of repositories made on the spot; nothing of them may run, and nothing of the user's settings may matter.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { UserError, type Notification, type Subject } from "../vocabulary/index.ts";
import { fetchSubject } from "./fetch-subject.ts";
import { parseSpecification } from "./specification.ts";
import { bareEnvironment, scratchFolder, writeFiles } from "./testing/scratch.ts";

interface Repository {
  readonly path: string;
  readonly url: string;
  run(...args: string[]): string;
  commit(message: string, files: Record<string, string>): string;
}

function makeRepository(...init: string[]): Repository {
  const path = scratchFolder();
  const identity = { GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a@b.example", GIT_COMMITTER_NAME: "a", GIT_COMMITTER_EMAIL: "a@b.example" };
  const run = (...args: string[]): string => {
    const done = spawnSync("git", ["-C", path, ...args], { encoding: "utf8", env: bareEnvironment(path, identity) as NodeJS.ProcessEnv });
    if (done.status !== 0) throw new Error(`git ${args.join(" ")}: ${done.stderr}`);
    return done.stdout.trim();
  };
  run("init", "--quiet", "--initial-branch=main", ...init);
  const commit = (message: string, files: Record<string, string>): string => {
    writeFiles(path, files);
    run("add", "--all");
    run("commit", "--quiet", "--message", message);
    return run("rev-parse", "HEAD");
  };
  return { path, url: `git+${pathToFileURL(path).href}`, run, commit };
}

interface Fetched {
  readonly subject: Subject;
  readonly notes: readonly string[];
  readonly cacheFolder: string;
  read(path: string): string;
}

async function fetch(text: string, cacheFolder = join(scratchFolder(), "cache")): Promise<Fetched> {
  const notes: Notification[] = [];
  const environment = bareEnvironment(scratchFolder());
  const options = { cacheFolder, environment, onNotification: (note: Notification) => notes.push(note) };
  const subject = await fetchSubject(parseSpecification(text, "/"), options);
  return { subject, notes: notes.map(({ message }) => message), cacheFolder, read: (path) => readFileSync(join(subject.root, path), "utf8") };
}

async function refusal(text: string): Promise<UserError> {
  const error: unknown = await fetch(text).then(
    () => new Error("it succeeded"),
    (reason: unknown) => reason,
  );
  if (error instanceof UserError) return error;
  throw error;
}

function history(...init: string[]): Repository & { readonly first: string } {
  const repository = makeRepository(...init);
  const first = repository.commit("one", { "demo/__init__.py": "x = 1\n", "pyproject.toml": '[project]\nname = "demo"\nversion = "1"\n' });
  repository.run("tag", "--annotate", "--message", "first", "v1");
  repository.commit("two", { "demo/__init__.py": "x = 2\n" });
  repository.run("branch", "feature/x");
  repository.commit("three", { "demo/__init__.py": "x = 3\n" });
  return { ...repository, first };
}

describe.each([
  ["a folder", (repository: Repository) => repository.path],
  ["a URL", (repository: Repository) => repository.url],
] as const)("a repository named by %s", (_how, address) => {
  it("gives branches, tags and expressions", async () => {
    const repository = history();
    const expected = { v1: 1, "refs/tags/v1": 1, "feature/x": 2, main: 3, HEAD: 3, "HEAD~2": 1, "v1~0": 1, "main^": 2 };
    const cacheFolder = join(scratchFolder(), "cache");
    for (const [revision, content] of Object.entries(expected)) {
      const { subject, read } = await fetch(`${address(repository)}@${revision}`, cacheFolder);
      expect([revision, read("demo/__init__.py")]).toEqual([revision, `x = ${content}\n`]);
      expect(subject).toMatchObject({ specification: `${address(repository)}@${revision}`, name: "demo", version: "1", files: ["demo/__init__.py"] });
    }
  });

  it("gives commits by full and by short id", async () => {
    const repository = history();
    expect((await fetch(`${address(repository)}@${repository.first}`)).read("demo/__init__.py")).toBe("x = 1\n");
    expect((await fetch(`${address(repository)}@${repository.first.slice(0, 9)}`)).read("demo/__init__.py")).toBe("x = 1\n");
  });

  it("says when a revision does not exist, and which do", async () => {
    const repository = history();
    for (const revision of ["v9", "feature", "0123456789012345678901234567890123456789", "abcdef1"]) {
      const error = await refusal(`${address(repository)}@${revision}`);
      expect(error.message).toMatch(new RegExp(`has no revision "${revision}"`));
      expect(error.advice).toMatch(/v1/);
    }
  });

  it("runs no filter, hook or keyword expansion, and leaves nothing out", async () => {
    const repository = makeRepository();
    const witness = join(repository.path, "witness");
    const attributes = "*.py filter=evil ident text eol=crlf export-subst\nhidden.py export-ignore\n";
    repository.run("config", "filter.evil.smudge", `touch ${witness}`);
    repository.run("config", "core.fsmonitor", `touch ${witness}`);
    repository.run("config", "core.sshCommand", `touch ${witness}`);
    repository.run("-c", "core.fsmonitor=false", "commit", "--quiet", "--allow-empty", "--message", "empty");
    writeFiles(repository.path, { "a.py": "# $Id$ $Format:%H$\nx = 1\n", "hidden.py": "y = 1\n", ".gitattributes": attributes });
    repository.run("-c", "core.fsmonitor=false", "-c", "filter.evil.smudge=", "-c", "core.autocrlf=false", "add", "--all");
    repository.run("-c", "core.fsmonitor=false", "commit", "--quiet", "--message", "evil");
    for (const hook of ["post-checkout", "post-upload-archive", "pre-upload", "reference-transaction"]) {
      writeFileSync(join(repository.path, ".git/hooks", hook), `#!/bin/sh\ntouch ${witness}\n`, { mode: 0o755 });
    }
    const { read, subject } = await fetch(`${address(repository)}@main`);
    expect(read("a.py")).toBe("# $Id$ $Format:%H$\nx = 1\n");
    expect(subject.files).toEqual(["a.py", "hidden.py"]);
    expect(existsSync(witness)).toBe(false);
  });

  it("with links leaves them out, also those that lead away", async () => {
    const repository = makeRepository();
    symlinkSync("a.py", join(repository.path, "b.py"));
    symlinkSync("/etc/passwd", join(repository.path, "c.py"));
    repository.commit("links", { "a.py": "x = 1\n" });
    const { subject, notes } = await fetch(`${address(repository)}@main`);
    expect(subject.files).toEqual(["a.py"]);
    expect(notes.filter((note) => note.includes("links are left out"))).toHaveLength(2);
  });

  it("may use the longer kind of commit ids", async () => {
    const repository = history("--object-format=sha256");
    expect((await fetch(`${address(repository)}@v1`)).read("demo/__init__.py")).toBe("x = 1\n");
    expect((await fetch(`${address(repository)}@${repository.first.slice(0, 12)}`)).read("demo/__init__.py")).toBe("x = 1\n");
  });
});

describe("a repository's folder", () => {
  it("below the top gives that folder alone", async () => {
    const repository = makeRepository();
    repository.commit("one", { "packages/demo/demo.py": "x = 1\n", "other.py": "" });
    expect((await fetch(`${join(repository.path, "packages/demo")}@main`)).subject.files).toEqual(["demo.py"]);
    expect((await fetch(`${repository.url}@main#subdirectory=packages/demo`)).subject.files).toEqual(["demo.py"]);
    repository.commit("two", { "later/a.py": "" });
    expect((await refusal(`${join(repository.path, "later")}@main~1`)).message).toContain('no folder "later"');
    expect((await refusal(`${repository.url}@main#subdirectory=nowhere`)).message).toContain('no folder "nowhere"');
  });

  it("that is bare works too", async () => {
    const repository = history();
    const bare = join(scratchFolder(), "bare");
    repository.run("clone", "--quiet", "--bare", repository.path, bare);
    expect((await fetch(`${bare}@v1`)).read("demo/__init__.py")).toBe("x = 1\n");
  });

  it("ignores changes that are not committed, and the environment of a hook", async () => {
    const repository = history();
    writeFileSync(join(repository.path, "demo/__init__.py"), "x = 99\n");
    process.env["GIT_DIR"] = "/no-such-place";
    try {
      const { subject } = await fetchSubjectWithProcessEnvironment(`${repository.path}@HEAD`);
      expect(readFileSync(join(subject.root, "demo/__init__.py"), "utf8")).toBe("x = 3\n");
    } finally {
      delete process.env["GIT_DIR"];
    }
  });

  it("outside any repository is an error", async () => {
    expect((await refusal(`${scratchFolder()}@main`)).message).toContain("is not in a git repository");
  });
});

async function fetchSubjectWithProcessEnvironment(text: string): Promise<{ subject: Subject }> {
  return { subject: await fetchSubject(parseSpecification(text, "/"), { cacheFolder: join(scratchFolder(), "cache") }) };
}

describe("a repository's URL", () => {
  it("without revision gives the default branch", async () => {
    expect((await fetch(history().url)).read("demo/__init__.py")).toBe("x = 3\n");
  });

  it("is fetched into one place, and sees what was pushed since", async () => {
    const repository = history();
    const { cacheFolder } = await fetch(`${repository.url}@main`);
    repository.commit("four", { "demo/__init__.py": "x = 4\n" });
    expect((await fetch(`${repository.url}@main`, cacheFolder)).read("demo/__init__.py")).toBe("x = 4\n");
    expect((await fetch(`${repository.url}@v1~0`, cacheFolder)).read("demo/__init__.py")).toBe("x = 1\n");
    expect(
      readdirSync(join(cacheFolder, "git"))
        .map((name) => name.split("-")[1])
        .toSorted(),
    ).toEqual(["history", "tips"]);
    expect(readdirSync(join(cacheFolder, "partial"))).toEqual([]);
  });

  it("whose kept copy is damaged is fetched anew", async () => {
    const repository = history();
    const { cacheFolder } = await fetch(`${repository.url}@main`);
    const [kept = ""] = readdirSync(join(cacheFolder, "git"));
    writeFileSync(join(cacheFolder, "git", kept, "HEAD"), "nonsense");
    writeFileSync(join(cacheFolder, "git", kept, "config"), "[broken");
    expect((await fetch(`${repository.url}@v1`, cacheFolder)).read("demo/__init__.py")).toBe("x = 1\n");
    expect((await fetch(`${repository.url}@feature/x`, cacheFolder)).read("demo/__init__.py")).toBe("x = 2\n");
  });

  it("wanted by several at once, in several revisions, is right for each", async () => {
    const repository = history();
    const cacheFolder = join(scratchFolder(), "cache");
    const revisions = ["v1", "feature/x", "main", "HEAD~2", "v1", "main"];
    const fetched = await Promise.all(revisions.map((revision) => fetch(`${repository.url}@${revision}`, cacheFolder)));
    expect(fetched.map(({ read }) => read("demo/__init__.py"))).toEqual(["x = 1\n", "x = 2\n", "x = 3\n", "x = 1\n", "x = 1\n", "x = 3\n"]);
  });

  it("that leads nowhere is an error without secrets", async () => {
    const missing = await refusal(`git+${pathToFileURL(join(scratchFolder(), "gone")).href}@main`);
    expect(missing.message).toContain("is not a git repository that can be read");
    const offline = await refusal("git+http://user:secret@127.0.0.1:9/a@main");
    expect(offline.message).toContain("cannot be reached");
    expect(`${offline.message}${offline.advice}`).not.toContain("secret");
  });

  it("of an empty repository is an error", async () => {
    expect((await refusal(`${makeRepository().url}@main`)).message).toContain('has no revision "main"');
  });
});

it("without git says that git is missing", async () => {
  const options = { cacheFolder: join(scratchFolder(), "cache"), environment: { PATH: scratchFolder() } };
  await expect(fetchSubject(parseSpecification("git+https://host.invalid/a@b", "/"), options)).rejects.toThrow("git was not found");
});
