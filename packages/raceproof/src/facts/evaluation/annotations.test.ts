// Annotations and parameters: what a function may assume of what it is given.
import { describe, expect, it } from "vitest";
import { probe } from "../fixtures/sample-program.ts";

const annotated = (annotation: string): string[] =>
  probe(`
from __future__ import annotations
import threading, typing as t
from collections import deque
from typing import Annotated, ClassVar, Deque, Dict, Iterator, List, Optional, Set, Type, Union

class Item:
    pass

Alias = Union[None, Item]
Recursive = Union[List["Recursive"], int]

def f(x: ${annotation}):
    probe(x)
`);

describe("annotations", () => {
  it.each([
    ["int", "integer"],
    ["str", "text"],
    ["Item", "Item"],
    ["'Item'", "Item"],
    ["Optional[Item]", "Item"],
    ["'Optional[Item]'", "Item"],
    ["Item | None", "Item"],
    ["None | Item", "Item"],
    ["Union[None, Item, int]", "Item"],
    ["t.Optional['Item']", "Item"],
    ["Annotated[Item, 'note']", "Item"],
    ["Alias", "Item"],
    ["'Alias'", "Item"],
    ["dict", "dict"],
    ["dict[str, Item]", "dict of Item"],
    ["Dict[str, list[Item]]", "dict of list of Item"],
    ["List['Item']", "list of Item"],
    ["Set[int]", "set of integer"],
    ["Deque[Item]", "deque of Item"],
    ["tuple[int, Item]", "(integer, Item)"],
    ["Type[Item]", "class Item"],
    ["type[Item]", "class Item"],
    ["threading.Lock", "lock"],
    ["Iterator[int]", "iterator of integer"],
    ["Recursive", "list"],
    ["None", "none"],
    ["Callable[..., int]", "unknown"],
    ["Item[int]", "Item"],
    ["'not an expression ('", "unknown"],
    ["1 + 2", "unknown"],
  ])("%s promises %s", (annotation, expected) => {
    expect(annotated(annotation)).toEqual([expected]);
  });

  it("of attributes and names win over what is assigned", () => {
    const source = `
class Item:
    pass

class Box:
    kept: "Item"
    def __init__(self, other):
        self.kept = other
        self.table: dict[str, Item] = {}
    def look(self):
        probe(self.kept)
        probe(self.table["a"])
        found: Item = lookup()
        probe(found)
`;
    expect(probe(source)).toEqual(["Item at Box.kept", "Item at Box.table['a']", "Item"]);
  });
});

describe("parameters", () => {
  it("without annotation learn from the calls of the program", () => {
    const source = `
class Item:
    pass

class Box:
    def __init__(self, item):
        self.item = item
        probe(item)

def take(first, second=None, *, third=0, **others):
    probe(first)
    probe(second)
    probe(third)
    probe(others)

def give(item: Item):
    take(item, second=[])
    Box(item)
`;
    expect(probe(source)).toEqual(["Item", "Item", "list", "integer", "fresh dict of unknown"]);
  });

  it("of methods: the first one is the receiver, the class for class methods, nothing special for static ones", () => {
    const source = `
class C:
    def method(this):
        probe(this)
    @classmethod
    def make(cls):
        probe(cls)
    def __new__(cls):
        probe(cls)
    @staticmethod
    def plain(x):
        probe(x)
`;
    expect(probe(source)).toEqual(["C", "class C", "class C", "unknown"]);
  });

  it("that are only passed on to themselves are unknown", () => {
    expect(probe("def f(x):\n    f(x)\n    probe(x)\n")).toEqual(["unknown"]);
  });

  it("passed with a star are not matched", () => {
    expect(probe("def f(x):\n    probe(x)\nf(*[{}])\n")).toEqual(["unknown"]);
  });
});
