"""Every address of the house, walked as a stranger and as every account of the demonstration.

What each may is written out in `roles.txt`; an address without a row there fails. What is not one's own is,
byte for byte, the 404 of what does not exist.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts import demonstration
from accounts.models import User
from feedback.models import Exclusion, Petition
from feedback.permissions import SYSTEM
from feedback.steps import take
from tests import make

TABLE = Path(__file__).with_name("roles.txt")
ELSEWHERE = "commune-people-committee:00367"
COMMITTEE = "provincial-people-committee:48"
ACCOUNTS = [username for username, _name, _posts in demonstration.PEOPLE]
EVERYONE = ["stranger", *ACCOUNTS]
# What no petition, file or row has.
NO_CODE, NO_NUMBER = "000000000019", "999999"


@dataclass(frozen=True)
class Row:
    """One line of the table: an address, and what each person is answered."""

    method: str
    route: str
    which: str  # of which petition, "-" where the address names none
    expected: dict[str, str]


def table() -> Iterator[Row]:
    columns: list[str] = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        words = line.split("#")[0].split()
        if words[:1] == ["who"]:
            columns = words[1:]
        elif words:
            method, route, which, *answers = words
            told = dict(zip(columns, answers, strict=True))
            rest = told.pop("others", "")
            yield Row(method, route, which, {name: told.get(name, rest) for name in EVERYONE})


def routes(resolver: URLResolver, before: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """Name and address of every pattern; one without a name is called by its address."""
    for entry in resolver.url_patterns:
        address = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield space + (entry.name or address), address
        else:
            yield from routes(entry, address, space + (f"{entry.namespace}:" if entry.namespace else ""))


@pytest.fixture
def world(db: None) -> dict[str, Petition]:
    """One petition of each sort that somebody must not see."""
    people = {person.username: person for person in demonstration.create()}
    made = {
        "submitted": make.petition("submitted"),
        "assigned": make.petition("assigned"),
        "in_progress": make.petition("in_progress", petitioner=people["nguoidan"]),
        "pending": make.petition("pending_approval"),
        "answered": make.petition("answered"),
        "rejected": make.petition("rejected"),
        "construction": make.petition("in_progress", lead=make.CONSTRUCTION),
        "coordinated": make.petition("in_progress"),
        "superior": make.petition("in_progress"),
        "sealed": make.petition("submitted"),
        "accused": make.petition("in_progress", lead=COMMITTEE),
        "own": make.petition("in_progress", petitioner=people["xuly.haichau"]),
        "elsewhere": make.petition("in_progress", lead=ELSEWHERE, commune="00367"),
    }
    take(made["answered"], "publish", by=make.reviewer(), public_text="Vỉa hè")
    asked: dict[str, Any] = {"agencies": [make.CONSTRUCTION], "question": "Ai quản lý?", "day": "2099-01-01"}
    take(made["coordinated"], "coordinate", by=make.handler(), **asked)
    drafter = User.objects.get(username="duyet.haichau")
    User.objects.filter(post__role="approver", post__agency=make.HAI_CHAU).exclude(pk=drafter.pk).update(
        is_active=False
    )
    take(made["superior"], "draft_reply", by=drafter, **make.ANSWER)
    take(made["sealed"], "seal", by=SYSTEM, kind="denunciation")
    Exclusion.objects.create(petition=made["accused"], agency_id=make.HAI_CHAU)
    for petition in made.values():
        make.attachment(petition)
    return made


def clients() -> dict[str, Client]:
    found = {"stranger": Client()}
    for name in ACCOUNTS:
        found[name] = Client()
        found[name].force_login(User.objects.get(username=name))
    return found


def filled(route: str, address: str, petition: Petition | None) -> str:
    """The address with what it asks for: this petition's code and file, or what does not exist."""
    file = petition.attachments.first() if petition else None
    told = {
        "<str:code>": petition.code if petition else NO_CODE,
        "(?P<code>[0-9]{12})": petition.code if petition else NO_CODE,
        "(?P<code>[0-9]{2})": "48",
        "(?P<month>20[0-9]{2}-(?:0[1-9]|1[0-2]))": "2026-10",
        "(?P<agency>[a-z0-9:-]{1,150})\\.(?P<form>xlsx|pdf)": f"{make.HAI_CHAU}.pdf",
        "(?P<agency>[a-z0-9:-]{1,150})\\.": f"{make.HAI_CHAU}.",
        "(?P<agency>[a-z0-9:-]{1,150})": make.HAI_CHAU,
        "(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})\\.": "2026-11-28.",
        "(?P<name>[A-Za-z0-9]{1,20}(?:\\.[a-z0-9]{2,6})?)": "cube.csv",
        "<str:action>": "note",
        "<str:slug>": "thong-bao-tiep-nhan" if route == "feedback:write" else "noi-them",
        "<int:pk>": str(file.pk) if file else NO_NUMBER,
        "(?P<pk>[0-9]{1,12})": NO_NUMBER,
        "(?P<url>.*)": "khong-co",
        "<path:content_type_id>/<path:object_id>": f"{NO_NUMBER}/{NO_NUMBER}",
        "<path:object_id>": first_of(route),
        "<id>": first_of("admin:accounts_user_change"),
    }
    address = re.sub(r"\(\?P<app_label>[^)]*\)", "accounts", address)
    for hole, value in told.items():
        address = address.replace(hole, value)
    return "/" + address.replace("^", "").replace("$", "")


def first_of(route: str) -> str:
    """The number of a row that the admin can show."""
    label, model = [*route.removeprefix("admin:").split("_"), ""][:2]
    row = (
        apps.get_model(label, model).objects.order_by("pk").first()
        if model in MODELS.get(label, ())
        else None
    )
    return str(row.pk) if row else NO_NUMBER


MODELS = {
    config.label: {model._meta.model_name for model in config.get_models()}
    for config in apps.get_app_configs()
}


def answer_of(client: Client, row: Row, address: str) -> Any:
    return getattr(client, row.method.lower())(address)


def word_for(answer: Any) -> str:
    """Its status; `in` where it leads to signing in."""
    away = answer.status_code == 302 and answer.headers["Location"].startswith(
        ("/dang-nhap/?", "/quan-tri/login/")
    )
    return "in" if away else str(answer.status_code)


def seen_of(answer: Any) -> tuple[bytes, list[tuple[str, str]]]:
    """All that a browser gets, but the number of the request."""
    told = [(name, value) for name, value in answer.headers.items() if name != "X-Request-ID"]
    return answer.content, told


def walk(world: dict[str, Petition], asked: Callable[[int, int], bool]) -> list[str]:
    """What is not as the table says, of the rows and people (by their numbers) that are asked for."""
    addresses, people, wrong = dict(routes(get_resolver())), clients(), list[str]()
    void: dict[tuple[str, str, str], object] = {}
    for number, row in enumerate(table()):
        petition, address = world.get(row.which), addresses[row.route]
        for place, name in enumerate(EVERYONE):
            if not asked(number, place):
                continue
            answer = answer_of(people[name], row, filled(row.route, address, petition))
            told = f"{row.method} {row.route} {row.which} {name}"
            if word_for(answer) != row.expected[name]:
                wrong.append(f"{told}: {word_for(answer)}, not {row.expected[name]}")
            elif petition and answer.status_code == 404:
                key = (row.method, row.route, name)
                if key not in void:
                    void[key] = seen_of(answer_of(people[name], row, filled(row.route, address, None)))
                if seen_of(answer) != void[key]:
                    wrong.append(f"{told}: not the 404 of what does not exist")
    return wrong


def test_every_address_has_its_row_and_every_row_its_address() -> None:
    assert {row.route for row in table()} == {name for name, _address in routes(get_resolver())}


@pytest.mark.long
def test_everybody_is_answered_as_the_table_says(world: dict[str, Petition]) -> None:
    """Each row for one person in turn, each petition also for one from elsewhere; slow: for all."""
    rows = list(table())
    outsider, administrator = EVERYONE.index("nguoila"), EVERYONE.index("quantri")

    def asked(number: int, place: int) -> bool:
        in_turn = number % len(EVERYONE) == place
        if rows[number].route.startswith("admin:"):
            return in_turn and place != administrator and number % 5 == 0  # many alike, and large to the one
        return in_turn or (place == outsider and rows[number].route == "feedback:act")

    assert not walk(world, asked)
