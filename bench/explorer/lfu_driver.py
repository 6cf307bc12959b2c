"""A full LFUCache of cachetools: one thread reads while the other one stores; the same case as in peers.py."""

import cachetools


def setup():
    cache = cachetools.LFUCache(maxsize=3)
    cache["a"] = cache["b"] = 1
    return cache


def operation_get(cache):
    try:
        cache["a"]
    except KeyError:
        pass


def operation_put(cache):
    try:
        cache["c"] = 1
        cache["d"] = 1
    except KeyError:
        pass
