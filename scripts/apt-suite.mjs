// Packages of another Debian suite than the machine's, by name, without touching the machine's own package lists.
// Enters: a mirror, a suite, a folder to work in. Leaves: downloaded files in that folder, or what went wrong.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runQuietly } from "./run-quietly.mjs";

export class AptSuite {
  #options;
  #work;
  #suite;
  #secondsLeft;

  /** @param {{mirror: {uri: string, signedBy?: string}, suite: string, work: string, secondsLeft: () => number}} setting */
  constructor({ mirror, suite, work, secondsLeft }) {
    this.#work = work;
    this.#suite = suite;
    this.#secondsLeft = secondsLeft;
    for (const name of ["lists/partial", "cache/archives/partial", "downloads"]) mkdirSync(join(work, name), { recursive: true });
    const sources = join(work, "debian.sources");
    const status = join(work, "status");
    const signedBy = mirror.signedBy ? `Signed-By: ${mirror.signedBy}\n` : "";
    writeFileSync(sources, `Types: deb deb-src\nURIs: ${mirror.uri}\nSuites: ${suite}\nComponents: main\n${signedBy}`);
    // Nothing counts as installed: what a package needs comes from its own suite.
    writeFileSync(status, "");
    this.#options = [
      `Dir::Etc::sourcelist=${sources}`,
      "Dir::Etc::sourceparts=-",
      `Dir::State::Lists=${join(work, "lists")}`,
      `Dir::State::status=${status}`,
      `Dir::Cache=${join(work, "cache")}`,
      "APT::Sandbox::User=root",
    ].flatMap((setting) => ["-o", setting]);
  }

  /** The source package's files. @returns {{folder: string} | {problem: string}} */
  downloadSource(name) {
    return this.#download(["source", "--download-only", name], join(this.#work, "downloads"));
  }

  /** The package and everything it needs, as .deb files. @returns {{folder: string} | {problem: string}} */
  downloadBinary(name) {
    return this.#download(["install", "--download-only", "-y", "--no-install-recommends", name], join(this.#work, "cache", "archives"));
  }

  #download(command, folder) {
    for (const parameters of [["update"], command]) {
      const done = runQuietly({
        command: "apt-get",
        arguments: [...this.#options, ...parameters],
        cwd: join(this.#work, "downloads"),
        seconds: this.#secondsLeft(),
      });
      if (!done.ok) return { problem: `apt-get ${parameters[0]} of ${this.#suite} failed (${lastLine(done.log)})` };
    }
    return { folder };
  }
}

export function lastLine(log) {
  return log.trim().split("\n").at(-1)?.slice(0, 200) ?? "";
}
