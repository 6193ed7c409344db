"""The keys of one house, made once and kept in `var/keys/`."""

import os
import secrets
from pathlib import Path


def kept(name: str, folder: Path) -> str:
    """Return the key of this name, making it first when there is none: 64 hexadecimal digits.

    The file appears whole or not at all (written aside, then linked), so that two processes that start
    at once agree on one key. Only the owner of the house may read it.
    """
    path = folder / f"{name}.key"
    if not path.exists():
        make(path)
    return path.read_text(encoding="ascii").strip()


def make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii"
    ) as file:
        file.write(secrets.token_hex(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first: its key holds
    finally:
        draft.unlink()
