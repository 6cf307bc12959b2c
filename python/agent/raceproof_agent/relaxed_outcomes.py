"""Outcomes that no serial order gives and that a driver declares benign.

Enters: an outcome of the protocol, those of the serial orders, what the driver declares.  Leaves: the relaxation that makes
it benign, or None.  The same rules as the explorer's (oracles/relaxed-outcomes.ts).
"""

import re

ELEMENT_ORDER = "element-order"
CHANGE_DURING_ITERATION = "change-during-iteration"
RELAXATIONS = (ELEMENT_ORDER, CHANGE_DURING_ITERATION)

_CHANGED = re.compile(r"(chang|mutat|modif)\w* .*iterat|iterat\w* .*(chang|mutat|modif)", re.IGNORECASE)
_NUMBER = re.compile(r"#\d+")
_WHOLE_NUMBER = re.compile(r"^#\d+$")
_BETWEEN_PIECES = re.compile(r"[\s,(){}\[\]]+")


def relaxed_by(outcome, serial, declared):
    """The first declared relaxation that makes the outcome benign."""
    rules = {ELEMENT_ORDER: _is_reordered, CHANGE_DURING_ITERATION: _is_only_interrupted_walk}
    if outcome["ending"] != "finished":
        return None
    return next((name for name in declared if any(rules[name](outcome, one) for one in serial)), None)


def is_change_during_iteration(exception, message):
    """Source: library reference, "Dictionary view objects"."""
    return exception == "RuntimeError" and _CHANGED.search(message) is not None


def _is_reordered(outcome, one):
    return one["ending"] == "finished" and _pieces(one) == _pieces(outcome)


def _pieces(outcome):
    texts = [result["value"] if result["status"] == "returned" else result["status"] for result in _results(outcome)]
    return sorted(_WHOLE_NUMBER.sub("#", piece) for piece in _BETWEEN_PIECES.split("\n".join(texts + [outcome["state"]])))


def _is_only_interrupted_walk(outcome, one):
    results, others = _results(outcome), _results(one)
    walked = [_is_walk(result) for result in results]
    return (
        any(walked)
        and len(others) == len(results)
        and _unnumbered(one["state"]) == _unnumbered(outcome["state"])
        and all(passed or _text(result) == _text(other) for passed, result, other in zip(walked, results, others))
    )


def _is_walk(result):
    return result["status"] == "raised" and is_change_during_iteration(result["exception"], result["message"])


def _text(result):
    if result["status"] == "raised":
        return "%s@%s" % (result["exception"], result["where"])
    return _unnumbered(result.get("value", ""))


def _unnumbered(text):
    """Objects are numbered by first sight over results and state: a missing result shifts the numbers of all others."""
    return _NUMBER.sub("#", text)


def _results(outcome):
    return [result for thread in outcome["threads"] for result in thread["operations"]]
