"""A decorator that counts calls in its closure, with nothing around the update."""


def counted(function):
    calls = {"made": 0}

    def wrapper():
        calls["made"] = calls.get("made", 0) + 1
        return function(calls["made"])

    def reset():
        calls["made"] = 0

    wrapper.reset = reset
    return wrapper


@counted
def work(number):
    return number
