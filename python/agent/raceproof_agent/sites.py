"""The table of switch points.

Enters: accesses found by the rewriter.  Leaves: numbers for the hot path, portable keys for everybody else.
A key is module:qualified name:kind:text[#n], from the syntax tree alone: no line, no opcode, hence the
same on every Python version.
"""

OPERATION, ACQUIRE, RELEASE, SLEEP, SPAWN, JOIN = range(6)
SPECIAL_KEYS = ("@operation", "@acquire", "@release", "@sleep", "@spawn", "@join")


class Site:
    """One switch point: where it is, what is accessed, whether it writes."""

    __slots__ = ("access", "column", "consumer", "file", "function", "key", "line", "module", "name", "text", "writes")

    def __init__(self, key, module, function, access, text):
        self.key = key
        self.module = module
        self.function = function
        self.access = access
        self.text = text
        self.name = None
        self.consumer = None  # the function that a container is passed to
        self.writes = False
        self.file = ""
        self.line = 0
        self.column = 0


class SiteTable:
    """All sites of the process, numbered in order of discovery, and which of them are active.

    `active` is one byte per site, read directly by the access points; it only ever grows in place.  The special
    sites pass the scheduler without being asked whether they are active.
    """

    def __init__(self):
        self.sites = []
        self.active = bytearray()
        self._numbers = {}
        self._keys_of = {}  # module: keys
        self._default = 0
        self._selection = ()
        self._overridden = False
        self._silenced = b""
        for key in SPECIAL_KEYS:
            self.add(Site(key, "", "", key, ""))

    def add(self, site):
        """Register a site under its key; returns its number (a reloaded module keeps its numbers)."""
        number = self._numbers.get(site.key)
        if number is None:
            number = len(self.sites)
            self._numbers[site.key] = number
            self._keys_of.setdefault(site.module, []).append(site.key)
            self.sites.append(site)
            self.active.append(self._default)
        else:
            self.sites[number] = site
        return number

    def forget(self, module):
        """Drop the keys of a module that is about to be replaced (a new driver)."""
        for key in self._keys_of.pop(module, ()):
            self.active[self._numbers.pop(key)] = 0

    def number(self, key):
        """The number of a key, or None."""
        return self._numbers.get(key)

    def count(self):
        """How many sites were found in source, without the special ones."""
        return len(self._numbers) - len(SPECIAL_KEYS)

    def select(self, numbers):
        """Make exactly these sites active ("all" for every one, also of modules imported later)."""
        wanted = numbers if numbers == "all" else tuple(numbers)
        if wanted == self._selection:
            return
        self._selection = wanted
        self._default = 1 if wanted == "all" else 0
        count = len(self.active)
        self.active[:] = (b"\x01" if wanted == "all" else b"\x00") * count
        if wanted != "all":
            for number in wanted:
                self.active[number] = 1

    def fall_silent(self):
        """No access reaches the scheduler until speak(): setup() runs alone, and most of an execution's time is spent there."""
        self._silenced = bytes(self.active)
        self.active[:] = bytes(len(self.active))

    def speak(self):
        """What was active before, and what was added since."""
        self.active[:len(self._silenced)] = self._silenced

    def activate_all(self):
        """Emergency: every access must reach the scheduler, because a thread is looping."""
        self._overridden = True
        self.active[:] = b"\x01" * len(self.active)

    def end_emergency(self):
        """Back to the selection."""
        if self._overridden:
            self._overridden = False
            selection, self._selection = self._selection, None
            self.select(selection)


SITES = SiteTable()
