"""Through which lines of the subject an access was reached.

Enters: the thread that makes an access.  Leaves: file and line of every frame of instrumented source outside
the one that makes it, innermost first.
Misses: frames of code that is not instrumented, and of C functions.
"""

import sys


class CallChain:
    """Knows which files count."""

    def __init__(self, files):
        self._files = files

    def here(self):
        """[[file, line]] of the calling thread."""
        frame = sys._getframe(1)
        lines = []
        while frame is not None:
            if frame.f_code.co_filename in self._files:
                lines.append([frame.f_code.co_filename, frame.f_lineno])
            frame = frame.f_back
        return lines[1:]
