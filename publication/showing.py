"""How published petitions and figures are said to people: words, Vietnamese numbers, the nearest icon."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from feedback.public import OPEN, PAUSED, PUBLIC_STATES, Kind, Outcome, Score, State, stopped_at
from publication.statistics import DAYS, SHARE, Figure

# --- petitions ----------------------------------------------------------------------------------------

FACES = {
    Score.VERY_SATISFIED: "laugh",
    Score.SATISFIED: "smile",
    Score.ACCEPTABLE: "meh",
    Score.DISSATISFIED: "frown",
}
# State -> (tone, icon); what is not named here is on its way.
LOOKS = {
    State.ANSWERED: ("good", "circle-check"),
    State.CLOSED: ("good", "circle-check"),
    State.REOPENED: ("now", "undo-2"),
    State.SUSPENDED: ("", "pause"),
    State.WITHDRAWN: ("", "circle-x"),
    State.MERGED: ("", "link"),
}


def row(petition: Any, today: dt.date) -> dict[str, Any]:
    """What a list says of one petition."""
    return {
        "petition": petition,
        "late": is_late(petition, today),
        "state": state(petition),
        "place": place(petition),
        "field": localised(petition.subfield.field) if petition.subfield else "",
    }


def whole(petition: Any, today: dt.date) -> dict[str, Any]:
    """What the page of one petition says."""
    return row(petition, today) | {
        "subfield": localised(petition.subfield) if petition.subfield else "",
        "kind": str(Kind(petition.kind).label),
        "outcome": word(Outcome, petition.outcome),
        "score": word(Score, petition.score),
        "face": FACES.get(petition.score, "star"),
        "open": petition.state in OPEN,
    }


def state(petition: Any) -> dict[str, str]:
    tone, icon = LOOKS.get(petition.state, ("now", "circle-dot"))
    return {"word": str(PUBLIC_STATES[petition.state]), "tone": tone, "icon": icon}


def place(petition: Any) -> str:
    names = [unit.name for unit in (petition.commune, petition.province) if unit]
    return ", ".join(names)


def word(choices: Any, value: str) -> str:
    """The label of a choice; the value itself where the list has grown meanwhile, "" for none."""
    return str(dict(choices.choices).get(value, value))


def localised(named: Any) -> str:
    """The name of a field or sub-field in the reader's language."""
    english = (get_language() or "").startswith("en")
    return str(named.name_en if english and named.name_en else named.name_vi)


def is_late(petition: Any, today: dt.date) -> bool:
    """Answered after the day on which it was due, or that day has passed without an answer.

    While its clock stands still only if that day had passed before.
    """
    if petition.due_on is None or (petition.answered_at is None and petition.state not in OPEN):
        return False
    until = petition.answered_at
    if until is None and today > petition.due_on and petition.state in PAUSED:
        until = stopped_at(petition.petition_id)
    return bool((timezone.localdate(until) if until else today) > petition.due_on)


# --- figures ------------------------------------------------------------------------------------------

SIX = ("received", "answered", "on_time", "overdue_open", "refused", "satisfied")
TONES = {"on_time": "good", "overdue_open": "late"}


@dataclass(frozen=True)
class Card:
    """A figure as people read it: its number, out of how many, and what it means."""

    key: str
    name: str
    shown: str
    of: str
    definition: str
    share: float | None
    tone: str


def six(figures: Mapping[str, Figure]) -> list[Card]:
    """The six large ones; on time says both due dates, satisfied says who rated."""
    cards = {key: card(figures[key]) for key in SIX}
    cards["on_time"] = with_more(cards["on_time"], figures["on_time_original"])
    cards["satisfied"] = with_more(cards["satisfied"], figures["response_rate"])
    return list(cards.values())


def others(figures: Mapping[str, Figure]) -> list[Card]:
    return [card(figure) for key, figure in figures.items() if key not in SIX]


def card(figure: Figure) -> Card:
    whole = figure.denominator
    portion = 100 * figure.numerator / whole if figure.numerator is not None and whole else None
    tone = TONES.get(figure.key, "") if figure.value else ""
    return Card(figure.key, figure.name, shown(figure), out_of(figure), figure.definition, portion, tone)


def with_more(card: Card, beside: Figure) -> Card:
    """The same card that also tells a second figure, with its own denominator and definition."""
    more = f"{beside.name}: {shown(beside)} ({out_of(beside)})"
    return replace(
        card,
        of=_lines(card.of, more),
        definition=_lines(card.definition, f"{beside.name}: {beside.definition}"),
    )


def _lines(*lines: str) -> str:
    return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in lines))


def shown(figure: Figure) -> str:
    """'93,8%', '1.204', '2,5 ngày'; a dash where there is nothing to tell."""
    if figure.hidden:
        return _("ẩn")
    if figure.value is None:
        return "–"
    if figure.unit == SHARE:
        return f"{number(round(100 * figure.value, 1))}%"
    if figure.unit == DAYS:
        return _("%(n)s ngày") % {"n": number(figure.value)}
    return number(figure.value)


def out_of(figure: Figure) -> str:
    """'45 trên 48 phản ánh đã trả lời'; "" for a figure that counts everything."""
    if figure.hidden:
        return _("số quá nhỏ, không hiện để giữ kín người liên quan")
    if figure.denominator is None:
        return ""
    told = {"n": number(figure.numerator or 0), "of": number(figure.denominator), "base": figure.base}
    if figure.unit == DAYS:
        return _("%(of)s %(base)s") % told
    if figure.unit == SHARE:
        return _("%(n)s trên %(of)s %(base)s") % told
    return _("trên %(of)s %(base)s") % told


def number(value: float) -> str:
    """1.234,5 for Vietnamese, 1,234.5 for English readers; no decimals where there are none."""
    text = f"{value:,.1f}".removesuffix(".0")
    if (get_language() or "").startswith("en"):
        return text
    return text.translate(str.maketrans(",.", ".,"))


def moment_said(at: dt.datetime) -> str:
    """'21:04 26/11/2026'."""
    return timezone.localtime(at).strftime("%H:%M %d/%m/%Y")


def periods(today: dt.date, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Shortcuts to usual periods that keep the other filters."""
    kept = {name: value for name, value in asked.items() if name not in ("from", "to")}
    spans: Iterable[tuple[str, dt.date | None]] = (
        (_("Từ trước tới nay"), None),
        (_("30 ngày qua"), today - dt.timedelta(days=29)),
        (_("Tháng này"), today.replace(day=1)),
        (_("Năm nay"), today.replace(month=1, day=1)),
    )
    return [_period(name, since, today, kept, asked) for name, since in spans]


def _period(
    name: str, since: dt.date | None, today: dt.date, kept: Mapping[str, Any], asked: Mapping[str, Any]
) -> dict[str, Any]:
    span = {"from": since.isoformat(), "to": today.isoformat()} if since else {}
    current = span == {key: asked[key] for key in ("from", "to") if asked.get(key)}
    return {"name": name, "address": "?" + urlencode({**kept, **span}), "current": current}
