"""One scheduled thread of an execution and the state it is in.

Enters: the operations of a driver thread, or the body of a thread the subject started.
Leaves: results, number of switch points passed.
"""

from .garbage import COLLECTION

READY, BLOCKED, SLEEPING, DETACHED, DONE = "ready", "blocked", "sleeping", "detached", "done"
RETURNED, RAISED = "returned", "raised"
NEVER = 1 << 60


class Abort(BaseException):
    """Unwinds the threads of an execution that is over; never seen by the explorer."""


class Actor:
    """A logical thread.

    `passed` counts its switch points.  The strategy sets `wanted`, the count at which it wants to be asked;
    the scheduler derives `stop` from it, the only number the hot path looks at.
    One that `interrupts` runs on top of the thread it takes over from, its `host`, which waits until it has ended.
    """

    __slots__ = (
        "baton",
        "body",
        "counts",
        "daemon",
        "deadline",
        "held",
        "host",
        "ident",
        "index",
        "interrupts",
        "name",
        "native_id",
        "operations",
        "passed",
        "results",
        "resumed_at",
        "state",
        "stop",
        "timed_out",
        "waits_for",
        "wanted",
    )

    def __init__(self, index, name, operations=(), body=None, daemon=False):
        self.index = index
        self.name = name
        self.operations = operations
        self.body = body
        self.daemon = daemon
        self.interrupts = name == COLLECTION
        self.host = None
        self.baton = None
        self.state = READY
        self.results = []
        self.passed = 0
        self.resumed_at = 0
        self.wanted = NEVER
        self.stop = NEVER
        self.held = []
        self.counts = None
        self.waits_for = None
        self.deadline = None
        self.timed_out = False
        self.ident = None
        self.native_id = None

    def let_go(self):
        """Drop everything of the subject's: its finalizers must run before the next execution."""
        self.operations = ()
        self.results = []
        self.body = None
        self.waits_for = None
        self.held.clear()
