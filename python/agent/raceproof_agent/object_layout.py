"""Looks into objects without running any code of the subject.

Enters: objects and classes.  Leaves: instance dictionaries, slots, owners of attributes, containers behind views.
Source: data model, "Implementing Descriptors"; type(x) is used, never x.__class__, which proxies may fake.
"""

import gc
import types

from .container_models import ITERATORS, is_container

_DICT_DESCRIPTORS = (types.GetSetDescriptorType, types.MemberDescriptorType)
_MEMBER = (types.MemberDescriptorType,)
_MODULE = types.ModuleType
_BUILTIN_MODULES = frozenset(
    "builtins collections _collections collections.abc weakref _weakrefset queue threading array io _io _pyio itertools".split()
)
_dict_getters = {}
_overrides = {}
_slot_members = {}
_CACHE_LIMIT = 5000


def class_attribute(kind, name):
    """(class, raw value) that defines the name for instances of `kind`, or (None, None)."""
    for base in type.mro(kind) if kind is type else kind.__mro__:
        namespace = vars(base)
        if name in namespace:
            return base, namespace[name]
    return None, None


def _find_dict_getter(kind):
    owner, descriptor = class_attribute(kind, "__dict__")
    return descriptor.__get__ if owner is not None and isinstance(descriptor, _DICT_DESCRIPTORS) else None


def instance_dict(target):
    """The attribute dictionary of an instance, or None when it has none of the ordinary sort."""
    kind = type(target)
    try:
        getter = _dict_getters[kind]
    except KeyError:
        if len(_dict_getters) > _CACHE_LIMIT:  # classes made anew by every execution
            _dict_getters.clear()
        getter = _dict_getters[kind] = _find_dict_getter(kind)
    if getter is None:
        return None
    found = getter(target)
    return found if isinstance(found, dict) else None


def slot_members(kind):
    """(name, descriptor) of every slot of a class, in order of the method resolution from the base down."""
    found = _slot_members.get(kind)
    if found is None:
        if len(_slot_members) > _CACHE_LIMIT:
            _slot_members.clear()
        found = []
        for base in reversed(kind.__mro__):
            if "__slots__" in vars(base):
                found += [(name, value) for name, value in vars(base).items() if isinstance(value, _MEMBER)]
        found = _slot_members[kind] = tuple(found)
    return found


def attributes_of(target):
    """A copy of the attributes of an instance, those in slots included."""
    found = dict(instance_dict(target) or {})
    for name, member in slot_members(type(target)):
        try:
            found[name] = member.__get__(target)
        except AttributeError:
            continue
    return found


def stores_attribute(target, name):
    """Whether target.name is a stored value (instance, class or module attribute), not a method of its class."""
    if issubclass(type(target), (_MODULE, type)):
        return True
    attributes = instance_dict(target)
    return attributes is not None and name in attributes


def location_owner(target, name):
    """The object that holds target.name: a class when the value is found there as plain data, else the target."""
    if issubclass(type(target), _MODULE):
        return target
    if issubclass(type(target), type):
        owner = class_attribute(target, name)[0]
        return target if owner is None else owner
    attributes = instance_dict(target)
    if attributes is not None and name in attributes:
        return target
    owner, value = class_attribute(type(target), name)
    if owner is None or hasattr(type(value), "__get__"):
        return target
    return owner


def overrides(kind, method):
    """Whether a subclass of a builtin container replaces the method by its own."""
    found = _overrides.get((kind, method))
    if found is None:
        if len(_overrides) > _CACHE_LIMIT:
            _overrides.clear()
        found = _overrides[kind, method] = not _is_builtin_class(class_attribute(kind, method)[0])
    return found


def _is_builtin_class(kind):
    return kind is None or vars(kind).get("__module__", "builtins") in _BUILTIN_MODULES


def behind_view(view):
    """The mapping of a keys(), values() or items() view; the view itself when it cannot be told."""
    for referent in gc.get_referents(view):
        if is_container(type(referent)):
            return referent
    return view


def behind_iterator(iterator, depth=3):
    """The builtin container an iterator walks over; the iterator itself when it cannot be told.

    A generator's container is seen in its own body, if that is the subject's.
    """
    if type(iterator) is types.GeneratorType:
        return iterator
    for referent in gc.get_referents(iterator):
        kind = type(referent)
        if is_container(kind):
            return referent
        if depth and kind in ITERATORS:
            found = behind_iterator(referent, depth - 1)
            if found is not referent:
                return found
    return iterator
