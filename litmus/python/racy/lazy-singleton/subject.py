"""One instance, made when first asked for: two threads may get different ones."""


class Settings:
    _instance = None

    @classmethod
    def instance(cls):
        if cls._instance is None:
            cls._instance = cls()
        return cls._instance
