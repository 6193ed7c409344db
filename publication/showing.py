"""How figures are said to people: words, Vietnamese numbers, out of how many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from feedback.public import Channel, Kind
from publication import recompute
from publication.backlog import Work
from publication.charts import Chart, Series
from publication.charts import lines as drawn
from publication.coarsening import UNKNOWN
from publication.cohorts import rows as frozen_cohorts
from publication.freezing import months as months_between
from publication.recompute import COUNT, MEDIAN, NINE_TENTHS, REST, SHARE
from publication.statistics import Figure, Filters, Report
from publication.tiles import Grid, of_provinces
from publication.trend import MOST_LINES, MOST_MONTHS, WAYS, Line, ranked
from routing.models import Agency, Field, Province, name_column

Named = Mapping[str, Any]
SIX = ("received", "answered", "on_time", "overdue_open", "refused", "satisfied")
DAYS = (MEDIAN, NINE_TENTHS)
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
    before: str = ""


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
    words = str(figure.name), shown(figure), out_of(figure), str(figure.definition)
    return Card(figure.key, *words, portion, tone)


def with_more(card: Card, beside: Figure) -> Card:
    """The same card that also tells a second figure, with its own denominator and definition."""
    of = out_of(beside)
    more = f"{beside.name}: {shown(beside)}" + (f" ({of})" if of else "")
    return replace(
        card,
        of=_lines(card.of, more),
        definition=_lines(card.definition, f"{beside.name}: {beside.definition}"),
    )


def _lines(*lines: str) -> str:
    return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in lines))


def shown(figure: Figure) -> str:
    """'93,8%', '1.204', '2,5 ngày'; a dash where there is nothing to tell."""
    if figure.few:
        return _("ít hơn 5")
    if figure.value is None:
        return "–"
    if figure.unit == SHARE:
        return _percent(figure.value)
    if figure.unit in DAYS:
        days = ngettext("%(n)s ngày", "%(n)s ngày", 1 if figure.value == 1 else 2)
        return days % {"n": number(figure.value)}
    if figure.partial:  # of nought it would say nothing
        return "–" if not figure.value else _("ít nhất %(n)s") % {"n": number(figure.value)}
    return number(figure.value)


def exact(figure: Figure) -> str:
    """The same to the last digit: '93,75%'."""
    if figure.unit != SHARE or figure.value is None:
        return shown(figure)
    return f"{number(100 * figure.value, 2)}%"


def out_of(figure: Figure) -> str:
    """'45 trên 48 phản ánh đã trả lời'; "" for a figure that counts everything."""
    if figure.denominator is None:
        return ""
    told = {"n": number(figure.numerator or 0), "of": number(figure.denominator), "base": figure.base}
    if figure.unit in DAYS:
        return _("%(of)s %(base)s") % told
    if figure.unit == SHARE:
        return _("%(n)s trên %(of)s %(base)s") % told
    return _("trên %(of)s %(base)s") % told


def number(value: float, places: int = 1) -> str:
    """1.234,5 for Vietnamese, 1,234.5 for English readers; no decimals where there are none."""
    text = f"{value:,.{places}f}".rstrip("0").rstrip(".")
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
        (_("Tháng này"), today.replace(day=1)),
        (_("Từ tháng trước"), (today.replace(day=1) - dt.timedelta(days=1)).replace(day=1)),
        (_("Năm nay"), today.replace(month=1, day=1)),
    )
    return [_period(name, since, today, kept, asked) for name, since in spans]


def _period(
    name: str, since: dt.date | None, today: dt.date, kept: Mapping[str, Any], asked: Mapping[str, Any]
) -> dict[str, Any]:
    span = {"from": since.isoformat(), "to": today.isoformat()} if since else {}
    current = span == {key: asked[key] for key in ("from", "to") if asked.get(key)}
    return {"name": name, "address": "?" + urlencode({**kept, **span}), "current": current}


def period_said(told: Report) -> str:
    """'Từ 01/09/2026 đến 31/10/2026': the whole months that are counted."""
    days = [told.told["filters"][name] for name in ("from", "to")]
    since, until = (day and dt.date.fromisoformat(day).strftime("%d/%m/%Y") for day in days)
    if since and until:
        return _("Từ %(since)s đến %(until)s") % {"since": since, "until": until}
    if since:
        return _("Từ %(since)s tới nay") % {"since": since}
    return _("Từ đầu đến %(until)s") % {"until": until} if until else _("Từ trước tới nay")


def about(told: Report) -> str:
    """'Thành phố Đà Nẵng, Giao thông': what is asked for, by name; "" for the whole country."""
    asked = told.told["filters"]
    ways = (("place", asked["province"]), ("field", asked["field"]), ("agency", asked["agency"]))
    return ", ".join(names_of(way, [code])[code] for way, code in ways if code)


def silent_months(told: Report) -> str:
    """'9/2026, 11/2026': months of which nothing is told so narrowly."""
    return ", ".join(f"{int(month[5:])}/{month[:4]}" for month in told.silent)


# --- month by month, and by what they are of ----------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """A line of a table: a name, its figures as words, and how far a bar of its share on time goes."""

    name: str
    shown: Mapping[str, str]
    share: float | None
    of: str


@dataclass(frozen=True)
class Ranked:
    """Lines of like volume under a heading; "" where nothing is ranked."""

    heading: str
    lines: Sequence[Told]


def months(lines: Sequence[Line]) -> list[Told]:
    return [_told(_month_of(line), line) for line in reversed(lines)]


def charts(lines: Sequence[Line]) -> list[tuple[str, Chart]]:
    """How many, and what share of them; nothing where there is no line to draw. A month of which nothing is
    told has its place on the axis, and breaks the line."""
    if len(lines) < 2:
        return []
    told, months = {line.label: line for line in lines}, _all_months(lines[0].label, lines[-1].label)
    labels, running = [_month(month) for month in months], lines[-1].running
    many = [_series(told, months, key) for key in ("received", "answered")]
    shares = [_series(told, months, key) for key in ("on_time", "on_time_original", "satisfied")]
    found = [(_("Phản ánh mỗi tháng"), drawn(many, labels, running=running))]
    if any(value is not None for one in shares for value in one.values):
        found.append((_("Phần trăm mỗi tháng"), drawn(shares, labels, shares=True, running=running)))
    return found


def _all_months(first: str, last: str) -> list[str]:
    since, until = (dt.date.fromisoformat(f"{month}-01") for month in (first, last))
    return [f"{month:%Y-%m}" for month in months_between(since, until)]


def _series(lines: Mapping[str, Line], months: Sequence[str], key: str) -> Series:
    figures = {month: line.figures[key] for month, line in lines.items()}
    said = [
        f"{_month_of(lines[month])}, {figures[month].name}: {shown(figures[month])}" if month in lines else ""
        for month in months
    ]
    values = [figures[month].value if month in figures else None for month in months]
    return Series(str(next(iter(figures.values())).name), values, said)


def _month_of(line: Line) -> str:
    month = _month(line.label)
    return _("%(month)s (chưa hết tháng)") % {"month": month} if line.running else month


def _month(label: str) -> str:
    return f"{int(label[5:])}/{label[:4]}"


def _told(name: str, line: Line) -> Told:
    on_time = line.figures["on_time"]
    said = {key: shown(figure) for key, figure in line.figures.items()}
    share = 100 * on_time.value if on_time.value is not None else None
    return Told(name, said, share, out_of(on_time))


def apart(way: str, lines: Sequence[Line]) -> list[Ranked]:
    """The table of a way, of those that had most; like volume beside like where one is ranked."""
    others = [line for line in lines if line.label in (REST, UNKNOWN)]
    alone = _named(lines)[:MOST_LINES]
    lines = [*alone, *others]
    if not lines:
        return []
    names = names_of(way, [line.label for line in lines])
    if not WAYS[way].ranked:
        return [Ranked("", [_told(names[line.label], line) for line in lines])]
    groups = [
        Ranked(_volume(group.least, group.under), [_told(names[line.label], line) for line in group.lines])
        for group in ranked(alone)
    ]
    rest = [_told(names[line.label], line) for line in others]
    return [*groups, Ranked(_("Không xếp hạng"), rest)] if rest else groups


def is_cut(lines: Sequence[Line]) -> bool:
    """Whether there are more than are shown."""
    return len(_named(lines)) > MOST_LINES


def _named(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if line.label not in (REST, UNKNOWN)]


def _volume(least: int, under: int | None) -> str:
    if under is None:
        return _("Từ %(least)s phản ánh trở lên") % {"least": number(least)}
    if not least:
        return _("Dưới %(under)s phản ánh") % {"under": number(under)}
    return _("Từ %(least)s đến dưới %(under)s phản ánh") % {"least": number(least), "under": number(under)}


def squares(lines: Sequence[Line], asked: Mapping[str, str]) -> Grid:
    """The provinces as squares: what was answered in the period, what stood open at its end."""
    told = {line.label: line for line in lines}
    work = {code: _work(told.get(code)) for code in Province.objects.values_list("code", flat=True)}
    return of_provinces(work, {}, lambda code: "?" + urlencode({**asked, "province": code}))


def _work(line: Line | None) -> Work | None:
    if line is None:
        return None
    answered, overdue = line.figures["answered"], line.figures["overdue_open"]
    if answered.numerator is None or overdue.denominator is None:
        return None
    return Work(answered.numerator, overdue.denominator, partial=answered.partial or overdue.partial)


STAGES = ("received", "redirected", "refused", "extended", "answered", "reopened", "rated", "satisfied")


@dataclass(frozen=True)
class Stage:
    """What happened at one stage of petitions' lives: how often, and how long its bar is, of a hundred."""

    name: str
    shown: str
    share: float | None


def stages(figures: Mapping[str, Figure]) -> list[Stage]:
    """From what was received to who was satisfied, in the order of a life; bars begin at nought."""
    told = [figures[key] for key in STAGES]
    most = max((figure.numerator or 0 for figure in told), default=0)
    return [_stage(figure, most) for figure in told] if most else []


def _stage(figure: Figure, most: int) -> Stage:
    n = figure.numerator
    return Stage(
        str(figure.name),
        "–" if n is None else shown(replace(figure, unit=COUNT, value=n, few=False)),
        None if n is None else round(100 * max(n, 0) / most, 1),
    )


@dataclass(frozen=True)
class Cohort:
    """How the petitions sent in a month fared: numbers as words, shares as words and of a hundred."""

    month: str
    seen_on: str
    numbers: Mapping[str, str]
    answered: str
    answered_share: float | None
    on_time: str


def cohorts(filters: Filters) -> list[Cohort]:
    """Of the months of the period, the newest first; known of the whole country alone."""
    if filters.agency or filters.field or filters.province:
        return []
    asked = dict(filters.as_told())
    rows = (row for row in recompute.fared(frozen_cohorts()) if recompute.lies_in(row["month"], asked))
    return [_cohort(row) for row in islice(rows, MOST_MONTHS)]


def _cohort(row: Mapping[str, Any]) -> Cohort:
    share = row["share_answered"]
    return Cohort(
        month=_month(row["month"]),
        seen_on=dt.date.fromisoformat(row["seen_on"]).strftime("%d/%m/%Y"),
        numbers={name: number(row[name]) for name in recompute.COHORT},
        answered=_percent(share),
        answered_share=100 * share if share is not None else None,
        on_time=_percent(row["share_on_time"]),
    )


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{number(round(100 * share, 1))}%"


def names_of(way: str, codes: Sequence[str]) -> dict[str, str]:
    """The names of what is told apart, in the reader's language; a code that is gone stands for itself."""
    known: Named = {
        "field": lambda: dict(Field.objects.values_list("slug", name_column())),
        "place": lambda: dict(Province.objects.listed()),
        "agency": lambda: dict(Agency.objects.filter(pk__in=codes).listed()),
        "kind": lambda: dict(Kind.choices),
        "channel": lambda: dict(Channel.choices),
        "party": lambda: {"person": _("Cá nhân"), "organisation": _("Tổ chức")},
    }
    names = known[way]()
    rest = (
        _("Cơ quan trung ương và những nơi được đếm chung")
        if way == "place"
        else _("Những phần được đếm chung")
    )
    others = {REST: rest, UNKNOWN: _("Chưa rõ")}
    return {code: str(names.get(code) or others.get(code, code)) for code in codes}


def with_before(cards: Sequence[Card], before: Report | None) -> list[Card]:
    """The cards with what the period before said."""
    if before is None:
        return list(cards)
    told = before.figures
    said = _("Kỳ trước: %(shown)s")
    return [replace(card, before=said % {"shown": shown(told[card.key])}) for card in cards]
