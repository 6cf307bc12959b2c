"""copy.copy shares the inner list with the original."""

import copy


class Program:
    def __init__(self):
        self.table = {"row": [1, 2]}

    def snapshot(self):
        mine = copy.copy(self.table)
        return mine["row"][0], mine["row"][1]

    def change(self):
        self.table["row"][0] = 10
        self.table["row"][1] = 20
