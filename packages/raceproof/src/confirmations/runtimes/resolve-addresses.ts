// Source lines of addresses in libraries that were compiled with -g. Enters: libraries with offsets. Leaves: for each address its frames, inlined functions
// innermost first; nothing where binutils' addr2line is missing or the library has no symbols.
import { execFile } from "node:child_process";

export interface AddressFrame {
  readonly function: string;
  readonly file: string;
  readonly line: number;
}

/** Command lines have an end. */
const MOST_AT_ONCE = 2000;

/** @returns by offset */
export async function resolveAddresses(library: string, offsets: readonly number[]): Promise<ReadonlyMap<number, readonly AddressFrame[]>> {
  const found = new Map<number, readonly AddressFrame[]>();
  for (let from = 0; from < offsets.length; from += MOST_AT_ONCE) {
    const some = offsets.slice(from, from + MOST_AT_ONCE).map((offset) => `0x${offset.toString(16)}`);
    const told = await new Promise<string>((resolve) => {
      const options = { encoding: "utf8", timeout: 60_000, maxBuffer: 1 << 26 } as const;
      execFile("addr2line", ["-a", "-f", "-i", "-e", library, ...some], options, (_error, stdout) => resolve(stdout)).stdin?.end();
    });
    for (const block of told.split(/^(?=0x)/m)) {
      const [address = "", ...lines] = block.trimEnd().split("\n");
      found.set(Number.parseInt(address, 16), framesOf(lines));
    }
  }
  return found;
}

/** Pairs of lines: a function, and its place ("??:0", "/copy/pkg/table.c:40 (discriminator 2)"). */
function framesOf(lines: readonly string[]): AddressFrame[] {
  return lines.flatMap((name, index) => {
    const place = index % 2 === 0 ? /^(.+):(\d+)(?: \(discriminator \d+\))?$/.exec(lines[index + 1] ?? "") : null;
    const [, file = "??", line = "0"] = place ?? [];
    return place === null || file === "??" ? [] : [{ function: name, file, line: Number(line) }];
  });
}
