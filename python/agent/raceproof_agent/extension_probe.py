"""One look at an extension module in a process of its own: what the collector, threads and waiting do to it.

python -c ... raceproof_agent.extension_probe --requests-fd 3 --replies-fd 4; see protocol/README.md, "Extension probe".
Enters: one request: a module, expressions that make objects and call functions, an arm.  Leaves: a line before each step, so that the
last one names what ended the process, and one with what was seen.  Expressions use `m` (the module) and the names of `_scope`.
It judges nothing.
"""

import faulthandler
import gc
import importlib
import sys
import threading
import time
import weakref

from .natives import NATIVES
from .one_request import receive_request

_COLLECTIONS = 20
_CYCLES = 100
_SETTLE = 0.1
_MEANWHILE = 0.5


def main(arguments):
    """Answer one request and end, without the interpreter's own end: it collects."""
    channel, request = receive_request("raceproof_agent.extension_probe", arguments)
    sys.path[:0] = request["paths"]
    # Stacks of all threads, from a thread that needs no interpreter: the one that hangs may hold it.
    faulthandler.dump_traceback_later(request["seconds"], exit=True)
    try:
        channel.send({"seen": Probe(request, channel).run()})
    except Exception as error:
        channel.send({"refused": "%s: %s" % (type(error).__name__, error)})
    NATIVES.exit_now(0)


class Holder:
    """Holds what is put into it, as instances of Python classes do."""


class Probe:
    """The steps of one request."""

    def __init__(self, request, channel):
        self._channel = channel
        self._request = request
        self._is_control = request["arm"] == "control"
        self._scope = _scope(importlib.import_module(request["module"]))
        if request["kind"] == "together" and request["make"]:
            self._scope["r"] = self._eval(request["make"][0])

    def run(self):
        """What was seen."""
        kinds = {"collect": self._collect, "cycles": self._cycles, "together": self._together}
        return kinds[self._request["kind"]]()

    def _say(self, step):
        self._channel.send({"step": step})

    def _eval(self, expression):
        """Nobody else keeps the object that is passed for `o`."""
        self._say(expression)
        return eval(expression, dict(self._scope, o=Holder()))

    def _collect(self):
        """Objects are alive, a thread may have given something up: collect.  Control: the same, and the collector never runs."""
        gc.disable()
        kept = [self._eval(expression) for expression in self._request["make"]]
        call = self._request.get("call")
        if call is not None:
            self._say(call)
            self._run_threads([call], 1)
        time.sleep(_SETTLE)
        if self._is_control:
            return {"collected": 0}
        self._say("gc.collect()")
        gc.collect()
        if call is not None:
            self._collect_meanwhile(call)
        self._say("gc.set_threshold(1)")
        gc.enable()
        gc.set_threshold(1)
        for _ in range(_COLLECTIONS):
            kept.append([[]])
        return {"collected": gc.get_stats()[0]["collections"]}

    def _collect_meanwhile(self, call):
        """Another thread is in the extension again and again while objects are visited."""
        self._say("gc.collect() while another thread runs %s" % call)
        until = time.monotonic() + _MEANWHILE

        def again():
            while time.monotonic() < until:
                eval(call, dict(self._scope, o=Holder()))

        thread = threading.Thread(target=again, daemon=True)
        thread.start()
        while time.monotonic() < until:
            gc.collect()
        thread.join()

    def _cycles(self):
        """Cycles through an object of the extension, given up.  Control: the same through an object of Python."""
        make = self._request["make"][0]
        gc.collect()
        first = Holder()
        before = sys.getrefcount(first)
        made = self._hold(make, first)
        owned = sys.getrefcount(first) - before
        visited = sum(each is first for each in gc.get_referents(made))
        del made, first
        gc.collect()
        self._say("cycles through %s" % make)
        watched = [self._cycle(make) for _ in range(_CYCLES)]
        gc.collect()
        gc.collect()
        alive = sum(each() is not None for each in watched)
        return {"owned": owned, "visited": visited, "cycles": _CYCLES, "alive": alive}

    def _hold(self, make, holder):
        if self._is_control:
            made = Holder()
            made.held = holder
            return made
        made = eval(make, dict(self._scope, o=holder))
        for name in self._request.get("attributes", ()):
            setattr(made, name, holder)
        return made

    def _cycle(self, make):
        holder = Holder()
        holder.back = self._hold(make, holder)
        return weakref.ref(holder)

    def _together(self):
        """Threads in one call at the same time.  Control: one thread."""
        call = self._request["call"]
        self._say(call)
        self._run_threads([call] * (1 if self._is_control else self._request["threads"]), self._request["rounds"])
        return {"returned": True}

    def _run_threads(self, calls, rounds):
        barrier = threading.Barrier(len(calls))
        failures = []

        def work(call):
            barrier.wait()
            try:
                for _ in range(rounds):
                    eval(call, dict(self._scope, o=Holder()))
            except BaseException as error:  # panics are no Exception
                failures.append(error)

        threads = [threading.Thread(target=work, args=(call,), daemon=True) for call in calls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise RuntimeError("%s: %s" % (type(failures[0]).__name__, failures[0]))


def _pause(*_):
    """What a callback may do at any time: let other threads run."""
    time.sleep(0.01)


def _scope(module):
    """m: the module. f: a callback that lets others run. Each expression gets its own o, an object the collector follows."""
    return {"m": module, "f": _pause, "l": [[]], "d": {"k": []}}


if __name__ == "__main__":
    main(sys.argv[1:])
