"""Every address and every form, asked by everybody with what nobody means well: never a 500.

Seeded: the same questions each time (HOSTILE_SEED for others, HOSTILE_TIMES for more of them). Whatever a
question changed is taken back before the next, so that each finds the same house.
"""

from __future__ import annotations

import os
import random
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from feedback import followups
from feedback.forms.desk import FOR
from feedback.forms.following import BY_SLUG
from feedback.models import Petition
from feedback.submission import KeptReceipt
from feedback.views.opened import COOKIE, signed
from tests.test_roles import EVERYONE, clients, filled, routes, world

__all__ = ["world"]

pytestmark = pytest.mark.slow

SEED = int(os.environ.get("HOSTILE_SEED", "13"))
TIMES = int(os.environ.get("HOSTILE_TIMES", "1"))
MOST_S = 20.0  # of one answer, on a machine that does other things beside
LONG = 20_000
LONGEST_PATH = 6_000  # what gunicorn lets through
HOSTILE = (
    *("", " ", "\x00", "a\x00b", "-1", "0", "1.5", "1e999", "NaN", "Infinity", "9" * 25, "9" * 5_000),
    *("٣", "²", "½", "true", "null", "[]", "{}", "0001-01-01", "9999-12-31", "2026-02-30", "2026-13"),
    *("9999-12-31T23:59:59+14:00", "31/12/9999", "../../etc/passwd", "..\\..\\", "%2e%2e%2f", "/"),
    *("//evil.example", "https://evil.example/", "javascript:alert(1)", "\"'><svg onload=alert(1)>"),
    *("{{ 7*7 }}", "{% debug %}", "%s%n%(x)s", "{0.__class__}", "' OR 1=1 --", "'; DROP TABLE x; --"),
    *("\\", "a\r\nX-Evil: 1", "\u202egpj.exe", "\ufeff", "e" + "\u0301" * 500, "\U0001f600" * 300),
    *("\ufdfa", "İ", "ß", '"', '"a', "(((", "* OR *", "-", "--a", "a AND", "NEAR(a b, 2)", "a:b", "^"),
    *("=1+1", "a" * LONG, "(" * LONG, "a " * (LONG // 2), "0905" * 4_000, "@" * LONG, "ạ" * 5_000),
    "https://" * 2_000,
)
SENSIBLE = ("Nắp cống trước số 12 Lê Lợi bị mất", "2026-12-24", "20242", "1", "0905123456")
HEADS = (
    *(b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"\xff\xd8\xff\xe0", b"<svg>", b"GIF89a", b""),
    *(b"\x00\x00\x00\x18ftypheic", b"\x00\x00\x00\x18ftypisom", b"RIFF\x00\x00\x00\x00WEBPVP8 "),
)
METHODS = (
    *("GET", "GET", "GET", "GET", "POST", "POST", "POST", "HEAD"),
    *("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"),
)
NAMES = re.compile(r"""(?:\.get|\.getlist|\.pop|GET|POST|told|data)[(\[]"([\w-]{1,30})\"""")


# --- asking ---------------------------------------------------------------------------------------------


def people_who_ask(world: dict[str, Petition]) -> dict[str, Client]:
    """Everybody; a crash is an answer to them. The stranger has the secrets of all petitions."""
    found = clients()
    found["stranger"].cookies[COOKIE] = signed([KeptReceipt.of(petition) for petition in world.values()])
    for client in found.values():
        client.raise_request_exception = False
    return found


def fault_of(client: Client, ask: Callable[[], Any]) -> str:
    """What went wrong: the crash, or that it took too long; "" where nothing did. All is taken back."""
    began, kept = time.monotonic(), SimpleCookie()
    kept.update(client.cookies)
    with transaction.atomic():
        answer = ask()
        away = answer.headers.get("Location", "")
        if answer.status_code in (302, 303) and away.startswith("/"):
            answer = client.get(away)
        failed = followups.catch_up().failed if answer.status_code < 400 else 0
        transaction.set_rollback(True)
    took, client.cookies = time.monotonic() - began, kept
    if answer.status_code >= 500:
        return f"{answer.status_code} {getattr(answer, 'exc_info', None)}"
    if failed:
        return f"{failed} follow-ups failed"
    return f"{took:.0f} s" if took > MOST_S else ""


def short(told: Any) -> str:
    return str({name: str(value)[:60] for name, value in told.items()} if isinstance(told, dict) else told)[
        :600
    ]


# --- every address --------------------------------------------------------------------------------------


def parameters() -> list[str]:
    """Every name that some line of the house asks a request for."""
    sources = (
        path.read_text(encoding="utf-8")
        for folder in ("accounts", "feedback", "publication", "config", "routing")
        for path in sorted((settings.BASE_DIR / folder).rglob("*.py"))
    )
    return sorted({name for source in sources for name in NAMES.findall(source)})


def query(chance: random.Random, names: list[str]) -> str:
    chosen = [(chance.choice(names), chance.choice(HOSTILE)[:1_000]) for _one in range(chance.randint(1, 4))]
    if chance.random() < 0.2:
        return "&".join(f"{name}=%ff%ed%a0%80&{name}=" for name, _value in chosen)
    return urlencode(chosen * chance.choice((1, 1, 1, 2)))[:LONGEST_PATH]


def bent(chance: random.Random, address: str) -> str:
    """One part of the path is something else."""
    parts = address.split("/")
    parts[chance.randrange(1, max(2, len(parts) - 1))] = quote(chance.choice(HOSTILE)[:1_000], safe="")
    return "/".join(parts)[:LONGEST_PATH]


def body(chance: random.Random, names: list[str]) -> dict[str, Any]:
    """What is posted, and as what."""
    kind = chance.random()
    if kind < 0.7:
        return {
            "data": {chance.choice(names): chance.choice(HOSTILE) for _one in range(chance.randint(0, 6))}
        }
    if kind < 0.8:
        return {"data": b"a=%ff%ed%a0%80&" * 50, "content_type": "application/x-www-form-urlencoded"}
    if kind < 0.9:
        half = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nhalf'
        return {"data": half, "content_type": "multipart/form-data; boundary=x"}
    kinds = ("application/json", "text/xml", "multipart/form-data", "x" * 300)
    return {"data": b'{"a": ' * 500, "content_type": chance.choice(kinds)}


def questions(
    chance: random.Random, world: dict[str, Petition]
) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Who asks by which method for which address, and what with it."""
    names = parameters()
    for route, address in routes(get_resolver()):
        ours = not route.startswith("admin:")
        for _time in range((30 if ours else 4) * TIMES):
            who = chance.choice(EVERYONE) if ours else chance.choice(("quantri", "quantri", "xuly.haichau"))
            place = filled(route, address, chance.choice([*world.values(), None]))
            place = bent(chance, place) if chance.random() < 0.3 else place
            place += f"?{query(chance, names)}" if chance.random() < 0.6 else ""
            method = chance.choice(METHODS)
            yield who, method, place, body(chance, names) if method == "POST" else {}


def test_no_address_breaks(world: dict[str, Petition]) -> None:
    people, wrong = people_who_ask(world), list[str]()
    for who, method, place, told in questions(random.Random(SEED), world):
        client = people[who]
        ask = getattr(client, method.lower(), None) or (lambda at, by=client, m=method: by.generic(m, at))
        if fault := fault_of(client, lambda ask=ask, place=place, told=told: ask(place, **told)):  # type: ignore[misc]
            wrong.append(f"{who} {method} {place[:300]} {short(told)}: {fault}")
    assert not wrong, "\n".join(wrong)


# --- every form -----------------------------------------------------------------------------------------


@dataclass
class Form:
    """A form as it stands on a page: where it is sent, how, and what is in it."""

    address: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)


class Forms(HTMLParser):
    """The forms of a page; of a list that is chosen from, nothing."""

    def __init__(self, page: str, address: str) -> None:
        super().__init__()
        self.address, self.found = address, list[Form]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(told.get("action") or self.address, told.get("method", "get").upper()))
        elif self.found and tag in ("input", "textarea", "select", "button") and told.get("name"):
            if told.get("type") == "file":
                self.found[-1].files.append(told["name"])
            else:
                self.found[-1].fields[told["name"]] = told.get("value", "")


WITH_FORMS = (
    *(
        "feedback:home",
        "feedback:file",
        "feedback:track",
        "feedback:enter",
        "feedback:desk",
        "feedback:audit",
    ),
    *("feedback:board", "feedback:petition", "feedback:papers", "feedback:identity", "feedback:black_out"),
    *("feedback:follow", "feedback:say", "feedback:object", "publication:list", "publication:search"),
    *("publication:statistics", "accounts:login", "accounts:absences", "accounts:enrol", "accounts:password"),
)


def pages(chance: random.Random, world: dict[str, Petition]) -> Iterator[str]:
    """Each page with forms, of a few petitions; what may be said or done each on its own page."""
    addresses = dict(routes(get_resolver()))
    for route in WITH_FORMS:
        slugs = list(FOR if route == "feedback:petition" else BY_SLUG if route == "feedback:say" else ["-"])
        for slug in slugs:
            for petition in chance.sample(list(world.values()), 3):
                place = filled(route, addresses[route], petition).replace("noi-them", slug)
                yield f"{place}?lam={slug}" if route == "feedback:petition" else place


def forms(
    chance: random.Random, people: dict[str, Client], world: dict[str, Petition]
) -> Iterator[tuple[str, Form]]:
    """Every different form, with whoever of a few people it stands on a page for."""
    seen = set[tuple[str, str, str]]()
    for page in pages(chance, world):
        for who in ["stranger"] if page.startswith("/tra-cuu/") else ["tongdai", *chance.sample(EVERYONE, 3)]:
            answer = people[who].get(page)
            for form in Forms(answer.content.decode(), page).found if answer.status_code == 200 else ():
                sort = (re.sub(r"[0-9]{6,}", "", form.address), form.method, " ".join(sorted(form.fields)))
                if sort not in seen:
                    seen.add(sort)
                    yield who, form


def filled_in(chance: random.Random, form: Form) -> dict[str, Any]:
    """Most as a person would, some as nobody would; something left out, files that only begin like one."""
    told: dict[str, Any] = dict(form.fields)
    for name, value in form.fields.items():
        if chance.random() < 0.3:
            told[name] = chance.choice(HOSTILE)
        elif not value and chance.random() < 0.6:
            told[name] = chance.choice(SENSIBLE)
    if told and chance.random() < 0.2:
        told.pop(chance.choice(list(told)))
    for name in form.files:
        if form.method == "POST" and chance.random() < 0.5:
            content = chance.choice(HEADS) + chance.randbytes(chance.choice((0, 10, 3_000)))
            called = chance.choice(HOSTILE)[:300].replace("/", "_")  # the test's own side takes no path
            told[name] = SimpleUploadedFile(f"x{called}", content)
    return told


def test_no_form_breaks(world: dict[str, Petition]) -> None:
    chance, people, wrong = random.Random(SEED), people_who_ask(world), list[str]()
    found = list(forms(chance, people, world))
    assert len(found) > len(FOR)  # else it was the pages that were not found
    for who, form in found:
        for _time in range(5 * TIMES):
            told = filled_in(chance, form)
            client = people[who]
            ask = client.post if form.method == "POST" else client.get
            if fault := fault_of(client, lambda ask=ask, at=form.address, told=told: ask(at, told)):  # type: ignore[misc]
                wrong.append(f"{who} {form.method} {form.address} {short(told)}: {fault}")
    assert not wrong, "\n".join(wrong)
