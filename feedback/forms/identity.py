"""The fields that tell of whoever sent a petition what he left empty: on his own page, and on the desk."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _l

from feedback.contacts import told_words
from feedback.facts import CHOICES_OF_SENDER, TOLD_LATER
from feedback.forms.said import RawField

# Label, what a browser may fill in by itself, and the keys that a telephone shows.
FIELDS: Mapping[str, tuple[Any, str, str]] = {
    "name": (_l("Họ tên"), "name", "text"),
    "residence": (_l("Địa chỉ"), "street-address", "text"),
    "phone": (_l("Điện thoại"), "tel", "tel"),
    "email": (_l("Thư điện tử"), "email", "email"),
}


def fields_of(names: Iterable[str], *, own: bool) -> dict[str, forms.Field]:
    """A box for each of these; `own`: a browser may fill in what it knows of whoever sits before it."""
    return {name: _field(*FIELDS[name], own=own) for name in FIELDS if name in names}


def _field(label: Any, fills_in: str, keys: str, *, own: bool) -> RawField:
    attrs = {"autocomplete": fills_in if own else "off", "inputmode": keys}
    return RawField(label=label, widget=forms.TextInput(attrs=attrs))


def told_in(cleaned: Mapping[str, Any], stood: Collection[str] = ()) -> dict[str, Any]:
    """The fact `contact`, with the words that stand in its step; {} where nothing was filled in.

    `stood`: which of it was there before.
    """
    told = {name: cleaned[name] for name in (*TOLD_LATER, *CHOICES_OF_SENDER) if cleaned.get(name)}
    gone = ["email"] if told.get("no_email") and "email" not in told else []
    given = [name for name in TOLD_LATER if name in told]
    return {"contact": told, "text": told_words(given, stood, gone)} if given or gone else {}
