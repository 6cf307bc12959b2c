"""Schedules per second of two published schedulers on the counter and the cachetools LFU case, for comparison with run.mjs.

Needs a virtual environment with frontrun, interleave-test and cachetools==7.0.1: `frontrun python bench/explorer/peers.py [schedules]`.
Enters: the packages.  Leaves: lines "tool case schedules/s".  The invariants always hold, so that every schedule is played.
"""

import sys
import time

import cachetools
import frontrun
import interleave_test

SCHEDULES = int(sys.argv[1]) if len(sys.argv) > 1 else 200


class Counter:
    def __init__(self):
        self.value = 0

    def increment(self):
        self.value += 1


def filled():
    cache = cachetools.LFUCache(maxsize=3)
    cache["a"] = cache["b"] = 1
    return cache


def get(cache):
    try:
        cache["a"]
    except KeyError:
        pass


def put(cache):
    try:
        cache["c"] = 1
        cache["d"] = 1
    except KeyError:
        pass


CASES = {"counter": (Counter, [Counter.increment, Counter.increment]), "lfu": (filled, [get, put])}


def with_frontrun(setup, threads):
    """Random schedules at every opcode."""
    frontrun.explore_random(
        setup=setup, threads=threads, invariant=lambda state: True, max_attempts=SCHEDULES, detect_io=False, trace_packages=["cachetools.*"]
    )


def with_interleave_test(setup, threads):
    """Random schedules at every opcode."""

    def model():
        state = setup()
        started = [interleave_test.spawn(lambda thread=thread: thread(state)) for thread in threads]
        for thread in started:
            thread.join()

    interleave_test.explore(model, iterations=SCHEDULES, seed=1, raise_on_failure=False)


for name, (setup, threads) in CASES.items():
    for tool in (with_frontrun, with_interleave_test):
        began = time.perf_counter()
        tool(setup, threads)
        seconds = time.perf_counter() - began
        sys.stdout.write("%s %s %.0f\n" % (tool.__name__[5:], name, SCHEDULES / seconds))
        sys.stdout.flush()
