// What many facts have in common, laid out in a pack: texts, spans, ranges and locations. One object for many facts stays one.
import type { Location, SourceSpan } from "../../vocabulary/index.ts";
import { int, list, ownSpan, pair, record, shared, term, word } from "./codec.ts";
import type { Codec } from "./codec.ts";

export const texts: Codec<readonly string[]> = shared(list(word()));
export const span: Codec<SourceSpan> = shared(ownSpan);
export const range: Codec<readonly [number, number]> = pair(int, int);

export const location: Codec<Location> = shared(
  record<Location>(
    {
      key: word(),
      ownerKind: term(),
      owner: word(),
      path: word(),
      display: word(),
    },
    (pack, fields) => ({
      key: fields.key.read(pack),
      ownerKind: fields.ownerKind.read(pack),
      owner: fields.owner.read(pack),
      path: fields.path.read(pack),
      display: fields.display.read(pack),
    }),
  ),
);
