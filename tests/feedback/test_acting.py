"""The commands `take` and `petition`: who is let in, and what a refusal says and exits with."""

import datetime as dt
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection

from accounts.models import Role
from feedback import acting
from feedback.intake import Receipt, receive
from feedback.models import Petition
from feedback.steps import take
from routing.jsonlines import LineError
from tests import make

pytestmark = pytest.mark.django_db


def said(*words: str, **options: Any) -> tuple[int, dict[str, Any], str]:
    """Exit code, what was answered as JSON, and the words of a refusal."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command(*words, json=True, stdout=out, stderr=err, **options)
    except SystemExit as ended:
        code = int(ended.code or 0)
    return code, json.loads(out.getvalue() or "{}"), err.getvalue()


def filed() -> Receipt:
    return receive(make.submission())


@pytest.mark.long
def test_the_secret_of_a_petition_opens_its_parts_and_its_appeals() -> None:
    receipt, other = filed(), filed()
    take(receipt.petition, "split", by=make.focal_point(), texts=["Đèn đường cũng tắt"])
    part = Petition.objects.get(origin=receipt.petition)
    take(part, "split", by=make.focal_point(), texts=["Cống cũng tắc"])
    for one in (part, Petition.objects.get(origin=part)):
        code, told, _words = said("petition", one.code, secret=receipt.secret)
        assert (code, told["code"]) == (0, one.code)
        code, told, _words = said("take", one.code, "inform", secret=receipt.secret, fact=["text=Trước số 5"])
        assert (code, told["action"]) == (0, "inform")
        assert said("petition", one.code, secret=other.secret)[0] == 5


def test_a_secret_opens_neither_another_petition_nor_the_one_it_came_of() -> None:
    receipt, other = filed(), filed()
    assert said("petition", receipt.petition.code, secret=other.secret)[0] == 5
    assert said("petition", "000000000019", secret=other.secret)[0] == 5


@pytest.mark.long
def test_the_main_petition_may_be_named_as_it_is_printed() -> None:
    main, twin = make.petition("in_progress"), make.petition("in_progress")
    person = make.focal_point()
    code, told, _words = said(
        "take", twin.printed_code, "merge", username=person.username, fact=[f"main={main.printed_code}"]
    )
    assert (code, told.get("after")) == (0, "merged")


def deadlock(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
    """What PostgreSQL says to one of two that wait for each other."""
    if sql.startswith("INSERT INTO") and "feedback_step" in sql:
        raise OperationalError("deadlock detected")
    return execute(sql, *rest)


def test_a_deadlock_is_a_clear_sentence_and_writes_nothing() -> None:
    petition, person = make.petition("assigned"), make.handler()
    with connection.execute_wrapper(deadlock):
        code, _told, words = said("take", petition.code, "accept", username=person.username)
    assert code == 3
    assert "chưa có gì được ghi" in words
    assert petition.steps.count() == 3
    assert Petition.objects.get(pk=petition.pk).state == "assigned"


@pytest.mark.parametrize(
    ("at", "action", "facts"),
    [
        ("hôm qua", "note", ["text=Đã gọi"]),
        ("2031-01-01", "demand_report", ["days=5"]),
        ("2031-01-01T09:00:00+07:00", "reopen", ["reason=Lại bong"]),
    ],
)
def test_a_moment_that_cannot_be_counted_is_refused_alone_and_in_a_line(
    settings: Any, at: str, action: str, facts: list[str]
) -> None:
    settings.CLOCK_OPEN = True
    petition = make.petition("answered" if action == "reopen" else "in_progress")
    person = make.user("supervisor", province="48")
    code, _told, words = said("take", petition.code, action, username=person.username, at=at, fact=facts)
    assert (code, words.count("\n")) == (2, 1)
    line: dict[str, Any] = {"code": petition.code, "action": action, "as": person.username, "at": at}
    line["facts"] = dict(fact.split("=") for fact in facts)
    code, told, _words = said("take", stdin=[json.dumps(line)])
    assert (code, told["exit"], told["error"]) == (1, 2, words.strip())


def row(action: str, source: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("workflow", json=True, stdout=out)
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    return next(row for row in lines if (row["action"], row["from"]) == (action, source))


def roles(action: str, source: str) -> list[str]:
    return list(row(action, source)["roles"])


def test_the_table_names_what_a_closing_needs_where_the_sender_is_to_be_told() -> None:
    assert (row("close", "needs_info")["needs"], row("close", "answered")["needs"]) == (["notice"], [])


def test_a_channel_that_is_none_is_told_those_that_are() -> None:
    line = {"id": 1, "text": "Đèn đường hỏng", "channel": "phone"}
    code, told, _words = said("file", stdin=[json.dumps(line)])
    assert (code, told["exit"]) == (1, 2)
    assert "web, app, hotline, counter, letter, email, zalo, sync" in told["error"]


@pytest.mark.parametrize(
    ("action", "source", "who"),
    [
        ("close", "answered", ["system"]),
        ("close", "needs_info", ["focal_point"]),
        ("assign", "reopened", ["focal_point", "petition_officer"]),
        ("assign", "returned", ["focal_point", "petition_officer", "system"]),
    ],
)
def test_the_table_names_for_each_state_who_may_act_there(action: str, source: str, who: list[str]) -> None:
    assert roles(action, source) == who
    assert "system" in roles("seal", "submitted")
    assert "system" not in roles("seal", "in_progress")


def test_a_field_that_no_petition_has_is_named_and_nothing_is_filed_without_it() -> None:
    line = {"id": 7, "text": "Đèn đường hỏng", "contact": {"phone": "0905000111"}}
    code, told, _words = said("file", stdin=[json.dumps(line)])
    assert (code, told["id"], told["exit"], Petition.objects.count()) == (1, 7, 2, 0)
    assert told["error"].startswith(
        "Không có trường contact; các trường: anonymous, at, channel, commune, email"
    )
    del line["contact"]
    assert said("file", stdin=[json.dumps(line | {"phone": "0905000111"})])[1]["created"] is True


def test_a_key_that_was_used_names_the_first_petition_whatever_else_is_said() -> None:
    line = {"id": 1, "text": "Rác một", "key": "KK1"}
    first = said("file", stdin=[json.dumps(line)])[1]
    for again in (line, line | {"text": "Rác hai"}, line | {"name": "Lê Văn A", "commune": "20242"}):
        told = said("file", stdin=[json.dumps(again)])[1]
        assert told == {"id": 1, "code": first["code"], "secret": "", "created": False}
    assert said("file", stdin=[json.dumps(line | {"key": "KK2"})])[1]["created"] is True
    assert said("file", stdin=[json.dumps(line | {"source": "khác"})])[1]["created"] is True
    code, told, _words = said("file", stdin=[json.dumps(line | {"text": " "})])
    assert (code, told["exit"]) == (1, 2)
    assert Petition.objects.count() == 3


def test_an_edited_form_of_the_web_is_another_matter() -> None:
    one, other = (receive(make.submission(text=text, key="KK1")) for text in ("Rác một", "Rác hai"))
    assert other.created
    assert one.petition.code != other.petition.code


def test_of_a_moment_that_is_over_the_steps_of_then_are_told_and_no_action(settings: Any) -> None:
    settings.CLOCK_OPEN = True
    petition = make.petition("in_progress", anew=True)
    assigned = petition.steps.get(action="assign")
    take(petition, "transfer", by=make.focal_point(), agency=make.CONSTRUCTION, reason="Đường tỉnh")
    asked = {"username": make.focal_point().username}

    def at_the(moment: dt.datetime) -> dict[str, Any]:
        code, told, _words = said("petition", petition.code, **asked, at=moment.isoformat())
        assert code == 0
        return told

    then, now = at_the(assigned.at), at_the(petition.last_step().at)
    assert (then["state"], then["lead"], then["hops"]) == ("assigned", make.HAI_CHAU, 1)
    assert (then["steps"][-1]["action"], then["actions"]) == ("assign", [])
    assert (now["lead"], now["hops"], "transfer" in now["actions"]) == (make.CONSTRUCTION, 2, True)
    assert said("petition", petition.code, **asked, at="2020-01-01")[0] == 5
    assert Petition.objects.get(pk=petition.pk).lead_id == make.CONSTRUCTION


@pytest.mark.parametrize(("days", "why"), [(0, "từ 1 đến 60"), (61, "từ 1 đến 60"), ("x", "số nguyên")])
def test_a_number_of_days_that_cannot_be_is_called_what_it_is(days: object, why: str) -> None:
    petition, person = make.petition("in_progress"), make.user("supervisor", province="48")
    line = {"code": petition.code, "action": "demand_report", "as": person.username, "facts": {"days": days}}
    told = said("take", stdin=[json.dumps(line)])[1]
    assert (told["exit"], why in told["error"]) == (2, True)


@pytest.mark.parametrize("rule", ["", " ", None, "x" * 300, "a\x00b"])
def test_a_rule_that_is_none_tells_an_administrator_nothing_of_what_he_does_not_see(rule: Any) -> None:
    petition = make.petition("received", anew=True)
    take(petition, "seal", by=make.officer(), kind="denunciation")
    person = make.user(Role.ADMINISTRATOR, province="48").username
    refused = []
    for code in (petition.code, "000000000019"):
        line = {"code": code, "as": person, "action": "erase", "facts": {"rule": rule}}
        with pytest.raises(LineError) as error:
            acting.act(line)
        refused.append((str(error.value), error.value.exit_code))
    assert refused[0] == refused[1]
