// What the explorer and the agent say to each other, as values: the TypeScript face of protocol/README.md, version 1.
// It does not see how a line travels (runtimes/) nor what a reply means (oracles/).
import type { RuntimeModel } from "../models/index.ts";
import type { AccessKind, OperationResult, Outcome, Plan, PlayableSchedule, Relaxation, Schedule, SeededSchedule, TraceEvent } from "../vocabulary/index.ts";

export const protocolVersion = 1;

/** Switch points to stop at: keys as `profile` names them, or every one. */
export type ActiveSites = readonly string[] | "all";

export interface HelloReply {
  readonly protocol: number;
  readonly agent: string;
  readonly runtime: {
    readonly implementation: "cpython" | "pypy";
    readonly version: string;
    readonly freeThreaded: boolean;
    readonly gilEnabled: boolean;
    readonly platform: string;
    readonly hashSeed: string;
  };
}

export interface OpenReply {
  readonly driver: {
    readonly threads: readonly { readonly name: string; readonly operations: readonly string[] }[];
    readonly observe: boolean;
    readonly invariant: boolean;
    /** Outcomes it declares benign; absent in old agents. */
    readonly relaxations?: readonly Relaxation[];
  };
  readonly sites: number;
  readonly importSeconds: number;
}

export interface SerialReply {
  readonly orders: readonly { readonly order: readonly number[]; readonly outcome: string }[];
  readonly outcomes: readonly Outcome[];
  /** Paths of the state that differ between equal runs and are left out of outcome ids. */
  readonly masked: readonly string[];
  readonly stable: boolean;
}

/** A place in the source where the agent can stop a thread, as seen in serial executions. */
export interface SwitchSite {
  readonly key: string;
  readonly module: string;
  readonly function: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly access: AccessKind;
  readonly text: string;
  readonly threads: readonly number[];
  /** Two threads touch the same object and name (or key) there and at least one writes. */
  readonly conflict: boolean;
}

export interface ProfileReply {
  readonly sites: readonly SwitchSite[];
  /** Per thread, the switch points passed with every site active. */
  readonly steps: readonly number[];
  /** The same with only the sites in conflict active. */
  readonly lengths: readonly number[];
  /** How the first operation fails when every operation of every serial order raises. */
  readonly failing?: string;
}

/** What one operation touches when it runs alone; equal numbers are equal locations within one opened driver. */
export interface Footprint {
  readonly thread: number;
  readonly ending: Outcome["ending"];
  readonly results: readonly OperationResult[];
  readonly steps: number;
  /** Equal for operations that went through the same places. */
  readonly route: string;
  /** Length of the state's text afterwards. */
  readonly stateSize: number;
  readonly reads: readonly number[];
  readonly writes: readonly number[];
}

export interface FootprintReply {
  readonly footprints: readonly Footprint[];
}

export interface ExploreReply {
  readonly runs: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly new: readonly Outcome[];
  readonly first: { readonly index: number; readonly outcome: string } | null;
  /** Largest number of active accesses seen, per thread. */
  readonly lengths: readonly number[];
  readonly diverged: number;
  readonly uncontrolled: number;
}

/** Consecutive seeds in one value. */
export interface SeededSchedules extends SeededSchedule {
  readonly count: number;
}

/** An announced access and everything its thread does up to its next switch point. */
export interface Transition {
  readonly thread: number;
  /** `acquire` is possible only while the lock is free; `try` is an acquire that may fail. */
  readonly kind: "access" | "acquire" | "release" | "try";
  readonly touches: readonly (readonly [object: number, part: string | null, writes: boolean])[];
  /** Threads asleep before it. */
  readonly sleeping?: readonly number[];
}

export interface TraceReply {
  readonly events: readonly Transition[];
  /** What threads wanted that never went on. */
  readonly waiting: readonly Transition[];
  readonly outcome: string;
  readonly new: readonly Outcome[];
  readonly followed: boolean;
  readonly redundant: boolean;
  readonly unmodeled: string | null;
}

export interface NameReply {
  readonly plan: Plan;
  readonly outcome: Outcome;
  readonly trace: readonly TraceEvent[];
}

export interface ReplayReply {
  readonly outcomes: Readonly<Record<string, number>>;
  readonly new: readonly Outcome[];
  readonly reached: number;
  readonly missingSites: readonly string[];
  /** Executions that missed steps only because a thread had to wait. */
  readonly prevented?: number;
  /** Index of a step -> executions in which it was the first that was not reached. */
  readonly missed?: Readonly<Record<string, number>>;
  readonly uncontrolled?: number;
}

/** Command name -> what is sent and what comes back. */
export interface AgentCommands {
  readonly hello: { readonly fields: { readonly protocol: number }; readonly reply: HelloReply };
  readonly open: {
    readonly fields: {
      readonly paths: readonly string[];
      readonly instrument: readonly string[];
      readonly driver: { readonly name: string; readonly source: string };
      readonly model?: RuntimeModel;
    };
    readonly reply: OpenReply;
  };
  readonly serial: { readonly fields: { readonly repeats: number; readonly warmups: number }; readonly reply: SerialReply };
  readonly profile: { readonly fields: object; readonly reply: ProfileReply };
  readonly footprint: { readonly fields: { readonly threads: readonly number[] }; readonly reply: FootprintReply };
  readonly explore: {
    readonly fields: {
      readonly sites: ActiveSites;
      readonly schedules: readonly (Schedule | SeededSchedules)[];
      readonly accept: readonly string[];
      readonly stop: boolean;
      /** The batch may end earlier when it takes longer. */
      readonly milliseconds?: number;
    };
    readonly reply: ExploreReply;
  };
  readonly trace: {
    readonly fields: { readonly sites: ActiveSites; readonly prefix: readonly number[]; readonly sleeping: readonly number[] };
    readonly reply: TraceReply;
  };
  readonly name: {
    readonly fields: { readonly sites: ActiveSites; readonly schedule: PlayableSchedule; readonly values: boolean; readonly callers: boolean };
    readonly reply: NameReply;
  };
  readonly replay: { readonly fields: { readonly plan: Plan; readonly times: number }; readonly reply: ReplayReply };
  readonly sources: { readonly fields: { readonly modules: readonly string[] }; readonly reply: { readonly sources: Readonly<Record<string, string>> } };
  readonly collect: { readonly fields: object; readonly reply: object };
  readonly close: { readonly fields: object; readonly reply: object };
}

export type AgentCommand = keyof AgentCommands;
export type FieldsOf<C extends AgentCommand> = AgentCommands[C]["fields"];
export type ReplyOf<C extends AgentCommand> = AgentCommands[C]["reply"];

/** One agent process. `request` rejects with AgentFailure and nothing else. */
export interface AgentConnection {
  request<C extends AgentCommand>(command: C, fields: FieldsOf<C>, timeoutSeconds: number): Promise<ReplyOf<C>>;
  /** Kills the process with all its descendants and removes its temporary folder. Safe to call twice. */
  dispose(): Promise<void>;
}
