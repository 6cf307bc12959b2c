// What an audit is about in, a file name out: the same for the same, another for anything else.
import { createHash } from "node:crypto";

export function storeName(about: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(about)).digest("hex").slice(0, 32);
}
