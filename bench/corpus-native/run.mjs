// Audits every pair of pairs.json before and after its fix and says which races of extensions in C were found and which went silent.
// Needs a build and the repositories: node bench/corpus-native/run.mjs FOLDER [--only TEXT] [--set TEXT] [--read TEXT] [--totals]
import { auditNativeFiles } from "../../packages/raceproof/dist/native-audit.js";
import { judgeCommits } from "../../corpus/judge-commits.mjs";
import { isExtensionSource } from "./extension-source.mjs";

await judgeCommits({
  pairs: new URL("pairs.json", import.meta.url),
  audit: auditNativeFiles,
  isSource: isExtensionSource,
});
