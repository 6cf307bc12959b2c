// Enters: a local repository and two revisions. Leaves: the commit where they parted. Nothing is fetched or checked out.
import { UserError } from "../vocabulary/index.ts";
import { GitFailure, readGit } from "./git-process.ts";

/** @throws UserError when the folder is no repository, a revision does not exist, or they share no history */
export async function mergeBaseOf(folder: string, base: string, head: string): Promise<string> {
  if ([base, head].some((revision) => revision.startsWith("-"))) throw new UserError(`"${base}...${head}" is no range of revisions`, "Write BASE...HEAD.");
  try {
    return (await readGit(["merge-base", base, head], { environment: process.env, folder })).trim();
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
    throw new UserError(
      `${base} and ${head} have no common commit in ${folder}: ${error.message.split("\n")[0] ?? ""}`,
      "Check the revisions, or write BASE..HEAD.",
    );
  }
}
