// The audit of Rust files as a whole: what is said besides hazards.
import { expect, it } from "vitest";
import { auditRustFiles } from "./rust-audit.ts";

it("a file in another encoding is read and told", async () => {
  const text = Buffer.from("static mut N: u64 = 0; // caf\u00e9\npub fn next() -> u64 { unsafe { N += 1; N } }\n", "latin1");
  const { hazards, notifications } = await auditRustFiles([{ path: "src/lib.rs", bytes: text }]);
  expect(hazards.map(({ location }) => location.display)).toEqual(["N"]);
  expect(notifications.map(({ file, message }) => `${file} ${message}`)).toEqual([expect.stringContaining("src/lib.rs is not UTF-8")]);
});

it("nothing is said of one that is", async () => {
  const { notifications } = await auditRustFiles([{ path: "src/lib.rs", bytes: Buffer.from("// caf\u00e9\npub fn f() {}\n") }]);
  expect(notifications).toEqual([]);
});
