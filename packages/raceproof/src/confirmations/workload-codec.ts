// Workloads of real threads as text: a JSON file that a report folder keeps and `raceproof guard` reads. Text that is none is the user's error.
import { type ParallelWorkload, UserError } from "../vocabulary/index.ts";

const KIND = "parallel-workload";

/** With the subject as the user named it, like a witness. */
export interface RecordedWorkload extends ParallelWorkload {
  readonly subject: string;
}

export function renderWorkload(workload: ParallelWorkload, subject: string): string {
  return `${JSON.stringify({ schemaVersion: 1, kind: KIND, subject, ...workload }, null, 2)}\n`;
}

/** Undefined for text that is something else, such as a witness. @throws UserError when it is one of another version, or damaged */
export function decodeWorkload(text: string): RecordedWorkload | undefined {
  const value = parse(text);
  if (value?.["kind"] !== KIND) return undefined;
  if (value["schemaVersion"] !== 1) throw broken(`its schemaVersion is ${JSON.stringify(value["schemaVersion"])}, not 1`);
  for (const field of ["subject", "failure", "runtime"]) if (typeof value[field] !== "string") throw broken(`its field ${field} is no text`);
  for (const field of ["driver", "locked"]) if (!isDriver(value[field])) throw broken(`its field ${field} is no driver`);
  return value as unknown as RecordedWorkload;
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function isDriver(value: unknown): boolean {
  return typeof value === "object" && value !== null && ["name", "source"].every((field) => typeof (value as Record<string, unknown>)[field] === "string");
}

function broken(problem: string): UserError {
  return new UserError(`this workload cannot be read: ${problem}`, "Give a file of the folder workloads of a report.");
}
