"""Virtual time: it stands still during an execution and moves only when somebody sleeps or times out.

Enters: advances by the scheduler.  Leaves: time(), monotonic(), perf_counter() and so on for the subject.
Between executions the real clocks answer.  A loop that waits for time to pass without sleeping gets it:
after many readings in a row every further one costs a millisecond.
Misses: file timestamps of the real file system; clocks read by C extensions.
"""

import time

EPOCH = 1_600_000_000
_PATIENCE = 10_000


class VirtualClock:
    """The clock of one execution.  Times are seconds; `elapsed` counts from the start of the execution."""

    def __init__(self):
        self.running = False
        self.elapsed = 0.0
        self._readings = 0
        self._real = {name: getattr(time, name) for name in _CLOCKS if hasattr(time, name)}
        self._formats = {name: getattr(time, name) for name in _FORMATS if hasattr(time, name)}

    def start(self):
        """Begin an execution at the epoch."""
        self.running = True
        self.elapsed = 0.0
        self._readings = 0

    def stop(self):
        """Back to real time."""
        self.running = False

    def advance_to(self, moment):
        """Move forward to a moment (seconds since the start); never back."""
        if moment > self.elapsed:
            self.elapsed = moment
        self._readings = 0

    def _now(self):
        self._readings += 1
        if self._readings > _PATIENCE:
            self.elapsed += 0.001
        return self.elapsed

    def time(self):
        """time.time(), in seconds since 1970."""
        return EPOCH + self._now() if self.running else self._real["time"]()

    def time_ns(self):
        """time.time_ns()."""
        return EPOCH * 1_000_000_000 + int(self._now() * 1e9) if self.running else self._real["time_ns"]()

    def monotonic(self):
        """time.monotonic(): starts at 1000 in every execution."""
        return 1000.0 + self._now() if self.running else self._real["monotonic"]()

    def monotonic_ns(self):
        """time.monotonic_ns()."""
        return int((1000.0 + self._now()) * 1e9) if self.running else self._real["monotonic_ns"]()

    def perf_counter(self):
        """time.perf_counter()."""
        return 1000.0 + self._now() if self.running else self._real["perf_counter"]()

    def perf_counter_ns(self):
        """time.perf_counter_ns()."""
        return int((1000.0 + self._now()) * 1e9) if self.running else self._real["perf_counter_ns"]()

    def process_time(self):
        """time.process_time()."""
        return self._now() if self.running else self._real["process_time"]()

    def process_time_ns(self):
        """time.process_time_ns()."""
        return int(self._now() * 1e9) if self.running else self._real["process_time_ns"]()

    def thread_time(self):
        """time.thread_time()."""
        return self._now() if self.running else self._real["thread_time"]()

    def localtime(self, seconds=None):
        """time.localtime()."""
        return self._formats["localtime"](self._or_now(seconds))

    def gmtime(self, seconds=None):
        """time.gmtime()."""
        return self._formats["gmtime"](self._or_now(seconds))

    def ctime(self, seconds=None):
        """time.ctime()."""
        return self._formats["ctime"](self._or_now(seconds))

    def strftime(self, layout, moment=None):
        """time.strftime()."""
        return self._formats["strftime"](layout, self.localtime() if moment is None else moment)

    def asctime(self, moment=None):
        """time.asctime()."""
        return self._formats["asctime"](self.localtime() if moment is None else moment)

    def _or_now(self, seconds):
        return self.time() if seconds is None else seconds

    def install(self):
        """Replace the clocks of the time module.

        Bound methods are used because they do not bind again when a class keeps one as an attribute.
        """
        for name in list(self._real) + list(self._formats):
            setattr(time, name, getattr(self, name))


_CLOCKS = (
    "time",
    "time_ns",
    "monotonic",
    "monotonic_ns",
    "perf_counter",
    "perf_counter_ns",
    "process_time",
    "process_time_ns",
    "thread_time",
)
_FORMATS = ("localtime", "gmtime", "ctime", "strftime", "asctime")

CLOCK = VirtualClock()
