"""A decorator that counts calls in its closure, under a lock of the closure."""

import threading


def counted(function):
    calls = {"made": 0}
    lock = threading.Lock()

    def wrapper():
        with lock:
            calls["made"] = calls.get("made", 0) + 1
            number = calls["made"]
        return function(number)

    def reset():
        calls["made"] = 0

    wrapper.reset = reset
    return wrapper


@counted
def work(number):
    return number
