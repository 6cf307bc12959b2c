// The package's own version, for reports and witnesses.
import { createRequire } from "node:module";

const manifest = createRequire(import.meta.url)("../package.json") as { readonly version: string };

export const toolVersion: string = manifest.version;
