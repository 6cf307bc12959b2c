// Installs what a subject needs at run time. Enters: requirement strings of its metadata. Leaves: a folder for sys.path.
// Wheels only: nothing is built, so no code of a requirement runs here. Requirements that name a place instead of a release are refused.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Notification, Runtime, Subject } from "../../vocabulary/index.ts";
import { discoverRuntimes } from "./discover-runtimes.ts";

export interface ProvidedRequirements {
  /** To append to sys.path. Empty when nothing is needed or nothing could be had. */
  readonly paths: readonly string[];
  readonly notifications: readonly Notification[];
}

const INSTALL_MILLISECONDS = 180_000;
const PROBE_MILLISECONDS = 20_000;

/** PEP 508 names with version ranges and markers; no URLs, no options, no local paths. */
const byRelease = /^[A-Za-z0-9][\w.-]*\s*(?:\[[\w\s,.-]*\])?\s*\(?[^@/\\]*$/;

/** Cached by interpreter version and requirements. Never rejects: without its requirements a subject fails at import, and says so. */
export async function provideRequirements(subject: Subject, runtime: Runtime, cacheFolder: string): Promise<ProvidedRequirements> {
  const [wanted, refused] = partition(subject.requirements);
  const notifications: Notification[] = refused.map((requirement) => ({
    level: "warning",
    message: `requirement left out, it does not name a release: ${requirement}`,
  }));
  if (wanted.length === 0) return { paths: [], notifications };
  const key = createHash("sha256")
    .update(JSON.stringify([runtime.id, wanted.toSorted()]))
    .digest("hex")
    .slice(0, 24);
  const folder = join(cacheFolder, "requirements", key);
  if (await exists(folder)) return { paths: [folder], notifications };
  const problem = await installInto(folder, wanted, runtime);
  if (problem === undefined) return { paths: [folder], notifications };
  return {
    paths: [],
    notifications: [
      ...notifications,
      { level: "warning", message: `the requirements of ${subject.name} could not be installed for ${runtime.id}, importing it may fail: ${problem}` },
    ],
  };
}

function partition(requirements: readonly string[]): [wanted: string[], refused: string[]] {
  const wanted = requirements.filter((requirement) => byRelease.test(requirement.split(";", 1)[0]?.trim() ?? ""));
  return [wanted, requirements.filter((requirement) => !wanted.includes(requirement))];
}

/** The folder appears complete or not at all. Returns what went wrong. */
async function installInto(folder: string, requirements: readonly string[], runtime: Runtime): Promise<string | undefined> {
  const pip = await choosePip(runtime);
  if (pip === undefined) return "no interpreter here has pip";
  await mkdir(join(folder, ".."), { recursive: true });
  const draft = await mkdtemp(`${folder}.draft-`);
  const target = join(draft, "packages");
  const fixed = ["--only-binary", ":all:", "--no-compile", "--no-input", "--disable-pip-version-check", "--retries", "1", "--timeout", "20", "--quiet"];
  try {
    const done = await run(
      pip.executable,
      ["-m", "pip", "install", ...fixed, ...pip.platform, "--target", target, "--", ...requirements],
      draft,
      INSTALL_MILLISECONDS,
    );
    if (!done.ok) return done.problem;
    await rename(target, folder);
    return undefined;
  } catch (error) {
    // Somebody else put the same folder there meanwhile.
    return (await exists(folder)) ? undefined : String(error);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

interface Pip {
  readonly executable: string;
  /** Options that make pip choose wheels for another interpreter than its own. */
  readonly platform: readonly string[];
}

async function choosePip(runtime: Runtime): Promise<Pip | undefined> {
  if (await hasPip(runtime.executable)) return { executable: runtime.executable, platform: [] };
  const { runtimes } = await discoverRuntimes();
  for (const other of runtimes) if (await hasPip(other.executable)) return { executable: other.executable, platform: platformOf(runtime) };
  return undefined;
}

async function hasPip(executable: string): Promise<boolean> {
  return (await run(executable, ["-m", "pip", "--version"], ".", PROBE_MILLISECONDS)).ok;
}

function platformOf({ implementation, version, freeThreaded }: Runtime): string[] {
  const [major = "3", minor = ""] = version.split(".");
  const short = `${major}.${minor}`;
  if (implementation === "pypy") return ["--python-version", short, "--implementation", "pp"];
  const abis = freeThreaded ? ["--abi", `cp${major}${minor}t`, "--abi", "none"] : [];
  return ["--python-version", short, "--implementation", "cp", ...abis];
}

function run(executable: string, parameters: readonly string[], cwd: string, milliseconds: number): Promise<{ ok: true } | { ok: false; problem: string }> {
  const env = { ...process.env, PYTHONNOUSERSITE: "1", PYTHONDONTWRITEBYTECODE: "1" };
  return new Promise((resolve) => {
    const child = execFile(executable, parameters, { cwd, env, timeout: milliseconds, killSignal: "SIGKILL", encoding: "utf8" }, (error, _stdout, stderr) => {
      if (error === null) resolve({ ok: true });
      else
        resolve({
          ok: false,
          problem: error.killed ? `no end within ${milliseconds / 1000} s` : (errorLineOf(stderr) ?? error.message.split("\n", 1)[0] ?? ""),
        });
    });
    child.stdin?.end();
  });
}

/** pip says the reason in a line that begins with ERROR; the first one is the cause. */
function errorLineOf(stderr: string): string | undefined {
  const lines = stderr
    .trim()
    .split("\n")
    .filter((line) => line !== "");
  return (lines.find((line) => line.startsWith("ERROR:")) ?? lines.at(-1))?.slice(0, 300);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
