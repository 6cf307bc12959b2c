// Redirects, proxies and certificates, each against a server of its own.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { serve } from "../testing/fake-index.ts";
import { bareEnvironment, scratchFolder } from "../testing/scratch.ts";
import { IndexConnection } from "./index-connection.ts";
import { readPipConfiguration } from "./pip-configuration.ts";

async function get(url: string, variables: Record<string, string> = {}): Promise<string> {
  const environment = bareEnvironment(scratchFolder(), { PIP_RETRIES: "0", ...variables });
  const connection = new IndexConnection(
    readPipConfiguration(environment, undefined, () => undefined),
    environment,
  );
  onTestFinished(() => connection.close());
  return connection.get(url, "*/*", async ({ body }) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    return Buffer.concat(chunks).toString("utf8");
  });
}

describe("redirects", () => {
  it("are followed, and carry the login only to its own origin", async () => {
    const other = await serve((request, response) => response.end(`other saw ${request.headers.authorization}`));
    const home = await serve((request, response) => {
      if (request.url === "/away") response.writeHead(302, { location: `${other}/x` }).end();
      else if (request.url === "/near") response.writeHead(301, { location: "here" }).end();
      else response.end(`home saw ${request.headers.authorization}`);
    });
    const withLogin = home.replace("http://", "http://a:b@");
    expect(await get(`${withLogin}/near`)).toBe(`home saw Basic ${Buffer.from("a:b").toString("base64")}`);
    expect(await get(`${withLogin}/away`)).toBe("other saw undefined");
  });

  it("in a circle, to nowhere, or to an insecure host end", async () => {
    const home = await serve((request, response) => {
      const target = { "/circle": "/circle", "/insecure": "http://insecure.invalid/" }[request.url ?? ""];
      response.writeHead(302, target === undefined ? {} : { location: target }).end();
    });
    await expect(get(`${home}/circle`)).rejects.toThrow(/redirects without end/);
    await expect(get(`${home}/nowhere`)).rejects.toThrow(/status 302/);
    await expect(get(`${home}/insecure`)).rejects.toThrow(/not a secure address/);
  });
});

describe("broken connections", () => {
  it("in the middle of a body are retried from its start", async () => {
    let attempts = 0;
    const home = await serve((_request, response) => {
      response.writeHead(200, { "content-length": "10" });
      if (++attempts > 1) response.end("0123456789");
      else response.write("01234", () => response.destroy());
    });
    expect(await get(home, { PIP_RETRIES: "1" })).toBe("0123456789");
    expect(attempts).toBe(2);
  });

  it("that only wait end after the configured time", async () => {
    const home = await serve(() => undefined);
    await expect(get(home, { PIP_TIMEOUT: "0.2" })).rejects.toThrow(/Timeout/i);
  });
});

describe("proxies", () => {
  it("from the environment or pip's setting are used, except where no_proxy says", async () => {
    const home = await serve((_request, response) => response.end("direct"));
    const proxy = await serve((request, response) => response.end(`proxy was asked for ${request.url}`));
    expect(await get(`${home}/x`, { http_proxy: proxy })).toBe(`proxy was asked for ${home}/x`);
    expect(await get(`${home}/x`, { HTTP_PROXY: proxy.replace("http://", "") })).toBe(`proxy was asked for ${home}/x`);
    expect(await get(`${home}/x`, { ALL_PROXY: proxy })).toBe(`proxy was asked for ${home}/x`);
    expect(await get(`${home}/x`, { PIP_PROXY: proxy, http_proxy: "http://127.0.0.1:9" })).toBe(`proxy was asked for ${home}/x`);
    expect(await get(`${home}/x`, { http_proxy: proxy, no_proxy: "127.0.0.1" })).toBe("direct");
    await expect(get(`${home}/x`, { http_proxy: "http://[bad" })).rejects.toThrow(/proxy setting cannot be used/);
  });
});

describe("certificates", () => {
  it("of an unknown authority are refused, and accepted by pip's cert and trusted-host settings", async ({ skip }) => {
    const folder = scratchFolder();
    const files = { key: join(folder, "key.pem"), cert: join(folder, "cert.pem") };
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-days", "2"];
    const maker = "openssl";
    const made = spawnSync(maker, ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", files.key, "-out", files.cert, ...subject]);
    if (made.status !== 0) skip("openssl is not here to make a certificate");
    const server = createSecureServer({ key: readFileSync(files.key), cert: readFileSync(files.cert) }, (_request, response) => response.end("secret page"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const port = (server.address() as AddressInfo).port;
    await expect(get(`https://127.0.0.1:${port}/`)).rejects.toThrow(/self-signed certificate/);
    expect(await get(`https://127.0.0.1:${port}/`, { PIP_CERT: files.cert })).toBe("secret page");
    expect(await get(`https://127.0.0.1:${port}/`, { PIP_TRUSTED_HOST: `127.0.0.1:${port}` })).toBe("secret page");
    expect(await get(`https://127.0.0.1:${port}/`, { PIP_TRUSTED_HOST: "127.0.0.1" })).toBe("secret page");
    await expect(get(`https://127.0.0.1:${port}/`, { PIP_TRUSTED_HOST: "127.0.0.1:1" })).rejects.toThrow(/self-signed certificate/);
    await expect(get(`https://127.0.0.1:${port}/`, { PIP_CERT: join(folder, "missing.pem") })).rejects.toThrow(/certificate file/);
  });
});
