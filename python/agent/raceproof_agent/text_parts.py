"""Text in parts: pieces of text, and pairs (class, value) of plain values whose text is made only when somebody reads it.

Enters: plain values and parts.  Leaves: text; equal parts mean equal text.
"""

import hashlib

TEXT_LIMIT = 400
CUT = "…"
DIRECT = frozenset((type(None), bool, int, str, bytes))


def text_of_string(value):
    """repr of a str, bytes or bytearray; a long one is shortened, its length and digest kept."""
    if len(value) <= TEXT_LIMIT:
        return repr(value)
    content = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else bytes(value)
    digest = hashlib.sha256(content).hexdigest()[:16]
    return "%r%s(%d, %s)" % (value[:60], CUT, len(value), digest)


def text_of_parts(parts):
    """The text of all parts."""
    return "".join([part if type(part) is str else text_of_direct(*part) for part in parts])


def text_of_direct(kind, value):
    """The text of a plain value."""
    return text_of_string(value) if kind is str or kind is bytes else repr(value)
