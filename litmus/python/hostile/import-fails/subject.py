"""Cannot be imported here."""

import a_module_that_nobody_has


class Device:
    def use(self):
        return a_module_that_nobody_has
