"""Two transfers in opposite directions."""

from subject import Account, transfer


class State:
    pass


def setup():
    state = State()
    state.one, state.other = Account("one", 10), Account("other", 10)
    return state


def operation_there(state):
    transfer(state.one, state.other, 1)


def operation_back(state):
    transfer(state.other, state.one, 2)
