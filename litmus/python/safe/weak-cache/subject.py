"""One node for each name, kept in a weak cache as long as somebody uses it; a lock is held over lookup and creation."""

import itertools
import threading
import weakref


class Node:
    def __init__(self, number):
        self.number = number


class Nodes:
    def __init__(self):
        self.lock = threading.Lock()
        self.numbers = itertools.count()
        self.by_name = weakref.WeakValueDictionary()
        self.used = []

    def get(self, name):
        with self.lock:
            node = self.by_name.get(name)
            if node is None:
                node = Node(next(self.numbers))
                self.by_name[name] = node
            return node

    def use(self, name):
        node = self.get(name)
        self.used.append(node)
        return node.number
