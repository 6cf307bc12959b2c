// Which Debian mirror this machine uses, read from its own apt sources (one-line and deb822 form).
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const archiveKeyring = "debian-archive-keyring";

/** @returns {{uri: string, signedBy: string | undefined} | undefined} */
export function findDebianMirror(folder = "/etc/apt") {
  const parts = join(folder, "sources.list.d");
  const names = existsSync(parts) ? readdirSync(parts).toSorted() : [];
  const files = [join(folder, "sources.list"), ...names.map((name) => join(parts, name))].filter((path) => existsSync(path));
  const entries = files.flatMap((path) => {
    const text = readFileSync(path, "utf8");
    return path.endsWith(".sources") ? readStanzas(text) : path.endsWith(".list") ? readLines(text) : [];
  });
  return entries.find(isDebianArchive);
}

/** The main archive, not its security or another vendor's: suites named like releases, the path Debian mirrors share. */
function isDebianArchive({ types, uri, suites, components, signedBy }) {
  const plausibleKey = signedBy === undefined || signedBy.includes(archiveKeyring);
  return types.includes("deb") && components.includes("main") && plausibleKey && /\/debian\/?$/.test(uri) && suites.some((name) => /^[a-z]+$/.test(name));
}

function readStanzas(text) {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const field = (name) => new RegExp(`^${name}:[ \\t]*(.*)$`, "im").exec(stanza)?.[1]?.trim();
    const words = (name) => field(name)?.split(/\s+/) ?? [];
    if (field("Enabled") === "no") return [];
    return words("URIs").map((uri) => ({ types: words("Types"), uri, suites: words("Suites"), components: words("Components"), signedBy: field("Signed-By") }));
  });
}

function readLines(text) {
  return text.split("\n").flatMap((line) => {
    const found = /^(deb|deb-src)\s+(?:\[(?<options>[^\]]*)\]\s+)?(?<uri>\S+)\s+(?<suite>\S+)\s+(?<components>.+)$/.exec(line.trim());
    if (!found?.groups) return [];
    const signedBy = /signed-by=(\S+)/.exec(found.groups.options ?? "")?.[1];
    return [{ types: [found[1]], uri: found.groups.uri, suites: [found.groups.suite], components: found.groups.components.split(/\s+/), signedBy }];
  });
}
