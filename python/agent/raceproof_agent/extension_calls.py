"""Finds out which expressions make objects of a built extension and call its functions.

python -c ... raceproof_agent.extension_calls --requests-fd 3 --replies-fd 4; see protocol/README.md, "Calls of a crate".
Enters: one request: modules, names, for each object or call its candidates.  Leaves: a line before each candidate, so that the last one
names what ended the process, and one for each that was taken.  It knows no type by name, and asks nothing twice.
"""

import faulthandler
import re
import sys

from .extension_scope import Holder, Scope
from .natives import NATIVES
from .one_request import receive_request

_SECONDS_FOR_A_CALL = 5
_WORD = re.compile(r"\w+")
_TOKEN = re.compile(r"([@$])(\d+)\1")
_REFUSALS = (TypeError, AttributeError, NotImplementedError, NameError, SyntaxError)


def main(arguments):
    """Answer one request and end."""
    channel, request = receive_request("raceproof_agent.extension_calls", arguments)
    sys.path[:0] = request["paths"]
    try:
        Choice(request, channel).run()
        channel.send({"done": True})
    except Exception as error:
        channel.send({"refused": "%s: %s" % (type(error).__name__, error)})
    NATIVES.exit_now(0)


class Choice:
    """Tries the candidates of one request."""

    def __init__(self, request, channel):
        self._channel = channel
        self._scope = Scope(request["modules"])
        self._skipped = set(request["skipped"])
        self._names = {key: self._scope.find(each["name"], each["hints"]) for key, each in request["names"].items()}
        self._python_names = {key: each["name"] for key, each in request["names"].items()}
        self._objects = request["objects"]
        self._calls = request["calls"]
        self._made = {}

    def run(self):
        """Objects first, as long as another one was found: some are made of others, or returned by them."""
        left = list(self._objects)
        while left:
            before = len(left)
            left = [each for each in left if not self._choose_object(each)]
            if len(left) == before:
                break
        for each in self._calls:
            self._choose_call(each)

    def _choose_object(self, wanted):
        taken = []
        for candidate in wanted["candidates"]:
            text = self._filled(candidate)
            if text is None or (taken and "o" not in _WORD.findall(text)):
                continue
            ending, keeps = self._try(text, "None", wanted["key"], True)
            if ending == "returned" and (not taken or keeps):
                # What holds something is worth more, also to whatever is made of it.
                taken.insert(0, {"text": text, "keeps": keeps, "raised": False})
                self._made[wanted["key"]] = text
            if keeps:
                break
        return self._tell(wanted, taken)

    def _choose_call(self, wanted):
        receiver = "None" if wanted["self"] is None else self._made.get(wanted["self"])
        if receiver is None:
            return
        taken, raised, has_callback = [], [], False
        for candidate in wanted["candidates"]:
            text = self._filled(candidate)
            words = set(_WORD.findall(text or ""))
            is_new = not taken or ("o" in words and not any(each["keeps"] for each in taken)) or ("f" in words and not has_callback)
            if text is None or not is_new:
                continue
            ending, keeps = self._try(text, receiver, wanted["key"], False)
            entry = {"text": text, "keeps": keeps, "raised": ending == "raised"}
            if ending == "returned" and (not taken or keeps or "f" in words):
                taken.append(entry)
                has_callback = has_callback or "f" in words
            elif ending == "raised" and not raised:
                raised.append(entry)
        self._tell(wanted, taken or raised)

    def _tell(self, wanted, taken):
        if taken:
            self._channel.send({"chosen": wanted["key"], "expressions": taken})
        return bool(taken)

    def _filled(self, candidate):
        """With paths for names and expressions for objects; None while one of them is not known."""
        missing = []

        def text_of(match):
            kind, key = match.groups()
            text = self._made.get(key) if kind == "$" else (self._names.get(key) or (None,))[0]
            if text is None:
                missing.append(key)
            return text or ""

        text = _TOKEN.sub(text_of, candidate)
        return None if missing else text

    def _try(self, text, receiver, key, is_object):
        """(ending, whether the object passed for `o` is held by what was called)."""
        said = "%s | %s" % (receiver, text)
        if said in self._skipped:
            return "refused", False
        self._channel.send({"begin": said, "key": key, "text": text})
        faulthandler.dump_traceback_later(_SECONDS_FOR_A_CALL, exit=True)
        held = Holder()
        self._scope.kept = None if is_object else []
        try:
            names = dict(self._scope.names, o=held)
            names["r"] = eval(receiver, dict(self._scope.names, o=Holder()))
            before = sys.getrefcount(held)
            value = eval(text, names)
            if value is NotImplemented or (is_object and not self._is_wanted(value, key)):
                return "refused", False
            if not is_object:
                value = None
            return "returned", sys.getrefcount(held) > before
        except _REFUSALS:
            return "refused", False
        except BaseException as error:  # panics are no Exception
            return ("refused" if isinstance(error, KeyboardInterrupt) else "raised"), False

    def _is_wanted(self, value, key):
        found = self._names.get(key)
        if found is not None:
            return type(value) is found[1]
        return type(value).__name__ == self._python_names[key]


if __name__ == "__main__":
    main(sys.argv[1:])
