// Enters: a file name. Leaves: which archive format it has, if any.
// It goes by the name alone; the unpackers find out when the content disagrees.

export type ArchiveFormat = "zip" | "tar.gz" | "tar";

const SUFFIXES: readonly (readonly [string, ArchiveFormat])[] = [
  [".whl", "zip"],
  [".zip", "zip"],
  [".tar.gz", "tar.gz"],
  [".tgz", "tar.gz"],
  [".tar", "tar"],
];
const UNREADABLE_SUFFIXES: readonly string[] = [".tar.bz2", ".tbz", ".tbz2", ".tar.xz", ".txz", ".tar.lz", ".tar.z", ".tar.zst"];

/** Format of a readable archive, or undefined. */
export function archiveFormatOf(filename: string): ArchiveFormat | undefined {
  const lower = filename.toLowerCase();
  return SUFFIXES.find(([suffix]) => lower.endsWith(suffix))?.[1];
}

/** True for every archive name, also those that cannot be read here. */
export function isArchiveName(filename: string): boolean {
  return archiveSuffixOf(filename) !== undefined;
}

/** The suffix that makes a name an archive's, in lower case: ".tar.gz" of "a-1.0.tar.gz". */
export function archiveSuffixOf(filename: string): string | undefined {
  const lower = filename.toLowerCase();
  return [...SUFFIXES.map(([suffix]) => suffix), ...UNREADABLE_SUFFIXES].find((suffix) => lower.endsWith(suffix));
}
