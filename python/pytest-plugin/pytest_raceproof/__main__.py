"""A guard without pytest: python -m pytest_raceproof FILE [--replays N] prints the verdict as one line of JSON.

Enters: a file that `raceproof guard` wrote.  Leaves: exit code 0 holds (or not seen), 1 fails, 3 anything else.
"""

import argparse
import json
import os
import runpy
import sys

from .guard import REPLAYS, Witness, check
from .parallel import Workload, look


def main(arguments):
    """Exit code of the verdict."""
    parser = argparse.ArgumentParser(prog="python -m pytest_raceproof")
    parser.add_argument("file")
    parser.add_argument("--replays", type=int, default=REPLAYS)
    parser.add_argument("--hash-seed", type=int, default=0)
    options = parser.parse_args(arguments)
    guard = runpy.run_path(options.file)
    name = os.path.basename(options.file)
    if "PARALLEL" in guard:
        verdict = look(Workload(name, guard["DRIVER"], **guard["PARALLEL"]))
    else:
        witness = Witness(name, guard["DRIVER"], guard["INSTRUMENT"], guard["PLAN"], guard["FAILURE"])
        verdict = check(witness, replays=options.replays, hash_seed=options.hash_seed)
    print(json.dumps(verdict._asdict()))
    return {"holds": 0, "not-seen": 0, "fails": 1}.get(verdict.kind, 3)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
