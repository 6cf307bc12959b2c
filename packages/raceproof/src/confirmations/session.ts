// One agent process kept for many drivers of one subject, so that the subject is imported once; a new one after it died.
// Enters: drivers. Leaves: players. It does not judge.
import { runtimeModels } from "../models/index.ts";
import type { DriverText, Runtime, RuntimeModelName } from "../vocabulary/index.ts";
import { AgentFailure } from "./agent-failure.ts";
import { type AgentCommand, type AgentConnection, type FieldsOf, protocolVersion, type ReplyOf } from "./agent-messages.ts";
import type { TestedSubject } from "./confirmation-options.ts";
import { withRelaxations } from "./drivers/with-relaxations.ts";
import { Player } from "./player.ts";

export type LaunchAgent = (runtime: Runtime, options: { readonly hashSeed?: number }) => AgentConnection;

interface SessionSetting {
  readonly launch: LaunchAgent;
  readonly hashSeed?: number;
  /** Where threads can be switched; any when left out. */
  readonly model?: RuntimeModelName | undefined;
}

/** A busy machine takes its time to start an interpreter. */
const HELLO_SECONDS = 90;
/** The first open imports and rewrites the whole subject. */
const OPEN_SECONDS = 120;

export class Session {
  readonly subject: TestedSubject;
  readonly runtime: Runtime;
  readonly #launch: LaunchAgent;
  readonly #hashSeed: number;
  readonly #model: RuntimeModelName;
  #connection: AgentConnection | undefined;

  constructor(subject: TestedSubject, runtime: Runtime, { launch, hashSeed = 0, model = "any" }: SessionSetting) {
    this.subject = subject;
    this.runtime = runtime;
    this.#launch = launch;
    this.#hashSeed = hashSeed;
    this.#model = model;
  }

  /** Makes this the driver that plays. Players opened before are void. Rejects with AgentFailure. */
  async open(driver: DriverText): Promise<Player> {
    if (this.#connection === undefined) {
      this.#connection = this.#launch(this.runtime, { hashSeed: this.#hashSeed });
      await this.#request("hello", { protocol: protocolVersion }, HELLO_SECONDS);
    }
    const { importPaths: paths, instrument } = this.subject;
    const model = this.#model === "any" ? {} : { model: runtimeModels[this.#model] };
    const own = withRelaxations(driver, this.subject.relaxations ?? []);
    const { driver: described } = await this.#request("open", { paths, instrument, driver: own, ...model }, OPEN_SECONDS);
    return new Player(own, (command, fields, seconds) => this.#request(command, fields, seconds), described.relaxations);
  }

  /** False before the first driver and after the process died. */
  get isAlive(): boolean {
    return this.#connection !== undefined;
  }

  async dispose(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.dispose();
  }

  async #request<C extends AgentCommand>(command: C, fields: FieldsOf<C>, seconds: number): Promise<ReplyOf<C>> {
    const connection = this.#connection;
    if (connection === undefined) throw new AgentFailure({ kind: "stopped" });
    try {
      return await connection.request(command, fields, seconds);
    } catch (error) {
      if (error instanceof AgentFailure && error.reason.kind !== "refused") await this.dispose();
      throw error;
    }
  }
}
