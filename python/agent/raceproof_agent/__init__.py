"""The raceproof agent: plays schedules inside the tested Python process.

Enters: requests of the explorer (see protocol/README.md).  Leaves: outcomes, profiles, traces.
Decides nothing between executions: which schedule to try next is the explorer's business.
"""

__version__ = "0.1.0"
