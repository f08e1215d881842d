"""Why an answer from the portal can't be taken, in words for who gave it, field by field."""


class Refused(Exception):
    """What is wrong with a form: {name of the field: words}; `form` is for what no single field is to blame for."""

    def __init__(self, **errors):
        super().__init__("; ".join(errors.values()))
        self.errors = errors
