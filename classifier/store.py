"""The versions that a house has learnt: one reads, the last few are kept, the shipped one stands behind all.

    folder/current        names of versions: the one that reads, then those that read before it
    folder/<version>/     model.json, weights.npz, and figures.json: what it was compared with, and how

A version is written aside and appears whole under its name; `current` is replaced in one stroke. Whoever is
killed in between leaves what was there. Processes that read look at `current` every few seconds.
"""

import hashlib
import json
import logging
import os
import re
import shutil
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import astuple
from functools import cache
from pathlib import Path
from typing import Any

from . import model as _models
from .examples import Example
from .model import BrokenModelError, Model, load, save

KEPT = 5  # versions, the one that reads included
LOOK_S = 3.0  # between two looks at `current`

_CURRENT = "current"
_FIGURES = "figures.json"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_HERE = Path(__file__).parent
# What a stored table of terms hangs on: read with other code, its weights would mean something else.
_READING = ("model.py", "text.py", "vocabulary.py")
_LEARNING = (*_READING, "training.py", "noise.py", "examples.py")

log = logging.getLogger("classifier.store")


@cache
def reading_code() -> str:
    """Digest of the code that reads a model."""
    return _digest(_READING)


@cache
def learning_code() -> str:
    """Digest of the code that makes a model: the same examples under the same digest give the same bytes."""
    return _digest(_LEARNING)


def _digest(files: Iterable[str]) -> str:
    return hashlib.sha256(b"".join((_HERE / name).read_bytes() for name in files)).hexdigest()


def data_digest(examples: Iterable[Example]) -> str:
    """Digest of what was learnt from, in its order."""
    found = hashlib.sha256()
    for example in examples:
        found.update(repr(astuple(example)).encode("utf-8", "surrogatepass"))
    return found.hexdigest()


def names(folder: Path) -> list[str]:
    """The version that is to read, then those before it; empty: the shipped one reads."""
    try:
        lines = (folder / _CURRENT).read_text(encoding="ascii").splitlines()
    except (OSError, ValueError):
        return []
    return [line for line in lines if _NAME.fullmatch(line)]


def opened(folder: Path, name: str) -> Model:
    """A stored version; BrokenModelError where a byte is not as it was made, or other code reads now."""
    model = load(folder / name)
    if model.version != name:
        raise BrokenModelError(f"{name}: thẻ đã bị sửa, không còn khớp tên của bản")
    if model.card.get("reading_code") != reading_code():
        raise BrokenModelError(f"{name}: học cho mã đọc của bản phát hành khác, cần học lại")
    return model


def put(model: Model, examples: Iterable[Example], figures: Mapping[str, Any], folder: Path) -> str:
    """Keep a model under a name that says its data and code; it does not read yet. Twice: the same."""
    every = list(examples)
    data, code = data_digest(every), learning_code()
    model.card.update(
        name=f"learnt-{data[:8]}-{code[:8]}", data=data, learning_code=code, reading_code=reading_code(),
        examples=len(every), terms=len(model.names),
    )  # fmt: skip
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f".new-{os.getpid()}"
    shutil.rmtree(draft, ignore_errors=True)
    save(model, draft)
    name = load(draft).version
    text = json.dumps(figures, ensure_ascii=False, indent=1, sort_keys=True)
    (draft / _FIGURES).write_text(text + "\n", encoding="utf-8")
    for path in (*draft.iterdir(), draft):
        _sync(path)
    if (folder / name).exists():  # the same, or a broken one of that name
        (folder / name).rename(folder / f".old-{os.getpid()}")
    draft.rename(folder / name)
    _sync(folder)
    return name


def choose(name: str, folder: Path) -> None:
    """Let this version read from now on; those that fall out of the last few are deleted."""
    kept = [name, *(old for old in names(folder) if old != name)][:KEPT]
    _write(kept, folder)


def back(folder: Path) -> str:
    """Let the version before read again and drop the one that reads; the name of what reads now, "" for the
    shipped one. LookupError where the shipped one reads already."""
    known = names(folder)
    if not known:
        raise LookupError
    _write(known[1:], folder)
    return known[1] if known[1:] else ""


def _write(kept: list[str], folder: Path) -> None:
    draft = folder / f".{_CURRENT}-{os.getpid()}"
    draft.write_text("".join(f"{name}\n" for name in kept), encoding="ascii")
    _sync(draft)
    draft.replace(folder / _CURRENT)
    _sync(folder)
    _tidy(kept, folder)


def _tidy(kept: list[str], folder: Path) -> None:
    """Away with versions that nothing names, and with what a killed training left."""
    for path in folder.iterdir():
        if path.is_dir() and path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


class Reader:
    """The model that reads, found anew when `current` has changed.

    One thread at a time looks; the others go on with what they have. A reading under way keeps its model.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.trouble = ""  # why a version that should read does not, in Vietnamese
        self._model: Model | None = None
        self._seen: tuple[int, ...] = ()
        self._look_at = 0.0
        self._looking = threading.Lock()

    def model(self) -> Model:
        """BrokenModelError where not even the shipped one can be read."""
        held = self._model
        if held is not None and time.monotonic() < self._look_at:
            return held
        if self._looking.acquire(blocking=held is None):
            try:
                return self._look()
            finally:
                self._looking.release()
        assert held is not None
        return held

    def _look(self) -> Model:
        self._look_at = time.monotonic() + LOOK_S
        seen = self._mark()
        if self._model is None or seen != self._seen:
            self._model = self._best()
            self._seen = seen
        return self._model

    def _mark(self) -> tuple[int, ...]:
        """What changes whenever `current` is replaced; empty where there is none."""
        if self.folder is None:
            return ()
        try:
            found = (self.folder / _CURRENT).stat()
        except OSError:
            return ()
        return found.st_ino, found.st_mtime_ns, found.st_size

    def _best(self) -> Model:
        self.trouble = ""
        folder = self.folder or Path(os.devnull)
        for name in names(folder):
            if self._model is not None and self._model.version == name:
                return self._model
            try:
                model = opened(folder, name)
                model.score("")  # what it makes at its first reading, no thread makes twice
                return model
            except BrokenModelError as error:
                self.trouble = self.trouble or str(error)
                log.warning("a stored model is refused: %s", error)
        return _models.shipped()


_reader = Reader()


def use(folder: Path | None) -> None:
    """Read from now on with what lies in this folder; None: with the shipped model."""
    global _reader
    _reader = Reader(folder)


def current() -> Model:
    """The model that reads in this process; BrokenModelError where there is none."""
    return _reader.model()


def trouble() -> str:
    """Why the version that should read does not, in Vietnamese; "" where all is well."""
    return _reader.trouble
