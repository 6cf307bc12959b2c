// The house plan: rooms from the ground up. A room may import rooms that come before it in the list.
// Files beside the rooms are the corridor: they join the rooms, and only cli (and doors outside) enters them.

export const rooms = [
  "vocabulary",
  "models",
  "rules",
  "sources",
  "facts",
  "hazards",
  "suppressions",
  "workers",
  "confirmations",
  "fixes",
  "guards",
  "reviews",
  "reports",
  "config",
  "cache",
  "cli",
] as const;

/** Where file system, child processes and network may appear, by path prefix. */
export const roomsWithInputAndOutput: readonly string[] = ["sources/", "workers/", "config/", "cache/", "confirmations/runtimes/", "cli/"];

/** Where something may be printed or the process ended. */
export const roomsThatPrint: readonly string[] = ["cli/"];
