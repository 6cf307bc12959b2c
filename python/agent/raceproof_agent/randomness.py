"""Random numbers that are the same in every execution.

Enters: the modules os, random and tempfile, when loaded.  Leaves: seeds that depend on the logical thread only,
so that another interleaving does not give another number to a thread that draws several.
Misses: the shared generator behind random.random(), whose draws do depend on the order; extensions' own sources.
"""

import hashlib
import os
import sys
from _random import Random as _BareRandom

from .clock import CLOCK
from .scheduler import SCHEDULER


class Randomness:
    """Deterministic replacements for the system's randomness while an execution runs."""

    def __init__(self):
        self._real = os.urandom
        self._drawn = {}
        self._modules = sys.modules
        self._random = None
        self._shared = None  # the generator behind random.random()
        os.urandom = self.urandom

    def begin(self):
        """An execution starts: every stream begins again."""
        self._drawn.clear()
        if self._random is None:
            self._random = self._modules.get("random")
            if self._random is None:
                return
            self._patch_seeding(self._random)
            self._shared = getattr(self._random, "_inst", None)
        self._seed()
        tempfile = self._modules.get("tempfile")
        if tempfile is not None and getattr(tempfile, "_name_sequence", None) is not None:
            tempfile._name_sequence = None

    def _seed(self):
        if self._shared is None:
            self._random.seed(0)
        else:  # what that does, without its checks
            _BareRandom.seed(self._shared, 0)
            self._shared.gauss_next = None

    def urandom(self, size):
        """os.urandom: bytes from a stream of the calling logical thread."""
        if not CLOCK.running:
            return self._real(size)
        actor = SCHEDULER.holder
        thread = -1 if actor is None else actor.index
        parts = []
        while len(parts) * 32 < size:
            number = self._drawn[thread] = self._drawn.get(thread, 0) + 1
            parts.append(hashlib.sha256(b"%d %d" % (thread, number)).digest())
        return b"".join(parts)[:size]

    def _patch_seeding(self, module):
        """Random() without a seed takes one from the system in C; give it one from urandom()."""
        original = module.Random.seed
        urandom = self.urandom
        if hasattr(module, "_urandom"):
            module._urandom = urandom

        def seed(self, a=None, version=2):
            if a is None and CLOCK.running:
                a = int.from_bytes(urandom(16), "big")
            original(self, a, version)

        seed.__doc__ = original.__doc__
        module.Random.seed = seed
