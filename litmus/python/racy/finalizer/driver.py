"""One thread takes; the collection of a lost lease may come in the middle of it."""

from subject import Lease, Pool

collects_garbage = True


def setup():
    pool = Pool(3)
    Lease(pool)
    return pool


def operation_a(pool):
    pool.take()
