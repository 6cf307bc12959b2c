"""Two locks, always taken in the same order."""

import threading


class Program:
    def __init__(self):
        self._one = threading.Lock()
        self._other = threading.Lock()
        self.a = 0
        self.b = 0

    def there(self):
        with self._one, self._other:
            self.a += 1
            self.b -= 1

    def back(self):
        with self._one, self._other:
            self.a -= 1
            self.b += 1
