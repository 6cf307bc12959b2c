// Which of a machine's apt sources is Debian's main archive.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findDebianMirror } from "./debian-mirror.mjs";

function mirrorWith(files: Readonly<Record<string, string>>): { uri: string; signedBy: string | undefined } | undefined {
  const folder = mkdtempSync(join(tmpdir(), "raceproof-apt-"));
  try {
    mkdirSync(join(folder, "sources.list.d"));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return findDebianMirror(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("Debian mirror", () => {
  it("is read from deb822 sources, past vendors and security", () => {
    const found = mirrorWith({
      "sources.list.d/a-vendor.sources": "Types: deb\nURIs: https://vendor.example/debian\nSuites: stable\nComponents: main\nSigned-By: /keys/vendor.gpg\n",
      "sources.list.d/debian.sources":
        "Types: deb\nURIs: http://mirror.example/debian-security\nSuites: bookworm-security\nComponents: main\nSigned-By: /keys/debian-archive-keyring.gpg\n\n# main\nTypes: deb\nURIs: http://mirror.example/debian\nSuites: bookworm bookworm-updates\nComponents: main\nSigned-By: /keys/debian-archive-keyring.gpg\n",
    });
    expect(found).toMatchObject({ uri: "http://mirror.example/debian", signedBy: "/keys/debian-archive-keyring.gpg" });
  });

  it("is read from one-line sources", () => {
    const found = mirrorWith({
      "sources.list": "# old\ndeb-src http://no.example/debian bookworm main\ndeb [arch=amd64] http://mirror.example/debian/ bookworm main contrib\n",
    });
    expect(found?.uri).toBe("http://mirror.example/debian/");
    expect(found?.signedBy).toBeUndefined();
  });

  it("is not found where there is none, or it is switched off", () => {
    expect(mirrorWith({})).toBeUndefined();
    expect(
      mirrorWith({ "sources.list.d/x.sources": "Enabled: no\nTypes: deb\nURIs: http://mirror.example/debian\nSuites: bookworm\nComponents: main\n" }),
    ).toBeUndefined();
  });
});
