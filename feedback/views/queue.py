"""The rows of a list as they stand on the page.

Drawn here, not in a template: there are fifty of them on every page of the desk, each of a dozen parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from feedback.inbox import Drawer, Row
from routing.telling import percent
from routing.templatetags.icons import icon

_ROW = (
    '<a class="whole" data-row href="{}?tu={}~{}"{}><span class="due">{}{}</span>'
    '<span class="code num">{}</span><span class="line">{}{}</span>'
    '<span class="place">{}</span><span class="state">{}</span></a>'
)
_BUTTON = (
    '<button class="button" type="submit" name="subfield" value="{}" title="{}" data-pick>{}'
    '<span><b>{}</b> {}{}</span><kbd class="key" aria-hidden="true">{}</kbd></button>'
)


def drawn(row: Row, drawer: Drawer) -> SafeString:
    """A petition as one line of this list: a link that knows where in the list it stands."""
    clock = row.clock
    return format_html(
        _ROW,
        row.address,
        drawer.slug,
        quote(row.key),
        format_html(' data-tone="{}"', clock.tone) if clock.tone else "",
        icon(clock.icon),
        clock.left,
        row.code,
        _urgent() if row.petition.urgent else "",
        row.line,
        row.place,
        row.state,
    )


def _urgent() -> SafeString:
    return format_html('<span class="pill" data-tone="late">{}{}</span> ', icon("siren"), _("Khẩn"))


def buttons(picks: Iterable[Mapping[str, Any]]) -> SafeString:
    """What it may be and where that goes (`picks.picks`), each one click."""
    sign = icon("route")
    return format_html_join(
        "",
        _BUTTON,
        (
            (pick["key"], pick["reason"], sign, pick["name"], _sure(pick), _of(pick["subject"]), key)
            for key, pick in enumerate(picks, start=1)
        ),
    )


def _sure(pick: Mapping[str, Any]) -> str:
    if how := pick.get("named"):
        return f"· {how}"
    return f"· {_('đã phân loại')}" if pick["share"] is None else percent(pick["share"])


def _of(subject: str) -> str:
    return f" · {subject}" if subject else ""
