// Ends a process with everything it started, also what left its process group. Descendants are known by a marker in their
// environment (Linux: /proc); elsewhere only the process group is ended.
import { readdirSync, readFileSync } from "node:fs";

/** Name of the environment variable that marks every process of one agent. */
export const markerVariable = "RACEPROOF_RUN";

/** A descendant may fork while it is being looked for. */
const ROUNDS = 5;

/** `leader`: process id of a session leader. Synchronous, because it also runs while our own process exits. Returns how many escaped ones were found. */
export function killProcessTree(leader: number | undefined, marker: string): number {
  if (leader !== undefined) endQuietly(-leader);
  let escaped = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const found = processesMarked(marker);
    if (found.length === 0) break;
    escaped += found.length;
    for (const id of found) endQuietly(id);
  }
  return escaped;
}

/** Ids of living processes that carry the marker (zombies have no environment and are not listed). */
export function processesMarked(marker: string): number[] {
  const wanted = `${markerVariable}=${marker}`;
  return listProcessIds().filter((id) => {
    try {
      return readFileSync(`/proc/${id}/environ`, "latin1").split("\0").includes(wanted);
    } catch {
      return false;
    }
  });
}

function listProcessIds(): number[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function endQuietly(id: number): void {
  try {
    process.kill(id, "SIGKILL");
  } catch {
    // It has ended already.
  }
}
