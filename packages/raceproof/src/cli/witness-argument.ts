// What a person gives as a witness: a one-line string as it is, or a file's text.
import { readFile } from "node:fs/promises";
import { UserError } from "../vocabulary/index.ts";

/** @throws UserError when there is no such file */
export async function readWitnessText(text: string): Promise<string> {
  if (/^rp\d+\./.test(text)) return text;
  try {
    return await readFile(text, "utf8");
  } catch (error) {
    throw new UserError(
      `cannot read the witness ${text}: ${(error as NodeJS.ErrnoException).code ?? "unknown error"}`,
      "Give a witness file or a string that begins with rp2.",
    );
  }
}
