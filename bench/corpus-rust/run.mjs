// Audits every pair of pairs.json before and after its fix and says which hazards of extensions in Rust were found and which went silent.
// Needs a build and the repositories: node bench/corpus-rust/run.mjs FOLDER [--only TEXT] [--totals]
import { auditRustFiles } from "../../packages/raceproof/dist/rust-audit.js";
import { judgeCommits } from "../../corpus/judge-commits.mjs";

await judgeCommits({
  pairs: new URL("pairs.json", import.meta.url),
  audit: auditRustFiles,
  isSource: (path) => /(\.rs|(^|\/)Cargo\.(toml|lock))$/.test(path) && !/(^|\/)(tests?|benches|vendor)\//.test(path),
});
