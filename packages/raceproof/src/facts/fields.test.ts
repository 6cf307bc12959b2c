// Whose attribute an annotated name in a class body is: the class's or every instance's.
import { describe, expect, it } from "vitest";
import { programOf } from "./fixtures/sample-program.ts";

describe("fields that a decorator makes", () => {
  it("belong to instances", () => {
    const { fn } = programOf(`
from dataclasses import dataclass, field
from typing import ClassVar
import attr

@dataclass(frozen=True)
class Point:
    names: dict = field(default_factory=dict)
    size: int = 0
    made: ClassVar[int] = 0
    plain = 0

@attr.s
class Old:
    names = attr.ib(factory=dict)

class Bare:
    size: int = 0

def act(point: Point, old: Old, bare: Bare):
    point.names["a"] = 1
    print(point.size, point.made, point.plain, bare.size)
    old.names["a"] = 1
`);
    expect(fn("act").accesses.map(({ location }) => `${location.display} ${location.ownerKind}`)).toEqual([
      "Point.names instance",
      "Point.size instance",
      "Point.made class",
      "Point.plain class",
      "Bare.size class",
      "Old.names instance",
    ]);
  });
});
