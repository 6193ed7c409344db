"""The gazetteer file: a line for each row, then one for each folded name, packed."""

import gzip
import threading
import zlib
from collections.abc import Iterable
from pathlib import Path

from .finding import Gazetteer
from .names import line_of, lines_of, row_of
from .rows import BrokenGazetteerError, PlaceRow

SHIPPED = Path(__file__).parents[1] / "data" / "gazetteer.tsv.gz"


def build(rows: Iterable[PlaceRow], into: Path) -> None:
    """Write a gazetteer file; the same rows give the same bytes."""
    lines = sorted({line_of(row) for row in rows})
    text = "\n".join([*lines, "", *lines_of(map(row_of, lines))])
    into.parent.mkdir(parents=True, exist_ok=True)
    into.write_bytes(gzip.compress(text.encode(), mtime=0))


def load(path: Path) -> Gazetteer:
    """Read a gazetteer file (0.1 s); BrokenGazetteerError where it is none."""
    try:
        rows, names = gzip.decompress(path.read_bytes()).decode().split("\n\n")
        return Gazetteer.of(rows.split("\n"), names.split("\n"))
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise BrokenGazetteerError(f"{path}: {error}") from error


_loaded: dict[Path, Gazetteer] = {}
_loading = threading.Lock()


def shipped(path: Path = SHIPPED) -> Gazetteer:
    """The gazetteer of a file, read once a process."""
    if path not in _loaded:
        with _loading:
            if path not in _loaded:
                _loaded[path] = load(path)
    return _loaded[path]
