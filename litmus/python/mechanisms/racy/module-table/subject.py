"""sys.modules asked twice: there, then gone."""

import sys
import types

sys.modules.setdefault("mechanism_plugin", types.ModuleType("mechanism_plugin"))


class Program:
    def find(self):
        if "mechanism_plugin" in sys.modules:
            return sys.modules["mechanism_plugin"].__name__
        return None

    def unload(self):
        module = sys.modules.pop("mechanism_plugin")
        sys.modules["mechanism_plugin"] = module
