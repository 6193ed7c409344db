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
# What was not filed waits for a person as long as it takes.
FOR_A_PERSON, FILED, OF_MACHINES = "Can-xem", "Can-xem.Da-ghi", "May-gui"
KEPT_S = 30 * 24 * 60 * 60  # of what was filed, and of machines
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
        return [path for path in self.lying() if not _is_thrown_away(path)]

    def make_folders(self) -> None:
        """Before anybody is answered: what cannot be put away would be answered again. Raises BoxError."""
        try:
            for name in {FOR_A_PERSON, FILED, OF_MACHINES} - set(self._maildir.list_folders()):
                self._maildir.add_folder(name)
        except (OSError, mailbox.Error):
            raise BoxError(BROKEN) from None

    def set_aside(self, letter: Path, name: str) -> None:
        """Into one of the folders, unread."""
        with suppress(FileNotFoundError):
            there = self.folder / f".{name}" / "new" / letter.name.partition(":2,")[0]
            letter.rename(there)
            os.utime(
                there
            )  # from now on it is counted how long it lies, whatever a mail program does with it

    def lying(self, name: str = "") -> list[Path]:
        """All letters in it, or in one of its folders."""
        folder = self.folder / f".{name}" if name else self.folder
        return [path for part in ("new", "cur") for path in _files(folder / part)]

    def throw_away_old(self) -> None:
        """What machines wrote is of no use after a month; what was filed stands in its petition."""
        until = time.time() - KEPT_S
        for path in (path for name in (FILED, OF_MACHINES) for path in self.lying(name)):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < until:
                    path.unlink()


def _is_ours(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.R_OK | os.W_OK | os.X_OK)


def _is_thrown_away(letter: Path) -> bool:
    """In a mail program."""
    return "T" in letter.name.partition(":2,")[2]


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
    aside = [path for name in (FOR_A_PERSON, FILED) for path in box.lying(name)]
    return {"waiting": len(box.letters()), "aside": sum(not _is_thrown_away(path) for path in aside)}
