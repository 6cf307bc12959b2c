"""The signer of racy/call-state; the request is an argument."""


class Signer:
    def __init__(self, key):
        self.key = key

    def sign(self, request):
        return self._signature(request)

    def _signature(self, request):
        return f"{self.key}:{request}"
