// The door of the sources room. Enters: what a person typed. Leaves: a Subject on disk, its files' bytes, and syntax trees.
// Nothing of a subject is ever executed here: no build backend, no setup script, no import. Other rooms use only these names.
export * from "./c/index.ts";
export * from "./cargo/index.ts";
export * from "./cython/index.ts";
export * from "./python/index.ts";
export * from "./rust/index.ts";
export * from "./syntax-tree.ts";
export { excerptOf, excerptReader } from "./python/source-excerpts.ts";
export { fetchSubject, type FetchOptions } from "./fetch-subject.ts";
export { auditedEndings, isExtensionSource, isNativeSource } from "./discovery/list-modules.ts";
export { readSubjectFiles, type SubjectFile } from "./read-subject-files.ts";
export { readUsageFiles, type SubjectUsageFiles } from "./read-usage-files.ts";
export { assertCleanTree, type History, type HistoryRange, mergeBaseOf, readHistory } from "./git-history.ts";
export { parseSpecification, type Specification } from "./specification.ts";
export { defaultCacheFolder } from "./subject-cache.ts";
export { lineOfKey } from "./toml-lines.ts";
export { digestTree } from "./tree-digest.ts";
export { FolderWatch } from "./watch-folders.ts";
