"""The start of a process that answers one request and ends.

Enters: the command line.  Leaves: the channel to answer on and the request; limits are set, stacks are dumped when the process crashes.
"""

import argparse
import faulthandler

from .limits import limit_process
from .protocol import Channel


def receive_request(program, arguments):
    """(channel, request) of `python -c ... PROGRAM --requests-fd 3 --replies-fd 4 [--memory-limit BYTES]`."""
    parser = argparse.ArgumentParser(prog=program)
    parser.add_argument("--requests-fd", type=int, required=True)
    parser.add_argument("--replies-fd", type=int, required=True)
    parser.add_argument("--memory-limit", type=int)
    options = parser.parse_args(arguments)
    limit_process(options.memory_limit)
    faulthandler.enable()
    channel = Channel(options.requests_fd, options.replies_fd)
    return channel, channel.receive()
