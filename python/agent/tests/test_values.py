"""What accesses read and write, as traces tell it."""

import unittest

from explorer import Agent

PROGRAM = """
class Slotted:
    __slots__ = ("slot",)

class Shop:
    kind = "shop"
    def __init__(self):
        self.sold = 0
        self.stock = {"pen": 2}
        self.queue = [3]
        self.inner = Slotted()
        self.names = ["n" * 60, "m" * 60]
    @property
    def left(self):
        raise AssertionError("nobody asked")
    def sell(self):
        self.sold += 1
        if self.queue:
            self.queue.pop()
        self.stock["pen"] = 1
        self.stock.pop("pen")
        self.inner.slot = None
        del self.inner.slot
        return self.kind, len(self.names)
    def __eq__(self, other):
        raise AssertionError("nobody asked")

total = 0

def setup():
    return Shop()

def operation_a(shop):
    global total
    total = 5
    return shop.sell()

def operation_b(shop):
    return shop.queue
"""


class Values(unittest.TestCase):
    def setUp(self):
        self.agent = Agent()
        self.addCleanup(self.agent.close)
        self.agent.open(PROGRAM)
        self.agent.ask("serial", repeats=1, warmups=1)

    def trace(self, **fields):
        reply = self.agent.ask("name", sites="all", schedule=[[0, None], [1, None]], **fields)
        told = {}
        for event in reply["trace"]:
            if event["thread"] == 0:
                told.setdefault(event["site"].split(":", 2)[-1], (event.get("read"), event.get("wrote")))
        return told

    def test_what_is_there_before_and_after(self):
        told = self.trace(values=True)
        expected = {
            "write:total": (None, "5"),
            "update:self.sold": ("0", None),
            "write:self.sold": (None, "1"),
            "check:bool(self.queue)": ("[3]", None),
            "call:self.queue.pop": ("[3]", "[]"),
            "write:self.stock[]": (None, "1"),
            "call:self.stock.pop": ("1", "nothing"),
            "write:self.inner.slot": (None, "None"),
            "write:self.inner.slot#2": (None, "nothing"),
        }
        self.assertEqual({key: told.get(key) for key in expected}, expected, told)

    def test_long_texts_are_cut(self):
        read = self.trace(values=True)["read:self.names"][0]
        self.assertEqual(len(read), 72)
        self.assertTrue(read.endswith("\u2026"))

    def test_nothing_is_told_unless_asked_for(self):
        self.assertEqual(set(self.trace().values()), {(None, None)})


if __name__ == "__main__":
    unittest.main()
