// Enters: a rule's page (README.md) and what an audit of its examples reported. Leaves: what the page promises that is not so.
// A fenced block is one small program. It knows markers, not rules.

/**
 * hazard: must be reported. misses: should be reported and is not, with the reason; fails when it is reported after all.
 * false-alarm: is reported and should not be, with the reason; fails when it is not reported any more.
 */
export type MarkerKind = "hazard" | "misses" | "false-alarm";

export interface Marker {
  readonly kind: MarkerKind;
  readonly shape: string;
  readonly reason: string;
  readonly file: string;
  /** In the file, from 1. */
  readonly line: number;
}

export interface PageExample {
  /** Line of the fence in the page, from 1; names the example in messages. */
  readonly fenceLine: number;
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly markers: readonly Marker[];
}

export interface ReportedLine {
  readonly file: string;
  readonly line: number;
}

const markerPattern = /(?:#|\/\*|\/\/)\s*(hazard|misses|false-alarm):\s*(\S*)[ \t]*(.*?)(?:\s*\*\/)?$/;
const filePattern = /^(?:#|\/\/)\s*file:\s*(\S+)\s*$/;
const defaultFiles: Readonly<Record<string, string>> = {
  python: "example.py",
  cython: "example.pyx",
  c: "example.c",
  cpp: "example.cpp",
  rust: "src/lib.rs",
  toml: "Cargo.toml",
};

/** Every block of a page in one of these languages. A line `# file: name.py` (`// file: name.c`) starts a file of its own inside a block. */
export function readExamples(page: string): PageExample[] {
  const lines = page.split("\n");
  const examples: PageExample[] = [];
  for (let index = 0; index < lines.length; index++) {
    const fence = /^(`{3,})(python|cython|c|cpp|rust|toml)\s*$/.exec(lines[index] ?? "");
    if (!fence) continue;
    const end = lines.findIndex((line, later) => later > index && line.trimEnd() === fence[1]);
    if (end < 0) throw new Error(`the block that starts in line ${index + 1} does not end`);
    examples.push(readExample(lines.slice(index + 1, end), { fenceLine: index + 1, defaultFile: defaultFiles[fence[2] ?? ""] ?? "" }));
    index = end;
  }
  return examples;
}

function readExample(lines: readonly string[], { fenceLine, defaultFile }: { readonly fenceLine: number; readonly defaultFile: string }): PageExample {
  const files: { path: string; lines: string[] }[] = [];
  for (const line of lines) {
    const named = filePattern.exec(line)?.[1];
    const current = files.at(-1);
    if (named !== undefined) files.push({ path: named, lines: [line] });
    else if (current) current.lines.push(line);
    else files.push({ path: defaultFile, lines: [line] });
  }
  const markers = files.flatMap((file) => file.lines.flatMap((line, index) => readMarker(line, file.path, index + 1)));
  return { fenceLine, files: files.map((file) => ({ path: file.path, text: `${file.lines.join("\n")}\n` })), markers };
}

function readMarker(text: string, file: string, line: number): Marker[] {
  const found = markerPattern.exec(text);
  return found ? [{ kind: found[1] as MarkerKind, shape: found[2] ?? "", reason: found[3] ?? "", file, line }] : [];
}

/** What is wrong with the markers themselves: another rule's shape, known wrongness without a reason. */
export function findBadMarkers(example: PageExample, shape: string): string[] {
  return example.markers.flatMap((marker) => {
    const place = `${marker.file}:${marker.line}`;
    if (marker.shape !== shape) return [`${place} is marked for another shape: "${marker.shape}"`];
    return marker.kind !== "hazard" && marker.reason === "" ? [`${place} is marked ${marker.kind} without a reason`] : [];
  });
}

/** Marked absences, unmarked hazards, and known wrongness that is no longer true. */
export function judgeExample(example: PageExample, reported: readonly ReportedLine[]): string[] {
  const isReported = ({ file, line }: ReportedLine): boolean => reported.some((other) => other.file === file && other.line === line);
  const expected = example.markers.filter(({ kind }) => kind !== "misses");
  return [
    ...example.markers.flatMap((marker) => {
      const sentence = isReported(marker) ? whenReported[marker.kind] : whenSilent[marker.kind];
      return sentence ? [`${marker.file}:${marker.line} ${sentence}`] : [];
    }),
    ...reported
      .filter(({ file, line }) => !example.markers.some((marker) => marker.file === file && marker.line === line))
      .map(({ file, line }) => `${file}:${line} is reported and has no marker${expected.length === 0 ? " (the block has none)" : ""}`),
  ];
}

const whenReported: Record<MarkerKind, string | undefined> = {
  hazard: undefined,
  misses: "is found now: make the marker `# hazard:`",
  "false-alarm": undefined,
};

const whenSilent: Record<MarkerKind, string | undefined> = {
  hazard: "is marked as a hazard and not reported",
  misses: undefined,
  "false-alarm": "is no longer reported: remove the marker",
};
