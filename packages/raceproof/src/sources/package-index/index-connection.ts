// Enters: pip's connection settings and URLs. Leaves: response bodies: retried, redirected, through proxies, with the right certificates.
// It does not know what an index is, nor what the bytes mean.
import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import type { Dispatcher, EnvHttpProxyAgent } from "undici";
import { UserError } from "../../vocabulary/index.ts";
import { redactCredentials } from "../redact-credentials.ts";
import { IndexCredentials } from "./index-credentials.ts";
import type { PipConfiguration } from "./pip-configuration.ts";
import type { EnvironmentVariables } from "./pip-configuration-files.ts";

/** A request that did not give a body. `status` is the HTTP status, if the server answered at all. */
export class ConnectionFailure extends Error {
  override readonly name: string = "ConnectionFailure";
  readonly status: number | undefined;
  readonly retriable: boolean;

  constructor(message: string, outcome: { readonly status: number | undefined; readonly retriable: boolean }) {
    super(message);
    this.status = outcome.status;
    this.retriable = outcome.retriable;
  }
}

/** An answer with status 200. */
export interface Answer {
  /** After redirects, without credentials. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: AsyncIterable<Uint8Array>;
}

type Settings = Pick<PipConfiguration, "certificate" | "clientCertificate" | "trustedHosts" | "proxy" | "timeoutSeconds" | "retries">;

// As pip, plus the two gateway errors and the "slow down" that its servers also send.
const RETRIED_STATUSES: ReadonlySet<number> = new Set([429, 500, 502, 503, 504, 520, 527]);
const MOST_REDIRECTS = 10;
const FIRST_DELAY_MILLISECONDS = 250;
const LONGEST_DELAY_MILLISECONDS = 8000;
// The name does not exist, nobody listens, or the certificate is wrong: asking again soon gives the same answer.
const FINAL_CODES = /^(ENOTFOUND|ECONNREFUSED|ERR_TLS_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_SSL_|HOSTNAME_MISMATCH|ERR_INVALID_)/;

/** Connections to package indexes for one fetch; close it when done. */
export class IndexConnection {
  readonly #settings: Settings;
  readonly #environment: EnvironmentVariables;
  readonly #credentials: IndexCredentials;
  readonly #agents: Map<"strict" | "trusting", Dispatcher> = new Map();

  constructor(settings: Settings, environment: EnvironmentVariables) {
    this.#settings = settings;
    this.#environment = environment;
    this.#credentials = new IndexCredentials(environment);
  }

  /**
   * Requests a URL and hands the answer to `receive`; both are repeated when the connection breaks or the server is busy.
   * @throws ConnectionFailure when no attempt succeeded; whatever `receive` throws that is not about the connection.
   */
  async get<T>(url: string, accept: string, receive: (answer: Answer) => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await receive(await this.#follow(this.#credentials.remember(url), accept));
      } catch (error) {
        const failure = asConnectionFailure(error, url);
        if (!failure?.retriable || attempt >= this.#settings.retries) throw failure ?? error;
        await wait(Math.min(FIRST_DELAY_MILLISECONDS * 2 ** attempt, LONGEST_DELAY_MILLISECONDS));
      }
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#agents.values()].map((agent) => agent.destroy()));
  }

  async #follow(start: URL, accept: string): Promise<Answer> {
    let url = start;
    for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
      const { statusCode, headers, body } = await this.#send(url, accept);
      const location = headers["location"];
      if (statusCode === 200) return { url, headers, body };
      await body.dump().catch(() => undefined);
      if (statusCode < 300 || statusCode >= 400 || typeof location !== "string" || !URL.canParse(location, url.href)) {
        const retriable = RETRIED_STATUSES.has(statusCode);
        throw new ConnectionFailure(`${redactCredentials(url.href)} answered with status ${statusCode}`, { status: statusCode, retriable });
      }
      url = this.#credentials.remember(new URL(location, url).href);
    }
    throw new ConnectionFailure(`${redactCredentials(start.href)} redirects without end`, { status: undefined, retriable: false });
  }

  async #send(url: URL, accept: string): Promise<Dispatcher.ResponseData> {
    const trusted = this.#isTrusted(url);
    if (url.protocol !== "https:" && !(url.protocol === "http:" && (trusted || isLoopback(url.hostname)))) {
      throw new UserError(
        `${redactCredentials(url.origin)} is not a secure address for packages`,
        "Use https, or list the host in pip's trusted-host setting.",
      );
    }
    const milliseconds = this.#settings.timeoutSeconds * 1000;
    // Most audits read what is on disk: the client is loaded when it is needed.
    const client = await import("undici");
    return client.request(url, {
      dispatcher: this.#agent(client, trusted ? "trusting" : "strict"),
      headers: { accept, "accept-encoding": "identity", "user-agent": "raceproof", ...this.#credentials.headersFor(url) },
      headersTimeout: milliseconds,
      bodyTimeout: milliseconds,
    });
  }

  #isTrusted(url: URL): boolean {
    const port = url.port || (url.protocol === "https:" ? "443" : "80");
    return this.#settings.trustedHosts.some((host) => host === url.hostname || host === `${url.hostname}:${port}`);
  }

  #agent({ EnvHttpProxyAgent }: typeof import("undici"), trust: "strict" | "trusting"): Dispatcher {
    const known = this.#agents.get(trust);
    if (known) return known;
    const agent = createAgent((options) => new EnvHttpProxyAgent(options), this.#settings, this.#environment, trust);
    this.#agents.set(trust, agent);
    return agent;
  }
}

type AgentFactory = (options: EnvHttpProxyAgent.Options) => Dispatcher;

function createAgent(create: AgentFactory, settings: Settings, environment: EnvironmentVariables, trust: "strict" | "trusting"): Dispatcher {
  const { certificate, clientCertificate, timeoutSeconds } = settings;
  const client = clientCertificate === undefined ? undefined : readPem(clientCertificate);
  const tls = {
    rejectUnauthorized: trust === "strict",
    ...(certificate === undefined ? {} : { ca: readPem(certificate) }),
    ...(client === undefined ? {} : { cert: client, key: client }),
  };
  try {
    return create({
      connect: { timeout: timeoutSeconds * 1000, ...tls },
      requestTls: tls,
      proxyTls: tls,
      // Proxies often forbid tunnels to plain HTTP; they forward it instead.
      proxyTunnel: false,
      ...readProxies(settings.proxy, environment),
    });
  } catch (error) {
    throw new UserError(`the proxy setting cannot be used: ${redactCredentials((error as Error).message)}`, "Write the proxy as http://host:port.");
  }
}

/** pip's own setting counts for every scheme; else the variables that curl and others read, lower case first. */
function readProxies(setting: string | undefined, environment: EnvironmentVariables): { httpProxy: string; httpsProxy: string; noProxy: string } {
  const read = (name: string): string | undefined => environment[name] ?? environment[name.toUpperCase()];
  const proxyFor = (scheme: string): string => withScheme(setting ?? read(`${scheme}_proxy`) ?? read("all_proxy") ?? "");
  return { httpProxy: proxyFor("http"), httpsProxy: proxyFor("https"), noProxy: read("no_proxy") ?? "" };
}

function withScheme(proxy: string): string {
  return proxy === "" || proxy.includes("://") ? proxy : `http://${proxy}`;
}

function readPem(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UserError(
      `the certificate file ${path} cannot be read: ${(error as Error).message}`,
      "Correct pip's cert or client-cert setting; it names a PEM file.",
    );
  }
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** The failure a network error stands for, or undefined when the error is about something else (a full disk, a bad page). */
function asConnectionFailure(error: unknown, url: string): ConnectionFailure | undefined {
  if (error instanceof ConnectionFailure) return error;
  const { code } = error as NodeJS.ErrnoException;
  const isNetwork = code !== undefined && (/^(UND_ERR_|E(CONN|AI_|NOTFOUND|PIPE|HOST|NET|TIMEDOUT|PROTO)|HPE_)/.test(code) || FINAL_CODES.test(code));
  if (!isNetwork) return undefined;
  const message = `${redactCredentials(url)}: ${(error as Error).message || code}`;
  return new ConnectionFailure(message, { status: undefined, retriable: !FINAL_CODES.test(code) });
}
