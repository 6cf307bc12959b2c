"""Whether a GIL is handed over between len(x) and the next store: `python3 bench/models/length-gap.py [seconds]`.

Two threads number entries as multidict's pure class does; a number given twice means that a switch fell into the gap.
"""

import sys
import threading
import time

PER_THREAD = 60_000


class Table:
    def __init__(self):
        self.indices = [-1] * (2 * PER_THREAD)
        self.entries = []


def find(table, position):
    return position


def add(table, position):
    slot = find(table, position)
    table.indices[slot] = len(table.entries)
    table.entries.append(position)


def duplicates():
    table = Table()

    def fill(base):
        for number in range(PER_THREAD):
            add(table, base + number)

    threads = [threading.Thread(target=fill, args=(base,)) for base in (0, PER_THREAD)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    given = [number for number in table.indices if number >= 0]
    return len(given) - len(set(given))


sys.setswitchinterval(1e-6)
end = time.time() + float(sys.argv[1] if len(sys.argv) > 1 else 8)
found = []
while time.time() < end:
    found.append(duplicates())
print("%s: duplicates in %d of %d runs" % (sys.version.split()[0], sum(1 for count in found if count), len(found)))
