"""Two threads act as different users."""

import subject


def setup():
    return None


def operation_a():
    subject.set_user(1)
    return subject.get_user()


def operation_b():
    subject.set_user(2)
    return subject.get_user()
