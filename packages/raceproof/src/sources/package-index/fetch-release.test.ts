// Fetching from an index on this machine: formats, choice, verification, and every way it can go wrong.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { UserError, type Notification } from "../../vocabulary/index.ts";
import { openSubjectCache } from "../subject-cache.ts";
import { serveFakeIndex, type FakeFile, type FakeIndexOptions } from "../testing/fake-index.ts";
import { bareEnvironment, scratchFolder, writeFiles } from "../testing/scratch.ts";
import { fetchRelease, type FetchedRelease } from "./fetch-release.ts";

const bytes = (text: string): FakeFile => ({ bytes: Buffer.from(text) });
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const WHEEL = "demo-1.0-py3-none-any.whl";

interface Attempt {
  readonly indexes: string;
  readonly version?: string;
  readonly folder?: string;
  readonly variables?: Record<string, string>;
}

async function fetch({ indexes, version, folder = scratchFolder(), variables }: Attempt): Promise<FetchedRelease & { notes: string[]; folder: string }> {
  const notes: Notification[] = [];
  const [first = "", ...rest] = indexes.split(" ");
  const settings = { PIP_INDEX_URL: first, PIP_EXTRA_INDEX_URL: rest.join(" "), PIP_RETRIES: "2", ...variables };
  const release = await fetchRelease(
    { name: "Demo", version },
    {
      cache: await openSubjectCache(join(folder, "cache")),
      environment: bareEnvironment(folder, settings),
      onProgress: () => undefined,
      onNotification: (note) => notes.push(note),
    },
  );
  return { ...release, notes: notes.map(({ message }) => message), folder };
}

async function refusal(attempt: Attempt): Promise<UserError> {
  const error: unknown = await fetch(attempt).then(
    () => new Error("it succeeded"),
    (reason: unknown) => reason,
  );
  if (error instanceof UserError) return error;
  throw error;
}

describe.each(["json", "html"] as const)("an index that speaks %s", (format) => {
  const serve = (files: FakeIndexOptions["files"], options: Partial<FakeIndexOptions> = {}): ReturnType<typeof serveFakeIndex> =>
    serveFakeIndex({ format, files, ...options });

  it("gives the newest release that is neither withdrawn nor a pre-release", async () => {
    const index = await serve({
      "demo-1.0.tar.gz": bytes("1.0"),
      "demo-1.10.tar.gz": { ...bytes("1.10"), requiresPython: ">=3.99" },
      "demo-2.0rc1.tar.gz": bytes("2.0rc1"),
      "demo-3.0.tar.gz": { ...bytes("3.0"), yanked: "broken" },
      "other-9.0.tar.gz": bytes("other"),
    });
    const release = await fetch({ indexes: index.url });
    expect(release).toMatchObject({ version: "1.10", requiresPython: ">=3.99", sha256: sha256("1.10"), notes: [] });
    expect(readFileSync(release.path, "utf8")).toBe("1.10");
  });

  it("gives a withdrawn release or a pre-release that is pinned, or when nothing else exists", async () => {
    const index = await serve({ "demo-3.0.tar.gz": { ...bytes("3.0"), yanked: "broken" }, "demo-2.0rc1.tar.gz": bytes("2.0rc1") });
    const pinned = await fetch({ indexes: index.url, version: "3.0.0" });
    expect(pinned).toMatchObject({ version: "3.0", notes: [expect.stringContaining("withdrawn by its authors: broken")] });
    expect(await fetch({ indexes: index.url })).toMatchObject({ version: "2.0rc1" });
    const onlyWithdrawn = await serve({ "demo-3.0.tar.gz": { ...bytes("3.0"), yanked: true } });
    expect(await fetch({ indexes: onlyWithdrawn.url })).toMatchObject({ version: "3.0", notes: [expect.stringContaining("withdrawn")] });
  });

  it.each([
    ["a pure wheel before the source archive", [WHEEL, "demo-1.0.tar.gz"], WHEEL],
    ["the source archive first where other wheels hold compiled code", [WHEEL, "demo-1.0.tar.gz", "demo-1.0-cp313-cp313-win32.whl"], "demo-1.0.tar.gz"],
    ["a pure wheel where there is no source archive", [WHEEL, "demo-1.0-cp313-cp313-win32.whl"], WHEEL],
    ["a source archive before wheels for one platform", ["demo-1.0-cp313-cp313-manylinux1_x86_64.whl", "demo-1.0.tar.gz"], "demo-1.0.tar.gz"],
    ["tar.gz before zip", ["demo-1.0.zip", "demo-1.0.tar.gz"], "demo-1.0.tar.gz"],
    ["zip when there is nothing else", ["demo-1.0.zip", "demo-1.0.tar.bz2"], "demo-1.0.zip"],
    [
      "the newest wheel of a platform",
      ["demo-1.0-cp39-cp39-manylinux1_x86_64.whl", "demo-1.0-cp313-cp313-manylinux1_x86_64.whl"],
      "demo-1.0-cp313-cp313-manylinux1_x86_64.whl",
    ],
    ["the latest build", ["demo-1.0-9-py3-none-any.whl", "demo-1.0-10-py3-none-any.whl"], "demo-1.0-10-py3-none-any.whl"],
  ])("gives %s", async (_what, names, chosen) => {
    const index = await serve(Object.fromEntries(names.map((name) => [name, bytes(name)])));
    expect(readFileSync((await fetch({ indexes: index.url })).path, "utf8")).toBe(chosen);
  });

  it("is asked for the normalized name, and again only for the page when the archive is cached", async () => {
    const index = await serve({ [WHEEL]: bytes("wheel") });
    const { folder } = await fetch({ indexes: `${index.url}/` });
    await fetch({ indexes: index.url, folder });
    expect(index.requests).toEqual(["/simple/demo/", `/files/${WHEEL}`, "/simple/demo/"]);
  });

  it("that serves other bytes than it promises is refused, and nothing is kept", async () => {
    const index = await serve({ [WHEEL]: { ...bytes("tampered"), hashes: { sha256: sha256("original") } } });
    const folder = scratchFolder();
    const error = await refusal({ indexes: index.url, folder });
    expect(error.message).toContain("does not have the sha256 that the index promises");
    const left = readdirSync(join(folder, "cache"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(left).toEqual([]);
  });

  it("that promises another digest, or none, is checked as far as possible", async () => {
    const md5 = createHash("md5").update("wheel").digest("hex");
    const good = await serve({ [WHEEL]: { ...bytes("wheel"), hashes: { md5 } } });
    expect((await fetch({ indexes: good.url })).notes).toEqual([]);
    const bad = await serve({ [WHEEL]: { ...bytes("other"), hashes: { md5 } } });
    expect((await refusal({ indexes: bad.url })).message).toContain("does not have the md5");
    const none = await serve({ [WHEEL]: { ...bytes("wheel"), hashes: null } });
    expect((await fetch({ indexes: none.url })).notes).toEqual([expect.stringContaining("not verified")]);
  });
});

describe("a damaged cache", () => {
  it("is noticed and filled again", async () => {
    const index = await serveFakeIndex({ files: { [WHEEL]: bytes("wheel") } });
    const { path, folder } = await fetch({ indexes: index.url });
    writeFileSync(path, "whee");
    expect(readFileSync((await fetch({ indexes: index.url, folder })).path, "utf8")).toBe("wheel");
    expect(index.requests.filter((request) => request.startsWith("/files"))).toHaveLength(2);
  });
});

describe("troubles", () => {
  it("that pass are waited out, for the page and for the archive", async () => {
    const index = await serveFakeIndex({ files: { [WHEEL]: bytes("wheel") }, troubles: { "/simple/demo/": [503, 429], [`/files/${WHEEL}`]: [500, 0] } });
    expect(readFileSync((await fetch({ indexes: index.url })).path, "utf8")).toBe("wheel");
    expect(index.requests).toHaveLength(6);
  });

  it("that stay end after the configured number of attempts", async () => {
    const index = await serveFakeIndex({ files: {}, troubles: { "/simple/demo/": [503, 503, 503, 503] } });
    expect((await refusal({ indexes: index.url })).message).toMatch(/gave no answer.*status 503/);
    expect(index.requests).toHaveLength(3);
  });

  it("of an archive that is not there are the user's to know", async () => {
    const index = await serveFakeIndex({ files: { [WHEEL]: bytes("wheel") }, troubles: { [`/files/${WHEEL}`]: [404] } });
    expect((await refusal({ indexes: index.url })).message).toContain("status 404");
  });

  it("without network name the index, not the login, and say what to do", async () => {
    const error = await refusal({ indexes: "http://user:secret@127.0.0.1:9/simple" });
    expect(error.message).toMatch(/gave no answer: http:\/\/\*\*\*\*@127\.0\.0\.1:9/);
    expect(`${error.message}${error.advice}`).not.toContain("secret");
    expect(error.advice).toContain("Check the network");
  });

  it("without network leave a pinned release that is in the cache", async () => {
    const index = await serveFakeIndex({ files: { [WHEEL]: bytes("wheel") } });
    const { folder } = await fetch({ indexes: index.url });
    const offline = { indexes: "http://127.0.0.1:9/simple", folder };
    expect(await fetch({ ...offline, version: "1.0" })).toMatchObject({ sha256: sha256("wheel"), notes: [expect.stringContaining("comes from the cache")] });
    expect((await refusal(offline)).message).toContain("gave no answer");
    expect((await refusal({ ...offline, version: "2.0" })).message).toContain("gave no answer");
  });

  it("of one index leave the others", async () => {
    const index = await serveFakeIndex({ files: { [WHEEL]: bytes("wheel") } });
    const release = await fetch({ indexes: `http://127.0.0.1:9/simple ${index.url}` });
    expect(release.notes).toEqual([expect.stringContaining("a package index was left out: http://127.0.0.1:9")]);
  });

  it("with an unknown package or version name what was asked and what is near", async () => {
    const names = ["0.9", "1.0", "1.1", "2.0", "2.1", "3.0a1"].map((version) => [`demo-${version}.tar.gz`, bytes(version)] as const);
    const index = await serveFakeIndex({ files: Object.fromEntries(names) });
    const unknownVersion = await refusal({ indexes: index.url, version: "1.5" });
    expect(unknownVersion.message).toBe("Demo has no version 1.5");
    expect(unknownVersion.advice).toBe("The nearest are 1.0, 1.1, 2.0, 2.1; the newest is 2.1.");
    const empty = await serveFakeIndex({ files: {}, project: "another" });
    expect((await refusal({ indexes: empty.url })).message).toBe(`no package named "Demo" was found on ${empty.url}`);
    const bz2 = await serveFakeIndex({ files: { "demo-1.0.tar.bz2": bytes("x") } });
    expect((await refusal({ indexes: bz2.url })).message).toContain("no archive that can be unpacked");
  });

  it("with a page that is none are not taken for an empty index", async () => {
    const index = await serveFakeIndex({ files: {}, troubles: { "/simple/demo/": [403] } });
    const error = await refusal({ indexes: index.url });
    expect(error.message).toContain("status 403");
    expect(error.advice).toContain("credentials");
  });
});

describe("places", () => {
  it("are merged: find-links folders, pages and files, and several indexes", async () => {
    const folder = writeFiles(scratchFolder(), {
      "wheels/demo-1.2-py3-none-any.whl": "1.2",
      "wheels/readme.txt": "",
      "page.html": `<a href="deeper/demo-1.3.tar.gz">x</a>`,
      "deeper/demo-1.3.tar.gz": "1.3",
    });
    const older = await serveFakeIndex({ files: { "demo-1.0.tar.gz": bytes("1.0") } });
    const newer = await serveFakeIndex({ files: { "demo-1.1.tar.gz": bytes("1.1") } });
    const indexes = `${older.url} ${newer.url}`;
    expect(await fetch({ indexes })).toMatchObject({ version: "1.1" });
    const folderOfWheels = await fetch({ indexes, variables: { PIP_FIND_LINKS: join(folder, "wheels") } });
    expect(readFileSync(folderOfWheels.path, "utf8")).toBe("1.2");
    expect(await fetch({ indexes, variables: { PIP_FIND_LINKS: join(folder, "page.html") } })).toMatchObject({ version: "1.3" });
    expect(await fetch({ indexes, variables: { PIP_FIND_LINKS: `file://${folder}/wheels` } })).toMatchObject({ version: "1.2" });
    expect(await fetch({ indexes, variables: { PIP_FIND_LINKS: join(folder, "missing") } })).toMatchObject({
      version: "1.1",
      notes: [expect.stringContaining("which does not exist")],
    });
    expect(existsSync(join(folder, "wheels/demo-1.2-py3-none-any.whl"))).toBe(true);
  });

  it("without an index are the links alone", async () => {
    const folder = writeFiles(scratchFolder(), { "demo-1.2.tar.gz": "1.2" });
    expect(await fetch({ indexes: "", variables: { PIP_NO_INDEX: "1", PIP_FIND_LINKS: folder } })).toMatchObject({ version: "1.2" });
    expect((await refusal({ indexes: "", variables: { PIP_NO_INDEX: "1" } })).message).toContain("no-index");
  });

  it("may be an index in a folder", async () => {
    const folder = writeFiles(scratchFolder(), {
      "simple/demo/index.html": `<a href="../../demo-1.4.tar.gz#sha256=${sha256("1.4")}">x</a>`,
      "demo-1.4.tar.gz": "1.4",
    });
    expect(await fetch({ indexes: `file://${folder}/simple` })).toMatchObject({ version: "1.4", notes: [] });
    expect(await fetch({ indexes: join(folder, "simple") })).toMatchObject({ version: "1.4" });
  });

  it("that want a login get it from the URL or from netrc, and answer strangers with advice", async () => {
    const index = await serveFakeIndex({ files: { [WHEEL]: bytes("wheel") }, login: "us er:p@ss" });
    const withLogin = index.url.replace("http://", "http://us%20er:p%40ss@");
    expect(await fetch({ indexes: withLogin })).toMatchObject({ version: "1.0" });
    const netrc = writeFiles(scratchFolder(), { ".netrc": 'machine other login a password b\nmachine 127.0.0.1\n  login "us er"\n  password p@ss\n' });
    expect(await fetch({ indexes: index.url, variables: { NETRC: join(netrc, ".netrc") } })).toMatchObject({ version: "1.0" });
    expect((await refusal({ indexes: index.url })).advice).toContain("credentials");
  });

  it("are refused over plain HTTP unless they are trusted or this machine", async () => {
    const insecure = { indexes: "http://index.invalid/simple" };
    expect((await refusal(insecure)).message).toContain("not a secure address");
    expect((await refusal({ ...insecure, variables: { PIP_TRUSTED_HOST: "index.invalid", PIP_RETRIES: "0" } })).message).toContain("gave no answer");
  });
});
