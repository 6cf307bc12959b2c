"""The loop of the agent process: read a request, answer, write the reply.

Enters: command-line arguments.  Leaves: nothing; the process ends without running exit handlers of the subject.
"""

import argparse
import faulthandler
import os
import sys
import types

from .limits import limit_process, pin_to_one_processor
from .natives import NATIVES
from .progress import Progress
from .protocol import Channel, Refusal
from .scheduler import SCHEDULER
from .session import Session


def main(arguments):
    """Serve until the explorer closes."""
    options = _parse(arguments)
    own_folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != own_folder]
    limit_process(options.memory_limit)
    pin_to_one_processor(os.getpid() if options.processor is None else options.processor)
    faulthandler.enable()
    channel = Channel(options.requests_fd, options.replies_fd)
    session = Session(Progress(options.progress_file), os.environ.get("PYTHONHASHSEED", "random"))
    _silence_forks(channel)
    _hide()
    while True:
        try:
            request = channel.receive()
        except ValueError as error:
            channel.send({"id": None, "ok": False, "error": {"kind": "usage", "message": "not a request: %s" % error}})
            continue
        if request is None:
            break
        reply = _reply(session, request)
        if SCHEDULER.forked:  # a child of setup() or observe() came back here
            break
        channel.send(reply)
        if request.get("command") == "close":
            break
    NATIVES.exit_now(0)


def _parse(arguments):
    parser = argparse.ArgumentParser(prog="raceproof_agent")
    parser.add_argument("--requests-fd", type=int, required=True)
    parser.add_argument("--replies-fd", type=int, required=True)
    parser.add_argument("--progress-file")
    parser.add_argument("--memory-limit", type=int)
    parser.add_argument("--processor", type=int)
    return parser.parse_args(arguments)


def _reply(session, request):
    identity = request.get("id")
    if request.get("command") == "close":
        return {"id": identity, "ok": True}
    try:
        return {"id": identity, "ok": True, **session.answer(request)}
    except Refusal as refusal:
        error = {"kind": refusal.kind, "message": refusal.message, "traceback": refusal.traceback}
    except Exception as failure:
        error = {"kind": "internal", "message": "%s: %s" % (type(failure).__name__, failure), "traceback": _raw_lines(failure)}
    return {"id": identity, "ok": False, "error": error}


def _raw_lines(error):
    lines = []
    entry = error.__traceback__
    while entry is not None:
        code = entry.tb_frame.f_code
        lines.append("%s:%d %s" % (code.co_filename, entry.tb_lineno, code.co_name))
        entry = entry.tb_next
    return lines


def _silence_forks(channel):
    """A forked child of the subject must not talk on our descriptors nor hand our batons over."""
    if not hasattr(os, "register_at_fork"):
        return

    def in_child():
        SCHEDULER.forked = True
        SCHEDULER.holder = None
        for descriptor in channel.descriptors() + SCHEDULER.pipe_descriptors():
            try:
                NATIVES.close(descriptor)
            except OSError:
                pass

    os.register_at_fork(after_in_child=in_child)


def _hide():
    """Take the agent's modules out of sight: subjects that patch every module must not find them."""
    package = __name__.rpartition(".")[0]
    kept = [sys.modules.pop(name) for name in list(sys.modules) if name == package or name.startswith(package + ".")]
    sys.modules["__main__"] = types.ModuleType("__main__")
    SCHEDULER.hidden_modules = kept
