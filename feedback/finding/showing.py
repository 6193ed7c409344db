"""A search as a page shows it: what was asked for, where it stands in the text, how it can be narrowed."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _l

import search
from feedback.finding import looking
from feedback.workflow import PUBLIC_STATES, State
from routing.models import Agency, Commune, Field, Subfield, name_column
from search import Page, Sort, Sought

# What narrows, as it stands in the address -> what is counted beside the page.
NARROWS = {
    "linh-vuc": "field",
    "noi": "commune",
    "co-quan": "agency",
    "trang-thai": "state",
    "thang": "month",
}
HEADINGS = {
    "linh-vuc": _l("Lĩnh vực"),
    "noi": _l("Xã, phường, đặc khu"),
    "co-quan": _l("Cơ quan chủ trì"),
    "trang-thai": _l("Trạng thái"),
    "thang": _l("Tháng gửi"),
}
SORTS = {
    "": (_l("Khớp nhất"), Sort.BEST),
    "moi": (_l("Mới nhất"), Sort.NEWEST),
    "cu": (_l("Cũ nhất"), Sort.OLDEST),
    "han": (_l("Gần đến hạn"), Sort.DUE),
}
BEHIND_S = 60  # from there on the page says that what is found is behind
SHOWN = 8  # values of a narrowing
AROUND = 60  # letters before what was found
LONGEST = 240
Labels = Callable[[Collection[str]], Mapping[str, str]]


@dataclass(frozen=True)
class Asked:
    """What somebody asks for, as it stands in the address; what stands there and is none is left out."""

    typed: str
    chosen: Mapping[str, str] = field(default_factory=dict)
    order: str = ""
    after: str = ""

    @classmethod
    def of(cls, told: Mapping[str, str]) -> Asked:
        told = {name: value.replace("\0", " ") for name, value in told.items()}
        chosen = {name: told[name][:200] for name in NARROWS if told.get(name)}
        if "thang" in chosen and not _month(chosen["thang"]):
            del chosen["thang"]
        order = told.get("xep", "")
        return cls(
            told.get("q", "").strip(), chosen, order if order in SORTS else "", told.get("sau", "")[:300]
        )

    @property
    def anything(self) -> bool:
        return bool(self.typed or self.chosen)

    @property
    def sort(self) -> Sort:
        return SORTS[self.order][1]

    def sought(self) -> Sought:
        """With the words read, narrowed by what was chosen."""
        chosen = {NARROWS[name]: value.split(",") for name, value in self.chosen.items() if name != "thang"}
        sought = looking.narrowed(looking.read(self.typed), chosen)
        if "thang" not in self.chosen:
            return sought
        first, last = _month(self.chosen["thang"]) or (dt.date.min, dt.date.max)
        since, until = sought.since or first, sought.until or last
        return replace(sought, since=max(first, since), until=min(last, until))

    def address(self, **other: str) -> str:
        """Of the first page of the same, but for what is told."""
        told = {"q": self.typed, **self.chosen, "xep": self.order} | other
        return "?" + urlencode({name: value for name, value in told.items() if value or name == "q"})

    @property
    def first(self) -> str:
        return self.address() if self.after else ""


def _month(told: str) -> tuple[dt.date, dt.date] | None:
    found = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", told)
    if not found or not 1900 < int(found[1]) < 2200:
        return None
    year, month = int(found[1]), int(found[2])
    return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])


# --- words ----------------------------------------------------------------------------------------------


def excerpt(text: str, sought: Sought) -> SafeString | None:
    """The text around what was found, which is marked; None where it does not stand there."""
    text = " ".join(text.split())
    spans = search.highlight(text, sought)
    if not spans:
        return None
    start = 0 if spans[0][0] <= 2 * AROUND else text.find(" ", spans[0][0] - AROUND) + 1
    end = start + LONGEST
    at, said = start, [format_html("{}", "… " if start else "")]
    for first, last in spans:
        if last <= end:
            said.append(format_html("{}<mark>{}</mark>", text[at:first], text[first:last]))
            at = last
    said.append(format_html("{}{}", text[at:end], " …" if len(text) > end else ""))
    return format_html_join("", "{}", ((piece,) for piece in said))


# --- narrowing ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Narrowing:
    """One value that the page can be narrowed by; `at` adds it, or takes it away where it is chosen."""

    name: str
    count: int
    at: str
    chosen: bool = False


@dataclass(frozen=True)
class Group:
    """One way to narrow a search: its heading, and its values with how many each would leave."""

    heading: str
    values: Sequence[Narrowing]


def groups(page: Page, asked: Asked, labels: Mapping[str, Labels]) -> list[Group]:
    """What is counted beside the page, the most frequent first; of months the newest."""
    found = [
        Group(str(HEADINGS[name]), _values(page.facets.get(fact, {}), name, asked, labels[name]))
        for name, fact in NARROWS.items()
        if name not in asked.chosen
    ]
    return [group for group in found if len(group.values) > 1]


def _values(counts: Mapping[str, int], name: str, asked: Asked, labels: Labels) -> list[Narrowing]:
    """Values that are called alike are one."""
    by_label: dict[str, list[str]] = {}
    for value, label in labels(list(counts)).items():
        by_label.setdefault(label, []).append(value)
    found = [
        Narrowing(
            label, sum(counts[value] for value in values), asked.address(**{name: ",".join(sorted(values))})
        )
        for label, values in by_label.items()
    ]
    if name == "thang":
        return sorted(found, key=lambda one: one.at, reverse=True)[:SHOWN]
    return sorted(found, key=lambda one: (-one.count, one.name))[:SHOWN]


def chosen(asked: Asked, labels: Mapping[str, Labels]) -> list[Narrowing]:
    """What it is narrowed by now, each with the address without it."""
    return [
        Narrowing(
            ", ".join(dict.fromkeys(_called(value, labels[name]))), 0, asked.address(**{name: ""}), True
        )
        for name, value in asked.chosen.items()
    ]


def _called(values: str, labels: Labels) -> list[str]:
    every = values.split(",")
    names = labels(every)
    return [names.get(value, value) for value in every]


def orders(asked: Asked, *, due: bool) -> list[Narrowing]:
    return [
        Narrowing(str(name), 0, asked.address(xep=order), order == asked.order)
        for order, (name, sort) in SORTS.items()
        if due or sort != Sort.DUE
    ]


def _named(model: Any) -> Labels:
    return lambda codes: dict(model.objects.filter(pk__in=codes).values_list("pk", "name"))


def _fields(slugs: Collection[str]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for model in (Field, Subfield):
        found |= dict(model.objects.filter(pk__in=slugs).values_list("pk", name_column()))
    return found


def _months(months: Collection[str]) -> Mapping[str, str]:
    return {month: f"{month[5:]}/{month[:4]}" for month in months}


def _states(states: Collection[str]) -> Mapping[str, str]:
    labels = dict(State.choices)
    return {state: str(labels[state]) for state in states if state in labels}


def _public_states(states: Collection[str]) -> Mapping[str, str]:
    return {state: str(PUBLIC_STATES[State(state)]) for state in states if state in PUBLIC_STATES}


FOR_OFFICIALS: Mapping[str, Labels] = {
    "linh-vuc": _fields,
    "noi": _named(Commune),
    "co-quan": _named(Agency),
    "trang-thai": _states,
    "thang": _months,
}
FOR_EVERYBODY: Mapping[str, Labels] = {**FOR_OFFICIALS, "trang-thai": _public_states}


def context(asked: Asked, sought: Sought, page: Page, labels: Mapping[str, Labels]) -> dict[str, Any]:
    """What both pages say around their rows."""
    official = labels is FOR_OFFICIALS
    behind = looking.behind_s()
    return {
        "asked": asked,
        "sought": sought,
        "page": page,
        "groups": groups(page, asked, labels),
        "chosen": chosen(asked, labels),
        "orders": orders(asked, due=official) if page.total > 1 or asked.order else [],
        "first": asked.first,
        "next": asked.address(sau=page.after) if page.after else "",
        "suggested": [
            Narrowing(name, 0, f"?{urlencode({'q': name})}") for name in looking.suggested(asked.typed)
        ]
        if not page.total and sought.words
        else [],
        "behind_min": round(behind / 60) if behind > BEHIND_S else 0,
        # Found by who sent it: those that say the number are another question.
        "by_words": "?" + urlencode({"q": f'"{sought.telephone}"'}) if sought.phone else "",
        "may_be_late": not page.total and page.engine != looking.DATABASE and looking.anything_late(),
        "by_hand": page.engine == looking.DATABASE
        and not (sought.code or sought.phone or sought.telephone or sought.wordless),
    }
