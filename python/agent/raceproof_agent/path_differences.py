"""Finds which parts of a state differ between two runs of the same serial order.

Enters: values.  Leaves: flat views of them (path to text) and the paths to mask.
Slow on purpose: used only when two repeats of one order disagree.
"""

from .canonical import MASKED, Renderer
from .text_parts import text_of_parts


class PathRenderer(Renderer):
    """A Renderer that also keeps the text of every leaf under its path."""

    follows_paths = True

    def __init__(self, is_subject):
        super().__init__(is_subject)
        self._path = []
        self.leaves = {}

    def _child(self, label, value, depth, mask):
        if label is not None:
            self._path.append(label)
        start = len(self._parts)
        super()._child(label, value, depth, mask)
        self.leaves[tuple(self._path)] = text_of_parts(self._parts[start:])
        if label is not None:
            self._path.pop()


def differing_paths(one, other):
    """Shortest useful paths at which two flat views differ: leaves where possible.

    A path that exists on one side only is replaced by its parent, whose content differs as a whole.
    Returns None when the difference is at the root and nothing can be masked.
    """
    differing = {path for path in set(one) & set(other) if one[path] != other[path]}
    for path in set(one) ^ set(other):
        differing.add(path[:-1])
    inner = {path[:length] for path in differing for length in range(len(path))}
    structural = {path[:-1] for path in set(one) ^ set(other)}
    found = {path for path in differing if path not in inner or path in structural}
    found = {path for path in found if not any(path[:length] in structural for length in range(len(path)))}
    return None if not found or any(len(path) < 1 for path in found) else found


def add_to_mask(mask, paths):
    """The mask tree (or None) with these paths masked as well."""
    tree = dict(mask) if mask else {}
    for path in paths:
        branch = tree
        for label in path[:-1]:
            following = branch.get(label)
            if following is MASKED:
                break
            following = branch[label] = dict(following) if following else {}
            branch = following
        else:
            branch[path[-1]] = MASKED
    return tree


def path_text(path):
    """A path for people: state.fs.root.st_mtime, items[3], names['x']."""
    text = ""
    for label in path:
        if isinstance(label, int):
            text += "[%d]" % label
        elif label[:1] in "'\"b#(0123456789" and label not in ("",):
            text += "[%s]" % label
        else:
            text += "." + label
    return text.lstrip(".")
