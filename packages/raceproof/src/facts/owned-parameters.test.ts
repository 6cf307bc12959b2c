// Which parameters hold an object that nobody but the caller has.
import { describe, expect, it } from "vitest";
import { programOf } from "./fixtures/sample-program.ts";

describe("owned parameters", () => {
  const { accesses } = programOf(`
kept = []

class Card:
    def __init__(self):
        self.n = 0
        self.parts = {}
        self._fill()
    def _fill(self):
        self.n = 1
        self.parts["a"] = 1
        self._fill_deeper(self)
    def _fill_deeper(self, card: "Card"):
        card.n = 2
    def _both(self):
        self.n = 3
    def _lent(self):
        self.lent["a"] = 4
        self.lent = {}
    def lend(self, lent):
        self.lent = lent
    def use(self):
        self._both()

def load():
    card = Card()
    card._fill()
    card._lent()
    _stamp(card)
    _stamp_late(card)
    _keep(card)
    _stamp_kept(card)
    return card
def load_other():
    card = Card()
    card._both()
    _stamp(card=card)
    Card()._lent()
def _stamp(card: Card):
    card.n = 5
    if card.n:
        _stamp(card)
def _stamp_late(card: Card):
    yield
    card.n = 6
def _keep(card: Card):
    kept.append(card)
def _stamp_kept(card: Card):
    card.n = 7
`);

  it("are those of private functions that get only what their callers own", () => {
    expect(accesses("Card._fill")).toEqual(["write = Card.n fresh", "write []= Card.parts fresh"]);
    expect(accesses("Card._fill_deeper")).toEqual(["write = Card.n"]);
    expect(accesses("_stamp")).toEqual(["write = Card.n fresh", "check truth Card.n fresh"]);
  });

  it("are not: those that some caller shares, generators, and what was kept before", () => {
    expect(accesses("Card._both")).toEqual(["write = Card.n"]);
    expect(accesses("_stamp_late")).toEqual(["write = Card.n"]);
    expect(accesses("_stamp_kept")).toEqual(["write = Card.n"]);
  });

  it("are not: those of functions that only call themselves, and of public methods of private classes", () => {
    const sample = programOf(`
class _Reader:
    def __init__(self):
        self.n = 0
    def read(self):
        self.n = 1
        self._again()
    def _again(self):
        self.n = 2
        self._again()
def make():
    _Reader().read()
`);
    expect(sample.accesses("_Reader.read")).toEqual(["write = _Reader.n"]);
    expect(sample.accesses("_Reader._again")).toEqual(["write = _Reader.n"]);
  });

  it("own no container that came from elsewhere", () => {
    expect(accesses("Card._lent")).toEqual(["write []= Card.lent", "write = Card.lent fresh"]);
  });
});
