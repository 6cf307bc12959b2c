// The environment variables of a tested process. Enters: its folder, hash seed and marker. Leaves: variables and nothing else.
import { markerVariable } from "./kill-process-tree.ts";

/** Variables an interpreter may need to start at all; everything else could change what the subject does. */
const passedOn = ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT"];

export function childEnvironment({ work, hashSeed, marker }: { work: string; hashSeed: number; marker: string }): Record<string, string> {
  const inherited = passedOn.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(inherited),
    HOME: work,
    TMPDIR: work,
    LANG: "C.UTF-8",
    LC_ALL: "C.UTF-8",
    TZ: "UTC",
    PYTHONHASHSEED: `${hashSeed}`,
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONNOUSERSITE: "1",
    [markerVariable]: marker,
  };
}
