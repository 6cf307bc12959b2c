"""Where a kind of interpreter can switch threads, as the explorer describes it; the tables are the explorer's, none is here.

Enters: the `model` of an `open` request.  Leaves: access points that stop only there, walks taken apart, modules replaced.
Nothing is changed, and nothing costs time, for the model "any".
Misses: what happens inside C code without being a walk over a container; memory that C code leaves half changed.
"""

from . import access_points, call_points
from .elementwise import Walks
from .eval_checks import EvalChecks
from .protocol import Refusal
from .scheduler import SCHEDULER
from .twins import import_twins

_SWITCHES = ("accesses", "checks")


class RuntimeModel:
    """The model of the process; it is chosen by the first `open` and stays."""

    def __init__(self, description):
        self.description = description or {"name": "any"}
        self._switches = self.description.get("switches", "accesses")
        self._elementwise = self.description.get("elementwise", {})
        self._twins = self.description.get("twins", [])
        if not isinstance(self._elementwise, dict) or not isinstance(self._twins, list) or self._switches not in _SWITCHES:
            raise Refusal("usage", "a model has switches (%s), elementwise and twins" % " or ".join(_SWITCHES))
        if self._switches == "checks" and not EvalChecks.available():
            raise Refusal("usage", "this model needs sys.monitoring: CPython 3.12 or later")

    @property
    def joins_accesses(self):
        """Whether several accesses may be one step."""
        return self._switches == "checks"

    def require_same(self, description):
        """Raises Refusal when a later `open` asks for another model than the first."""
        if (description or {"name": "any"}) != self.description:
            raise Refusal("usage", "a process has one model of a runtime: start another one")

    def apply(self, instrumenter):
        """Before the subject is imported."""
        import_twins(self._twins, instrumenter)
        if self._elementwise:
            Walks(self._elementwise).publish()
        if self._switches == "checks":
            checks = EvalChecks(SCHEDULER)
            access_points._reach = call_points._reach = checks.reach
            checks.watch()
