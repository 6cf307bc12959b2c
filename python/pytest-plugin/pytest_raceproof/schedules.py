"""Schedules of the small exploration around a witness.

Enters: how many switch points each thread passes.  Leaves: schedules of the protocol, the same ones every time.
"""

import itertools
import random


def serial_schedules(threads):
    """Every order of whole threads, at most 24."""
    return [[[thread, None] for thread in order] for order in itertools.islice(itertools.permutations(range(threads)), 24)]


def one_preemption(lengths):
    """Each thread stopped before each of its switch points once, the others running to their ends meanwhile."""
    threads = range(len(lengths))
    for thread in threads:
        others = [other for other in threads if other != thread]
        for until in range(2, lengths[thread] + 1):
            for order in itertools.permutations(others):
                yield [[thread, until]] + [[other, None] for other in order] + [[thread, None]]


def random_schedules(lengths, count, seed):
    """Two to four preemptions at random places."""
    generator = random.Random(seed)
    for _ in range(count):
        yield _random_schedule(lengths, generator)


def _random_schedule(lengths, generator):
    passed = [1] * len(lengths)
    segments, last = [], None
    for _ in range(generator.randint(2, 4)):
        able = [thread for thread, length in enumerate(lengths) if thread != last and passed[thread] < length]
        if not able:
            break
        last = generator.choice(able)
        passed[last] = generator.randint(passed[last] + 1, lengths[last])
        segments.append([last, passed[last]])
    rest = list(range(len(lengths)))
    generator.shuffle(rest)
    return segments + [[thread, None] for thread in rest]
