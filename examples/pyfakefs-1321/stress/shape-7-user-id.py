"""Shape 7, the thread's own reproducer: each of 16 threads sets its user id and reads another thread's."""

from pyfakefs.helpers import get_uid, set_uid

THREADS, LOOPS = 16, 10_000


def user(number):
    def operation():
        others = 0
        for _ in range(LOOPS):
            set_uid(number)
            others += get_uid() != number
        return others

    return operation


threads = [[user(1000 + number)] for number in range(THREADS)]


def observe(state):
    return None
