"""One repeat of a stress test in a process of its own: real threads, real time, nothing rewritten, nothing patched.

python -c ... raceproof_agent.stress --requests-fd 3 --replies-fd 4; see protocol/README.md, "Stress".
Enters: one request.  Leaves: one reply; a process that died or hangs says what it did on stderr.
"""

import argparse
import faulthandler
import os
import sys

from .driver import MODULE, Driver, DriverError, load_driver
from .function_spans import LazySpans
from .limits import limit_process
from .module_state import ModuleState
from .natives import NATIVES
from .outcome import describe_exception
from .protocol import Channel
from .sanitized_memory import give_memory_to_malloc
from .stress_oracle import Oracle, Trial
from .stress_rounds import Rounds, Stuck

_DUMP_EARLIER = 2.0
_ENOUGH_MILLISECONDS = 25.0
_MOST_LOOPS = 20_000
_GROWTHS = 3
_COPIES = 4
_MOST_THREADS_TO_COPY = 4


def main(arguments):
    """Answer one request and end."""
    options = _parse(arguments)
    own_folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != own_folder]
    limit_process(options.memory_limit)
    faulthandler.enable()
    channel = Channel(options.requests_fd, options.replies_fd)
    kept = _hide()
    request = channel.receive()
    give_memory_to_malloc(request.get("library"))
    _dump_before_the_end(request["killAfter"])
    channel.send(_answer(request, lambda: channel.send({"begun": True})))
    del kept
    NATIVES.exit_now(0)


def _parse(arguments):
    parser = argparse.ArgumentParser(prog="raceproof_agent.stress")
    parser.add_argument("--requests-fd", type=int, required=True)
    parser.add_argument("--replies-fd", type=int, required=True)
    parser.add_argument("--memory-limit", type=int)
    return parser.parse_args(arguments)


def _hide():
    """Subjects that replace functions in every loaded module must not find ours."""
    package = __name__.rpartition(".")[0]
    return [sys.modules.pop(name) for name in list(sys.modules) if name == package or name.startswith(package + ".")]


def _dump_before_the_end(seconds):
    """Stacks of all threads on stderr shortly before we are killed."""
    later = getattr(faulthandler, "dump_traceback_later", None)
    if later is not None:
        later(max(1.0, seconds - _DUMP_EARLIER))


def _answer(request, begin):
    try:
        test = StressTest(request)
    except DriverError as error:
        return _refusal("driver", str(error))
    except BaseException as error:
        return _refusal("import", "%s: %s" % (type(error).__qualname__, error))
    begin()
    try:
        return test.run()
    except SetupFailed as failure:
        described = describe_exception(failure.__cause__, test.spans)
        return _refusal("setup", "%s: %s" % (described["exception"], described["message"]))
    except Exception as error:
        return _refusal("internal", "%s: %s" % (type(error).__qualname__, error))


def _refusal(kind, message):
    return {"ok": False, "error": {"kind": kind, "message": message, "traceback": []}}


class SetupFailed(Exception):
    """setup() of the driver raised; the cause is chained."""


class _Plain:
    """Loads a driver as it is; what load_driver() expects of an instrumenter."""

    def __init__(self, spans):
        self._spans = spans

    def compile(self, source, module, filename):
        self._spans.learn(source, filename, module)
        return compile(source, filename, "exec", dont_inherit=True)

    def imported(self, module):
        """Nothing to do: module state is remembered when everything has been imported."""


class StressTest:
    """The driver of a request, played round after round until one fails or the time is over."""

    def __init__(self, request):
        self._prefixes = tuple(request["instrument"])
        self._seconds = request["seconds"]
        self._arm = request["arm"]
        self._patience = request.get("patience", 30.0)
        self.spans = LazySpans(self._owns_module)
        for path in reversed(request["paths"]):
            if path not in sys.path:
                sys.path.insert(0, path)
        self._driver = load_driver(request["driver"]["source"], request["driver"]["name"], _Plain(self.spans))
        self._modules = ModuleState(self._owns)
        for name, module in list(sys.modules.items()):
            if self._owns_module(name):
                self._modules.remember(module)
        processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        self._rounds = Rounds(processors)
        self._rounds.patience = self._patience
        self._played = 0
        self._shape = (1, 1)
        if request.get("switchInterval"):
            sys.setswitchinterval(request["switchInterval"])

    def _owns_module(self, name):
        return any(name == prefix or name.startswith(prefix + ".") for prefix in self._prefixes + (MODULE,))

    def _owns(self, kind):
        found = vars(kind).get("__module__")
        return isinstance(found, str) and self._owns_module(found)

    def run(self):
        """The reply."""
        threads = len(self._driver.threads)
        obstacle, failures, judged = self._phase(1, 1, self._seconds if threads > _MOST_THREADS_TO_COPY else self._seconds / 2)
        if obstacle is None and not failures and threads <= _MOST_THREADS_TO_COPY:
            later, failures, _ = self._phase(_COPIES, self._enough_loops(), self._seconds / 2)
            failures = failures if later is None else []
        if obstacle is not None:
            return _refusal("serial", obstacle)
        copies, loops = self._shape
        return {
            "ok": True,
            "gil": getattr(sys, "_is_gil_enabled", lambda: True)(),
            "rounds": self._played,
            "threads": threads * copies,
            "loops": loops,
            "judged": judged,
            "failures": failures,
        }

    def _phase(self, copies, loops, seconds):
        """Play programs of one shape; (obstacle, failures, what is judged)."""
        self._shape = (copies, loops)
        counts = [len(operations) * loops for _ in range(copies) for _, operations in self._driver.threads]
        oracle = Oracle(counts, self._owns, self.spans, self._driver.relaxations)
        try:
            cold = self._cold_round()
        except Stuck:
            return None, [_did_not_end()], {}
        try:
            obstacle = oracle.learn(self._serial)
        except Stuck:
            return "a serial order does not end", [], {}
        if obstacle is not None:
            return obstacle, [], {}
        self._rounds.patience = self._patience + 100 * self._rounds.seconds
        failures = [] if cold is None else oracle.confirm(oracle.judge(cold), self._serial)
        deadline = NATIVES.monotonic() + seconds
        while not failures:
            failures = self._round(oracle)
            if NATIVES.monotonic() >= deadline + oracle.seconds:
                break
        return None, failures, oracle.judges

    def _cold_round(self):
        """The first round of a process, before anything has run: caches, specialized and compiled code come later and hide races.

        Judged later, without module state: the rounds in between put that back.
        """
        if self._played or self._arm == "one thread":
            return None
        trial = self._play(self._rounds.together)
        trial.changes = None
        self._played = 1
        return trial

    def _round(self, oracle):
        self._played += 1
        try:
            if self._arm == "one thread":
                failures = oracle.judge(self._serial(oracle.draw_order()))
            else:
                failures = oracle.judge(self._play(self._rounds.together))
            return oracle.confirm(failures, self._serial)
        except Stuck:
            return [_did_not_end()]

    def _enough_loops(self):
        """So many that a thread takes longer than a GIL is held."""
        loops = 1
        for _ in range(_GROWTHS):
            self._shape = (1, loops)
            counts = [len(operations) * loops for _, operations in self._driver.threads]
            self._serial([thread for thread, count in enumerate(counts) for _ in range(count)])
            milliseconds = max(0.01, self._rounds.seconds * 1000 / len(counts))
            if milliseconds >= _ENOUGH_MILLISECONDS / 2:
                break
            loops = int(max(loops, min(_MOST_LOOPS, loops * _ENOUGH_MILLISECONDS / milliseconds)))
        return loops

    def _serial(self, order):
        return self._play(lambda programs: self._rounds.in_order(programs, order))

    def _play(self, player):
        """One round from clean state; a Trial."""
        if self._played < 3:
            self._modules.find_new_changes()
        self._modules.restore()
        copies, loops = self._shape
        states, programs = [], []
        try:
            for _ in range(copies):
                self._bind(states, programs, loops)
        except BaseException as error:
            raise SetupFailed from error
        results = player(programs)
        broken = [text for text in map(self._driver.broken_invariant, states) if text]
        observed = [self._observe(state) for state in states]
        if self._played < 3:
            self._modules.find_new_changes()
        return Trial(results, observed, self._modules.changes(), broken[0] if broken else "")

    def _bind(self, states, programs, loops):
        """Add one copy of every thread: on the one state, or each on its own."""
        if not states and self._arm != "other object":
            states.append(self._driver.prepare())
        for index in range(len(self._driver.threads)):
            if self._arm == "other object":
                states.append(self._driver.prepare())
            _, operations = self._driver.programs(states[-1])[index]
            programs.append(operations * loops)

    def _observe(self, state):
        try:
            return self._driver.observe(state)
        except Exception as error:
            return "observe raised %s" % type(error).__qualname__


def _did_not_end():
    faulthandler.dump_traceback(sys.__stderr__, all_threads=True)
    return {"kind": "timeout", "summary": "threads did not end", "message": "", "traceback": [], "workers": 0}


if __name__ == "__main__":
    main(sys.argv[1:])
