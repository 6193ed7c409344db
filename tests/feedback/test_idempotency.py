"""One form is one petition, however often, from wherever and how many at once it comes."""

from __future__ import annotations

import datetime as dt
import random
import re
import secrets
import threading
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from bench.statements import Cost, cost_of, counted
from feedback import codes
from feedback.intake import receive
from feedback.models import Petition
from feedback.permissions import SYSTEM
from feedback.steps import take
from tests import make
from tests.pages import words

FORM = {"text": "Nắp cống trước số 12 Lê Lợi bị mất.", "commune": "20242", "phone": "0905 123 456"}
KEY = "tJ8Zk1m2QxYv0aWb"


def browser() -> Client:
    """A browser that has opened the form, and so sends a random value that no other sends."""
    client = Client()
    client.get("/gui/")
    return client


def hand_in(client: Client, **fields: Any) -> Any:
    return client.post("/gui/", FORM | {"key": KEY} | fields)


def secret_in(client: Client) -> str:
    return client.cookies["receipt"].value


@pytest.mark.django_db
def test_the_page_of_the_form_is_never_kept_and_each_has_a_key_of_its_own() -> None:
    first, second = (Client().get("/gui/") for _ in range(2))
    assert "no-store" in first.headers["Cache-Control"]
    keys = {key for page in (first, second) for key in re.findall(r'name="key" value="([^"]+)"', words(page))}
    assert len(keys) == 2
    assert all(len(key) >= 20 for key in keys)


@pytest.mark.django_db
def test_the_same_browser_gets_the_same_receipt_with_its_secret() -> None:
    client = browser()
    first, second = hand_in(client), hand_in(client)
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert secret_in(client) in words(client.get(second.headers["Location"]))
    assert Petition.objects.count() == 1


@pytest.mark.django_db
def test_a_sender_whose_first_answer_never_arrived_gets_the_receipt_all_the_same() -> None:
    client = browser()
    sent = client.cookies["csrftoken"].value
    hand_in(client)
    first = secret_in(client)
    client.cookies.clear()  # what the lost answer would have set
    client.cookies["csrftoken"] = sent
    answer = hand_in(client)
    assert answer.status_code == 303
    assert secret_in(client) == first
    assert first in words(client.get(answer.headers["Location"]))


@pytest.mark.django_db
def test_elsewhere_the_same_form_hears_that_it_was_received_and_nothing_that_opens_it() -> None:
    client, other = browser(), browser()
    hand_in(client)
    petition = Petition.objects.get()
    answer = hand_in(other)
    assert answer.status_code == 200
    assert "Đã nhận phản ánh này" in words(answer)
    for told in (petition.code, petition.printed_code, secret_in(client)):
        assert told not in words(answer)
        assert told not in str(answer.headers)
    assert "receipt" not in other.cookies
    assert "opened" not in other.cookies
    assert other.get(f"/tra-cuu/{petition.code}/").status_code == 404
    assert Petition.objects.count() == 1


@pytest.mark.django_db
def test_a_signed_in_sender_finds_the_receipt_from_another_machine_without_the_secret() -> None:
    person = make.user()
    here, there = browser(), browser()
    here.force_login(person)
    there.force_login(person)
    hand_in(here)
    answer = hand_in(there)
    assert answer.status_code == 303
    assert secret_in(here) not in words(there.get(answer.headers["Location"]))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "other",
    [
        {"text": "Nắp cống trước số 14 Lê Lợi bị mất."},
        {"commune": ""},
        {"place_text": "chợ Cồn"},
        {"phone": "0905 123 457"},
        {"hidden": "on"},
        {"lat": "16.06", "lon": "108.22"},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_the_same_key_with_other_content_is_another_petition(other: dict[str, str]) -> None:
    client = browser()
    assert hand_in(client).headers["Location"] != hand_in(client, **other).headers["Location"]
    assert Petition.objects.count() == 2


@pytest.mark.django_db
def test_without_a_key_the_same_words_from_two_are_two_petitions_with_secrets_of_their_own() -> None:
    one, other = browser(), browser()
    hand_in(one, key="")
    hand_in(other, key="")
    assert Petition.objects.count() == 2
    assert secret_in(one) != secret_in(other)


def fresh_key(client: Client) -> str:
    """The form as it is drawn when somebody comes back to it: with a key of its own."""
    return str(re.findall(r'name="key" value="([^"]+)"', words(client.get("/gui/")))[0])


@pytest.mark.django_db
def test_back_from_the_receipt_and_sent_again_unchanged_is_the_same_receipt_with_its_secret() -> None:
    client = browser()
    first = hand_in(client, key=fresh_key(client))
    secret = secret_in(client)
    again = hand_in(client, key=fresh_key(client))
    assert (again.status_code, again.headers["Location"]) == (303, first.headers["Location"])
    assert secret in words(client.get(again.headers["Location"]))
    assert Petition.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("other", [{"text": f"{FORM['text']} Sáng nay có người té."}, {"phone": ""}])
def test_back_from_the_receipt_and_one_word_more_is_another_petition(other: dict[str, str]) -> None:
    client = browser()
    hand_in(client, key=fresh_key(client))
    hand_in(client, key=fresh_key(client), **other)
    assert Petition.objects.count() == 2
    assert Petition.objects.latest("pk").text == (FORM | other)["text"]


@pytest.mark.long
@pytest.mark.django_db
def test_the_same_words_after_half_an_hour_or_after_withdrawing_are_a_new_petition() -> None:
    client = browser()
    hand_in(client, key=fresh_key(client))
    Petition.objects.update(submitted_at=timezone.now() - dt.timedelta(minutes=31))
    hand_in(client, key=fresh_key(client))
    assert Petition.objects.count() == 2
    last = Petition.objects.latest("pk")
    take(last, "withdraw", by=make.holder(last))
    hand_in(client, key=fresh_key(client))
    assert Petition.objects.count() == 3


def test_the_secret_of_a_form_needs_its_key_its_content_and_its_browser() -> None:
    made = codes.secret_of_form(KEY, "d1", "b1")
    assert made == codes.secret_of_form(KEY, "d1", "b1")
    assert len(made) == 8
    assert set(made) <= set(codes.ALPHABET)
    others = [("x", "d1", "b1"), (KEY, "d2", "b1"), (KEY, "d1", "b2")]
    assert made not in {codes.secret_of_form(*other) for other in others}


@pytest.mark.django_db
def test_nothing_that_is_kept_leads_back_to_the_browser_or_the_secret() -> None:
    client = browser()
    hand_in(client)
    row = str(Petition.objects.values().get())
    assert secret_in(client) not in row
    assert client.cookies["csrftoken"].value not in row
    assert KEY in row  # the key alone opens nothing


@pytest.mark.django_db
def test_a_code_that_is_taken_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "choice", random.Random(7).choice)
    first = receive(make.submission())
    monkeypatch.setattr(secrets, "choice", random.Random(7).choice)
    second = receive(make.submission())
    assert first.petition.code != second.petition.code
    assert second.created
    assert Petition.objects.count() == 2


@pytest.mark.django_db
def test_an_erased_petition_keeps_no_fingerprint_of_its_words() -> None:
    petition = receive(make.submission(key=KEY)).petition
    take(petition, "erase", by=SYSTEM, rule="on-request")
    petition = Petition.objects.get(pk=petition.pk)
    assert (petition.intake_key, petition.content_digest) == ("", "")


@pytest.mark.django_db
def test_signing_out_closes_what_this_browser_had_opened() -> None:
    client = browser()
    client.force_login(make.user())
    code = hand_in(client).headers["Location"].strip("/").split("/")[-1]
    client.post("/dang-xuat/")
    assert client.get(f"/tra-cuu/{code}/").status_code == 404


@pytest.mark.django_db
def test_a_cookie_that_somebody_wrote_himself_opens_nothing() -> None:
    petition = make.petition("submitted")
    client = Client()
    client.cookies["opened"] = f"[{petition.pk}]"
    assert client.get(f"/tra-cuu/{petition.code}/").status_code == 404


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_what_a_guest_hands_in_is_one_commit_and_at_most_twelve_statements(reference_data: None) -> None:
    """Every commit is a flush to the disk that the next sender waits for."""
    hand_in(browser(), text="Đèn đường trước chợ không sáng.")  # what a process reads once for all is read
    client = browser()
    cost = cost_of(lambda: hand_in(client))
    assert Petition.objects.count() == 2
    assert (cost.commits, cost.statements <= 12) == (1, True)


def test_commits_are_counted_from_what_was_sent() -> None:
    sent = ["SELECT 1", "BEGIN IMMEDIATE", "INSERT a", "UPDATE a", "COMMIT", "INSERT b", "SELECT 2"]
    assert counted(sent) == Cost(statements=5, commits=2)


@pytest.mark.django_db(transaction=True)
@pytest.mark.long
def test_twenty_at_once_over_http_are_one_petition(reference_data: None, live_server: LiveServer) -> None:
    """A nervous thumb, a lost signal, a proxy that repeats: real connections, all at the same moment."""
    at = urlsplit(live_server.url).netloc
    cookie, token = opened_form(at)
    together = threading.Barrier(20)
    answers: list[tuple[int, str, str]] = []

    def send() -> None:
        together.wait()
        answers.append(post(at, cookie, token))

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Petition.objects.count() == 1
    code = Petition.objects.get().code
    assert {(status, where) for status, where, _secret in answers} == {(303, f"/bien-nhan/{code}/")}
    (secret,) = {secret for _status, _where, secret in answers}
    assert codes.secret_fits(code, secret, Petition.objects.get().secret_hash)
    assert len(answers) == 20


def opened_form(at: str) -> tuple[str, str]:
    """The cookie and the token of a form that was fetched over HTTP."""
    connection = HTTPConnection(at, timeout=30)
    connection.request("GET", "/gui/")
    answer = connection.getresponse()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.read().decode())
    cookie = str(answer.headers["Set-Cookie"]).split(";")[0]
    connection.close()
    assert token
    return cookie, token[1]


def post(at: str, cookie: str, token: str) -> tuple[int, str, str]:
    """Status, address and secret of the answer."""
    connection = HTTPConnection(at, timeout=30)
    body = urlencode(FORM | {"key": KEY, "csrfmiddlewaretoken": token})
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/gui/", body, headers)
    answer = connection.getresponse()
    answer.read()
    set_cookies = "; ".join(answer.headers.get_all("Set-Cookie") or [])
    secret = re.search(r"receipt=(\w+)", set_cookies)
    connection.close()
    return answer.status, answer.headers.get("Location", ""), secret[1] if secret else ""


@pytest.mark.django_db
def test_the_same_external_id_twice_is_one_petition_and_another_source_is_another() -> None:
    first = receive(make.submission(source="dvc", external_id="7", channel="sync"))
    again = receive(make.submission(source="dvc", external_id="7", channel="sync", text="Sửa lại"))
    other = receive(make.submission(source="vneid", external_id="7", channel="sync"))
    assert (again.petition, again.created, again.secret) == (first.petition, False, "")
    assert other.created
