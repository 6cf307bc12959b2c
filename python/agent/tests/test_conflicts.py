"""Which sites the profile calls conflicting: the same location, two threads, at least one write."""

import os
import tempfile
import unittest

from explorer import Agent, Study

TWO = """
def setup():
    return Box()
"""


def conflicts(study):
    """Conflicting keys without the module's name."""
    return sorted(key.partition(":")[2] for key in study.conflicts)


class Conflicts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = Agent()
        cls.addClassCleanup(cls.agent.close)

    def study(self, source):
        return Study(self.agent, source)

    def test_different_objects_do_not_meet(self):
        study = self.study("""
class Box:
    def __init__(self):
        self.n = 0
    def add(self):
        self.n += 1
def operation_one():
    Box().add()
def operation_two():
    Box().add()
""")
        self.assertEqual(conflicts(study), [])
        self.assertEqual(len(study.profile["sites"]), 3)

    def test_says_when_every_operation_raises(self):
        study = self.study("""
def operation_one():
    raise KeyError("gone")
def operation_two():
    return [][1]
""")
        self.assertEqual(study.profile["failing"], "KeyError: gone")

    def test_one_operation_that_returns_is_enough(self):
        study = self.study("""
def operation_one():
    raise KeyError("gone")
def operation_two():
    return 1
""")
        self.assertNotIn("failing", study.profile)

    def test_different_attributes_do_not_meet(self):
        study = self.study("""
class Box:
    a = b = 0
def setup():
    return Box()
def operation_one(box):
    box.a = 1
def operation_two(box):
    box.b = 1
""")
        self.assertEqual(conflicts(study), [])

    def test_two_readers_do_not_meet(self):
        study = self.study("""
class Box:
    def __init__(self):
        self.n = 0
def setup():
    return Box()
def operation_one(box):
    return box.n
def operation_two(box):
    return box.n
""")
        self.assertEqual(conflicts(study), [])

    def test_keys_of_a_mapping_are_locations(self):
        source = """
def setup():
    return {}
def operation_one(table):
    table["a"] = 1
def operation_two(table):
    table[%s] = 2
"""
        self.assertEqual(conflicts(self.study(source % '"b"')), [])
        both = ["operation_one:write:table[]", "operation_two:write:table[]"]
        self.assertEqual(conflicts(self.study(source % '"a"')), both)
        self.assertEqual(conflicts(self.study(source % '"%s" % "a"')), both)

    def test_a_key_meets_the_whole(self):
        for use in ("len(table)", "[key for key in table]", "table.clear()", "list(table.items())", "not table", "{**table}"):
            with self.subTest(use):
                study = self.study("def setup():\n    return {}\ndef operation_one(table):\n    table['a'] = 1\ndef operation_two(table):\n    return %s\n" % use)
                self.assertIn("operation_one:write:table[]", conflicts(study))
                self.assertEqual(len(conflicts(study)), 2, conflicts(study))

    def test_class_attribute_through_an_instance(self):
        study = self.study("""
class Box:
    shared = 0
def setup():
    return Box()
def operation_read(box):
    return box.shared
def operation_write(box):
    Box.shared = 1
""")
        self.assertEqual(conflicts(study), ["operation_read:read:box.shared", "operation_write:write:Box.shared"])

    def test_class_attribute_through_a_subclass(self):
        study = self.study("""
class Base:
    shared = 0
class Derived(Base):
    pass
def operation_read():
    return Derived.shared
def operation_write():
    Base.shared = 1
""")
        self.assertEqual(conflicts(study), ["operation_read:read:Derived.shared", "operation_write:write:Base.shared"])

    def test_an_instance_attribute_hides_the_class(self):
        study = self.study("""
class Box:
    shared = 0
def setup():
    box = Box()
    box.shared = 5
    return box
def operation_read(box):
    return box.shared
def operation_write(box):
    Box.shared = 1
""")
        self.assertEqual(conflicts(study), [])

    def test_properties_and_methods_are_not_locations_of_the_class(self):
        study = self.study("""
class Box:
    def __init__(self):
        self._n = 0
    @property
    def n(self):
        return self._n
    @n.setter
    def n(self, value):
        self._n = value
def setup():
    return Box()
def operation_read(box):
    return box.n
def operation_write(box):
    box.n = 3
""")
        found = conflicts(study)
        self.assertIn("Box.n:read:self._n", found)
        self.assertIn("Box.n:write:self._n", found)

    def test_slots(self):
        study = self.study("""
class Box:
    __slots__ = ("n",)
def setup():
    box = Box()
    box.n = 0
    return box
def operation_one(box):
    box.n += 1
def operation_two(box):
    del box.n
""")
        self.assertEqual(conflicts(study), ["operation_one:update:box.n", "operation_one:write:box.n", "operation_two:write:box.n"])

    def test_mangled_names(self):
        study = self.study("""
class Box:
    def __init__(self):
        self.__n = 0
    def add(self):
        self.__n += 1
def setup():
    return Box()
def operation_one(box):
    box.add()
def operation_two(box):
    return box._Box__n
""")
        self.assertIn("operation_two:read:box._Box__n", conflicts(study))
        self.assertIn("Box.add:write:self.__n", conflicts(study))

    def test_attribute_functions(self):
        study = self.study("""
class Box:
    n = 0
def setup():
    return Box()
def operation_one(box):
    setattr(box, "n", 1)
    delattr(box, "n")
def operation_two(box):
    name = "n"
    return getattr(box, name, None), hasattr(box, "".join(["n"]))
""")
        self.assertEqual(
            conflicts(study),
            [
                "operation_one:write:box.n",
                "operation_one:write:box.n#2",
                "operation_two:check:box.<''.join()>",
                "operation_two:read:box.<name>",
            ],
        )

    def test_shared_iterators(self):
        study = self.study("""
def setup():
    return iter([1, 2, 3])
def operation_one(numbers):
    return next(numbers)
def operation_two(numbers):
    for number in numbers:
        return number
""")
        self.assertEqual(conflicts(study), ["operation_one:call:next(numbers)", "operation_two:iterate:numbers"])

    def test_checks_have_a_kind_of_their_own(self):
        study = self.study("""
class Box:
    def __init__(self):
        self.n = None
        self.items = []
def setup():
    return Box()
def operation_one(box):
    return box.n is None, not box.items, 3 in box.items
def operation_two(box):
    box.n = 1
    box.items.append(3)
""")
        self.assertEqual(
            [key for key in conflicts(study) if key.startswith("operation_one")],
            ["operation_one:check:bool(box.items)", "operation_one:check:box.n", "operation_one:check:in box.items"],
        )

    def test_interleaved_executions_reveal_other_paths(self):
        study = self.study("""
class Box:
    def __init__(self):
        self.busy = self.clashes = 0
    def use(self):
        if self.busy:
            self.clashes += 1
        self.busy += 1
        self.busy -= 1
def setup():
    return Box()
def operation_one(box):
    box.use()
def operation_two(box):
    box.use()
    box.clashes = 5
""")
        self.assertNotIn("Box.use:update:self.clashes", conflicts(study))
        profile = self.agent.ask("profile", interleavings=8)
        found = [site["key"] for site in profile["sites"] if site["conflict"]]
        self.assertIn("raceproof_driver:Box.use:update:self.clashes", found)
        self.assertEqual(profile["steps"], study.profile["steps"])

    def test_own_container_methods_are_not_container_accesses(self):
        study = self.study("""
class Box(dict):
    def update(self, n):
        self.n = n
def setup():
    return Box()
def operation_one(box):
    box.update(1)
def operation_two(box):
    box.update(2)
""")
        self.assertEqual(conflicts(study), ["Box.update:write:self.n"])


class ModuleGlobals(unittest.TestCase):
    def test_names_rebound_from_another_module(self):
        with tempfile.TemporaryDirectory() as folder:
            package = os.path.join(folder, "shop")
            os.mkdir(package)
            for name, text in {
                "__init__": "",
                "settings": "limit = 1\nother = 2\ndef read():\n    return limit, other\n",
                "admin": "from . import settings\ndef change():\n    settings.limit = 5\n",
            }.items():
                with open(os.path.join(package, name + ".py"), "w") as stream:
                    stream.write(text)
            agent = Agent()
            self.addCleanup(agent.close)
            source = (
                "import shop.settings, shop.admin\n"
                "def operation_one():\n    return shop.settings.read()\n"
                "def operation_two():\n    shop.admin.change()\n"
                "def operation_three():\n    return shop.settings.limit\n"
            )
            study = Study(agent, source, ["shop"], [folder])
            self.assertEqual(
                sorted(study.conflicts),
                [
                    "raceproof_driver:operation_three:read:shop.settings.limit",
                    "shop.admin:change:write:settings.limit",
                    "shop.settings:read:read:limit",
                ],
            )
            states = {outcome["state"] for outcome in study.serial["outcomes"]}
            self.assertEqual(states, {"None\nmodule.shop.settings.limit=5"})
            site = [site for site in study.profile["sites"] if site["key"] == "shop.admin:change:write:settings.limit"][0]
            self.assertEqual((site["line"], site["column"], site["text"]), (3, 4, "settings.limit"))
            self.assertTrue(site["file"].endswith(os.path.join("shop", "admin.py")))


if __name__ == "__main__":
    unittest.main()
