"""acquire, try, finally release, with an exception in between."""

import threading


class Program:
    def __init__(self):
        self._lock = threading.Lock()
        self.value = 0

    def step(self):
        self._lock.acquire()
        try:
            self.value += 1
            raise ValueError("after the step")
        except ValueError:
            return None
        finally:
            self._lock.release()
