// Enters: entries, honest or hostile. Leaves: the bytes of a zip or tar archive that says exactly that.
// Written by hand because no archive library writes archives this bad.
import { crc32, deflateRawSync } from "node:zlib";

export interface CraftedZipEntry {
  readonly name: string;
  readonly content?: string | Uint8Array;
  /** Unix mode in the external attributes, file kind included. */
  readonly mode?: number;
  readonly flags?: number;
  /** What the directory claims instead of the truth. */
  readonly claimedSize?: number;
  readonly claimedCrc?: number;
}

export function craftZip(entries: readonly CraftedZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const content = Buffer.from(entry.content ?? "");
    const packed = deflateRawSync(content);
    const name = Buffer.from(entry.name, "utf8");
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE((entry.flags ?? 0) | 0x800, 2);
    shared.writeUInt16LE(8, 4);
    shared.writeUInt32LE(entry.claimedCrc ?? crc32(content), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(entry.claimedSize ?? content.length, 18);
    shared.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\u0003\u0004", "latin1"), shared, name, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(((entry.mode ?? 0) << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    // Version made by: 3 in the high byte means Unix, so that the mode counts.
    directory.push(Buffer.concat([Buffer.from("PK\u0001\u0002\u0014\u0003", "latin1"), shared, tail, name]));
    locals.push(local);
    offset += local.length;
  }
  const listing = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(listing.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, listing, end]);
}

export interface CraftedTarEntry {
  readonly name: string;
  readonly content?: string | Uint8Array;
  /** Type flag: "0" file, "1" hard link, "2" symbolic link, "3" device, "5" folder, "6" pipe, "x" extended header. */
  readonly type?: string;
  readonly link?: string;
  readonly claimedSize?: number;
}

export function craftTar(entries: readonly CraftedTarEntry[]): Buffer {
  const blocks = entries.flatMap((entry) => {
    const content = Buffer.from(entry.content ?? "");
    return [tarHeader(entry, content.length), content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** An extended header that renames the entry after it. */
export function craftPaxPath(path: string): CraftedTarEntry {
  const rest = ` path=${path}\n`;
  const length = [2, 3, 4].map((digits) => Buffer.byteLength(rest) + digits).find((total) => Buffer.byteLength(`${total}${rest}`) === total);
  return { name: "PaxHeader", type: "x", content: `${length}${rest}` };
}

function tarHeader(entry: CraftedTarEntry, size: number): Buffer {
  const header = Buffer.alloc(512);
  header.write(entry.name, 0, 100);
  header.write("0000644\0", 100);
  header.write("0000000\0", 108);
  header.write("0000000\0", 116);
  header.write(`${(entry.claimedSize ?? size).toString(8).padStart(11, "0")}\0`, 124);
  header.write("00000000000\0", 136);
  header.write("        ", 148);
  header.write(entry.type ?? "0", 156);
  header.write(entry.link ?? "", 157, 100);
  header.write("ustar\u000000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}
