// A task in, the part of the analysis that does it in this very thread out.
import { LocalPart } from "../facts/index.ts";
import { collectRemarks, nameMatcher } from "../suppressions/index.ts";
import type { WorkerTask } from "./worker-messages.ts";

export function localPart({ files, lockNames }: WorkerTask): LocalPart {
  const matchers = lockNames.map(nameMatcher);
  const isLockName = matchers.length === 0 ? undefined : (name: string): boolean => matchers.some((matches) => matches(name));
  return new LocalPart(files, { isLockName, readTree: collectRemarks });
}
