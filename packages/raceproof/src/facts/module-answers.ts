// Outlines of all files in; out, what they answer when evaluation asks for a module, or for a name in one, as texts that are the same when
// the answers are.
import { hash } from "node:crypto";
import { moduleNameOf } from "./declarations/module-names.ts";
import type { Outline, UnparsedFile } from "./module-analysis.ts";

/** Longer ones are told by their digests. */
const longestAnswer = 80;

interface NamedFile {
  readonly path: string;
  readonly outline: Outline;
  /** Made when something is asked. */
  mentions: ReadonlyMap<string, readonly number[]> | undefined;
}

export class ModuleAnswers {
  private readonly files = new Map<string, NamedFile[]>();
  private readonly answers = new Map<string, string>();

  constructor(files: readonly UnparsedFile[], outlines: readonly Outline[]) {
    files.forEach(({ path, modulePath }, index) => {
      const name = moduleNameOf(modulePath);
      const file = { path, outline: outlines[index] as Outline, mentions: undefined };
      const known = this.files.get(name);
      if (known) known.push(file);
      else this.files.set(name, [file]);
    });
  }

  /** Which files the module is in. */
  module(name: string): string {
    return (this.files.get(name) ?? []).map(({ path }) => path).join("\0");
  }

  /** `key`: "pkg.module:name". */
  name(key: string): string {
    let answer = this.answers.get(key);
    if (answer === undefined) this.answers.set(key, (answer = this.find(key)));
    return answer;
  }

  private find(key: string): string {
    const colon = key.indexOf(":");
    const name = key.slice(colon + 1);
    const answer = (this.files.get(key.slice(0, colon)) ?? []).map((file) => `${file.path}\0${statementsAbout(file, name)}`).join("\0");
    // Many modules ask about a popular name, and all of them put the answer into a digest of their own.
    return answer.length > longestAnswer ? hash("sha256", answer, "base64") : answer;
  }
}

function statementsAbout(file: NamedFile, name: string): string {
  const { statements, names, others } = file.outline.named;
  file.mentions ??= new Map(names);
  const mentions = file.mentions.get(name);
  return `${mentions ? "bound" : "unbound"} ${(mentions ?? others).map((position) => statements[position]).join(" ")}`;
}
