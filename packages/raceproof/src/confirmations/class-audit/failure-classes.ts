// Failures of many pairs in, one entry for each distinct failure out, with a witness for each.
// An exception is told apart by its type and the innermost frame of the subject, another failure by its kind and the function that
// was interrupted.
import type { ClassFailure, ClassFailureRank, Confirmation, FailureSignature, Hazard, Outcome } from "../../vocabulary/index.ts";
import { AgentFailure, describeAgentFailure } from "../agent-failure.ts";
import { HazardAccount } from "../hazard-account.ts";
import { isFailureOf } from "../hazard-sites.ts";
import { prepareDriver } from "../prepare-driver.ts";
import { minimizeDriver } from "../minimize-driver.ts";
import { type CaughtFailure, type Proof, proveFailure, type ProofSetting } from "../prove-failure.ts";
import type { Session } from "../session.ts";
import { methodOf, type Pair } from "./choose-operations.ts";
import type { PairFailure } from "./pair-explorer.ts";
import { sortFailure } from "./sort-failure.ts";

export interface FailureClass {
  readonly rank: ClassFailureRank;
  readonly because: string | undefined;
  readonly summary: string;
  /** Caught ones, to be proved in turn until one holds. */
  readonly examples: PairFailure[];
  readonly pairs: Set<string>;
}

const MOST_EXAMPLES = 3;
const order: readonly ClassFailureRank[] = ["crash", "deadlock", "wrong-outcome", "answer", "benign"];

export class FailureClasses {
  readonly #hazards: readonly Hazard[];
  readonly #classes = new Map<string, FailureClass>();

  constructor(hazards: readonly Hazard[]) {
    this.#hazards = hazards;
  }

  /** Exceptions need no more examples once there are a few; what was interrupted is known only when a failure is caught. */
  isKnown(pair: Pair, signature: FailureSignature, outcome: Outcome, serial: readonly Outcome[]): boolean {
    const sort = sortFailure(pair, outcome, signature, serial);
    if (sort.rank === "wrong-outcome" || sort.rank === "deadlock") return false;
    const known = this.#classes.get(keyOf(sort.rank, sort.because ?? "", signature.summary));
    return known !== undefined && known.examples.length >= MOST_EXAMPLES;
  }

  add(failure: PairFailure): void {
    const { pair, outcome, signature, serial, caught, proof } = failure;
    const { rank, because } = sortFailure(pair, outcome, signature, serial);
    const summary = rank === "wrong-outcome" || rank === "deadlock" ? summaryWithPlace(signature, caught) : signature.summary;
    if (summary === undefined) return;
    const key = keyOf(rank, because ?? "", summary);
    const known = this.#classes.get(key) ?? { rank, because, summary, examples: [], pairs: new Set<string>() };
    this.#classes.set(key, known);
    known.pairs.add(`${methodOf(pair.left)} ${methodOf(pair.right)}`);
    if ((caught !== undefined || proof !== undefined) && known.examples.length < MOST_EXAMPLES) known.examples.push(failure);
  }

  /** Worst first. */
  inOrder(): FailureClass[] {
    return [...this.#classes.values()].filter(({ examples }) => examples.length > 0).toSorted((a, b) => order.indexOf(a.rank) - order.indexOf(b.rank));
  }

  sorted(failures: readonly ClassFailure[]): ClassFailure[] {
    return failures.toSorted((a, b) => order.indexOf(a.rank) - order.indexOf(b.rank) || b.pairs - a.pairs || (a.summary < b.summary ? -1 : 1));
  }

  async prove({ rank, because, summary, examples, pairs }: FailureClass, session: Session, setting: ProofSetting): Promise<ClassFailure> {
    const account = new HazardAccount();
    let example = examples[0] as PairFailure;
    let confirmation: Confirmation | undefined;
    for (const each of examples) {
      const proof = each.proof ?? (await proofOf(each, session, setting));
      example = each;
      if (proof.kind === "proved") {
        account.addDriver(each.driver.name, `confirmed: ${proof.witness.failure.summary}`, "confirmed");
        confirmation = account.confirm(proof.witness, proof.row);
        break;
      }
      account.addUndecided(proof.reason);
      account.addDriver(each.driver.name, proof.reason, "unstable");
    }
    return {
      rank,
      because,
      summary,
      operations: [methodOf(example.pair.left), methodOf(example.pair.right)],
      pairs: pairs.size,
      hazards: this.#explainedBy(example),
      confirmation: confirmation ?? account.conclude(),
    };
  }

  #explainedBy({ caught, sites }: PairFailure): string[] {
    if (caught === undefined) return [];
    return this.#hazards.filter((hazard) => isFailureOf(hazard, caught, sites, { kind: "other driver" })).map(({ id }) => id);
  }
}

async function proofOf({ caught, driver }: PairFailure, session: Session, setting: ProofSetting): Promise<Proof> {
  if (caught === undefined) return { kind: "unsteady", reason: "it was seen but not caught" };
  try {
    const smaller = await minimizeDriver((next) => session.open(next), { driver, caught });
    const preparation = await prepareDriver(session, smaller.driver, "ends");
    return preparation.kind === "ready" ? await proveFailure(preparation.prepared, smaller.caught, setting) : { kind: "unsteady", reason: preparation.reason };
  } catch (error) {
    if (!(error instanceof AgentFailure)) throw error;
    return { kind: "unsteady", reason: `while it was replayed, ${describeAgentFailure(error.reason)}` };
  }
}

function keyOf(rank: ClassFailureRank, because: string, summary: string): string {
  return JSON.stringify([rank, because, summary]);
}

/** "results that no serial order gives, when pkg.mod:Cls.add is interrupted"; undefined when it was only counted. */
function summaryWithPlace({ summary }: FailureSignature, caught: CaughtFailure | undefined): string | undefined {
  if (caught === undefined) return undefined;
  const site = caught.plan.find(({ until }) => until !== null)?.until?.site;
  const [module, name] = site?.split(":") ?? [];
  return site === undefined || site.startsWith("@") || name === undefined
    ? `${summary}, between two steps`
    : `${summary}, when ${module}:${name} is interrupted`;
}
