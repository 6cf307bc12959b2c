"""One thread submits while the other one looks."""

from subject import Jobs


def setup():
    return Jobs()


def operation_submit(jobs):
    jobs.submit("me")


def operation_look(jobs):
    return jobs.owners()
