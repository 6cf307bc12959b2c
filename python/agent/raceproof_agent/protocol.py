"""Lines of JSON between explorer and agent.

Enters: bytes from one descriptor.  Leaves: requests; replies as bytes on another.  See protocol/README.md.
"""

import json

from .natives import NATIVES

PROTOCOL = 1
REPLY_LIMIT = 4 * 1024 * 1024


class Refusal(Exception):
    """A request that cannot be answered: kind is usage, import, driver, setup or internal."""

    def __init__(self, kind, message, traceback=None):
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.traceback = traceback or []


class Channel:
    """Requests in, replies out; the descriptors belong to the channel alone."""

    def __init__(self, requests, replies):
        self._requests = NATIVES.duplicate_high(requests)
        self._replies = NATIVES.duplicate_high(replies)
        self._pending = b""
        self._loads = json.loads
        self._dumps = json.dumps

    def descriptors(self):
        """For a forked child to close."""
        return (self._requests, self._replies)

    def receive(self):
        """The next request; None when the explorer has closed its end.  Raises ValueError for a bad line."""
        while b"\n" not in self._pending:
            received = NATIVES.read(self._requests, 1 << 16)
            if not received:
                return None
            self._pending += received
        line, _, self._pending = self._pending.partition(b"\n")
        request = self._loads(line.decode("utf-8"))
        if not isinstance(request, dict):
            raise ValueError("a request is an object")
        return request

    def send(self, reply):
        """Write one reply; texts are cut when the whole would be too long."""
        text = self._dumps(reply, separators=(",", ":"))
        limit = 1 << 20
        while len(text) > REPLY_LIMIT and limit > 16:
            reply = _shorten(reply, limit)
            text = self._dumps(reply, separators=(",", ":"))
            limit //= 8
        waiting = text.encode("ascii") + b"\n"
        while waiting:
            waiting = waiting[NATIVES.write(self._replies, waiting) :]


def _shorten(value, limit):
    """The value with every text cut to `limit` characters and every list to `limit` entries."""
    if isinstance(value, str):
        return value if len(value) <= limit else value[:limit] + "…"
    if isinstance(value, list):
        return [_shorten(entry, limit) for entry in value[: max(limit, 100)]]
    if isinstance(value, dict):
        return {key: _shorten(entry, limit) for key, entry in value.items()}
    return value
