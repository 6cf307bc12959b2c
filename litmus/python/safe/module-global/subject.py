"""The current user of racy/module-global in thread-local storage."""

import threading

_current = threading.local()


def set_user(user):
    _current.user = user


def get_user():
    return getattr(_current, "user", 0)
