"""A setting of each thread."""

import threading


class Locale:
    _local = threading.local()

    @classmethod
    def choose(cls, name):
        cls._local.current = name

    @classmethod
    def name(cls):
        return getattr(cls._local, "current", "C")
