// Which releases of Python 3 the families of runtimes are.
// Sources: devguide.python.org/versions; PEP 703 and PEP 779 (free-threaded builds since 3.13); pypy.org/download (3.11 is the newest).
import type { RuntimeFamily } from "../vocabulary/index.ts";

/** First and last minor release. */
export const familyVersions: Readonly<Record<RuntimeFamily, readonly [from: number, to: number]>> = {
  "gil-3.9": [0, 9],
  gil: [10, Number.POSITIVE_INFINITY],
  "free-threaded": [13, Number.POSITIVE_INFINITY],
  pypy: [0, 11],
};

/** No `requires-python` speaks of later ones. */
export const latestMinor = 40;
