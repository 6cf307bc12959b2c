// Enters: URLs with a user part, and the user's netrc file. Leaves: the Authorization header for a request, if there is one to send.
// Keyrings are not asked: that would start programs.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { homeFolder, type EnvironmentVariables } from "./pip-configuration-files.ts";

interface Login {
  readonly user: string;
  readonly password: string;
}

/** Remembers logins per origin and answers with headers. */
export class IndexCredentials {
  readonly #byOrigin: Map<string, Login> = new Map();
  readonly #netrc: ReadonlyMap<string, Login>;

  constructor(environment: EnvironmentVariables) {
    this.#netrc = readNetrc(environment);
  }

  /** Takes the user part out of a URL and keeps it for that origin: files usually live beside their index. */
  remember(text: string): URL {
    const url = new URL(text);
    if (url.username !== "" || url.password !== "") {
      this.#byOrigin.set(url.origin, { user: decode(url.username), password: decode(url.password) });
    }
    url.username = "";
    url.password = "";
    return url;
  }

  headersFor(url: URL): Record<string, string> {
    const login = this.#byOrigin.get(url.origin) ?? this.#netrc.get(url.hostname);
    if (!login) return {};
    return { authorization: `Basic ${Buffer.from(`${login.user}:${login.password}`, "utf8").toString("base64")}` };
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Source: the GNU inetutils manual, "The .netrc file", and pip documentation, "Authentication", section "netrc support". */
function readNetrc(environment: EnvironmentVariables): ReadonlyMap<string, Login> {
  const home = homeFolder(environment);
  const candidates = environment["NETRC"] ? [environment["NETRC"]] : [join(home, ".netrc"), join(home, "_netrc")];
  const text = candidates.map(readOrNothing).find((content) => content !== undefined) ?? "";
  // A macro runs to the next empty line; "default" stands for hosts nobody named, which get nothing.
  const entries = text.replace(/^[ \t]*#.*$/gm, "").replace(/\bmacdef\b[\s\S]*?(?:\n[ \t]*\n|$)/g, "\n");
  const logins = new Map<string, Login>();
  for (const entry of entries.split(/(?:^|\s)(?=(?:machine|default)\s)/)) {
    const host = wordAfter("machine", entry);
    if (host !== undefined) logins.set(host, { user: wordAfter("login", entry) ?? "", password: wordAfter("password", entry) ?? "" });
  }
  return logins;
}

function wordAfter(keyword: string, entry: string): string | undefined {
  const match = new RegExp(`(?:^|\\s)${keyword}\\s+(?:"([^"]*)"|(\\S+))`).exec(entry);
  return match?.[1] ?? match?.[2];
}

function readOrNothing(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
