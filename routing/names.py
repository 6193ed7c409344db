"""Names of units as they stand inside a Vietnamese sentence."""

from __future__ import annotations


def in_sentence(name: str) -> str:
    """'Phường Hải Châu' -> 'phường Hải Châu', 'Thành phố Đà Nẵng' -> 'TP Đà Nẵng', 'Tỉnh X' -> 'tỉnh X'."""
    if name.startswith("Thành phố "):
        return f"TP {name.removeprefix('Thành phố ')}"
    return name[:1].lower() + name[1:]
