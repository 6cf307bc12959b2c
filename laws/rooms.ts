// The house plan: rooms from the ground up. A room may import rooms that come before it in the list.

export const rooms = [
  "vocabulary",
  "models",
  "rules",
  "sources",
  "facts",
  "hazards",
  "confirmations",
  "fixes",
  "guards",
  "reports",
  "config",
  "cache",
  "cli",
] as const;

/** Files beside the rooms: they join the rooms, and only the command line (and doors outside) enters them. */
export const corridor: readonly string[] = ["audit.ts", "pipeline.ts", "session.ts", "index.ts"];

/** Where file system, child processes and network may appear, by path prefix. */
export const roomsWithInputAndOutput: readonly string[] = ["sources/", "config/", "cache/", "confirmations/runtimes/", "cli/"];

/** Where something may be printed or the process ended. */
export const roomsThatPrint: readonly string[] = ["cli/"];
