"""What a changed row of competence would have done to the last petitions, before it is kept."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import User
from feedback.accused import accused_in
from feedback.models import Petition
from routing.assignment import Against, Assignment, FactError, Tables, assign, tables, tables_with
from routing.facts import DEFAULTS
from routing.kept import one_version
from routing.models import CompetenceRule

LAST = 1000
MOST_SHOWN = 50


@dataclass(frozen=True)
class Difference:
    """One petition that would have gone another way."""

    code: str
    before: str
    after: str


@dataclass(frozen=True)
class Rehearsal:
    """`asked`: how many petitions were tried; `on`: the day whose rows were asked."""

    asked: int
    on: dt.date
    differences: Sequence[Difference]

    @property
    def ways(self) -> list[tuple[tuple[str, str], int]]:
        """((from, to), how many), the most first."""
        return Counter((one.before, one.after) for one in self.differences).most_common()

    @property
    def shown(self) -> list[Difference]:
        return list(self.differences[:MOST_SHOWN])


def rehearse(rule: CompetenceRule, *, user: User, today: dt.date) -> Rehearsal:
    """The youngest petitions that this person may see, on the first day on which the row says otherwise.

    Kind, sub-field, place and who is complained of are known; facts such as the class of a road are told by
    a person each time and kept nowhere, so rows that ask for them do not show here. What he may not see is
    neither tried nor counted: by rows made for it he would learn who is denounced (Luật Tố cáo 2018, Điều 8).
    """
    on = _first_day(rule, today)
    petitions = list(Petition.objects.visible_to(user).order_by("-submitted_at", "-pk")[:LAST])
    accused = accused_in(petitions)
    differences = []
    with one_version():
        now, then = tables(), tables_with(rule)
        for petition in petitions:
            before, after = (_told(petition, accused.get(petition.pk), on, known) for known in (now, then))
            if before != after:
                differences.append(Difference(petition.code, before, after))
    return Rehearsal(len(petitions), on, differences)


def untried(rule: CompetenceRule) -> list[str]:
    """The facts that the row asks for and no petition keeps: what it would have done cannot be told."""
    return sorted(fact for fact in rule.facts if fact in DEFAULTS)


def _first_day(rule: CompetenceRule, today: dt.date) -> dt.date:
    """The day on which it begins, or, where only its end is told, the day after."""
    held = CompetenceRule.objects.filter(pk=rule.pk).first()
    if held and rule.valid_to and rule.valid_to >= today and held.valid_to != rule.valid_to:
        return rule.valid_to + dt.timedelta(days=1)
    return max(today, rule.valid_from)


def _told(petition: Petition, against: Against | None, on: dt.date, known: Tables) -> str:
    try:
        found = assign(
            petition.kind, petition.subfield_id or "", petition.where, against=against, on=on, known=known
        )
    except FactError as wrong:
        return str(wrong)
    return _words(found)


def _words(found: Assignment) -> str:
    """Who would lead, or where the citizen would be sent, with the limit."""
    where = found.lead.name if found.lead else (found.address or {}).get("body", "")
    return f"{where} ({found.deadline_policy})"
