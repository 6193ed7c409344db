"""Why a file is not taken."""


class RefusedError(Exception):
    """The end of a sentence that begins with the file's name: “Tệp “x.pdf” ...”."""
