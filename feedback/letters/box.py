"""The Maildir that mail is delivered to, and its folders for a person and of machines."""

from __future__ import annotations

import mailbox
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings

# Folders of the Maildir, as mail programs show them.
FOR_A_PERSON, OF_MACHINES = "Can-xem", "May-gui"
KEPT_OF_MACHINES_S = 30 * 24 * 60 * 60
BROKEN = "MAIL_DIR không phải một Maildir ghi được (cần các thư mục cur, new, tmp và quyền ghi vào đó)."
ABSENT = "Chưa có đường thư đến: đặt cả MAIL_DIR (thư mục Maildir) và MAIL_ADDRESS (địa chỉ nhận thư)."


class BoxError(Exception):
    """There is no letter box, or nothing can be done in it; in Vietnamese, with the cure."""


def is_open() -> bool:
    return bool(settings.MAIL_DIR and settings.MAIL_ADDRESS)


class Box:
    """One Maildir; its letters are files."""

    def __init__(self, folder: Path) -> None:
        """Raises BoxError where it is none, or cannot be written."""
        try:
            if not all(_is_ours(folder / part) for part in ("cur", "new", "tmp")):
                raise BoxError(BROKEN)
            with NamedTemporaryFile(dir=folder / "tmp"):
                self._maildir = mailbox.Maildir(folder, factory=None, create=False)
        except (OSError, mailbox.Error):
            raise BoxError(BROKEN) from None
        self.folder = folder

    def letters(self) -> list[Path]:
        """All that lie in it, but what a mail program has marked as thrown away."""
        found = [path for part in ("new", "cur") for path in _files(self.folder / part)]
        return [path for path in found if "T" not in path.name.partition(":2,")[2]]

    def make_folders(self) -> None:
        """Before anybody is answered: what cannot be put away would be answered again. Raises BoxError."""
        try:
            for name in {FOR_A_PERSON, OF_MACHINES} - set(self._maildir.list_folders()):
                self._maildir.add_folder(name)
        except (OSError, mailbox.Error):
            raise BoxError(BROKEN) from None

    def set_aside(self, letter: Path, name: str) -> None:
        """Into one of the folders, unread."""
        with suppress(FileNotFoundError):
            letter.rename(self.folder / f".{name}" / "new" / letter.name.partition(":2,")[0])

    def lying(self, name: str) -> list[Path]:
        """Letters in one of its folders."""
        return [path for part in ("new", "cur") for path in _files(self.folder / f".{name}" / part)]

    def throw_away_old(self) -> None:
        """What machines wrote is of no use to anybody after a month."""
        until = time.time() - KEPT_OF_MACHINES_S
        for path in self.lying(OF_MACHINES):
            with suppress(FileNotFoundError):
                if path.stat().st_ctime < until:
                    path.unlink()


def _is_ours(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.R_OK | os.W_OK | os.X_OK)


def _files(folder: Path) -> Iterator[Path]:
    with suppress(FileNotFoundError):
        for entry in sorted(os.scandir(folder), key=lambda one: one.name):
            if entry.is_file(follow_symlinks=False) and not entry.name.startswith("."):
                yield Path(entry.path)


def opened() -> Box:
    """Raises BoxError where there is no letter box."""
    if not (settings.MAIL_DIR and settings.MAIL_ADDRESS):
        raise BoxError(ABSENT)
    return Box(settings.MAIL_DIR)


def standing(box: Box | None = None) -> dict[str, int]:
    """How many letters wait to be taken, and how many for a person."""
    box = box or opened()
    return {"waiting": len(box.letters()), "aside": len(box.lying(FOR_A_PERSON))}
