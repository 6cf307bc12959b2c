"""What an access reads and writes, as short text for people.

Enters: the site, object and name of an access, right before and right after it.  Leaves: canonical text, cut short.
Runs no code of the subject: what only a property or a class of the subject could tell is left out.
"""

import sys
import types

from .canonical import Renderer
from .container_models import ITERATORS, VIEWS, is_container, is_mapping
from .object_layout import behind_iterator, behind_view, class_attribute, instance_dict
from .sites import SITES, SPECIAL_KEYS
from .text_parts import CUT

LENGTH_LIMIT = 72
NOTHING = "nothing"  # an attribute or key that is not there
_MISSING = object()
_UNKNOWN = object()
_KEY_TYPES = (str, int, bytes)


class _ShortRenderer(Renderer):
    """Two levels and a few pieces; objects are not numbered, each text is read alone."""

    depth_limit = 2
    size_limit = 40

    def _number(self, value):
        return False


class AccessValues:
    """Texts of what accesses meet; `is_subject(kind)` tells classes whose instances are opened."""

    def __init__(self, is_subject):
        self._renderer = _ShortRenderer(is_subject)

    def text(self, site, target, name):
        """The value at the location now; None when it cannot be told."""
        value = _UNKNOWN if site < len(SPECIAL_KEYS) else _value_at(SITES.sites[site], target, name)
        if value is _UNKNOWN:
            return None
        if value is _MISSING:
            return NOTHING
        text = self._renderer.render(value)
        self._renderer.forget()
        return text if len(text) <= LENGTH_LIMIT else text[: LENGTH_LIMIT - 1] + CUT


def is_read(site):
    """Whether the access takes something from the location: every one but a plain store."""
    return not SITES.sites[site].writes or SITES.sites[site].access != "write"


def _value_at(place, target, name):
    if target is None:
        return vars(sys.modules[place.module]).get(place.name, _MISSING) if place.module in sys.modules else _UNKNOWN
    if place.name is not None and place.access != "call":
        return _attribute(target, name)
    kind = type(target)
    if is_mapping(kind) and type(name) in _KEY_TYPES:
        return dict.get(target, name, _MISSING) if isinstance(target, dict) else _UNKNOWN
    if kind in VIEWS:
        target = behind_view(target)
    elif kind in ITERATORS:
        target = behind_iterator(target)
    return target if is_container(type(target)) else _UNKNOWN


def _attribute(target, name):
    kind = type(target)
    if kind is types.CellType:
        try:
            return target.cell_contents
        except ValueError:
            return _MISSING
    is_class = issubclass(kind, type)
    attributes = vars(target) if kind is types.ModuleType else None if is_class else instance_dict(target)
    if attributes is not None and name in attributes:
        return attributes[name]
    owner, value = class_attribute(target if is_class else kind, name)
    if owner is None:
        return _MISSING
    if not is_class and type(value) is types.MemberDescriptorType:  # a slot
        try:
            return value.__get__(target)
        except AttributeError:
            return _MISSING
    return _UNKNOWN if hasattr(type(value), "__get__") else value
