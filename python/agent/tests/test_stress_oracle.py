"""The oracle of stress processes: what the few serial orders it plays cannot tell is not judged."""

import time
import unittest

from raceproof_agent.actor import RETURNED
from raceproof_agent.stress_oracle import Oracle, Trial

CLEARS = 6_000


def played(order):
    """Threads 0 and 2 clear, 1 and 3 look whether it has been cleared; the first ones often, so that texts of results are cut before the last."""
    results, is_cleared = [[], [], [], []], False
    for thread in order:
        is_cleared = is_cleared or thread % 2 == 0
        results[thread].append((RETURNED, None if thread % 2 == 0 else is_cleared))
    return Trial(results, None, [], "")


def slowly(order):
    time.sleep(0.11)
    return played(order)


class OracleTests(unittest.TestCase):
    def test_orders_that_differ_only_in_what_is_left_out_of_their_texts_judge_nothing(self):
        for play in (played, slowly):
            oracle = Oracle([CLEARS, CLEARS, 1, 1], lambda kind: False, None)
            self.assertIsNone(oracle.learn(play))
            looks_first = [1] * CLEARS + [0] * CLEARS + [2, 3]
            self.assertEqual(oracle.judge(played(looks_first)), [])


if __name__ == "__main__":
    unittest.main()
