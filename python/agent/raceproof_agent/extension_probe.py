"""One look at an extension module in a process of its own: what the collector, threads and waiting do to it.

python -c ... raceproof_agent.extension_probe --requests-fd 3 --replies-fd 4; see protocol/README.md, "Extension probe".
Enters: one request: a module, expressions that make objects and call functions, an arm.  Leaves: a line before each step, so that the
last one names what ended the process, and one with what was seen.  Expressions use the names of `extension_scope`.
It judges nothing.
"""

import faulthandler
import gc
import re
import sys
import threading
import time
import weakref

from .extension_scope import Holder, Scope
from .natives import NATIVES
from .one_request import receive_request

_COLLECTIONS = 20
_CYCLES = 100
_SETTLE = 0.1
_MEANWHILE = 0.5
_BORROW_SECONDS = 0.4
_BORROWED = re.compile("[Aa]lready (?:mutably )?borrowed")


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


class Probe:
    """The steps of one request."""

    def __init__(self, request, channel):
        self._channel = channel
        self._request = request
        self._is_control = request["arm"] == "control"
        self._scope = Scope(request["modules"])
        if request["kind"] in ("together", "borrow", "elsewhere") and request["make"]:
            self._scope.kept = []
            self._scope.names["r"] = self._eval(request["make"][0])

    def run(self):
        """What was seen."""
        kinds = {
            "collect": self._collect,
            "cycles": self._cycles,
            "together": self._together,
            "borrow": self._borrow,
            "elsewhere": self._elsewhere,
        }
        return kinds[self._request["kind"]]()

    def _say(self, step):
        self._channel.send({"step": step})

    def _eval(self, expression):
        self._say(expression)
        return self._scope.evaluate(expression)

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
                self._scope.evaluate(call)

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
        made = self._scope.evaluate(make, holder)
        if self._request.get("call") is not None:
            eval(self._request["call"], dict(self._scope.names, o=holder, r=made))
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

    def _borrow(self):
        """Threads in calls on one object; refusals to borrow it are counted.  Control: the same calls, one after the other."""
        calls = self._request["calls"]
        self._say(" | ".join(calls))
        codes = [compile(call, call, "eval") for call in calls]
        until = time.monotonic() + _BORROW_SECONDS
        met = []

        def work(mine):
            while time.monotonic() < until and not met:
                for code in mine:
                    try:
                        self._scope.evaluate(code)
                    except BaseException as error:  # panics are no Exception
                        if _BORROWED.search(str(error)):
                            met.append("%s: %s" % (type(error).__name__, error))

        sys.setswitchinterval(1e-5)
        if self._is_control:
            work(codes)
        else:
            self._run_each([lambda code=code: work([code]) for code in codes * 2])
        return {"borrowed": met[0] if met else None}

    def _elsewhere(self):
        """Another thread uses an object, shows it to the collector and drops it.  Control: the same thread."""
        box = [self._scope.names.pop("r")]

        def use():
            names = dict(self._scope.names, r=box.pop(), o=Holder())
            gc.get_referents(names["r"])
            attributes = ["r.%s" % each for each in dir(names["r"]) if not each.startswith("__")]
            for expression in ["repr(r)"] + attributes + self._request["calls"]:
                try:
                    eval(expression, names)
                except BaseException as error:  # panics are no Exception
                    del error

        self._say("another thread uses it")
        if self._is_control:
            use()
        else:
            self._run_each([use])
        return {"used": True}

    def _run_each(self, works):
        threads = [threading.Thread(target=work, daemon=True) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _run_threads(self, calls, rounds):
        barrier = threading.Barrier(len(calls))
        failures = []

        def work(call):
            barrier.wait()
            try:
                for _ in range(rounds):
                    self._scope.evaluate(call)
            except BaseException as error:  # panics are no Exception
                failures.append(error)

        self._run_each([lambda call=call: work(call) for call in calls])
        if failures:
            raise RuntimeError("%s: %s" % (type(failures[0]).__name__, failures[0]))


if __name__ == "__main__":
    main(sys.argv[1:])
