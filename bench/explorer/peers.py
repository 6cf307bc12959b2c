"""Schedules per second of one published scheduler on one case, for peers.mjs: `frontrun python peers.py TOOL CASE SCHEDULES`.

Enters: the packages.  Leaves: the rate, as the last line.  The invariants always hold, so that every schedule is played.
"""

import sys
import time

import cachetools


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


def with_frontrun(setup, threads, count):
    """Random schedules at every opcode."""
    import frontrun

    frontrun.explore_random(
        setup=setup, threads=threads, invariant=lambda state: True, max_attempts=count, detect_io=False, trace_packages=["cachetools.*"]
    )


def with_interleave_test(setup, threads, count):
    """Random schedules at every opcode."""
    import interleave_test

    def model():
        state = setup()
        started = [interleave_test.spawn(lambda thread=thread: thread(state)) for thread in threads]
        for thread in started:
            thread.join()

    interleave_test.explore(model, iterations=count, seed=1, raise_on_failure=False)


TOOLS = {"frontrun": with_frontrun, "interleave_test": with_interleave_test}

tool, (setup, threads), count = TOOLS[sys.argv[1]], CASES[sys.argv[2]], int(sys.argv[3])
began = time.perf_counter()
tool(setup, threads, count)
sys.stdout.write("%.0f\n" % (count / (time.perf_counter() - began)))
