"""Which places of an extension module are on the C stack while it calls back into Python.

Enters: shared libraries.  Leaves: for the calling thread, innermost first, `(library, offset)` of every frame that is in one of them.
Without ctypes or a libc that unwinds (backtrace(3), dladdr(3)) there is nothing: None.
"""

try:
    import ctypes
except ImportError:  # built without libffi
    ctypes = None

_DEEPEST = 48  # What is asked for is near; the deeper, the longer it takes.


class NativeStack:
    """Reads the stack of the thread that asks."""

    def __init__(self, libraries):
        self._libraries = {name.encode(): name for name in libraries}
        self._places = {}
        self._libc = None
        if ctypes is not None:
            self._frames = (ctypes.c_void_p * _DEEPEST)()
            libc = ctypes.CDLL(None)
            if hasattr(libc, "backtrace") and hasattr(libc, "dladdr"):
                libc.dladdr.argtypes = [ctypes.c_void_p, ctypes.POINTER(_Info)]
                self._libc = libc

    def read(self):
        """Offsets are those of the calls, not of what comes after them."""
        if self._libc is None:
            return None
        found = []
        for address in self._frames[: self._libc.backtrace(self._frames, _DEEPEST)]:
            if address not in self._places:
                self._places[address] = self._place(address)
            found.append(self._places[address])
        return tuple(place for place in found if place is not None)

    def _place(self, address):
        info = _Info()
        if not address or not self._libc.dladdr(address, ctypes.byref(info)) or info.file not in self._libraries:
            return None
        return (self._libraries[info.file], address - info.base - 1)


if ctypes is not None:

    class _Info(ctypes.Structure):
        """Dl_info of dladdr(3)."""

        _fields_ = [("file", ctypes.c_char_p), ("base", ctypes.c_void_p), ("symbol", ctypes.c_char_p), ("address", ctypes.c_void_p)]
