"""sign() hands the request to its step through a field: two calls sign one request."""


class Signer:
    def __init__(self, key):
        self.key = key
        self.request = None

    def sign(self, request):
        self.request = request
        return self._signature()

    def _signature(self):
        return f"{self.key}:{self.request}"
