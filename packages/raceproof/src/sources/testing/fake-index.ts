// Enters: archives and how an index should misbehave. Leaves: a package index on this machine, and what it was asked.
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface FakeFile {
  readonly bytes: Uint8Array;
  /** Instead of the true sha256; null for none at all. */
  readonly hashes?: Readonly<Record<string, string>> | null;
  readonly yanked?: boolean | string;
  readonly requiresPython?: string;
}

export interface FakeIndexOptions {
  readonly format?: "json" | "html";
  /** Files of the one project, by file name. */
  readonly files: Readonly<Record<string, FakeFile>>;
  readonly project?: string;
  /** Status codes to answer with before the first good answer, by path; 0 breaks the connection in the middle of the body. */
  readonly troubles?: Readonly<Record<string, readonly number[]>>;
  /** "user:password" that every request must carry. */
  readonly login?: string;
}

export interface FakeIndex {
  /** Base URL, as pip's index-url setting has it. */
  readonly url: string;
  /** Paths asked for, in order. */
  readonly requests: string[];
  readonly headers: IncomingMessage["headers"][];
}

export async function serveFakeIndex(options: FakeIndexOptions): Promise<FakeIndex> {
  const requests: string[] = [];
  const headers: IncomingMessage["headers"][] = [];
  const troubles = new Map(Object.entries(options.troubles ?? {}).map(([path, statuses]) => [path, [...statuses]]));
  const url = await serve((request, response) => {
    const path = request.url ?? "";
    requests.push(path);
    headers.push(request.headers);
    const expected = options.login && `Basic ${Buffer.from(options.login).toString("base64")}`;
    const trouble = expected && request.headers.authorization !== expected ? 401 : troubles.get(path)?.shift();
    if (trouble === 0) breakOff(response);
    else if (trouble !== undefined) response.writeHead(trouble).end();
    else answer(path, options, response);
  });
  return { url: `${url}/simple`, requests, headers };
}

/** Starts a server on a free port; it ends with the test. @returns its origin. */
export async function serve(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The pause lets the first half arrive: a client that gets the error first drops what it has not read. */
function breakOff(response: ServerResponse): void {
  response.writeHead(200, { "content-length": "100" }).write("half of it", () => setTimeout(() => response.socket?.end(), 50));
}

function answer(path: string, options: FakeIndexOptions, response: ServerResponse): void {
  if (path === `/simple/${options.project ?? "demo"}/`) {
    const isJson = options.format !== "html";
    response.writeHead(200, { "content-type": isJson ? "application/vnd.pypi.simple.v1+json" : "text/html; charset=utf-8" });
    response.end(isJson ? jsonPage(options.files) : htmlPage(options.files));
    return;
  }
  const file = options.files[decodeURIComponent(path.replace("/files/", ""))];
  if (file) response.writeHead(200).end(file.bytes);
  else response.writeHead(404).end();
}

function hashesOf(file: FakeFile): Readonly<Record<string, string>> {
  return file.hashes === null ? {} : (file.hashes ?? { sha256: createHash("sha256").update(file.bytes).digest("hex") });
}

function jsonPage(files: FakeIndexOptions["files"]): string {
  const listed = Object.entries(files).map(([filename, file]) => ({
    filename,
    url: `../../files/${encodeURIComponent(filename)}`,
    hashes: hashesOf(file),
    "requires-python": file.requiresPython ?? null,
    yanked: file.yanked ?? false,
  }));
  return JSON.stringify({ meta: { "api-version": "1.1" }, name: "demo", files: listed });
}

function htmlPage(files: FakeIndexOptions["files"]): string {
  const anchors = Object.entries(files).map(([filename, file]) => {
    const [hash] = Object.entries(hashesOf(file));
    const requires = file.requiresPython === undefined ? "" : ` data-requires-python="${file.requiresPython.replaceAll(">", "&gt;")}"`;
    const yanked = file.yanked ? ` data-yanked="${file.yanked === true ? "" : file.yanked}"` : "";
    return `<a href="../../files/${encodeURIComponent(filename)}${hash ? `#${hash.join("=")}` : ""}"${requires}${yanked}>${filename}</a><br/>`;
  });
  return `<!DOCTYPE html><html><body><!-- <a href="evil.whl">x</a> -->\n${anchors.join("\n")}\n</body></html>`;
}
