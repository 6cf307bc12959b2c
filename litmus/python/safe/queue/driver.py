"""One thread waits for the letter that the other one sends."""

from subject import Mailbox


def setup():
    return Mailbox()


def operation_send(mailbox):
    mailbox.put("hello")


def operation_receive(mailbox):
    return mailbox.take()
