// `raceproof audit --watch`: the report once, then after every change what became of the hazards, until somebody ends it.
import { renderRound } from "../reports/index.ts";
import { FolderWatch } from "../sources/index.ts";
import { UserError } from "../vocabulary/index.ts";
import { checkWatchable, WatchedSubject } from "../watch.ts";
import type { Look } from "../watch.ts";
import { ExitCode } from "./exit-codes.ts";
import { renderReport } from "./output-formats.ts";
import type { OutputFormat } from "./output-formats.ts";
import { prepareAudit } from "./project-settings.ts";
import type { PreparedAudit } from "./project-settings.ts";
import { exitCodeOf, shownConfidence } from "./report-options.ts";
import type { ReportOptions } from "./report-options.ts";
import { createProgress, deliver, wantsColor } from "./terminal.ts";

/** Formats that lines about what changed may follow. */
const lineFormats: ReadonlySet<OutputFormat> = new Set(["terminal", "concise", "grouped"]);

/** @returns the exit code of the last audit @throws UserError when there is nothing to watch */
export async function watchSubject(subject: string, options: ReportOptions): Promise<number> {
  const folders = new FolderWatch((folder, reason) => tell(`${folder} cannot be watched (${reason}): changes there are seen with the next change elsewhere`));
  const ended = endAsked();
  try {
    checkWatchable({ specification: subject, cwd: process.cwd() });
    if (!lineFormats.has(options.outputFormat)) throw new UserError(`--watch does not print ${options.outputFormat}`, `Choose ${[...lineFormats].join(", ")}.`);
    const session = new Session(subject, options, new WatchedSubject(folders));
    await session.begin();
    while (await Promise.race([folders.changed().then(() => true), ended.then(() => false)])) await session.goOn();
    return session.exitCode;
  } finally {
    folders.close();
  }
}

class Session {
  exitCode: number = ExitCode.clean;
  private readonly subject: string;
  private readonly options: ReportOptions;
  private readonly watched: WatchedSubject;

  constructor(subject: string, options: ReportOptions, watched: WatchedSubject) {
    this.subject = subject;
    this.options = options;
    this.watched = watched;
  }

  async begin(): Promise<void> {
    await this.lookAndPrint(({ report }, { thresholds }) =>
      renderReport(report, this.options.outputFormat, { shown: shownConfidence(thresholds), output: undefined }),
    );
    tell("watching for changes; Ctrl-C ends");
  }

  /** What is wrong now, settings or an empty folder, the next change may mend. */
  async goOn(): Promise<void> {
    try {
      await this.lookAndPrint(({ round }) =>
        round.changed.length + round.added.length + round.fixed.length + round.waiting.length > 0 ? renderRound(round, { color: wantsColor() }) : "",
      );
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      tell(`${error.message}. ${error.advice}`);
    }
  }

  private async lookAndPrint(render: (look: Look, prepared: PreparedAudit) => string): Promise<void> {
    const progress = createProgress(this.options);
    const waiting: (() => Promise<unknown>)[] = [];
    try {
      const prepared = await prepareAudit(this.subject, this.options, (message) => progress.say(message));
      const look = await this.watched.look({ ...prepared.request, afterwards: (work) => void waiting.push(work) });
      progress.end();
      await deliver(render(look, prepared), undefined);
      this.exitCode = exitCodeOf(look.report, prepared.thresholds);
    } finally {
      progress.end();
    }
    for (const work of waiting) await work();
  }
}

function endAsked(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
}

function tell(message: string): void {
  process.stderr.write(`raceproof: ${message}\n`);
}
