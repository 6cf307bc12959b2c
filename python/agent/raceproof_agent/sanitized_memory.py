"""Lets a sanitizer see what extensions allocate through Python.

Enters: the path of the library built from sanitized_memory.c, or None.  Leaves: nothing; memory of PyMem calls is malloc's from now on.
"""


def give_memory_to_malloc(library):
    """Before the subject is imported: what it has allocated by then stays unseen."""
    if library is not None:
        import ctypes

        ctypes.PyDLL(library).raceproof_give_memory_to_malloc()
