"""Threads that use one mapping at the same time: readers, writers, one that copies. Ends with exit code 0 when nothing crashed within the seconds."""
import sys
import threading
import time

sys.path.insert(0, sys.argv[1])
module = __import__(sys.argv[2])
Mapping = getattr(module, sys.argv[3])
seconds = float(sys.argv[4])
d = Mapping()
until = time.monotonic() + seconds


def forever(work):
    i = 0
    while time.monotonic() < until:
        i += 1
        try:
            work(i)
        except (KeyError, RuntimeError, IndexError):
            pass


def write(i):
    d.add(f"k{i % 97}", i)
    if i % 500 == 0:
        d.clear()


works = [
    write,
    write,
    lambda i: d.popone(f"k{i % 97}", None),
    lambda i: list(d.items()),
    lambda i: d.getall(f"k{i % 97}", None),
    lambda i: d.copy(),
    lambda i: Mapping().extend(d),
    lambda i: d == d.copy(),
]
threads = [threading.Thread(target=forever, args=(work,)) for work in works]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("no crash")
