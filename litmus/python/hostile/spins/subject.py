"""Never comes back."""


class Device:
    def use(self):
        while True:
            pass
