// Enters: the page an index serves for one project, JSON or HTML. Leaves: the links on it, unjudged.
// It trusts nothing: fields of a wrong type are as good as absent. Sources: PEP 503 (HTML), PEP 691 (JSON), PEP 592 (yanked).
import type { DistributionLink } from "./distribution-file.ts";

export const PAGE_ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1";

/** Links on a page; `url` is the page's own address after redirects. @throws Error when the page is not what it says. */
export function parseProjectPage(text: string, url: string, contentType: string): DistributionLink[] {
  return /^application\/(vnd\.pypi\.simple\.v\d+\+)?json/i.test(contentType) ? parseJsonPage(text, url) : parseHtmlPage(text, url);
}

type Fields = Readonly<Record<string, unknown>>;

function parseJsonPage(text: string, url: string): DistributionLink[] {
  const page = fieldsOf(JSON.parse(text));
  const version = fieldsOf(page["meta"])["api-version"];
  // The standard: refuse a higher major version, carry on with a higher minor one.
  if (typeof version !== "string" || !version.startsWith("1.")) throw new Error(`the index speaks version ${String(version)} of the JSON interface`);
  const files = Array.isArray(page["files"]) ? page["files"] : [];
  return files.flatMap((file: unknown) => readJsonFile(fieldsOf(file), url));
}

function readJsonFile(file: Fields, pageUrl: string): DistributionLink[] {
  const { filename, url } = file;
  if (typeof filename !== "string" || typeof url !== "string" || !URL.canParse(url, pageUrl)) return [];
  const hashes = Object.entries(fieldsOf(file["hashes"])).filter((pair): pair is [string, string] => typeof pair[1] === "string");
  return [
    {
      filename,
      url: withoutFragment(url, pageUrl),
      hashes: Object.fromEntries(hashes.map(([algorithm, digest]) => [algorithm.toLowerCase(), digest.toLowerCase()])),
      requiresPython: textOrNothing(file["requires-python"]),
      yanked: file["yanked"] === true ? "" : textOrNothing(file["yanked"]),
    },
  ];
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function textOrNothing(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

// Every alternative ends in a match: a pattern that could fail late would make a hostile page take forever.
const COMMENT = /<!--(?:[\s\S]*?-->|[\s\S]*)/g;
const TAG = /<(a|base)\b((?:[^>"']+|"[^"]*"|'[^']*')*)(?:>|$|["'][\s\S]*)/gi;
const ATTRIBUTE = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g;

function parseHtmlPage(text: string, url: string): DistributionLink[] {
  const links: DistributionLink[] = [];
  let base = url;
  for (const [, tag = "", attributeText = ""] of text.replace(COMMENT, "").matchAll(TAG)) {
    const attributes = readAttributes(attributeText);
    const href = attributes.get("href")?.trim();
    if (href === undefined || !URL.canParse(href, base)) continue;
    if (tag.toLowerCase() === "base") base = new URL(href, url).href;
    else links.push(readAnchor(new URL(href, base), attributes));
  }
  return links;
}

function readAttributes(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = "", double, single, bare] of text.matchAll(ATTRIBUTE)) {
    attributes.set(name.toLowerCase(), decodeEntities(double ?? single ?? bare ?? ""));
  }
  return attributes;
}

function readAnchor(target: URL, attributes: ReadonlyMap<string, string>): DistributionLink {
  const hash = /(?:^|&)(sha\d+|md5|blake2\w+)=([0-9a-f]+)/i.exec(target.hash.slice(1));
  return {
    filename: lastSegment(target),
    url: withoutFragment(target.href),
    hashes: hash?.[1] !== undefined && hash[2] !== undefined ? { [hash[1].toLowerCase()]: hash[2].toLowerCase() } : {},
    requiresPython: attributes.get("data-requires-python"),
    yanked: attributes.get("data-yanked"),
  };
}

/** File name a URL ends with, decoded. */
export function lastSegment(url: URL): string {
  const segment = url.pathname.split("/").at(-1) ?? "";
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function withoutFragment(url: string, base?: string): string {
  const parsed = new URL(url, base);
  parsed.hash = "";
  return parsed.href;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
