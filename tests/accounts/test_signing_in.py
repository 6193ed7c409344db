"""The password: guessed at, changed, and what of a session stays and what ends with it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as house
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from accounts import guessing, views
from accounts.models import OF_AN_AGENCY, Post, Role, User
from config.settings import shared_cache
from tests import make
from tests.pages import words

pytestmark = pytest.mark.django_db

PASSWORD, ANOTHER = "con trâu đen nhảy múa", "mười hai con giáp về làng"
OFFICE, ELSEWHERE = "203.0.113.7", "198.51.100.9"


@pytest.fixture
def guarded(settings: Any, tmp_path: Path) -> None:
    settings.THROTTLE = True
    settings.CACHES = settings.CACHES | {"guesses": shared_cache("", tmp_path / "guesses")}


def person(name: str = "") -> User:
    user = make.user(Role.HANDLER, make.HAI_CHAU, name=name)
    user.set_password(PASSWORD)
    user.save()
    return user


def tried(name: str, password: str, address: str = OFFICE, client: Client | None = None, **told: str) -> Any:
    client = client or Client()
    return client.post("/dang-nhap/", {"username": name, "password": password, **told}, REMOTE_ADDR=address)


def signed_in(user: User) -> Client:
    client = Client()
    assert tried(user.username, PASSWORD, client=client).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get("/xu-ly/").status_code == 200


# --- where the day begins -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("posts", "page"),
    [
        ([Role.CITIZEN], "feedback:track"),
        ([Role.HANDLER], "feedback:desk"),
        ([Role.OPERATOR], "feedback:desk"),
        ([Role.REVIEWER], "feedback:desk"),
        ([Role.SUPERVISOR], "feedback:board"),
        ([Role.AUDITOR], "feedback:audit"),
        ([Role.ADMINISTRATOR], "admin:index"),
        ([Role.CITIZEN, Role.AUDITOR, Role.SUPERVISOR], "feedback:board"),
        ([Role.SUPERVISOR, Role.FOCAL_POINT], "feedback:desk"),
    ],
)
def test_each_begins_with_the_page_of_his_own_work(posts: list[Role], page: str) -> None:
    user = make.user(posts[0], make.HAI_CHAU if posts[0] in OF_AN_AGENCY else "")
    Post.objects.bulk_create(Post(user=user, role=role) for role in posts[1:])
    assert views.first_page(user) == page


@pytest.mark.parametrize(("role", "page"), [(Role.AUDITOR, "/kiem-tra/"), (Role.ADMINISTRATOR, "/quan-tri/")])
def test_signing_in_leads_there(role: Role, page: str) -> None:
    user = make.user(role, province="48")
    user.is_staff = user.is_superuser = role == Role.ADMINISTRATOR
    user.set_password(PASSWORD)
    user.save()
    assert tried(user.username, PASSWORD).headers["Location"] == page


# --- guessed at -----------------------------------------------------------------------------------------


def test_five_wrong_passwords_close_one_name_for_one_address_and_nobody_else(guarded: None) -> None:
    user, colleague = person(), person()
    answers = [tried(user.username, "sai") for _guess in range(6)]
    assert [answer.status_code for answer in answers[-2:]] == [429, 429]
    assert answers[-1].headers["Retry-After"] == "900"
    assert tried(user.username, PASSWORD).status_code == 429
    assert tried(user.username, PASSWORD, ELSEWHERE).status_code == 302
    assert tried(colleague.username, PASSWORD).status_code == 302


@pytest.mark.long
def test_one_address_may_not_try_a_few_passwords_on_every_name(guarded: None) -> None:
    user = person()
    for number in range(views.MOST_OF_AN_ADDRESS):
        assert tried(f"ten{number}", "MatKhau@123456").status_code == 200
    held = tried(user.username, PASSWORD)
    assert (held.status_code, held.headers["Retry-After"]) == (429, str(guessing.WINDOW_S))
    assert tried(user.username, PASSWORD, ELSEWHERE).status_code == 302


class Counted(MD5PasswordHasher):
    """What an answer costs is hashing; so it is counted."""

    hashed = 0

    def encode(self, password: str, salt: str) -> str:
        Counted.hashed += 1
        return super().encode(password, salt)


def test_a_name_that_is_not_there_is_answered_like_a_wrong_password(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.Counted"]
    user, gone = person("ten-co-that"), person("da-nghi-viec")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    seen = set()
    for name in (user.username, gone.username, "khong-co-ai"):
        Counted.hashed = 0
        answer = tried(name, "sai mật khẩu rồi")
        page = re.sub(r'(value|nonce)="[^"]*"', "", words(answer))
        seen.add((answer.status_code, page, Counted.hashed))
    assert len(seen) == 1
    assert next(iter(seen))[2] == 1


# --- a session ------------------------------------------------------------------------------------------


def test_a_session_that_somebody_else_prepared_is_not_the_one_that_is_signed_in() -> None:
    user, client = person(), Client()
    client.cookies[house.SESSION_COOKIE_NAME] = "a" * 32
    assert tried(user.username, PASSWORD, client=client).status_code == 302
    assert client.cookies[house.SESSION_COOKIE_NAME].value != "a" * 32
    thief = Client()
    thief.cookies[house.SESSION_COOKIE_NAME] = "a" * 32
    assert not is_in(thief)


def test_what_was_kept_of_a_session_opens_nothing_after_signing_out() -> None:
    client = signed_in(person())
    thief = Client()
    thief.cookies[house.SESSION_COOKIE_NAME] = client.cookies[house.SESSION_COOKIE_NAME].value
    assert is_in(thief)
    client.post("/dang-xuat/")
    assert not is_in(thief)


def test_the_cookie_of_a_session_is_out_of_reach_of_scripts_and_other_sites() -> None:
    kept = signed_in(person()).cookies[house.SESSION_COOKIE_NAME]
    assert (kept["httponly"], kept["samesite"], kept["path"]) == (True, "Lax", "/")


@pytest.mark.parametrize(
    "onward",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "javascript:alert(1)",
        "///evil.example",
    ],
)
def test_signing_in_leads_to_no_other_house(onward: str) -> None:
    answer = tried(person().username, PASSWORD, next=onward)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/xu-ly/")


# --- one's own password -----------------------------------------------------------------------------------


def changed(client: Client, old: str = PASSWORD, new: str = ANOTHER) -> Any:
    told = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post("/dang-nhap/mat-khau/", told)


def test_whoever_changes_the_password_goes_on_and_every_other_session_ends() -> None:
    user = person()
    here, forgotten = signed_in(user), signed_in(user)
    assert changed(here).status_code == 302
    assert is_in(here)
    assert not is_in(forgotten)
    assert tried(user.username, PASSWORD).status_code == 200
    assert tried(user.username, ANOTHER).status_code == 302


@pytest.mark.parametrize(
    ("old", "new"), [("sai", ANOTHER), (PASSWORD, "ngan"), (PASSWORD, "123456789012"), (PASSWORD, "")]
)
def test_a_wrong_old_or_a_weak_new_password_changes_nothing(old: str, new: str) -> None:
    user = person()
    client = signed_in(user)
    assert changed(client, old, new).status_code == 400
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


@pytest.mark.long
def test_whoever_finds_an_open_session_cannot_guess_the_password(guarded: None) -> None:
    client = signed_in(person())
    answers = [changed(client, f"sai {guess}").status_code for guess in range(views.MOST_OF_A_PERSON + 1)]
    assert answers == [400] * views.MOST_OF_A_PERSON + [429]
    assert changed(client).status_code == 429


def test_a_stranger_changes_no_password() -> None:
    answer = changed(Client())
    assert (answer.status_code, answer.headers["Location"]) == (302, "/dang-nhap/?next=/dang-nhap/mat-khau/")
