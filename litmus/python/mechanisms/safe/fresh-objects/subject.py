"""Everything is made in the call."""


class Node:
    def __init__(self, value):
        self.value = value
        self.children = []


class Program:
    def build(self):
        root = Node(0)
        for number in range(3):
            root.children.append(Node(number))
        return sum(child.value for child in root.children)
