"""Plays a witness and a small exploration around it; says whether the race is gone.

Enters: a Witness.  Leaves: a Verdict: holds, fails, stale or inconclusive.  Only "holds" is a pass.
A wrong fix can dodge one fixed schedule, so the neighborhood is always explored, too.
"""

import collections
import itertools

from .connection import FAULTS, Connection, Died, Refused, import_paths
from .judgment import Failure, Undecided, judge, obstacle
from .schedules import one_preemption, random_schedules, serial_schedules

Witness = collections.namedtuple("Witness", "name driver instrument plan failure")
Verdict = collections.namedtuple("Verdict", "kind reason replays reached failing schedules")

REPLAYS = 20
RANDOM_SCHEDULES = 200
MOST_PREEMPTIONS = 1000  # schedules with one preemption
SEED = 20250
BATCH = 100


def check(witness, replays=REPLAYS, random_count=RANDOM_SCHEDULES, hash_seed=0):
    """The verdict of one guard, from a fresh process."""
    with Connection(hash_seed) as connection:
        return _Check(witness, connection).run(replays, random_count)


class _Found(Exception):
    """The answer is known early."""

    def __init__(self, kind, reason):
        super().__init__(reason)
        self.kind = kind


class _Check:
    def __init__(self, witness, connection):
        self._witness = witness
        self._connection = connection
        self._outcomes = {}
        self._serial = []
        self._threads = []
        self._relaxations = []
        self._is_prepared = False
        self._replays = self._reached = self._failing = self._schedules = 0

    def run(self, replays, random_count):
        kind, reason = self._answer(replays, random_count)
        return Verdict(kind, reason, self._replays, self._reached, self._failing, self._schedules)

    def _answer(self, replays, random_count):
        try:
            self._prepare()
            stale = self._replay(replays)
            self._explore(random_count)
        except _Found as found:
            return found.kind, str(found)
        except Refused as refusal:
            return "inconclusive", "%s: %s" % (refusal.kind, refusal)
        except Died as death:
            return ("fails" if self._is_prepared and death.signal in FAULTS else "inconclusive"), str(death)
        if stale:
            return "stale", stale
        return "holds", "every execution gave what a serial order gives"

    def _prepare(self):
        """The serial orders of this very code: what is right may have changed with the fix."""
        witness = self._witness
        opened = self._connection.ask(
            "open",
            paths=import_paths(),
            instrument=list(witness.instrument),
            driver={"name": witness.name, "source": witness.driver},
        )
        self._threads = [thread["name"] for thread in opened["driver"]["threads"]]
        self._relaxations = opened["driver"].get("relaxations", [])
        serial = self._connection.ask("serial", repeats=1, warmups=1)
        if not any(outcome["ending"] == "hang" for outcome in serial["outcomes"]):
            serial = self._connection.ask("serial", repeats=2, warmups=1)
        reason = obstacle(serial)
        if reason is not None:
            raise _Found("inconclusive", reason)
        self._serial = serial["outcomes"]
        self._learn(serial["outcomes"])
        self._is_prepared = True

    def _replay(self, times):
        """Why the plan can no longer be followed; None when it can."""
        plan = self._witness.plan
        reply = self._connection.ask("replay", seconds=60 + times, plan=plan, times=times, leaks=True)
        self._learn(reply["new"])
        missing = reply["missingSites"]
        if missing:
            return "the source no longer has %s" % ", ".join(missing)
        self._replays, self._reached = times, reply["reached"]
        judged = {identity: self._judge(identity) for identity in reply["outcomes"]}
        self._failing = sum(reply["outcomes"][identity] for identity, judgment in judged.items() if isinstance(judgment, Failure))
        for identity in judged:
            self._demand_serial(identity, lambda: plan)
        self._demand_control(reply)
        if reply["reached"] + reply.get("prevented", 0) < times:
            return "the plan was followed in %d of %d executions" % (reply["reached"], times)
        return None

    def _explore(self, random_count):
        profile = self._connection.ask("profile")
        sites = {site["key"] for site in profile["sites"] if site["conflict"]}
        sites.update(step["until"]["site"] for step in self._witness.plan if step["until"] is not None)
        self._sites = sorted(site for site in sites if not site.startswith("@"))
        lengths = self._play(serial_schedules(len(self._threads)))
        longer = self._play(list(itertools.islice(one_preemption(lengths), MOST_PREEMPTIONS)))
        lengths = [max(pair) for pair in itertools.zip_longest(lengths, longer[: len(lengths)], fillvalue=0)]
        self._play(list(random_schedules(lengths, random_count, SEED)))

    def _play(self, schedules):
        """The largest number of switch points per thread of the driver."""
        accept = [outcome["id"] for outcome in self._serial]
        lengths = []
        while schedules:
            batch = schedules[:BATCH]  # a sign of life in between, on a machine that is slow
            reply = self._connection.ask("explore", sites=self._sites, schedules=batch, accept=accept, stop=True, leaks=True)
            self._learn(reply["new"])
            self._schedules += reply["runs"]
            lengths = [max(pair) for pair in itertools.zip_longest(lengths, reply["lengths"][: len(self._threads)], fillvalue=0)]
            first = reply["first"]
            if first is not None:
                self._demand_serial(first["outcome"], lambda: self._name(schedules[first["index"]]))
                accept.append(first["outcome"])  # the driver declares it benign
            self._demand_control(reply)
            schedules = schedules[len(batch) if first is None else first["index"] + 1 :]
        return lengths

    def _name(self, schedule):
        return self._connection.ask("name", sites=self._sites, schedule=schedule)["plan"]

    def _learn(self, outcomes):
        for outcome in outcomes:
            self._outcomes[outcome["id"]] = outcome

    def _judge(self, identity):
        outcome = self._outcomes.get(identity)
        if outcome is None:
            return Undecided("an outcome came back that only the warm-up had given")
        return judge(outcome, self._serial, self._relaxations)

    def _demand_serial(self, identity, plan):
        judgment = self._judge(identity)
        if isinstance(judgment, Undecided):
            raise _Found("inconclusive", judgment.reason)
        if isinstance(judgment, Failure):
            raise _Found("fails", self._describe(judgment, plan()))

    def _demand_control(self, reply):
        if reply["uncontrolled"]:
            raise _Found("inconclusive", "%d executions escaped the scheduler" % reply["uncontrolled"])
        if reply.get("leaked"):
            raise _Found("inconclusive", "something outlives executions, so they cannot be compared")

    def _describe(self, failure, plan):
        lines = [failure.summary, "the interleaving:"]
        lines += ["  %s %s" % (self._thread(step["thread"]), _words(step["until"])) for step in plan]
        for index, thread in enumerate(failure.outcome["threads"]):
            lines += ["  %s %s" % (self._thread(index), _result(result)) for result in thread["operations"]]
        if failure.outcome["state"]:
            lines.append("final state: %s" % failure.outcome["state"][:400])
        return "\n".join(lines)

    def _thread(self, index):
        return self._threads[index] if index < len(self._threads) else "thread %d" % index


def _words(until):
    if until is None:
        return "runs on"
    time = "" if until["occurrence"] == 1 else ", time %d" % until["occurrence"]
    return "stops before %s%s" % (until["site"], time)


def _result(result):
    if result["status"] == "returned":
        return "returned %s" % result["value"][:200]
    if result["status"] == "raised":
        return "raised %s in %s: %s" % (result["exception"], result["where"], result.get("message", "")[:200])
    return "did not end"
