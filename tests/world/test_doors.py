"""What all addresses of the house have in common: tokens, headers, hosts, methods, and no field too many."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings as house
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import User
from feedback.models import Petition
from tests import make
from tests.pages import at, words
from tests.test_roles import filled, routes

pytestmark = pytest.mark.django_db

# No account stands behind these two, and a shared cache keeps the pages that they stand on.
WITHOUT_TOKEN = {"feedback:object", "accounts:language"}
EVIL = "evil.example"


def exempt(resolver: URLResolver, space: str = "") -> set[str]:
    found = set[str]()
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            found |= exempt(entry, space + (f"{entry.namespace}:" if entry.namespace else ""))
        elif isinstance(entry, URLPattern) and getattr(entry.callback, "csrf_exempt", False):
            found.add(space + str(entry.name))
    return found


def test_only_two_addresses_take_a_form_without_its_token() -> None:
    assert exempt(get_resolver()) == WITHOUT_TOKEN


@pytest.mark.long
def test_what_another_site_posts_for_somebody_signed_in_is_refused_everywhere() -> None:
    petition, user = make.petition("in_progress"), make.handler()
    client = Client(enforce_csrf_checks=True, headers={"Origin": f"https://{EVIL}"})
    client.cookies.update(at(user).cookies)
    steps = petition.steps.count()
    for route, address in routes(get_resolver()):
        if route not in WITHOUT_TOKEN and not route.startswith("admin:"):
            answer = client.post(filled(route, address, petition), {"text": "x", "note": "x"})
            takes_nothing = route.startswith("publication:")
            assert answer.status_code == (405 if takes_nothing else 403), route
    assert petition.steps.count() == steps


ANY = ("/", "/gui/", "/dang-nhap/", "/cong-khai/", "/khong-co/", "/xu-ly/", "/healthz")
ONES_OWN = ("/xu-ly/", "/xu-ly/{code}/", "/xu-ly/{code}/van-ban/", "/vang-mat/", "/dang-nhap/hai-buoc/")


@pytest.mark.parametrize("page", ANY)
def test_no_page_runs_what_is_foreign_or_stands_in_anothers_frame(page: str) -> None:
    answer = at(make.handler()).get(page)
    policy = dict(part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert re.fullmatch(r"'self'( 'nonce-[\w+/=-]+')?", policy["script-src"])
    assert policy["form-action"] == "'self'"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == answer["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("page", [*ONES_OWN, "/tra-cuu/"])
def test_no_cache_keeps_what_is_for_one_person(page: str) -> None:
    petition = make.petition("in_progress")
    answer = at(make.handler()).get(page.format(code=petition.code))
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)


@pytest.mark.parametrize("host", [EVIL, f"127.0.0.1.{EVIL}", "127.0.0.1@evil.example", "127.0.0.1 evil", ""])
def test_a_host_that_is_not_ours_is_refused(client: Client, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 400


def test_no_header_makes_the_house_believe_that_it_stands_elsewhere(client: Client) -> None:
    told = dict.fromkeys(("X-Forwarded-Host", "X-Original-URL", "X-Rewrite-URL", "Forwarded"), f"host={EVIL}")
    for page in ("/", "/cong-khai/", "/cong-khai/atom.xml", "/sitemap.xml", "/xu-ly/"):
        answer = client.get(page, headers=told)
        assert EVIL not in words(answer) + str(answer.headers)


@pytest.mark.parametrize("told", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_a_get_is_no_post_whatever_its_headers_say(told: str) -> None:
    petition = make.petition("assigned")
    at(make.handler()).get(f"/xu-ly/{petition.code}/accept/?_method=POST", headers={told: "POST"})
    assert Petition.objects.get().state == "assigned"


def test_fields_that_a_form_does_not_have_change_nothing(client: Client) -> None:
    victim, official = make.petition("submitted"), make.handler()
    told = {"state": "closed", "code": victim.code, "pk": victim.pk, "id": victim.pk, "sealed": "1"}
    told |= {"lead": make.CONSTRUCTION, "petitioner": official.pk, "entered_by": official.pk, "score": "5"}
    told |= {"secret_hash": "x", "channel": "letter", "submitted_at": "2020-01-01", "kind": "praise"}
    client.post("/gui/", told | {"text": "Nắp cống trước số 12 bị mất", "commune": "20242"})
    made = Petition.objects.exclude(pk=victim.pk).get()
    assert (made.state, made.channel, made.sealed) == ("submitted", "web", False)
    assert made.lead_id != make.CONSTRUCTION
    assert (made.petitioner_id, made.entered_by_id, made.score) == (None, None, "")
    assert made.submitted_at.year > 2020


def test_an_official_gives_himself_no_right_by_a_field() -> None:
    user = make.handler()
    told = {
        "first_day": "2099-01-01",
        "last_day": "2099-01-02",
        "user": "1",
        "is_superuser": "on",
        "role": "auditor",
    }
    assert at(user).post("/vang-mat/", told).status_code == 302
    user = User.objects.get(pk=user.pk)
    assert (user.is_superuser, user.is_staff, user.absences.count()) == (False, False, 1)
    assert [post.role for post in user.post_set.all()] == ["handler"]


def test_of_a_field_that_stands_twice_one_value_counts_for_right_and_deed() -> None:
    """Asked with the code of the one he has, and beside it of one he has not."""
    mine, others = make.petition("in_progress"), make.petition("in_progress", lead=make.CONSTRUCTION)
    client, told = at(make.handler()), {"note": ["Đã gọi điện", "Đã gọi"], "code": [mine.code, others.code]}
    client.post(f"/xu-ly/{mine.code}/note/?code={others.code}", told)
    assert others.steps.filter(action="note").count() == 0


def test_a_cookie_that_is_not_ours_is_no_cookie(client: Client) -> None:
    for name in (house.SESSION_COOKIE_NAME, house.OPENED_COOKIE_NAME, house.LANGUAGE_COOKIE_NAME, "messages"):
        client.cookies[name] = "../../x:1:\\xff"
    assert client.get("/tra-cuu/").status_code == 200


def answers_of(client: Client, petition: Petition) -> set[Any]:
    pages = (f"/xu-ly/{petition.code}/", f"/tra-cuu/{petition.code}/", f"/kiem-tra/{petition.code}/")
    return {client.get(page).status_code for page in pages}


def test_a_code_that_is_counted_up_opens_nothing() -> None:
    """Codes are random; and who tries them all sees no difference."""
    petition, outsider = make.petition("in_progress"), at(make.handler(make.CONSTRUCTION))
    assert answers_of(outsider, petition) == {404}
    codes = {make.petition("submitted", anew=True).code for _one in range(3)}
    assert len({int(code[:11]) // 1_000 for code in codes}) == 3
