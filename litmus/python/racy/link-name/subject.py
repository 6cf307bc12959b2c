"""link() hands the new name to add() through the node: two links of one node get one name."""


class Node:
    def __init__(self):
        self.name = "node"


class Folder:
    def __init__(self):
        self.node = Node()
        self.names = {}

    def link(self, name):
        self.node.name = name
        self.add(self.node)

    def add(self, node):
        self.names[node.name] = True

    def listing(self):
        return sorted(self.names)
