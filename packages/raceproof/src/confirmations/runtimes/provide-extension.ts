// A subject's compiled extension for one interpreter, to replay what needs it. Enters: a subject. Leaves: a folder for sys.path, ahead of its sources.
// A release comes as the wheel its authors built, and nothing is executed; everything else must be built, which a person has to allow.
import type { Runtime, Subject } from "../../vocabulary/index.ts";
import { UserError } from "../../vocabulary/index.ts";
import { buildExtension } from "./build-extension.ts";
import { provideRequirements } from "./provide-requirements.ts";

export interface ExtensionWish {
  readonly runtime: Runtime;
  readonly cacheFolder: string;
  /** The subject's build may be executed. */
  readonly mayBuild: boolean;
}

/** @throws UserError when it has to be built and that is not allowed, or does not work */
export async function provideExtension(subject: Subject, { runtime, cacheFolder, mayBuild }: ExtensionWish): Promise<string> {
  const { name, version, root } = subject;
  const isRelease = version !== undefined && subject.specification.replaceAll(" ", "") === `${name}==${version}`;
  if (isRelease) {
    const wheel = await provideRequirements({ ...subject, requirements: [`${name}==${version}`] }, runtime, cacheFolder);
    if (wheel.paths[0] !== undefined) return wheel.paths[0];
  }
  if (!mayBuild)
    throw new UserError(
      `it needs the compiled extension of ${name}${isRelease ? `, and there is no wheel of it for ${runtime.id}` : ""}`,
      "Add --build, which executes the subject's own build.",
    );
  return (await buildExtension({ root, name, runtime, flavor: "plain", cacheFolder })).folder;
}
