// The connection to an agent process, against scripted agents that misbehave in every way a subject can make them.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Runtime } from "../../vocabulary/index.ts";
import { AgentFailure, type AgentFailureReason } from "../agent-failure.ts";
import type { AgentConnection } from "../agent-messages.ts";
import { discoverRuntimes } from "./discover-runtimes.ts";
import { processesMarked } from "./kill-process-tree.ts";
import { launchAgent } from "./launch-agent.ts";

/** Does what the field `act` of a request says. */
const SCRIPTED_AGENT = String.raw`
import argparse, json, os, subprocess, sys, time
options = argparse.ArgumentParser()
options.add_argument("--requests-fd", type=int)
options.add_argument("--replies-fd", type=int)
options.add_argument("--progress-file")
options.add_argument("--memory-limit")
options = options.parse_args()
requests = os.fdopen(options.requests_fd, "rb")

def say(text):
    os.write(options.replies_fd, text.encode())

for line in requests:
    request = json.loads(line)
    reply = {"id": request["id"], "ok": True}
    act = request.get("act", "answer")
    if act == "environment":
        reply.update(environment=dict(os.environ), cwd=os.listdir("."), argv=sys.argv, path=sys.path, stdin=os.read(0, 1).decode())
    elif act == "refuse":
        reply = {"id": request["id"], "ok": False, "error": {"kind": "import", "message": "No module named 'x'", "traceback": "t"}}
    elif act == "exit":
        with open(options.progress_file, "wb") as file:
            file.write((41).to_bytes(8, "little"))
        os.write(2, b"last words\n")
        os._exit(7)
    elif act == "crash":
        os.kill(os.getpid(), 11)
    elif act == "hang":
        time.sleep(600)
    elif act == "linger":
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True, close_fds=False)
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], close_fds=False)
        os._exit(0)
    elif act == "chatter":
        for _ in range(64):
            os.write(1, b"x" * 1048576)
            os.write(2, b"y" * 1048576)
        os.write(2, b"\nthe end\n")
        os._exit(3)
    elif act == "garbage":
        say("{]\n")
        time.sleep(600)
    elif act == "other":
        reply["id"] += 5
    elif act == "endless":
        while True:
            say("z" * 65536)
    elif act == "close":
        os.close(options.replies_fd)
        time.sleep(600)
    elif act == "split":
        text = json.dumps(dict(reply, text="\u00e4" * 100000))
        for start in range(0, len(text), 4097):
            say(text[start:start + 4097])
        say("\n")
        continue
    say(json.dumps(reply) + "\n")
`;

let runtime: Runtime;
let agentFolder: string;

beforeAll(async () => {
  const { runtimes } = await discoverRuntimes();
  runtime = runtimes[0] as Runtime;
  agentFolder = mkdtempSync(join(tmpdir(), "raceproof-scripted-"));
  mkdirSync(join(agentFolder, "raceproof_agent"));
  writeFileSync(join(agentFolder, "raceproof_agent", "__init__.py"), "");
  writeFileSync(join(agentFolder, "raceproof_agent", "__main__.py"), SCRIPTED_AGENT);
});

afterAll(() => rmSync(agentFolder, { recursive: true }));

function launch(): AgentConnection {
  return launchAgent(runtime, { agentFolder });
}

async function ask(to: AgentConnection, act: string, seconds = 20): Promise<Record<string, unknown>> {
  return (await to.request("collect", { act }, seconds)) as Record<string, unknown>;
}

/** Why the request failed; the marker of the process, so that what it left behind can be looked for. */
async function failureOf(act: string, seconds = 20): Promise<{ reason: AgentFailureReason; left: number[] }> {
  const agent = launch();
  const { environment } = await ask(agent, "environment");
  const marker = (environment as Record<string, string>)["RACEPROOF_RUN"] ?? "";
  const failure = await ask(agent, act, seconds).then(
    () => undefined,
    (error: unknown) => error,
  );
  await agent.dispose();
  if (!(failure instanceof AgentFailure)) throw new Error(`expected an AgentFailure, got ${String(failure)}`);
  return { reason: failure.reason, left: processesMarked(marker) };
}

describe("an agent process", () => {
  it("sees a cleaned world", async () => {
    const agent = launch();
    const seen = await ask(agent, "environment");
    await agent.dispose();
    const environment = seen["environment"] as Record<string, string>;
    expect(
      Object.keys(environment)
        .filter((name) => /^(PYTHON|RACEPROOF|HOME|TMPDIR)/.test(name))
        .toSorted(),
    ).toEqual(["HOME", "PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED", "PYTHONNOUSERSITE", "RACEPROOF_RUN", "TMPDIR"]);
    expect(environment["PYTHONHASHSEED"]).toBe("0");
    expect(environment["HOME"]).toBe(environment["TMPDIR"]);
    expect(environment["HOME"]).not.toBe(process.env["HOME"]);
    expect(seen["cwd"]).toEqual([]);
    expect(seen["stdin"]).toBe("");
    expect(seen["path"]).not.toContain("");
  });

  it("answers in pieces of any size", async () => {
    const agent = launch();
    expect((await ask(agent, "split"))["text"]).toBe("ä".repeat(100_000));
    expect((await ask(agent, "answer"))["ok"]).toBe(true);
    await agent.dispose();
  });

  it("may refuse and go on", async () => {
    const agent = launch();
    await expect(ask(agent, "refuse")).rejects.toMatchObject({
      reason: { kind: "refused", because: "import", message: "No module named 'x'", traceback: "t" },
    });
    expect((await ask(agent, "answer"))["ok"]).toBe(true);
    await agent.dispose();
  });

  it("that exits tells its status, its last words and the schedule it was at", async () => {
    const { reason } = await failureOf("exit");
    expect(reason).toEqual({ kind: "exited", code: 7, signal: null, stderrTail: "last words\n", progress: 41 });
  });

  it("that crashes tells the signal", async () => {
    const { reason } = await failureOf("crash");
    expect(reason).toMatchObject({ kind: "exited", code: null, signal: "SIGSEGV", progress: undefined });
    expect(new AgentFailure(reason).message).toContain("SIGSEGV");
  });

  it("that hangs is killed", async () => {
    const { reason, left } = await failureOf("hang", 0.5);
    expect(reason).toMatchObject({ kind: "timeout", seconds: 0.5 });
    expect(left).toEqual([]);
  });

  it("leaves no descendant, not even in another session holding the pipes", async () => {
    const { reason, left } = await failureOf("linger");
    expect(reason).toMatchObject({ kind: "exited", code: 0 });
    expect(left).toEqual([]);
  });

  it("may print without end: only the last of stderr is kept", async () => {
    const { reason } = await failureOf("chatter");
    expect(reason).toMatchObject({ kind: "exited", code: 3 });
    const tail = reason.kind === "exited" ? reason.stderrTail : "";
    expect(tail.length).toBeLessThan(66_000);
    expect(tail).toMatch(/^\[\d+ bytes left out\]\n[\s\S]*\nthe end\n$/);
  });

  it.each(["garbage", "other", "endless", "close"])("that breaks the protocol is killed: %s", async (act) => {
    const { reason, left } = await failureOf(act);
    expect(reason.kind).toBe("protocol");
    expect(left).toEqual([]);
  });

  it("fails every later request in the same way", async () => {
    const agent = launch();
    await expect(ask(agent, "exit")).rejects.toMatchObject({ reason: { kind: "exited", code: 7 } });
    await expect(ask(agent, "answer")).rejects.toMatchObject({ reason: { kind: "exited", code: 7 } });
    await agent.dispose();
  });

  it("that cannot be started is a failure of the first request", async () => {
    const agent = launchAgent({ ...runtime, executable: join(agentFolder, "missing") }, { agentFolder });
    await expect(ask(agent, "answer")).rejects.toMatchObject({ reason: { kind: "protocol" } });
    await agent.dispose();
  });

  it("ends with us when we are told to end", async () => {
    const agent = launch();
    const { environment } = await ask(agent, "environment");
    const { RACEPROOF_RUN: marker = "", HOME: home = "" } = environment as Record<string, string>;
    expect(processesMarked(marker)).toHaveLength(1);
    const isTheirs = (): void => undefined;
    process.once("SIGTERM", isTheirs);
    process.emit("SIGTERM", "SIGTERM");
    await agent.dispose();
    expect(processesMarked(marker)).toEqual([]);
    expect(existsSync(dirname(home))).toBe(false);
  });

  it("leaves no temporary folder", async () => {
    const agent = launch();
    const { environment } = await ask(agent, "environment");
    const folder = dirname((environment as Record<string, string>)["HOME"] ?? "");
    expect(existsSync(folder)).toBe(true);
    await agent.dispose();
    await agent.dispose();
    expect(existsSync(folder)).toBe(false);
  });
});
