"""A signed ZIP: every entry and every row of every sheet can be told from what was put in."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from feedback import anchors, sheet

FORMAT = "hoi-am-inspection-1"
MANIFEST, SIGNATURE = "MANIFEST.json", "MANIFEST.sig"
# Hexadecimal digits of each cell's own digest: they only name the cell, the row's digest is the proof.
OF_A_CELL = 6


def compact(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digests(cells: Sequence[str]) -> list[str]:
    """SHA-256 of the row as JSON, and the beginnings of the digests of its cells, one after the other."""
    short = (hashlib.sha256(cell.encode()).hexdigest()[:OF_A_CELL] for cell in cells)
    return [hashlib.sha256(compact(list(cells)).encode()).hexdigest(), "".join(short)]


class Archive:
    """A ZIP that is being written; `close` signs it. One row of a sheet costs some 400 bytes of memory."""

    def __init__(self, zip_file: zipfile.ZipFile) -> None:
        self.zip = zip_file
        self.entries: dict[str, dict[str, Any]] = {}
        self.sheets: dict[str, dict[str, Any]] = {}
        self.rows = 0

    def add(self, name: str, chunks: Iterable[bytes], *, packed: bool = True) -> str:
        """One entry, piece by piece; gives back its SHA-256."""
        digest, size = hashlib.sha256(), 0
        with self.zip.open(_entry(name, packed=packed), "w", force_zip64=True) as out:
            for chunk in chunks:
                out.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        self.entries[name] = {"sha256": digest.hexdigest(), "bytes": size}
        return digest.hexdigest()

    def add_sheet(
        self, name: str, columns: Sequence[str], rows: Iterable[Sequence[object]], *, key: Sequence[str]
    ) -> None:
        """A CSV whose rows are known by the cells of `key`; no cell of it is taken for a formula.

        Of each row are kept its digests and its line, the head being 1.
        """
        told: dict[str, list[str]] = {}
        at = [columns.index(column) for column in key]

        def lines() -> Iterable[bytes]:
            yield sheet.written([columns]).encode()
            for row in rows:
                cells = [sheet.cell(value) for value in row]
                told[" ".join(cells[place] for place in at)] = [*digests(cells), str(len(told) + 2)]
                yield sheet.line(cells).encode()

        self.add(name, lines())
        self.rows += len(told)
        self.sheets[name] = {"columns": list(columns), "key": list(key), "rows": told}

    def close(self, **told: Any) -> None:
        """The manifest with whatever else is `told`, and the house's signature on it."""
        manifest = {
            "format": FORMAT,
            "key": anchors.public_key_hex(),
            "entries": self.entries,
            "sheets": self.sheets,
            **told,
        }
        text = compact(manifest).encode()
        for name, content in ((MANIFEST, text), (SIGNATURE, anchors.sign(text).encode())):
            with self.zip.open(_entry(name, packed=True), "w") as out:
                out.write(content)


def _entry(name: str, *, packed: bool) -> zipfile.ZipInfo:
    """Without the moment at which it was written; pictures and films are packed already."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    entry.external_attr = 0o644 << 16
    return entry
