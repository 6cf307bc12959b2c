// Places in the subject in, SARIF locations out: relative URIs below SRCROOT, lines only. Columns are left out rather than
// wrong: spans count UTF-8 bytes, SARIF counts UTF-16 units, and a report carries no source text to convert with.
import type { SourceSpan } from "../vocabulary/index.ts";
import { oneLine, wellFormed } from "./plain-text.ts";

export interface SarifLocation {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string; readonly uriBaseId: "SRCROOT" };
    readonly region?: { readonly startLine: number; readonly endLine: number };
  };
  readonly logicalLocations?: readonly { readonly fullyQualifiedName: string; readonly kind: "function" }[];
  readonly message?: { readonly text: string };
}

export interface PlaceWords {
  readonly function?: string;
  readonly message?: string;
}

/** A line below 1 means unknown and gives no region. */
export function renderSarifLocation(span: Pick<SourceSpan, "file" | "line" | "endLine">, words: PlaceWords = {}): SarifLocation {
  const region = span.line < 1 ? {} : { region: { startLine: span.line, endLine: Math.max(span.line, span.endLine) } };
  return {
    physicalLocation: { artifactLocation: { uri: relativeUri(span.file), uriBaseId: "SRCROOT" }, ...region },
    ...(words.function === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: oneLine(words.function), kind: "function" }] }),
    ...(words.message === undefined ? {} : { message: { text: oneLine(words.message) } }),
  };
}

/** Percent-encoded segments; leading slashes are dropped so that the reference stays relative. */
function relativeUri(file: string): string {
  return wellFormed(file).replaceAll("\\", "/").replace(/^\/+/, "").split("/").map(encodeURIComponent).join("/");
}
