"""One agent process, asked over two pipes.

Enters: requests of protocol/README.md.  Leaves: replies; a Refused when the agent says no, a Died when the process is gone.
The tested code never runs in pytest's own process: the agent patches threading and time and pins itself to one core.
"""

import importlib.util
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PROTOCOL = 1
MEMORY = 4 * 1024**3
# Everything else of the environment could change what the subject does. The last one marks what raceproof started, to be ended with it.
PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "RACEPROOF_RUN")
# Signals that only broken memory sends.
FAULTS = ("SIGSEGV", "SIGBUS", "SIGABRT", "SIGILL", "SIGFPE")


class Refused(Exception):
    """The agent answered with an error; `kind` is the protocol's."""

    def __init__(self, error):
        super().__init__(error.get("message", "no reason given"))
        self.kind = error.get("kind", "internal")


class Died(Exception):
    """The process ended or gave no sign; `signal` is its name when one ended it."""

    def __init__(self, message, signal_name=None):
        super().__init__(message)
        self.signal = signal_name


def agent_folder():
    """The folder of the installed package raceproof_agent."""
    found = importlib.util.find_spec("raceproof_agent")
    if found is None or not found.submodule_search_locations:
        raise ImportError("the package raceproof-agent is missing: pip install raceproof-agent")
    return list(found.submodule_search_locations)[0]


def import_paths():
    """Where pytest's own process finds modules, so that the agent tests the same code."""
    return [os.path.abspath(entry or os.curdir) for entry in sys.path if os.path.exists(entry or os.curdir)]


class Connection:
    """A running agent; use as a context manager."""

    def __init__(self, hash_seed=0):
        self._folder = tempfile.mkdtemp(prefix="raceproof-guard-")
        work = os.path.join(self._folder, "work")
        os.mkdir(work)
        theirs_in, self._requests = os.pipe()
        self._replies, theirs_out = os.pipe()
        self._pending = b""
        self._last = 0
        self._process = subprocess.Popen(
            [sys.executable, "-s", "-B", "-X", "faulthandler", agent_folder()]
            + ["--requests-fd", str(theirs_in), "--replies-fd", str(theirs_out)]
            + ["--progress-file", os.path.join(self._folder, "progress"), "--memory-limit", str(MEMORY)],
            cwd=work,
            env=environment(work, hash_seed),
            pass_fds=(theirs_in, theirs_out),
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._kill()
        os.close(self._requests)
        os.close(self._replies)
        shutil.rmtree(self._folder, ignore_errors=True)

    def ask(self, command, seconds=60, **fields):
        """The reply's fields.  Raises Refused or Died."""
        self._last += 1
        request = dict(fields, id=self._last, command=command)
        try:
            _write_all(self._requests, json.dumps(request).encode("ascii") + b"\n")
        except BrokenPipeError:
            raise self._death() from None
        reply = json.loads(self._line(time.monotonic() + seconds, seconds).decode("utf-8"))
        if not reply.get("ok"):
            raise Refused(reply.get("error") or {})
        return reply

    def _line(self, deadline, seconds):
        while b"\n" not in self._pending:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._replies], [], [], left)[0]:
                self._kill()
                raise Died("the tested process gave no sign for %d s" % seconds)
            received = os.read(self._replies, 1 << 16)
            if not received:
                raise self._death()
            self._pending += received
        line, _, self._pending = self._pending.partition(b"\n")
        return line

    def _death(self):
        try:
            status = self._process.wait(5)
        except subprocess.TimeoutExpired:
            return Died("the tested process broke the connection")
        if status < 0:
            name = signal.Signals(-status).name
            return Died("the tested process was ended by %s" % name, name)
        return Died("the tested process ended with status %d" % status)

    def _kill(self):
        if self._process.poll() is None:
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except OSError:
                self._process.kill()
        self._process.wait()


def _write_all(descriptor, waiting):
    while waiting:
        waiting = waiting[os.write(descriptor, waiting) :]


def environment(work, hash_seed):
    """Variables of a tested process and nothing else."""
    variables = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    variables.update(
        HOME=work,
        TMPDIR=work,
        LANG="C.UTF-8",
        LC_ALL="C.UTF-8",
        TZ="UTC",
        PYTHONHASHSEED=str(hash_seed),
        PYTHONDONTWRITEBYTECODE="1",
        PYTHONNOUSERSITE="1",
    )
    return variables
