"""Styles, fonts and scripts under names that carry their digest, so that browsers keep them for ever."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Static(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Names with a digest once the files are collected (`manage.py start` does), plain names before.

    A page must not fail because a file was not collected yet: tests and a half-updated house show it
    under its plain name.
    """

    manifest_strict = False

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        try:
            return str(super().hashed_name(name, content, filename))
        except ValueError:
            return name
