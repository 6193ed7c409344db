"""Why a file is not taken."""


class RefusedError(ValueError):
    """The end of a sentence that begins with the file's name: “Tệp “x.pdf” ...”."""
