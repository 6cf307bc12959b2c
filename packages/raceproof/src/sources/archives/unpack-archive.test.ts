// What the unpackers let through and what they refuse, with archives no honest tool would write.
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Notification } from "../../vocabulary/index.ts";
import { craftPaxPath, craftTar, craftZip, type CraftedTarEntry, type CraftedZipEntry } from "../testing/craft-archive.ts";
import { scratchFolder } from "../testing/scratch.ts";
import { unpackArchive } from "./unpack-archive.ts";
import { DEFAULT_LIMITS, type UnpackingLimits } from "./unpacking-limits.ts";

interface Trial {
  readonly limits?: Partial<UnpackingLimits>;
  readonly outsideLinks?: "refuse" | "skip";
}

/** Unpacks bytes under a name; the folder is `folder/out`, with a witness file beside it. */
async function unpack(name: string, bytes: Uint8Array, trial: Trial = {}): Promise<{ out: string; notes: Notification[] }> {
  const folder = scratchFolder();
  const out = join(folder, "out");
  mkdirSync(out);
  writeFileSync(join(folder, name), bytes);
  const notes: Notification[] = [];
  await unpackArchive(join(folder, name), {
    archive: name,
    folder: out,
    limits: { ...DEFAULT_LIMITS, ...trial.limits },
    outsideLinks: trial.outsideLinks ?? "refuse",
    onNotification: (note) => notes.push(note),
  });
  expect(readdirSync(folder).toSorted()).toEqual([name, "out"].toSorted());
  return { out, notes };
}

const zip = (entries: CraftedZipEntry[], trial?: Trial): ReturnType<typeof unpack> => unpack("a.whl", craftZip(entries), trial);
const tar = (entries: CraftedTarEntry[], trial?: Trial): ReturnType<typeof unpack> => unpack("a.tar.gz", gzipSync(craftTar(entries)), trial);
const formats = [
  ["zip", (entries: { name: string; content?: string }[], trial?: Trial) => zip(entries, trial)],
  ["tar", (entries: { name: string; content?: string }[], trial?: Trial) => tar(entries, trial)],
] as const;

describe.each(formats)("%s archives", (_format, unpackEntries) => {
  it("give their files, with folders made as needed and without execute permission", async () => {
    const { out, notes } = await unpackEntries([{ name: "p/__init__.py", content: "x = 1\n" }, { name: "p/deep/er/ü.py" }]);
    expect(readFileSync(join(out, "p/__init__.py"), "utf8")).toBe("x = 1\n");
    expect(readFileSync(join(out, "p/deep/er/ü.py"), "utf8")).toBe("");
    expect(lstatSync(join(out, "p/__init__.py")).mode & 0o111).toBe(0);
    expect(notes).toEqual([]);
  });

  it.each([["../evil.py"], ["p/../../evil.py"], ["/tmp/evil.py"], ["\\evil.py"], ["..\\evil.py"], ["C:/evil.py"], ["c:evil.py"], ["a/b\\..\\..\\..\\evil.py"]])(
    "with the entry %s are refused",
    async (name) => {
      await expect(unpackEntries([{ name: "fine.py" }, { name, content: "evil" }])).rejects.toThrow(/was not unpacked|invalid/);
    },
  );

  it("with names that differ only by case keep both, where the disk can", async () => {
    const { out } = await unpackEntries([
      { name: "A.py", content: "upper" },
      { name: "a.py", content: "lower" },
    ]);
    expect(readFileSync(join(out, "a.py"), "utf8")).toBe("lower");
  });

  it("with one name twice keep the last and say so", async () => {
    const { out, notes } = await unpackEntries([
      { name: "a.py", content: "a much longer first text" },
      { name: "a.py", content: "second" },
    ]);
    expect(readFileSync(join(out, "a.py"), "utf8")).toBe("second");
    expect(notes.map(({ message }) => message)).toEqual([expect.stringContaining("more than once")]);
  });

  it("with a file where a folder must be are refused", async () => {
    await expect(unpackEntries([{ name: "a" }, { name: "a/b.py" }])).rejects.toThrow(/cannot be a file or folder/);
    await expect(unpackEntries([{ name: "a/b.py" }, { name: "a" }])).rejects.toThrow(/cannot be a file or folder/);
  });

  it("with a name no disk can hold are refused", async () => {
    await expect(unpackEntries([{ name: `${"n/".repeat(45)}x` }])).resolves.toBeDefined();
    await expect(zip([{ name: "n".repeat(300) }])).rejects.toThrow(/ENAMETOOLONG/);
  });

  it("with too many entries, a huge file, or a huge sum are refused while they are read", async () => {
    const many = Array.from({ length: 11 }, (_, index) => ({ name: `${index}.py` }));
    await expect(unpackEntries(many, { limits: { entries: 10 } })).rejects.toThrow(/more than 10 entries/);
    const files = Array.from({ length: 4 }, (_, index) => ({ name: `${index}.py`, content: "x".repeat(100_000) }));
    await expect(unpackEntries(files, { limits: { fileBytes: 99_999 } })).rejects.toThrow(/one file is larger/);
    await expect(unpackEntries(files, { limits: { totalBytes: 300_000 } })).rejects.toThrow(/unpacks to more than/);
    await expect(unpackEntries(files, { limits: { fileBytes: 100_000, totalBytes: 420_000, entries: 4 } })).resolves.toBeDefined();
  });

  it("that are bombs are refused by their ratio, above the floor only", async () => {
    const files = Array.from({ length: 4 }, (_, index) => ({ name: `${index}.py`, content: "\0".repeat(1_000_000) }));
    await expect(unpackEntries(files, { limits: { ratioFloorBytes: 1_000_000 } })).rejects.toThrow(/200 times its size/);
    await expect(unpackEntries(files, { limits: { ratioFloorBytes: 5_000_000 } })).resolves.toBeDefined();
  });

  it("escape what they print of names", async () => {
    await expect(unpackEntries([{ name: "../\u001b[31mred" }])).rejects.toThrow(/\\u001b/);
  });
});

it("the limits as they are stop a bomb of zeros in either format", async () => {
  const zeros = Buffer.alloc(60 * 1024 * 1024);
  await expect(zip([{ name: "zeros.py", content: zeros }])).rejects.toThrow(/200 times its size/);
  await expect(tar([{ name: "zeros.py", content: zeros }])).rejects.toThrow(/200 times its size/);
});

describe("zip archives", () => {
  it("with links leave them out, and are refused when one leads outside", async () => {
    const link = (name: string, target: string): CraftedZipEntry => ({ name, content: target, mode: 0o120777 });
    const { out, notes } = await zip([link("p/inside", "../q/file"), { name: "p/a.py" }]);
    expect(existsSync(join(out, "p/inside"))).toBe(false);
    expect(notes).toHaveLength(1);
    await expect(zip([link("p/outside", "../../etc/passwd")])).rejects.toThrow(/leads outside/);
    await expect(zip([link("p/outside", "/etc/passwd")])).rejects.toThrow(/leads outside/);
    await expect(zip([link("endless", "x".repeat(5000))])).rejects.toThrow(/endless target/);
    await expect(zip([link("../escaping", "x")])).rejects.toThrow();
  });

  it("with devices or encrypted entries are refused", async () => {
    await expect(zip([{ name: "tty", mode: 0o020666 }])).rejects.toThrow(/device/);
    await expect(zip([{ name: "a.py", content: "x", flags: 1 }])).rejects.toThrow(/encrypted/);
  });

  it("that lie about sizes or checksums are refused", async () => {
    await expect(zip([{ name: "a.py", content: "x".repeat(5000), claimedSize: 10 }])).rejects.toThrow(/not an intact zip/);
    await expect(zip([{ name: "a.py", content: "x", claimedCrc: 1 }])).rejects.toThrow(/damaged/);
  });

  it("that are cut off or something else are refused", async () => {
    const whole = craftZip([{ name: "a.py", content: "x = 1\n".repeat(100) }]);
    await expect(unpack("a.whl", whole.subarray(0, whole.length - 30))).rejects.toThrow(/not an intact zip/);
    await expect(unpack("a.whl", Buffer.from("<html>not found</html>"))).rejects.toThrow(/not an intact zip/);
    await expect(unpack("a.whl", Buffer.alloc(0))).rejects.toThrow(/not an intact zip/);
  });
});

describe("tar archives", () => {
  it("with links leave them out, and are refused when one leads outside", async () => {
    const inside: CraftedTarEntry[] = [
      { name: "p/symbolic", type: "2", link: "../q/file" },
      { name: "p/hard", type: "1", link: "p/a.py" },
    ];
    const { out, notes } = await tar([...inside, { name: "p/a.py" }]);
    expect(readdirSync(join(out, "p"))).toEqual(["a.py"]);
    expect(notes).toHaveLength(2);
    for (const [type, link] of [
      ["2", "../../etc"],
      ["2", "/etc/passwd"],
      ["1", "../etc/passwd"],
      ["1", "/etc/passwd"],
    ] as const) {
      await expect(tar([{ name: "p/outside", type, link }])).rejects.toThrow(/leads outside/);
      await expect(tar([{ name: "p/outside", type, link }], { outsideLinks: "skip" })).resolves.toBeDefined();
    }
  });

  it("cannot write through a link they brought along", async () => {
    const { out } = await tar(
      [
        { name: "door", type: "2", link: "/" },
        { name: "door/x.py", content: "x" },
      ],
      { outsideLinks: "skip" },
    );
    expect(lstatSync(join(out, "door")).isDirectory()).toBe(true);
    expect(readFileSync(join(out, "door/x.py"), "utf8")).toBe("x");
  });

  it.each([
    ["a character device", "3"],
    ["a block device", "4"],
    ["a named pipe", "6"],
  ])("with %s are refused", async (_what, type) => {
    await expect(tar([{ name: "device", type }])).rejects.toThrow(/not a file/);
  });

  it("are judged by the name their extended header gives", async () => {
    await expect(tar([craftPaxPath("../evil.py"), { name: "fine.py" }])).rejects.toThrow(/leaves the folder/);
    await expect(tar([craftPaxPath("/evil.py"), { name: "fine.py" }])).rejects.toThrow(/absolute/);
    const { out } = await tar([craftPaxPath(`${"long/".repeat(30)}a.py`), { name: "short.py", content: "x" }]);
    expect(readFileSync(join(out, `${"long/".repeat(30)}a.py`), "utf8")).toBe("x");
  });

  it("that are damaged, cut off, compressed twice or something else are refused", async () => {
    const whole = craftTar([{ name: "a.py", content: "x = 1\n".repeat(500) }]);
    const broken = Buffer.from(whole);
    broken.write("zzz", 0);
    await expect(unpack("a.tar.gz", gzipSync(broken))).rejects.toThrow(/not an intact tar/);
    await expect(unpack("a.tar.gz", gzipSync(whole.subarray(0, 1024)))).rejects.toThrow(/not an intact tar/);
    await expect(unpack("a.tar.gz", gzipSync(gzipSync(whole)))).rejects.toThrow(/compressed twice/);
    await expect(unpack("a.tar.gz", gzipSync(whole).subarray(0, 60))).rejects.toThrow(/not intact gzip/);
    await expect(unpack("a.tar.gz", Buffer.from("plain text, no archive"))).rejects.toThrow(/not intact gzip/);
    await expect(unpack("a.tar.gz", gzipSync("text ".repeat(400)))).rejects.toThrow(/not an intact tar/);
  });

  it("without compression are read too", async () => {
    const { out } = await unpack("a.tar", craftTar([{ name: "a.py", content: "x" }]));
    expect(readdirSync(out)).toEqual(["a.py"]);
  });
});

it("formats that cannot be read are named as such", async () => {
  await expect(unpack("a.tar.bz2", Buffer.from("BZh9"))).rejects.toThrow(/format that cannot be read/);
});
