"""How one is chosen of very many: agencies, communes, sub-fields."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

SELECTED, NOT = mark_safe(" selected"), mark_safe("")


class LongSelect(forms.Select):
    """As Django draws it, which makes each option by a template of its own."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        # A length that the field knows is none of a list.
        told = self.build_attrs(self.attrs, attrs or {}) | {"name": name, "maxlength": False}
        chosen = set(self.format_value(value))
        drawn = ((self._drawn(one, chosen),) for one in self.choices)
        return format_html("<select{}>{}</select>", flatatt(told), format_html_join("", "{}", drawn))

    def _drawn(self, choice: tuple[Any, Any], chosen: set[str]) -> SafeString:
        """An option, or a group of them under its name."""
        value, word = choice
        if isinstance(word, list | tuple):
            options = ((self._drawn(one, chosen),) for one in word)
            return format_html(
                '<optgroup label="{}">{}</optgroup>', value, format_html_join("", "{}", options)
            )
        mark = SELECTED if str(value) in chosen else NOT
        return format_html('<option value="{}"{}>{}</option>', value, mark, word)
