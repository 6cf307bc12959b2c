"""Real threads on compiled code, in processes of their own, for a bounded time.

Enters: a Workload.  Leaves: a Sighting: fails, not-seen, unsuited or inconclusive.  "not-seen" is a probability, not a proof: how often the
race was seen when the guard was written stands in the guard.  What hangs or cannot be started is never "not-seen".
"""

import collections
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time

from .connection import FAULTS, agent_folder, environment, import_paths

Workload = collections.namedtuple("Workload", "name driver processes seconds without_gil")
Sighting = collections.namedtuple("Sighting", "kind reason processes")

STARTING = 60  # seconds for an interpreter, imports, serial orders
PATIENCE = 4  # seconds of doing nothing, or of processor time, after which threads will not end
MEMORY = 8 * 1024**3
STACK_LINES = 12
# Freed memory is overwritten, so what still uses it is noticed (docs.python.org/3/using/cmdline.html#envvar-PYTHONMALLOC, mallopt(3)).
MEMORY_CHECKS = {"PYTHONMALLOC": "debug", "MALLOC_PERTURB_": "165"}
REPORTS = ("ERROR: AddressSanitizer", "WARNING: ThreadSanitizer")
START = "import sys; sys.path[0] = sys.argv.pop(1); import runpy; runpy.run_module('raceproof_agent.stress', run_name='__main__', alter_sys=True)"


def look(workload):
    """Processes until one shows the race, or all have ended well."""
    if workload.without_gil and not sysconfig.get_config_var("Py_GIL_DISABLED"):
        return Sighting("unsuited", "it was measured without a GIL, which this interpreter always has", 0)
    for number in range(1, workload.processes + 1):
        kind, reason = _play(workload, number)
        if kind != "not-seen":
            return Sighting(kind, "process %d of %d: %s" % (number, workload.processes, reason), number)
    return Sighting("not-seen", "%d processes ended well" % workload.processes, workload.processes)


def _play(workload, hash_seed):
    """(kind, reason) of one process."""
    folder = tempfile.mkdtemp(prefix="raceproof-parallel-")
    try:
        with open(os.path.join(folder, "stderr"), "wb+") as errors:
            status, reply = _run(workload, folder, errors, hash_seed)
            errors.seek(0)
            kind, reason = _judge(status, reply, errors.read().decode("utf-8", "replace"))
            if kind == "not-seen" and workload.without_gil and reply["gil"]:
                return "inconclusive", "there was a GIL, so threads did not run at once"
            return kind, reason
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(workload, folder, errors, hash_seed):
    """(status, reply) of one process; status None: it was killed, because it did not end."""
    work = os.path.join(folder, "work")
    os.mkdir(work)
    theirs_in, requests = os.pipe()
    replies, theirs_out = os.pipe()
    limit = workload.seconds + STARTING
    process = subprocess.Popen(
        [sys.executable, "-s", "-X", "faulthandler", "-c", START, os.path.dirname(agent_folder())]
        + ["--requests-fd", str(theirs_in), "--replies-fd", str(theirs_out), "--memory-limit", str(MEMORY)],
        cwd=work,
        env=dict(environment(work, hash_seed), **_switches(workload)),
        pass_fds=(theirs_in, theirs_out),
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=errors,
    )
    try:
        os.close(theirs_in)
        os.close(theirs_out)
        reply = _ask(requests, replies, _request(workload, limit), limit)
        return _status(process), reply
    finally:
        _kill(process)
        os.close(replies)


def _switches(workload):
    """Modules that do not declare free-threading would switch the GIL on for all."""
    return dict(MEMORY_CHECKS, PYTHON_GIL="0") if workload.without_gil else MEMORY_CHECKS


def _request(workload, limit):
    driver = {"name": workload.name, "source": workload.driver}
    return {
        "paths": import_paths(),
        "instrument": [],
        "driver": driver,
        "arm": "race",
        "seconds": workload.seconds,
        "switchInterval": None if workload.without_gil else 1e-6,
        "killAfter": limit,
        "patience": PATIENCE,
    }


def _ask(requests, replies, request, limit):
    """The reply; None when none came."""
    try:
        with os.fdopen(requests, "wb") as stream:
            stream.write(json.dumps(request).encode("ascii") + b"\n")
    except BrokenPipeError:
        pass
    received = b""
    deadline = time.monotonic() + limit
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([replies], [], [], left)[0]:
            return None
        part = os.read(replies, 1 << 16)
        if not part:
            return None
        *lines, received = (received + part).split(b"\n")
        for message in map(json.loads, lines):
            if "ok" in message:  # not the word that it has begun
                return message


def _status(process):
    try:
        return process.wait(5)
    except subprocess.TimeoutExpired:
        return None


def _kill(process):
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except OSError:
        pass
    process.wait()


def _judge(status, reply, errors):
    if any(report in errors for report in REPORTS):
        return "fails", "a sanitizer reports\n%s" % _tail(errors)
    if reply is not None:
        return _judge_reply(reply)
    if status is None:
        return "inconclusive", "it did not end\n%s" % _tail(errors)
    name = signal.Signals(-status).name if status < 0 else None
    if name in FAULTS:
        return "fails", "%s\n%s" % (name, _stack(errors))
    return "inconclusive", "%s\n%s" % (name or "exit status %d" % status, _tail(errors))


def _judge_reply(reply):
    if not reply["ok"]:
        return "inconclusive", "%s: %s" % (reply["error"]["kind"], reply["error"]["message"])
    if not reply["failures"]:
        return "not-seen", ""
    first = reply["failures"][0]
    stuck = first["kind"] == "timeout"  # a lock, or a machine that is too busy: who knows
    return ("inconclusive" if stuck else "fails"), "%s %s" % (first["summary"], first["message"])


def _stack(errors):
    """Of the thread that crashed."""
    found = errors.find("Current thread")
    return "\n".join(errors[max(found, 0) :].splitlines()[:STACK_LINES])


def _tail(errors):
    return "\n".join(errors.splitlines()[-STACK_LINES:])
