"""Leaves a child process behind, in a session of its own."""

import os
import time


class Device:
    def use(self):
        child = os.fork()
        if child == 0:
            os.setsid()
            time.sleep(600)
            os._exit(0)
        return 1
