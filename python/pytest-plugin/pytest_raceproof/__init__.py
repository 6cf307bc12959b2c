"""Replays witnesses of races in pytest.

Enters: a driver and a plan, as `raceproof guard` wrote them into a test.  Leaves: a passed, failed or stale test.
Needs the package raceproof-agent and nothing else; no Node at test time.
"""

__version__ = "0.1.0"
