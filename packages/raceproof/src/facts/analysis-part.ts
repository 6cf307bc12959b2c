// Requests for shares of the modules in, replies out: the one form in which analysis is asked for, in this thread or in another.
import type { ClassAttributes } from "./declarations/attribute-owners.ts";
import type { PassedValue } from "./evaluation/passed-values.ts";
import { ModuleAnalysis } from "./module-analysis.ts";
import type { AnalysisOptions, FactsOfModule, Outline, PassedByModule, UnparsedFile } from "./module-analysis.ts";

/** `modules`: positions in the list of files. What requests carry holds for all later ones. */
export type AnalysisRequest =
  | { readonly want: "outlines"; readonly modules: readonly number[] }
  | { readonly want: "passed"; readonly modules: readonly number[]; readonly attributes: readonly ClassAttributes[] }
  | { readonly want: "facts"; readonly modules: readonly number[]; readonly attributes: readonly ClassAttributes[]; readonly passed: readonly PassedValue[] };

/** One answer for each module asked for, in their order. */
export interface AnalysisReplies {
  readonly outlines: readonly Outline[];
  readonly passed: readonly PassedByModule[];
  readonly facts: readonly FactsOfModule[];
}

/** Something that analyzes modules. A part that fails rejects; another one may then be asked the same. */
export interface AnalysisPart {
  answer<Want extends AnalysisRequest["want"]>(request: Extract<AnalysisRequest, { want: Want }>): Promise<AnalysisReplies[Want]>;
}

/** In this thread, at once. */
export class LocalPart implements AnalysisPart {
  private readonly analysis: ModuleAnalysis;
  private attributes: readonly ClassAttributes[] | undefined;
  private passed: readonly PassedValue[] | undefined;

  constructor(files: readonly UnparsedFile[], options: AnalysisOptions) {
    this.analysis = new ModuleAnalysis(files, options);
  }

  answer<Want extends AnalysisRequest["want"]>(request: Extract<AnalysisRequest, { want: Want }>): Promise<AnalysisReplies[Want]> {
    return Promise.resolve(this.answerNow(request) as AnalysisReplies[Want]);
  }

  answerNow(request: AnalysisRequest): AnalysisReplies[AnalysisRequest["want"]] {
    this.learn(request);
    switch (request.want) {
      case "outlines":
        return request.modules.map((index) => this.analysis.outline(index));
      case "passed":
        return request.modules.map((index) => this.analysis.passedBy(index));
      case "facts":
        return request.modules.map((index) => this.analysis.factsOf(index));
    }
  }

  private learn(request: AnalysisRequest): void {
    if (request.want === "outlines") return;
    if (this.attributes !== request.attributes) this.analysis.learnAttributes((this.attributes = request.attributes));
    if (request.want === "facts" && this.passed !== request.passed) this.analysis.learnPassedValues((this.passed = request.passed));
  }
}
