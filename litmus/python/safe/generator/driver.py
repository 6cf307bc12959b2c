"""Two threads take from the same generator."""

import subject


def setup():
    return subject.Jobs()


def operation_a(jobs):
    return jobs.take()


def operation_b(jobs):
    return jobs.take()
