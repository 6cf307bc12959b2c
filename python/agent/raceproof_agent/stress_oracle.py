"""What real threads may show: judged against serial orders that the same process has just played.

Enters: finished rounds.  Leaves: failures, or nothing.
When all serial orders can be played, an outcome must equal one of them.  When there are too many, a few are
played; then the results, the state and each changed module variable are judged only if they were the same, as
a whole, in all of them: who wins depends on the order, and the orders played do not show every winner.
Misses: wrong outcomes that differ only in parts that depend on the order.
"""

import math
import os.path
import random
import re

from .actor import RAISED
from .canonical import MASKED, Renderer
from .natives import NATIVES
from .outcome import describe_exception
from .path_differences import PathRenderer, add_to_mask, differing_paths
from .relaxed_outcomes import relaxed_by
from .serial_orders import merges
from .text_parts import CUT

_MOST_ORDERS = 24
_ATTEMPTS = 8
_MOST_LESSONS = 6
_FEW_OPERATIONS = 64
_BLOCKS = 16
_LONG_SECONDS = 0.1
_LONG_TEXT = 400
_LEFT_OUT = re.compile(CUT + r"(?!\()")  # long strings are cut, too, but say what the rest is


class Trial:
    """A finished round: results of each thread, the state, changed module state (None: not judged), whether an invariant broke."""

    def __init__(self, results, observed, changes, broken):
        self.results = results
        self.observed = observed
        self.changes = changes
        self.broken = broken


class Oracle:
    """`play(order)` gives a Trial of a serial order."""

    def __init__(self, counts, is_subject, spans, relaxations=()):
        self._is_subject = is_subject
        self._spans = spans
        self._mask = {}
        self._accepted = []
        self._relaxations = relaxations
        self._serial = []  # outcomes of the protocol, when something is declared benign
        self._usual = set()
        self._lessons = 0
        self._judges_states = True
        self.seconds = 0.0  # taken by learning anew
        self._counts = counts
        self._draw = random.Random(2)
        self.orders, self.exhaustive = choose_orders(counts)

    @property
    def judges(self):
        """Which parts of an outcome are judged at all."""
        return {"results": self._is_judged("results"), "state": self._is_judged("state")}

    def _is_judged(self, root):
        return self._mask.get(root) is not MASKED and (self._judges_states or root == "results")

    def learn(self, play):
        """Play the serial orders; returns an obstacle when nothing can be judged by them."""
        began = NATIVES.monotonic()
        play(self.orders[0])
        if not self.exhaustive and NATIVES.monotonic() - began > _LONG_SECONDS:
            del self.orders[3:]  # what is not stable differs between any two, and is masked as a whole
        elif not self._settle(self.orders[0], play):
            return "a serial order never agrees with itself"
        return self._accept(play)

    def confirm(self, failures, play):
        """The same failures; none when serial orders themselves give states now that they have not given before.

        What one thread leaves may grow from round to round (caches), or hold something new where another order put it
        (times of a file that only this order creates).  Such a round proves nothing; the next is judged by what is steady.
        """
        if not any(failure["kind"] == "outcome" for failure in failures) or self._is_steady(play):
            return failures
        began = NATIVES.monotonic()
        self._lessons += 1
        if self._lessons > _MOST_LESSONS or not all([self._settle(order, play) for order in self.orders]):
            self._judges_states = False
        obstacle = self._accept(play)
        self.seconds += NATIVES.monotonic() - began
        return [] if obstacle is None else failures

    def _is_steady(self, play):
        return all(any(self._agree(texts, accepted) for accepted in self._accepted) for texts in (self._texts(play(order)) for order in self.orders))

    def _accept(self, play):
        """Serial outcomes as they are now.  Each is rendered at once: the next round puts containers back."""
        self._accepted, self._serial, self._usual, broken = [], [], set(), ""
        for order in self.orders:
            trial = play(order)
            broken = broken or trial.broken
            self._usual.update(name for name, _, _ in self._raised(trial))
            self._accepted.append(self._texts(trial))
            if self._relaxations:
                self._serial.append(self._outcome(trial))
        if broken:
            return "a serial order breaks the invariant: %s" % broken
        if not self.exhaustive:
            self._mask_what_depends_on_the_order()
        return None

    def _settle(self, order, play):
        """Mask what is not the same twice; returns whether the rest is."""
        if self._texts(play(order)) == self._texts(play(order)):
            return True
        before = self._view(play(order))
        has_masked = is_same = False
        for _ in range(_ATTEMPTS):
            now = self._view(play(order))
            is_same = now == before
            if is_same and has_masked:
                break
            if not is_same:
                self._mask_instability(before, now)
                has_masked = True
                now = self._view(play(order))
            before = now
        return is_same

    def draw_order(self):
        """A serial order that need not be among those that were learned from."""
        return self._draw.choice(self.orders) if self.exhaustive else _mixed(self._counts, self._draw)

    def judge(self, trial):
        """Failures of a round: dictionaries with kind, summary, message, traceback, workers."""
        if self._relaxations and relaxed_by(self._outcome(trial), self._serial, self._relaxations) is not None:
            return []
        strange = self._strange(trial)
        if strange:
            return list(strange.values())
        if trial.broken:
            return [_failure("invariant", "the invariant is broken", trial.broken)]
        texts = self._texts(trial)
        if any(self._agree(texts, accepted, trial.changes is None) for accepted in self._accepted):
            return []
        same_results = any(texts.get("results") == accepted.get("results") for accepted in self._accepted)
        summary = "a final state that no serial order gives" if same_results else "results that no serial order gives"
        return [_failure("outcome", summary, self._seen(texts))]

    def _seen(self, texts):
        """What is unlike all serial orders, beside what they give."""
        for root, text in texts.items():
            known = sorted({accepted.get(root, "nothing") for accepted in self._accepted})
            if text not in known:
                nearest = max(known, key=lambda other: _alike(text, other))
                return "%s: %s; serial orders give %s" % (root, _around(text, nearest), _around(nearest, text))
        return "each part is that of a serial order, but not of the same one"

    def _agree(self, texts, accepted, is_part=False):
        return texts == accepted if not is_part else all(accepted[root] == text for root, text in texts.items())

    def _strange(self, trial):
        found = {}
        for name, described, thread in self._raised(trial):
            if name in self._usual or (described["domain"] and not self.exhaustive and self._usual):
                continue
            entry = found.get(name)
            if entry is None:
                entry = found[name] = _failure("exception", name, described["message"])
                entry["traceback"] = described["traceback"]
                entry["threads"] = set()
            entry["threads"].add(thread)
        for entry in found.values():
            entry["workers"] = len(entry.pop("threads"))
        return found

    def _raised(self, trial):
        """(name, description, thread) of every exception."""
        for thread, results in enumerate(trial.results):
            for status, value in results:
                if status is RAISED:
                    described = describe_exception(value, self._spans)
                    yield "%s@%s" % (described["exception"], described["where"]), described, thread

    # -- texts

    def _roots(self, trial):
        results = [[_result(status, value) for status, value in thread] for thread in trial.results]
        return [("results", results), ("state", trial.observed)] + (trial.changes or [])

    def _texts(self, trial):
        """The text of each root that is judged."""
        renderer = Renderer(self._is_subject)
        texts = {}
        for root, value in self._roots(trial):
            if self._is_judged(root):
                texts[root] = renderer.render(value, self._mask.get(root))
        return texts

    def _outcome(self, trial):
        """The round as an outcome of the protocol."""
        renderer = Renderer(self._is_subject)
        mask = self._mask.get("results")
        threads = [
            {"operations": [self._described(renderer, result, _submask(mask, (thread, index))) for index, result in enumerate(results)]}
            for thread, results in enumerate(trial.results)
        ]
        others = [renderer.render(value, self._mask.get(root)) for root, value in self._roots(trial)[1:] if self._is_judged(root)]
        return {"threads": threads, "state": "\n".join(others), "ending": "invariant" if trial.broken else "finished"}

    def _described(self, renderer, result, mask):
        status, value = result
        if status is RAISED:
            return describe_exception(value, self._spans)
        return {"status": "returned", "value": "" if mask is MASKED else renderer.render(value, mask)}

    def _mask_instability(self, one, other):
        """Mask what differs between two views of one order, as finely as possible."""
        for root in set(one) | set(other):
            self._mask_root(root, one.get(root), other.get(root))

    def _mask_what_depends_on_the_order(self):
        first = self._accepted[0]
        for root in {root for texts in self._accepted for root in texts}:
            # Where a text is cut, orders may differ in the rest of it.
            if any(texts.get(root) != first.get(root) or _LEFT_OUT.search(texts.get(root, "")) for texts in self._accepted):
                self._mask[root] = MASKED
        self._accepted = [{root: text for root, text in texts.items() if self._is_judged(root)} for texts in self._accepted]

    def _mask_root(self, root, one, other):
        if one != other and self._is_judged(root):
            paths = None if one is None or other is None else differing_paths(one, other)
            self._mask[root] = MASKED if paths is None else add_to_mask(self._mask.get(root), paths)

    def _view(self, trial):
        renderer = PathRenderer(self._is_subject)
        views = {}
        for root, value in self._roots(trial):
            if self._is_judged(root):
                renderer.leaves = {}
                renderer.render(value, self._mask.get(root))
                views[root] = renderer.leaves
        return views


def choose_orders(counts):
    """(orders, whether they are all): every merge of few operations, else one thread after the other, and in turns."""
    total = sum(counts)
    number = math.factorial(total) if total <= _FEW_OPERATIONS else None
    for count in counts if number is not None else ():
        number //= math.factorial(count)
    if number is not None and number <= _MOST_ORDERS:
        return merges(counts), True
    threads = range(len(counts))
    forward = [thread for thread in threads for _ in range(counts[thread])]
    backward = [thread for thread in reversed(threads) for _ in range(counts[thread])]
    draw = random.Random(3)
    return [forward, backward, _mixed(counts, draw), _mixed(counts, draw)], False


def _mixed(counts, draw):
    """The operations of each thread in a few blocks, the blocks in any order."""
    sizes = [max(1, math.ceil(count / _BLOCKS)) for count in counts]
    blocks = [thread for thread, count in enumerate(counts) for _ in range(math.ceil(count / sizes[thread]))]
    draw.shuffle(blocks)
    left = list(counts)
    order = []
    for thread in blocks:
        steps = min(sizes[thread], left[thread])
        left[thread] -= steps
        order += [thread] * steps
    return order


def _submask(mask, labels):
    for label in labels:
        mask = mask.get(label) if isinstance(mask, dict) else mask
    return mask


def _alike(one, other):
    """Letters that both begin with."""
    return len(os.path.commonprefix((one, other)))


def _around(text, other):
    """The text where it begins to differ."""
    start = max(0, _alike(text, other) - _LONG_TEXT // 2)
    return ("..." if start else "") + text[start : start + _LONG_TEXT] + ("..." if len(text) > start + _LONG_TEXT else "")


def _failure(kind, summary, message):
    return {"kind": kind, "summary": summary, "message": message, "traceback": [], "workers": 0}


def _result(status, value):
    return "raised %s" % type(value).__qualname__ if status is RAISED else value
