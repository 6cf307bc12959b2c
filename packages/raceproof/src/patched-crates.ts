// Patched crates in, patches that their compiler refuses out. Executes the crates' build scripts: a person allowed it.
import { checkCrate, discoverRuntimes } from "./confirmations/index.ts";
import type { FixAttempt, FixRequest, FixTask } from "./fix-attempt.ts";
import { bytesOfText } from "./fix-audit.ts";
import { supportsPython } from "./models/index.ts";
import { auditRustFiles } from "./rust-audit.ts";
import { defaultCacheFolder, isExtensionSource } from "./sources/index.ts";
import { packageOf } from "./vocabulary/index.ts";
import type { CargoPackage, RefusedFix } from "./vocabulary/index.ts";

export async function checkPatchedCrates({ texts, applied }: FixAttempt, { root, original }: FixTask, request: FixRequest): Promise<RefusedFix[]> {
  const changed = new Map([...texts].filter(([path, text]) => text !== original.get(path)).map(([path, text]) => [path, bytesOfText(text)]));
  const sources = [...texts].filter(([path]) => isExtensionSource(path)).map(([path, text]) => ({ path, bytes: bytesOfText(text) }));
  const { cargo } = (await auditRustFiles(sources, [])).program;
  const crates = new Set<CargoPackage>([...changed.keys()].flatMap((path) => packageOf(cargo, path) ?? []));
  for (const crate of crates) {
    const error = await firstError(crate, { root, changed, request });
    if (error === undefined) continue;
    const own = applied.filter(({ files }) => files.some((file) => packageOf(cargo, file) === crate));
    // Another release of what everything uses is the likeliest reason; then the file that the error is in.
    const raised = own.filter(({ files }) => files.some((file) => file.endsWith("Cargo.toml")));
    const there = own.filter(({ files }) => files.some((file) => error.startsWith(`${file}:`)));
    const blamed = raised.length > 0 ? raised : there.length > 0 ? there : own;
    return blamed.map(({ hazard }) => ({ hazard, reason: `cargo check refuses the patched crate: ${error}` }));
  }
  return [];
}

interface Patched {
  readonly root: string;
  readonly changed: ReadonlyMap<string, Uint8Array>;
  readonly request: FixRequest;
}

async function firstError({ manifest, name, pyo3 }: CargoPackage, { root, changed, request }: Patched): Promise<string | undefined> {
  request.onProgress(`cargo check of ${name}`);
  const { runtimes } = await discoverRuntimes();
  const runtime = runtimes.find(
    ({ implementation, version, freeThreaded }) =>
      implementation === "cpython" && !freeThreaded && (pyo3?.version === undefined || supportsPython(pyo3.version, version, freeThreaded)),
  );
  if (runtime === undefined) return `no interpreter here that PyO3 ${pyo3?.version ?? ""} can be built for`;
  return checkCrate({ root, manifest, changed, runtime, cacheFolder: request.cacheFolder ?? defaultCacheFolder(process.env) });
}
