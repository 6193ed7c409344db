"""Finding petitions: what of them can be found, by whom, and how the index is kept true."""

from feedback.finding.indexing import INDEX, index_petition

__all__ = ["INDEX", "index_petition"]
