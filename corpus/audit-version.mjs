// Enters: a specification. Leaves: the findings of one version in the shape of the JSON report, whatever their confidence, with a digest
// of the audited files. Audits in this process, where a second version costs a tenth of the first; settings of the subject or of the current folder are not read.
import { createHash } from "node:crypto";
import { relative, sep } from "node:path";
import { inRepository } from "../scripts/repository.mjs";

const built = (name) => import(inRepository("packages", "raceproof", "dist", ...name.split("/")));
const [{ auditSources }, { fetchSubject, parseSpecification, readSubjectFiles }] = await Promise.all([built("index.js"), built("sources/index.js")]);

const flat = ({ rule, confidence, severity, span, function: within, location, message, evidence, accesses }) => ({
  rule, confidence, severity, file: span.file, line: span.line, function: within, location: location.display, message, evidence,
  accesses: accesses.map((access) => ({ file: access.span.file, line: access.span.line, function: access.function, kind: access.kind })),
});

/** @throws UserError when the version cannot be had */
export async function auditVersion(specification, { cache } = {}) {
  const subject = await fetchSubject(parseSpecification(specification, process.cwd()), { cacheFolder: cache });
  const files = [];
  for await (const file of readSubjectFiles(subject, () => undefined)) files.push(file);
  const digest = createHash("sha256");
  for (const { path, bytes } of files) digest.update(`${path}\0${bytes.length}\0`).update(bytes);
  const { hazards, coverage } = auditSources(files, { importPrefix: relative(subject.root, subject.importRoot).split(sep).join("/") });
  return { root: subject.root, sha256: digest.digest("hex"), lines: coverage.lines, findings: hazards.map(flat) };
}
