// Driver synthesis: provocations of a hazard in, driver texts out, without duplicates.
import type { DriverText, Provocation } from "../../../vocabulary/index.ts";
import { renderDriver } from "./render-driver.ts";

export { renderDriver } from "./render-driver.ts";

/** Public entry points first, in the order given; at most `most` drivers. */
export function synthesizeDrivers(hazardId: string, provocations: readonly Provocation[], most: number): DriverText[] {
  const ordered = [...provocations.filter((each) => each.through === "public"), ...provocations.filter((each) => each.through === "internal")];
  const seen = new Set<string>();
  const out: DriverText[] = [];
  for (const provocation of ordered) {
    const driver = renderDriver(`${hazardId}/${out.length + 1}`, provocation);
    const body = driver.source.slice(driver.source.indexOf("\n"));
    if (seen.has(body)) continue;
    seen.add(body);
    out.push(driver);
    if (out.length === most) break;
  }
  return out;
}
