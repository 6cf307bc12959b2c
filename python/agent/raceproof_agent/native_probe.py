"""Finds calls that reach the entry points of extension modules: objects that can be made, arguments that are taken.

python -c ... raceproof_agent.native_probe --requests-fd 3 --replies-fd 4; see protocol/README.md, "Probe".
Enters: one request: modules, tables of entry points with the forms of their calls, arguments to try.  Leaves: a line for each call
that was taken.  Before each call its text goes out: when nothing follows, that call ended the process.
It knows no type by name: what a module exports is made with small arguments, and what its objects return is looked at too.
"""

import faulthandler
import importlib
import sys
import types

from .native_stack import NativeStack
from .natives import NATIVES
from .one_request import receive_request
from .sanitized_memory import give_memory_to_malloc

_MOST_FORMS = 3
_MOST_RECEIVERS = 1
_DEPTH = 2
_SECONDS_FOR_A_CALL = 10
_MOST_LOOKS = 12  # at the stack, in one call
_FULL = 4  # of the eight things put in
_SHARED = frozenset("rodl")
_REFUSALS = (TypeError, AttributeError, NotImplementedError, ValueError, OverflowError)


def main(arguments):
    """Answer one request and end."""
    channel, request = receive_request("raceproof_agent.native_probe", arguments)
    give_memory_to_malloc(request["library"])
    sys.path[:0] = request["paths"]
    try:
        Probe(request, channel).run()
        channel.send({"done": True})
    except Exception as error:
        channel.send({"refused": "%s: %s" % (type(error).__name__, error)})
    NATIVES.exit_now(0)


class Probe:
    """One look at the modules of a request."""

    def __init__(self, request, channel):
        self._channel = channel
        self._modules = request["modules"]
        self._tables = request["tables"]  # [{"type", "entries": [{"function", "attribute", "forms"}]}]
        self._functions = request["functions"]  # name in the module -> function in C
        self._arguments = request["arguments"]
        self._skipped = set(request["skipped"])
        self._scope = {"CALLED": set()}
        self._table_by_type = {}
        self._growth = 0
        self._fills = {}  # receiver -> the call that filled it
        exec(request["prelude"], self._scope)
        self._scope["CALLED"] = self._called = _Called()
        self._known_types = _all_types()
        # Types name the module as their author wrote it: "_speed.Table" in the module "package._speed".
        self._roots = {part for name in self._modules for part in name.split(".")}

    def run(self):
        """Tell every call that was taken."""
        exported = []
        for number, name in enumerate(self._modules):
            module = importlib.import_module(name)
            self._scope["m%d" % number] = module
            self._called.libraries.append(getattr(module, "__file__", ""))
            exported += [("m%d.%s" % (number, key), value) for key, value in sorted(vars(module).items()) if self._is_own(key, value)]
        types_of_it = list({value: (text, value) for text, value in reversed(exported) if isinstance(value, type)}.values())
        functions = [(text, value) for text, value in exported if not isinstance(value, type)]
        receivers = [(kind, made) for text, kind in types_of_it for made in self._make(text, kind)]
        made_from_nothing = {kind for kind, _ in receivers}
        for kind, receiver in receivers:
            self._explore(receiver, kind, "r", _DEPTH, set())
            for text, other in types_of_it:
                if other not in made_from_nothing:  # Those are copies of the receiver, nothing that shares it.
                    self._explore_result(receiver, "%s(r)" % text, _DEPTH)
            self._call_functions(receiver, functions)
        if not receivers:
            self._call_functions("object()", functions)

    def _make(self, text, kind):
        """Expressions that make an instance from nothing, those that hold the most first."""
        made = []
        for arguments in self._arguments:
            if _SHARED.intersection(arguments):
                continue
            expression = "%s(%s)" % (text, ", ".join(arguments))
            ending, value = self._try("None", expression)
            if ending == "returned" and type(value) is kind:
                self._channel.send({"made": True})
                made.append((-_length(value), "i)" in expression, expression))
        # What is made with the number that calls count with is as small as that is.
        made.sort(key=lambda each: each[:2])
        return [self._filled(kind, expression) if emptiness == 0 else expression for emptiness, _, expression in made[:_MOST_RECEIVERS]]

    def _filled(self, kind, receiver):
        """The same with something in it, where a call can be found that puts it there: what is empty has little to race about."""
        for entry in self._entries_of(kind):
            for form in entry["forms"]:
                for arguments in self._fitting(form):
                    text = _fill(form, "r", arguments)
                    if "(i)" not in text or _SHARED.intersection(arguments):
                        continue
                    expression = "filled(%s, %r)" % (receiver, text)
                    ending, value = self._try("None", expression)
                    if ending == "returned" and _length(value) >= _FULL:
                        self._channel.send({"made": True})
                        self._fills[expression] = text
                        return expression
        return receiver

    def _explore(self, receiver, kind, chain, depth, seen):
        """Operations on what `chain` gives, and on what those return."""
        if kind in seen or not self._is_of_subject(kind):
            return
        seen.add(kind)
        for entry in self._entries_of(kind):
            for form in entry["forms"]:
                self._call(receiver, (entry["function"], form, chain), depth, seen)

    def _is_of_subject(self, kind):
        """Static types may name no module."""
        return kind not in self._known_types and kind.__module__.split(".")[0] in self._roots | {"builtins"}

    def _is_own(self, key, value):
        if key.startswith("__") or not callable(value):
            return False
        home = getattr(value, "__module__", None)
        return home is None or home.split(".")[0] in self._roots

    def _explore_result(self, receiver, expression, depth):
        ending, value = self._try(receiver, expression)
        if ending == "returned":
            self._channel.send({"made": True})
            self._explore(receiver, type(value), expression, depth - 1, set())

    def _call(self, receiver, target, depth, seen):
        function, form, chain = target
        taken, seen_calling = 0, set()
        for arguments in self._fitting(form):
            expression = _fill(form, chain, arguments)
            ending, value = self._try(receiver, expression)
            is_special = bool(_SHARED.intersection(arguments)) or not seen_calling.issuperset(self._scope["CALLED"])
            if ending == "refused" or (taken >= _MOST_FORMS and not is_special):
                continue
            taken += not is_special
            seen_calling.update(self._scope["CALLED"])
            self._tell(function, receiver, expression, ending)
            if ending == "returned" and depth > 0:
                self._explore(receiver, type(value), expression, depth - 1, seen)

    def _call_functions(self, receiver, functions):
        for text, value in functions:
            name = getattr(value, "__name__", "")
            if name in self._functions:
                self._call(receiver, (self._functions[name], text + "({*})", ""), 1, set())

    def _fitting(self, form):
        if "{*}" in form:
            return self._arguments
        count = form.count("{0}") + form.count("{1}")
        return [arguments for arguments in self._arguments if len(arguments) == count]

    def _entries_of(self, kind):
        """Entries of the table that a type has most of; where two tables have the same names, of both."""
        found = {}
        for base in kind.__mro__:
            if base is not object:
                for attribute, entries in self._table_entries(base).items():
                    found.setdefault(attribute, entries)
        return [entry for entries in found.values() for entry in entries]

    def _table_entries(self, kind):
        known = self._table_by_type.get(kind)
        if known is not None:
            return known
        own = {name for name, value in vars(kind).items() if not isinstance(value, types.FunctionType)}
        fitting = []
        for table in self._tables:
            present = [entry for entry in table["entries"] if entry["attribute"] in own]
            if table["type"] == kind.__name__ if table["type"] else len(present) * 4 >= len(table["entries"]) * 3:
                fitting.append(present)
        known = self._table_by_type[kind] = {}
        sizes = {}
        for entries in sorted(fitting, key=len, reverse=True):
            for entry in entries:
                if sizes.setdefault(entry["attribute"], len(entries)) == len(entries):
                    known.setdefault(entry["attribute"], []).append(entry)
        return known

    def _try(self, receiver, expression):
        """("returned", value), ("raised", error), or ("refused", error) when the arguments are not of a kind it takes."""
        text = "%s | %s" % (receiver, expression)
        if text in self._skipped:
            return "refused", None
        scope = self._scope
        self._growth = 0
        self._channel.send({"begin": text})
        _end_after(_SECONDS_FOR_A_CALL)
        try:
            self._called.watch(0)
            exec("r, o, d, l = state_of(lambda: %s)\ni = 1" % receiver, scope)
            self._called.watch()
            before = _length(scope["r"])
            try:
                code = compile(expression, "<call>", "eval")
            except SyntaxError:
                code = compile(expression, "<call>", "exec")
            value = eval(code, scope)
            self._growth = _length(scope["r"]) - before
            if value is NotImplemented:
                return "refused", None
            return "returned", value
        except _REFUSALS as error:
            return "refused", error
        except Exception as error:
            return "raised", error

    def _tell(self, function, receiver, expression, ending):
        call = {
            "function": function,
            "receiver": receiver,
            "expression": expression,
            "raised": ending == "raised",
            "callbacks": sorted(self._called),
            "windows": [{"callback": name, "stack": stack} for name, stack in sorted(self._called.windows, key=repr)],
            "fill": self._fills.get(receiver),
            "growth": self._growth,
        }
        self._channel.send({"call": call})


class _Called(set):
    """Names of the callbacks that ran, and where the extension was each time."""

    def __init__(self):
        super().__init__()
        self.libraries = []
        self.windows = set()
        self._stack = None
        self._looks = 0

    def add(self, name):
        super().add(name)
        if self._stack is None:
            self._stack = NativeStack(self.libraries)
        if self._looks > 0:
            self._looks -= 1
            self.windows.add((name, self._stack.read()))

    def watch(self, looks=_MOST_LOOKS):
        """From here on, for one call; what its preparation called does not matter."""
        self.clear()
        self.windows.clear()
        self._looks = looks


def _end_after(seconds):
    later = getattr(faulthandler, "dump_traceback_later", None)
    if later is not None:
        later(seconds, exit=True)


def _all_types():
    found, waiting = set(), [object]
    while waiting:
        kind = waiting.pop()
        if kind not in found:
            found.add(kind)
            waiting += type.__subclasses__(kind)
    return found


def _length(value):
    try:
        return min(len(value), 8)
    except Exception:
        return 0


def _fill(form, chain, arguments):
    filled = form.replace("$", "(%s)" % chain if " " in chain else chain).replace("{*}", ", ".join(arguments))
    for index, argument in enumerate(arguments):
        filled = filled.replace("{%d}" % index, argument)
    return filled


if __name__ == "__main__":
    main(sys.argv[1:])
