"""The current user is a global of the module: one thread's user becomes the other thread's."""

USER = 0


def set_user(user):
    global USER
    USER = user


def get_user():
    return USER
