// Stored modules in, blocks of bytes out, and one block back: a JSON header that says where each module's packed facts lie, then the packs.
import { packFacts, unpackFacts } from "../facts/index.ts";
import type { ModuleFacts, Pack, Rested, StoredModule } from "../facts/index.ts";

interface ModuleHeader extends Omit<StoredModule, "facts"> {
  readonly path: string;
  readonly facts: Omit<StoredModule["facts"], "value">;
  /** Bytes of numbers, string starts and text. */
  readonly sizes: readonly [number, number, number];
}

interface Header {
  readonly identity: string;
  readonly modules: readonly ModuleHeader[];
}

export function encodeModules(modules: ReadonlyMap<string, StoredModule>, identity: string): Uint8Array[] {
  const parts: Uint8Array[] = [];
  const headers: ModuleHeader[] = [];
  for (const [path, { digest, outline, passed, facts }] of modules) {
    const { numbers, starts, text } = packFacts(facts.value);
    const blocks = [bytesOf(numbers), bytesOf(starts), Buffer.from(text, isWide(text) ? "utf16le" : "latin1")] as const;
    parts.push(...blocks, Buffer.alloc(gapAfter(blocks[2].length)));
    headers.push({
      path,
      digest,
      outline,
      passed,
      facts: { consulted: facts.consulted, fingerprint: facts.fingerprint },
      sizes: [blocks[0].length, blocks[1].length, blocks[2].length],
    });
  }
  const header = Buffer.from(JSON.stringify({ identity, modules: headers } satisfies Header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  return [length, header, Buffer.alloc(gapAfter(header.length)), ...parts];
}

/** Empty when another build wrote it. @throws when it is damaged */
export function decodeModules(content: Buffer, identity: string): Map<string, StoredModule> {
  let at = 4 + content.readUInt32LE(0);
  const header = JSON.parse(content.toString("utf8", 4, at)) as Header;
  if (header.identity !== identity) return new Map();
  at += gapAfter(at);
  const take = (size: number): Buffer => content.subarray(at, (at += size));
  return new Map(
    header.modules.map(({ path, digest, outline, passed, facts, sizes }) => {
      const numbers = numbersOf(take(sizes[0]));
      const starts = numbersOf(take(sizes[1]));
      const text = take(sizes[2]).toString(sizes[2] > (starts.at(-1) ?? 0) ? "utf16le" : "latin1");
      at += gapAfter(sizes[2]);
      return [path, { digest, outline, passed, facts: packedFacts(facts, { numbers, starts, text }) }];
    }),
  );
}

/** Has letters that one byte does not hold: all letters are written in two, for a text that UTF-8 cannot hold may be among them, too. */
function isWide(text: string): boolean {
  return /[^\0-\u{ff}]/u.test(text);
}

/** Most runs look at few of them: unpacked when somebody does. */
function packedFacts(about: ModuleHeader["facts"], pack: Pack): Rested<ModuleFacts> {
  let value: ModuleFacts | undefined;
  return {
    ...about,
    get value(): ModuleFacts {
      return (value ??= unpackFacts(pack));
    },
  };
}

function bytesOf({ buffer, byteOffset, byteLength }: Int32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Copied only where the bytes do not stand as numbers may, which is up to whoever read them. */
function numbersOf(bytes: Uint8Array): Int32Array {
  const isAligned = bytes.byteOffset % numberBytes === 0;
  const { buffer, byteOffset, byteLength } = isAligned ? bytes : new Uint8Array(bytes);
  return new Int32Array(buffer, byteOffset, byteLength / numberBytes);
}

/** So many bytes are left free after a block: numbers stand at multiples of their size. */
function gapAfter(length: number): number {
  return (numberBytes - (length % numberBytes)) % numberBytes;
}

const numberBytes = 4;
