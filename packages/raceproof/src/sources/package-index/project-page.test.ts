// Index pages as the standards allow them, and as real servers bend them.
import { describe, expect, it } from "vitest";
import { readDistributionLink } from "./distribution-file.ts";
import { parseProjectPage } from "./project-page.ts";

const PAGE = "https://host.example/simple/demo/";
const JSON_TYPE = "application/vnd.pypi.simple.v1+json";

describe("JSON pages", () => {
  it("give links, and leave out files with fields of a wrong type", () => {
    const text = JSON.stringify({
      meta: { "api-version": "1.4" },
      files: [
        { filename: "a-1.whl", url: "/files/a-1.whl#x", hashes: { SHA256: "AB" }, "requires-python": ">=3.8", yanked: "broken", size: 3 },
        { filename: "b-1.whl", url: "../../b.whl", hashes: { md5: 7 }, yanked: true },
        { filename: "c-1.whl", url: "https://cdn.example/c-1.whl" },
        { filename: 7, url: "x" },
        { filename: "d-1.whl", url: "http://[bad" },
        null,
      ],
    });
    expect(parseProjectPage(text, PAGE, JSON_TYPE)).toEqual([
      { filename: "a-1.whl", url: "https://host.example/files/a-1.whl", hashes: { sha256: "ab" }, requiresPython: ">=3.8", yanked: "broken" },
      { filename: "b-1.whl", url: "https://host.example/b.whl", hashes: {}, requiresPython: undefined, yanked: "" },
      { filename: "c-1.whl", url: "https://cdn.example/c-1.whl", hashes: {}, requiresPython: undefined, yanked: undefined },
    ]);
  });

  it.each(["{", "[]", '{"meta":{"api-version":"2.0"},"files":[]}', '"text"', "null"])("that cannot be understood are refused: %s", (text) => {
    expect(() => parseProjectPage(text, PAGE, JSON_TYPE)).toThrow();
  });
});

describe("HTML pages", () => {
  const parse = (text: string): ReturnType<typeof parseProjectPage> => parseProjectPage(text, PAGE, "text/html; charset=utf-8");

  it("give links with hashes, markers and entities decoded", () => {
    const [link] = parse(`<A class=x HREF='../../f/demo-1.0%2Bcpu.tar.gz#sha256=ABCD' data-requires-python="&gt;=3.8, &#60;4" data-yanked>demo</A>`);
    expect(link).toEqual({
      filename: "demo-1.0+cpu.tar.gz",
      url: "https://host.example/f/demo-1.0%2Bcpu.tar.gz",
      hashes: { sha256: "abcd" },
      requiresPython: ">=3.8, <4",
      yanked: "",
    });
  });

  it("follow a base address, skip comments, and keep what is not quoted well", () => {
    const links = parse(`<base href="https://cdn.example/x/"><!-- <a href="no.whl"></a> --><a href=one.whl>1</a><a>2</a><a name="3"\n href="two.whl">`);
    expect(links.map(({ url }) => url)).toEqual(["https://cdn.example/x/one.whl", "https://cdn.example/x/two.whl"]);
  });

  it.each(["<a ", '<a href="', "<!--", "<a '", "<a x =", '<a ""', "<base href=x"])("of nothing but %s are read to the end", (text) => {
    // A pattern that backtracks needs hours for this; the suite's time limit is the judge.
    expect(parse(text.repeat(200_000)).length).toBeLessThan(2);
  });
});

describe("file names", () => {
  const read = (filename: string): string | undefined => {
    const file = readDistributionLink({ filename, url: "", hashes: {}, requiresPython: undefined, yanked: undefined }, "a-b");
    return file && `${file.kind} ${file.version.text}${file.pure ? " pure" : ""}${file.readable ? "" : " unreadable"}`;
  };

  it.each([
    ["a_b-1.0-py3-none-any.whl", "wheel 1.0 pure"],
    ["A.B-1.0-py2.py3-none-any.whl", "wheel 1.0 pure"],
    ["a_b-1.0-2-py38-none-any.whl", "wheel 1.0 pure"],
    ["a_b-1.0-py2-none-any.whl", "wheel 1.0"],
    ["a_b-1.0-cp312-cp312-win_amd64.whl", "wheel 1.0"],
    ["a_b-1.0-py3-none-manylinux1_x86_64.whl", "wheel 1.0"],
    ["a-b-1.0.tar.gz", "sdist 1.0"],
    ["a_b-1.0.post1.zip", "sdist 1.0.post1"],
    ["a-b-1.0-1.tar.gz", "sdist 1.0-1"],
    ["a-b-1.0.tar.bz2", "sdist 1.0 unreadable"],
    ["a-b-c-1.0.tar.gz", undefined],
    ["a-b-1.0.exe", undefined],
    ["a-b-1.0.tar.gz.asc", undefined],
    ["a_b-1.0-py3-none.whl", undefined],
    ["a_b-1.0-py3-none-any/../../x.whl", undefined],
    ["a-b-latest.tar.gz", undefined],
  ])("%s is %s", (filename, expected) => {
    expect(read(filename)).toBe(expected);
  });
});
