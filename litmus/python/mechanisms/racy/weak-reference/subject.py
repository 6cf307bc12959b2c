"""The object is reached through a weak reference; the increment behind it is not protected."""

import weakref


class Account:
    def __init__(self):
        self.balance = 0


class Program:
    def __init__(self):
        self.account = Account()
        self._reference = weakref.ref(self.account)

    def through_reference(self):
        account = self._reference()
        account.balance = account.balance + 1

    def directly(self):
        self.account.balance += 1
