// A driver in, the same driver with what the project declares benign out, so that its witnesses and guards are judged alike everywhere.
import type { DriverText, Relaxation } from "../../vocabulary/index.ts";

export function withRelaxations(driver: DriverText, declared: readonly Relaxation[]): DriverText {
  if (declared.length === 0 || /^relaxations\s*=/m.test(driver.source)) return driver;
  return { ...driver, source: `${driver.source.trimEnd()}\n\n\nrelaxations = [${declared.map((each) => `"${each}"`).join(", ")}]\n` };
}
