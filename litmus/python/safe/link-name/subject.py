"""The folder of racy/link-name; the name is an argument."""


class Node:
    def __init__(self):
        self.name = "node"


class Folder:
    def __init__(self):
        self.node = Node()
        self.names = {}

    def link(self, name):
        self.add(name)

    def add(self, name):
        self.names[name] = True

    def listing(self):
        return sorted(self.names)
