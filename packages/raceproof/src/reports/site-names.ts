// Site keys of traces and plans in, names a person can read out. A key is "module:function:kind:text[#n]", or "@operation",
// "@acquire", "@release" with optional detail. Sees no source file: all it knows is the key and the path in the trace.
import type { AccessKind } from "../vocabulary/index.ts";

export interface SiteName {
  /** Empty for scheduling points of the agent itself ("@acquire"). */
  readonly module: string;
  readonly function: string;
  readonly access: AccessKind | "schedule";
  /** Source text of the access: "self.filesystem.last_ino". */
  readonly text: string;
}

const accessKinds: readonly string[] = ["read", "write", "update", "iterate", "check", "call"] satisfies readonly AccessKind[];

/** Never throws: an unknown form becomes a scheduling point named by the whole key. */
export function parseSite(key: string): SiteName {
  const match = /^([^:]*):([^:]*):([a-z]+):([^]*)$/.exec(key);
  const access = match?.[3];
  if (match === null || access === undefined || !isAccessKind(access)) {
    return { module: "", function: "", access: "schedule", text: key.replace(/^@/, "") };
  }
  return { module: match[1] ?? "", function: match[2] ?? "", access, text: (match[4] ?? "").replace(/#\d+$/, "") };
}

/**
 * The path of a trace event relative to an import root. Traces carry paths of the machine they were recorded on: the part
 * kept is as long as the module name says ("pkg.mod" keeps "pkg/mod.py"), for other files the base name alone.
 */
export function portableFile(file: string, module: string): string {
  const path = file.replaceAll("\\", "/");
  if (!/^(\/|[A-Za-z]:\/)/.test(path)) return path;
  const segments = path.split("/");
  const stem = module.replaceAll(".", "/");
  for (const tail of [`${stem}.py`, `${stem}/__init__.py`]) {
    if (module !== "" && path.endsWith(`/${tail}`)) return tail;
  }
  return segments.at(-1) ?? path;
}

function isAccessKind(text: string): text is AccessKind {
  return accessKinds.includes(text);
}
