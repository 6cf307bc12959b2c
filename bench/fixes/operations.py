"""Seconds per round of single operations of a mapping type from an extension, one JSON object. Run by run.mjs, one process per sample."""
import json
import sys
import time

sys.path.insert(0, sys.argv[1])
module = __import__(sys.argv[2])
Mapping = getattr(module, sys.argv[3])

keys = [f"key{i}" for i in range(50)]
d = Mapping([(k, 1) for k in keys])


def timed(work, count=20000):
    began = time.perf_counter()
    for _ in range(count):
        work()
    return time.perf_counter() - began


def put_and_take():
    d.add("other", 2)
    d.popone("other")


print(
    json.dumps(
        {
            "d[key]": timed(lambda: d["key7"]),
            "key in d": timed(lambda: "key7" in d),
            "len(d)": timed(lambda: len(d)),
            "d.getall(key)": timed(lambda: d.getall("key7")),
            "d.add, d.popone": timed(put_and_take),
            "list(d.items())": timed(lambda: list(d.items()), 2000),
            "d.copy()": timed(lambda: d.copy(), 2000),
            "d.extend(d2)": timed(lambda: Mapping().extend(d), 2000),
        }
    )
)
