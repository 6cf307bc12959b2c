"""Rewritten code means what the source means; site keys come from the source alone.

Plain and rewritten runs of every program must agree, with every site active and every access reaching the scheduler.
"""

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from programs import PROGRAMS  # noqa: E402

from raceproof_agent import access_points  # noqa: E402
from raceproof_agent.actor import RETURNED  # noqa: E402
from raceproof_agent.scheduler import SCHEDULER  # noqa: E402
from raceproof_agent.sites import SITES, SPECIAL_KEYS, SiteTable  # noqa: E402
from raceproof_agent.statement_rewriter import rewrite  # noqa: E402
from raceproof_agent.strategies import Strategy  # noqa: E402

HEADER = '''"""The module's docstring."""
from __future__ import annotations
import typing
if typing.TYPE_CHECKING:
    from nowhere import Nothing
def function(argument: Nothing = None) -> Undefined:
    """The function's docstring."""
    global made
    made = 1
    return argument
'''

KEYED = """
import heapq
shared = 0
class Box:
    def use(self, other):
        self.items[other.key].append(self.n)
        self.n += 1
        self.n += 1
        if self.n and other is not None:
            return [f(x.a) for x in self.items.values() if x.ready]
        for line in self.items:
            heapq.heappush(self.items, line)
        return lambda: self.n
    def rebind(self):
        global shared
        shared += 1
        return f"{shared} {self.n}"
"""

EXPECTED_KEYS = [
    "m:Box.use:call:self.items[].append",
    "m:Box.use:read:self.items[]",
    "m:Box.use:read:self.items",
    "m:Box.use:read:other.key",
    "m:Box.use:read:self.n",
    "m:Box.use:update:self.n",
    "m:Box.use:write:self.n",
    "m:Box.use:update:self.n#2",
    "m:Box.use:write:self.n#2",
    "m:Box.use:check:self.n",
    "m:Box.use:check:bool(self.n)",
    "m:Box.use:iterate:self.items.values()",
    "m:Box.use:read:self.items#2",
    "m:Box.use:check:x.ready",
    "m:Box.use:check:bool(x.ready)",
    "m:Box.use:read:x.a",
    "m:Box.use:iterate:self.items",
    "m:Box.use:read:self.items#3",
    "m:Box.use:call:heappush(self.items)",
    "m:Box.use:read:self.items#4",
    "m:Box.use:call:heappush(line)",
    "m:Box.use.<lambda>:read:self.n",
    "m:Box.rebind:update:shared",
    "m:Box.rebind:write:shared",
    "m:Box.rebind:read:shared",
    "m:Box.rebind:read:self.n",
]


class EveryPoint(Strategy):
    """Asks at every switch point and always goes on."""

    def adopt(self, actor):
        actor.wanted = 0


def run_plain(source):
    namespace = {"__name__": "program"}
    exec(compile(source, "<program>", "exec", dont_inherit=True), namespace)
    return namespace["main"]()


def run_rewritten(source, scheduled):
    namespace = {"__name__": "program"}
    tree, _ = rewrite(source, "program", "<program>", SITES, frozenset(("n", "items")))
    exec(compile(tree, "<program>", "exec", dont_inherit=True), namespace)
    SITES.select("all")
    try:
        if not scheduled:
            return namespace["main"]()
        execution = SCHEDULER.execute([("only", [namespace["main"]])], EveryPoint())
    finally:
        SITES.select(())
    status, value = execution.actors[0].results[0]
    if status is not RETURNED:
        raise value
    return value


class Semantics(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        access_points.publish()

    def test_programs_mean_the_same(self):
        for name, source in PROGRAMS.items():
            with self.subTest(name):
                plain = repr(run_plain(source))
                self.assertEqual(repr(run_rewritten(source, scheduled=False)), plain)
                self.assertEqual(repr(run_rewritten(source, scheduled=True)), plain)

    def test_docstrings_future_imports_and_annotations_stay(self):
        tree, _ = rewrite(HEADER, "header", "<header>", SITES)
        namespace = {"__name__": "header"}
        exec(compile(tree, "<header>", "exec", dont_inherit=True), namespace)
        self.assertEqual(namespace["__doc__"], "The module's docstring.")
        self.assertEqual(namespace["function"].__doc__, "The function's docstring.")
        self.assertEqual(namespace["function"].__annotations__, {"argument": "Nothing", "return": "Undefined"})
        self.assertEqual(namespace["function"](3), 3)

    def test_line_numbers_stay(self):
        source = "def main():\n    x = {}\n    return (x\n        .a)\n"
        for run in (run_plain, lambda text: run_rewritten(text, False)):
            try:
                run(source)
            except AttributeError as error:
                entry = error.__traceback__
            while entry.tb_next:
                entry = entry.tb_next
            self.assertIn(entry.tb_lineno, (3, 4))
            self.assertEqual(entry.tb_frame.f_code.co_name, "main")

    def test_own_exceptions_of_unbound_names_stay(self):
        for body in ("x += y", "del x", "return x", "x.a = 1", "x[0] = 1"):
            source = "def main():\n    if False:\n        x = y = []\n    %s\n" % body
            with self.subTest(body), self.assertRaises(UnboundLocalError):
                run_rewritten(source, scheduled=False)


class Keys(unittest.TestCase):
    def keys(self, source):
        table = SiteTable()
        rewrite(source, "m", "m.py", table, frozenset(("shared",)))
        return table.sites[len(SPECIAL_KEYS) :]

    def test_keys_are_the_same_on_every_version(self):
        found = [site.key for site in self.keys(KEYED)]
        self.assertEqual(sorted(found), sorted(EXPECTED_KEYS))

    def test_positions_are_those_of_the_access(self):
        source = "def f(self):\n    é = 1; self.a.b = self.c[é]\n"
        places = {site.key.split(":", 2)[2]: (site.line, site.column) for site in self.keys(source)}
        self.assertEqual(
            places,
            {"write:self.a.b": (2, 12), "read:self.a": (2, 12), "read:self.c[]": (2, 23), "read:self.c": (2, 23)},
        )

    def test_module_and_class_level_are_left_alone(self):
        source = "import os\nprint(os.name)\nclass A:\n    b = os.sep\n    def f(self, x=os.name): pass\n"
        self.assertEqual(self.keys(source), [])


if __name__ == "__main__":
    unittest.main()
