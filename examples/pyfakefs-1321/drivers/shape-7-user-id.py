"""Shape 7, module global: the user id that one thread sets becomes the other thread's."""

from pyfakefs.helpers import get_uid, set_uid


def operation_a():
    set_uid(1001)
    return get_uid()


def operation_b():
    set_uid(1002)
    return get_uid()
