// pip's settings as pip documents them: places, precedence, spelling.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Notification } from "../../vocabulary/index.ts";
import { scratchFolder, writeFiles } from "../testing/scratch.ts";
import { readPipConfiguration, type PipConfiguration } from "./pip-configuration.ts";

function read(variables: Record<string, string>, files: Record<string, string> = {}): PipConfiguration & { notes: Notification[]; home: string } {
  const home = writeFiles(scratchFolder(), files);
  const placed = Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, value.replaceAll("HOME/", `${home}/`)]));
  const notes: Notification[] = [];
  const environment = { HOME: home, XDG_CONFIG_DIRS: join(home, "xdg"), VIRTUAL_ENV: join(home, "venv"), ...placed };
  return { ...readPipConfiguration(environment, undefined, (note) => notes.push(note)), notes, home };
}

const NO_FILES = { PIP_CONFIG_FILE: "/dev/null" };

describe("variables", () => {
  it("without any give pip's documented defaults", () => {
    const { indexes, findLinks, timeoutSeconds, retries, trustedHosts } = read(NO_FILES);
    expect(indexes).toEqual([expect.stringMatching(/^https:\/\/[^/]+\/simple$/)]);
    expect({ findLinks, timeoutSeconds, retries, trustedHosts }).toEqual({ findLinks: [], timeoutSeconds: 15, retries: 5, trustedHosts: [] });
  });

  it("set indexes, links, hosts, certificates and waiting times", () => {
    const found = read({
      ...NO_FILES,
      PIP_INDEX_URL: "https://a.example/simple/",
      PIP_EXTRA_INDEX_URL: "https://b.example/simple  https://c.example/simple",
      PIP_FIND_LINKS: "HOME/wheels",
      PIP_TRUSTED_HOST: "a.example b.example:8080",
      PIP_CERT: "/ca.pem",
      PIP_CLIENT_CERT: "/client.pem",
      PIP_DEFAULT_TIMEOUT: "180",
      PIP_RETRIES: "2",
      PIP_PROXY: "http://proxy.example:3128",
    });
    expect(found.indexes).toEqual(["https://a.example/simple/", "https://b.example/simple", "https://c.example/simple"]);
    expect(found.findLinks).toEqual([join(found.home, "wheels")]);
    expect(found).toMatchObject({
      trustedHosts: ["a.example", "b.example:8080"],
      certificate: "/ca.pem",
      clientCertificate: "/client.pem",
      timeoutSeconds: 180,
      retries: 2,
      proxy: "http://proxy.example:3128",
    });
  });

  it("count as unset when empty, and as wrong when they are", () => {
    expect(read({ ...NO_FILES, PIP_INDEX_URL: "", PIP_NO_INDEX: "no" }).indexes).toHaveLength(1);
    expect(read({ ...NO_FILES, PIP_NO_INDEX: "1", PIP_INDEX_URL: "https://a.example" }).indexes).toEqual([]);
    expect(() => read({ ...NO_FILES, PIP_NO_INDEX: "perhaps" })).toThrow(/no-index has the value "perhaps"/);
    expect(() => read({ ...NO_FILES, PIP_TIMEOUT: "soon" })).toThrow(/timeout has the value "soon"/);
  });

  it("of other tools give the certificates when pip has none", () => {
    expect(read({ ...NO_FILES, SSL_CERT_FILE: "/system.pem", REQUESTS_CA_BUNDLE: "/requests.pem" }).certificate).toBe("/requests.pem");
    expect(read({ ...NO_FILES, PIP_CERT: "/pip.pem", REQUESTS_CA_BUNDLE: "/requests.pem" }).certificate).toBe("/pip.pem");
  });
});

// The places differ on other systems; what is tested here is the order.
describe.runIf(process.platform === "linux")("files", () => {
  const index = (name: string, section = "global"): string => `[${section}]\nindex-url = https://${name}.example/simple\n`;
  const everywhere = {
    "xdg/pip/pip.conf": index("global"),
    ".pip/pip.conf": index("legacy"),
    ".config/pip/pip.conf": index("user"),
    "venv/pip.conf": index("site"),
    "chosen.conf": index("chosen"),
  };

  it.each([
    ["global", ["xdg/pip/pip.conf"], {}],
    ["legacy", ["xdg/pip/pip.conf", ".pip/pip.conf"], {}],
    ["user", ["xdg/pip/pip.conf", ".pip/pip.conf", ".config/pip/pip.conf"], {}],
    ["site", Object.keys(everywhere), {}],
    ["chosen", Object.keys(everywhere), { PIP_CONFIG_FILE: "HOME/chosen.conf" }],
    ["variable", Object.keys(everywhere), { PIP_INDEX_URL: "https://variable.example/simple" }],
  ] as const)("%s overrides what comes before it", (name, present, variables) => {
    const files = Object.fromEntries(Object.entries(everywhere).filter(([path]) => (present as readonly string[]).includes(path)));
    expect(read(variables, files).indexes).toEqual([`https://${name}.example/simple`]);
  });

  it("of the user are left out when PIP_CONFIG_FILE exists, and all when it is the null device", () => {
    const files = { ".config/pip/pip.conf": "[global]\nextra-index-url = https://user.example\n", "chosen.conf": index("chosen") };
    expect(read({ PIP_CONFIG_FILE: "HOME/chosen.conf" }, files).indexes).toEqual(["https://chosen.example/simple"]);
    expect(read({ PIP_CONFIG_FILE: "HOME/missing.conf" }, files).indexes).toContain("https://user.example");
    expect(read(NO_FILES, everywhere).indexes).toEqual([expect.not.stringContaining(".example")]);
  });

  it("have a [download] section that goes before [global], and lists over several lines", () => {
    const text = `\uFEFF# comment\n[download]\nIndex_URL: https://download.example/simple\n[global]\nindex-url = https://global.example\nextra-index-url =\n    https://one.example\n    # not me\n    https://two.example\ntimeout = 7\n[install]\nindex-url = https://install.example\n`;
    expect(read({}, { ".config/pip/pip.conf": text })).toMatchObject({
      indexes: ["https://download.example/simple", "https://one.example", "https://two.example"],
      timeoutSeconds: 7,
    });
  });

  it("move with XDG_CONFIG_HOME, and find-links with the home", () => {
    const found = read({ XDG_CONFIG_HOME: "HOME/elsewhere" }, { "elsewhere/pip/pip.conf": "[global]\nfind-links = ~/wheels ~/missing\n", "wheels/x": "" });
    expect(found.findLinks).toEqual([join(found.home, "wheels"), "~/missing"]);
  });
});
