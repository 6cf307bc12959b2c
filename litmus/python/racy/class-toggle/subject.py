"""A mode of the whole class, switched on for the time of one call: everybody else sees it too."""


class Writer:
    quiet = False

    def write(self, text):
        return "" if Writer.quiet else text

    def write_quietly(self, text):
        Writer.quiet = True
        try:
            return self.write(text)
        finally:
            Writer.quiet = False
