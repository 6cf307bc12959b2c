// raceproof's cache folder, where set-up puts interpreters and confirmations put installed requirements.
import { homedir } from "node:os";
import { join } from "node:path";

/** RACEPROOF_CACHE, else the XDG cache folder. */
export function raceproofCacheFolder(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const given = environment["RACEPROOF_CACHE"];
  if (given) return given;
  return join(environment["XDG_CACHE_HOME"] || join(environment["HOME"] ?? homedir(), ".cache"), "raceproof");
}
