"""Outcomes: what one execution gave, as protocol values with a short identity.

Enters: executions and the subject's state.  Leaves: an id for every execution, the full text once.
Tracebacks are read from raw frames; source lines are never opened.
"""

import hashlib

from .actor import RETURNED
from .canonical import MASKED, Renderer
from .text_parts import text_of_parts

_RAISE = "RAISE_VARARGS"
_PACKAGE = __name__.rpartition(".")[0] + "."
MESSAGE_LIMIT = 1000
TRACEBACK_LIMIT = 30
BOOK_LIMIT = 10_000
_REMEMBERED_SIZE = 100_000  # characters in the plain values of an outcome; longer ones are made into text every time


class FunctionSpans:
    """Which function of the subject a line belongs to."""

    def __init__(self):
        self._spans = {}
        self._modules = {}

    def add(self, filename, module, spans):
        """Register the functions of one source file: (first line, last line, qualified name)."""
        self._modules[filename] = module
        self._spans[filename] = sorted(spans, key=lambda span: (span[0], -span[1]))

    def place(self, filename, line):
        """module:qualified name of the innermost function around the line; None outside the subject."""
        module = self._modules.get(filename)
        if module is None:
            return None
        found = "<module>"
        for first, last, name in self._spans[filename]:
            if first > line:
                break
            if line <= last:
                found = name
        return "%s:%s" % (module, found)


def _raise_opcode():
    import dis

    return dis.opmap[_RAISE]


_RAISE_OPCODE = _raise_opcode()


def describe_exception(error, spans):
    """The Result of an operation that raised; also says whether it is a documented answer."""
    kind = type(error)
    where, raising_frame, lines = "", None, []
    entry = error.__traceback__
    while entry is not None:
        code = entry.tb_frame.f_code
        place = spans.place(code.co_filename, entry.tb_lineno)
        if place is not None:
            where, raising_frame = place, entry
        own = entry.tb_frame.f_globals.get("__name__", "").startswith(_PACKAGE)
        if (place is not None or lines) and not own:
            lines.append("%s:%d %s" % (code.co_filename, entry.tb_lineno, code.co_name))
        entry = entry.tb_next
    explicit = raising_frame is not None and _is_raise(raising_frame)
    return {
        "status": "raised",
        "exception": kind.__qualname__,
        "where": where,
        "message": _message(error),
        "domain": isinstance(error, OSError) or (explicit and not _is_crash_class(kind)),
        "traceback": lines[-TRACEBACK_LIMIT:],
    }


def _is_crash_class(kind):
    return kind is RuntimeError or issubclass(kind, AssertionError)


def _is_raise(entry):
    code = entry.tb_frame.f_code.co_code
    return 0 <= entry.tb_lasti < len(code) and code[entry.tb_lasti] == _RAISE_OPCODE


def _message(error):
    texts = []
    for argument in BaseException.args.__get__(error):
        if isinstance(argument, str):
            texts.append(str.__str__(argument)[:MESSAGE_LIMIT])
        elif type(argument) in (int, float, bool, type(None), bytes):
            texts.append(repr(argument)[:MESSAGE_LIMIT])
        else:
            texts.append("<%s>" % type(argument).__qualname__)
    return ", ".join(texts)[:MESSAGE_LIMIT]


def result_root(thread, index):
    """The name under which masks know a result; only parts of it may be masked, never all."""
    return "result.%d.%d" % (thread, index)


def is_result_root(root):
    """Whether the mask's name is that of a result."""
    return root.startswith("result.")


class OutcomeBook:
    """Names outcomes; keeps the text of each until it has been sent once."""

    def __init__(self, spans, is_subject):
        self.spans = spans
        self.is_subject = is_subject
        self._renderer = Renderer(is_subject)
        self._ids = {}
        self._texts = {}
        self._sent = set()

    def enter(self, execution, observed, changes, mask):
        """Identify an execution.

        `observed` is the state (None when the execution did not finish), `changes` a list of
        (path, value) of module state that differs from the start.  Returns the outcome's id.
        """
        renderer = self._renderer
        threads = [
            [self._result(renderer, result, mask.get(result_root(actor.index, index))) for index, result in enumerate(actor.results)]
            for actor in execution.actors
        ]
        state = ()
        if execution.ending in ("finished", "invariant"):
            state = renderer.parts(observed, mask.get("state"))
            for path, value in changes:
                if mask.get(path) is not MASKED:
                    state += ("\n%s=" % path,) + renderer.parts(value, mask.get(path))
        renderer.forget()
        key = _key(execution, threads, state)
        known = self._ids.get(key)
        if known is None:
            known = _identity(execution, threads, state)
            if known not in self._texts:
                self._texts[known] = _full_text(known, execution, threads, state)
            if sum(map(_size, [state] + [result for results in threads for result in results])) <= _REMEMBERED_SIZE:
                self._ids[key] = known
        return known

    def _result(self, renderer, result, mask):
        """A description when it was raised, else parts of text."""
        status, value = result
        if status is RETURNED:
            return renderer.parts(value, mask)
        return describe_exception(value, self.spans)

    def text(self, identity):
        """The full outcome, which is going to be sent."""
        self._sent.add(identity)
        return self._texts[identity]

    def unsent(self, identities):
        """Those of the outcomes that have not been sent yet, in full."""
        return [self.text(identity) for identity in identities if identity not in self._sent]

    def only_failures(self, identity):
        """The first failure in words when every operation of this outcome raised, else an empty text."""
        results = [result for thread in self._texts[identity]["threads"] for result in thread["operations"]]
        return self.first_failure(identity) if all(result["status"] == "raised" for result in results) else ""

    def first_failure(self, identity):
        """The first failure of this outcome in words, else an empty text."""
        for thread in self._texts[identity]["threads"]:
            for result in thread["operations"]:
                if result["status"] == "raised":
                    return "%s: %s" % (result["exception"], result["message"])
        return ""

    def clear(self):
        """Another driver: nothing is known any more."""
        self._ids, self._texts, self._sent = {}, {}, set()
        self._renderer = Renderer(self.is_subject)

    def trim(self):
        """Between requests: forget texts when there are too many; an outcome seen again gets the same id."""
        if len(self._ids) > BOOK_LIMIT or len(self._texts) > BOOK_LIMIT:
            self._ids, self._texts = {}, {}


def _told(execution, threads):
    """(whether it is the driver's, results, how many are missing) of every thread that an outcome tells of."""
    for actor, results in zip(execution.actors, threads):
        driver = actor.index < execution.programs
        if driver or any(isinstance(result, dict) for result in results):
            yield driver, results, len(actor.operations) - len(results) if driver else 0


def _stable_part(result):
    """What is the same whenever this exception is raised."""
    return (result["exception"], result["where"], result["domain"])


def _key(execution, threads, state):
    """Equal for equal outcomes; one outcome may have several."""
    programs = []
    for _, results, missing in _told(execution, threads):
        programs.append(tuple([_stable_part(result) if isinstance(result, dict) else result for result in results] + [None] * missing))
    return (tuple(programs), state, execution.ending)


def _identity(execution, threads, state):
    programs = []
    for _, results, missing in _told(execution, threads):
        words = [_stable_part(result) if isinstance(result, dict) else text_of_parts(result) for result in results]
        programs.append(words + [("unfinished",)] * missing)
    content = repr((programs, text_of_parts(state), execution.ending))
    return hashlib.sha256(content.encode("utf-8", "backslashreplace")).hexdigest()[:16]


def _size(result):
    """Characters in the plain values of parts of text."""
    return sum(len(part[1]) for part in result if type(part) is tuple and type(part[1]) in (str, bytes))


def _full_text(identity, execution, threads, state):
    programs = []
    for driver, results, missing in _told(execution, threads):
        shown = [result if isinstance(result, dict) else {"status": "returned", "value": text_of_parts(result)} for result in results]
        shown += [{"status": "unfinished"}] * missing
        programs.append({"operations": shown} if driver else {"operations": shown, "spawned": True})
    return {
        "id": identity,
        "threads": programs,
        "state": text_of_parts(state),
        "ending": execution.ending,
        "detail": execution.detail,
    }
