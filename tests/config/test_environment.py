"""Nonsense in a variable is refused at start, in one Vietnamese line with the cure."""

import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from accounts.models import Role
from config import checks, environment

NONSENSE = [
    ({"HOME_PROVINCE": "Đà Nẵng"}, "HOME_PROVINCE phải là mã tỉnh gồm hai chữ số"),
    ({"HOME_PROVINCE": "4"}, "HOME_PROVINCE phải là mã tỉnh gồm hai chữ số"),
    ({"PORT": "http"}, "PORT phải là một số từ 1024 đến 65535"),
    ({"PORT": "80"}, "PORT phải là một số từ 1024 đến 65535"),
    ({"BASE_URL": "phananh.vn"}, "BASE_URL phải là địa chỉ công khai"),
    ({"BASE_URL": "ftp://phananh.vn"}, "BASE_URL phải là địa chỉ công khai"),
    ({"BASE_URL": "https://phananh.vn/gui/"}, "BASE_URL phải là địa chỉ công khai"),
    ({"BASE_URL": "http://phananh.vn:cổng"}, "BASE_URL không phải là một địa chỉ"),
    ({"DATABASE_URL": "mysql://root:hunter2@db/hoiam"}, "DATABASE_URL phải bắt đầu bằng postgres://"),
    ({"DATABASE_URL": "postgresql:///"}, "DATABASE_URL thiếu tên máy chủ"),
    ({"REDIS_URL": "127.0.0.1:6379"}, "REDIS_URL phải bắt đầu bằng redis://"),
    ({"ELASTICSEARCH_URL": "http://a:9200,b:9200"}, "ELASTICSEARCH_URL phải bắt đầu bằng http://"),
    ({"ELASTICSEARCH_URL": "http://u:hunter2@a/Đà Nẵng"}, "chỉ được có tên của hệ thống"),
    ({"EMAIL_URL": "http://mail"}, "EMAIL_URL phải bắt đầu bằng smtp://"),
    ({"MAIL_ADDRESS": "Hồi Âm <a@vidu.vn>"}, "MAIL_ADDRESS phải là một địa chỉ thư điện tử"),
    ({"MAIL_ADDRESS": "a@vidu.vn\nBcc: b@vidu.vn"}, "MAIL_ADDRESS phải là một địa chỉ thư điện tử"),
    ({"MAIL_DIR": "maildir"}, "MAIL_DIR phải là đường dẫn đầy đủ"),
    ({"HOIAM_THROTTLE": "thỉnh thoảng"}, "HOIAM_THROTTLE chỉ nhận"),
    ({"HOIAM_SECOND_FACTOR": "giám đốc"}, "HOIAM_SECOND_FACTOR chỉ nhận"),
    ({"HOIAM_SECOND_FACTOR": "off, approver"}, "HOIAM_SECOND_FACTOR chỉ nhận"),
    ({"HOIAM_VIDEO_MB": "0"}, "HOIAM_VIDEO_MB phải là một số từ 1 đến 500"),
    ({"HOIAM_DEBUG": "2"}, "HOIAM_DEBUG chỉ nhận"),
    ({"HOIAM_CLOCK": "mở"}, "HOIAM_CLOCK chỉ nhận"),
    ({"HOIAM_CLOCK": "open", "BASE_URL": "https://phananh.vn"}, "HOIAM_CLOCK=open chỉ dùng khi BASE_URL là"),
    ({"SECRET_KEY": "bí mật"}, "SECRET_KEY quá ngắn"),
    ({"SIGNING_KEY": "z" * 64}, "SIGNING_KEY phải gồm đúng 64 chữ số thập lục phân"),
    ({"HOIAM_VAR": "/dev/null/var"}, "Không ghi được vào thư mục dữ liệu"),
]


def read_settings(monkeypatch: pytest.MonkeyPatch, var: Path, **variables: str) -> dict[str, Any]:
    """Run the settings file as a new process would, with these variables and no others of ours."""
    for name in environment.KNOWN:
        monkeypatch.delenv(name, raising=False)
    for name, value in ({"HOIAM_VAR": str(var)} | variables).items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(settings.BASE_DIR / "config" / "settings.py"))


@pytest.mark.parametrize(("variables", "sentence"), NONSENSE, ids=lambda value: str(value)[:40])
def test_nonsense_is_refused_with_the_cure(
    variables: dict[str, str], sentence: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(environment.Nonsense, match=sentence) as refused:
        read_settings(monkeypatch, tmp_path, **variables)
    assert "hunter2" not in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.long
def test_a_command_prints_the_one_line_and_ends_with_two() -> None:
    ended = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=settings.BASE_DIR,
        env={"HOME_PROVINCE": "abc", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stderr == "HOME_PROVINCE phải là mã tỉnh gồm hai chữ số, ví dụ HOME_PROVINCE=48 (Đà Nẵng).\n"
    assert ended.stdout == ""


def test_a_cluster_is_named_by_all_its_nodes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    nodes = " https://u:p@a:9200/da-nang , https://b:9200 ,"
    given = read_settings(monkeypatch, tmp_path, ELASTICSEARCH_URL=nodes)
    assert given["ELASTICSEARCH_URL"] == "https://u:p@a:9200/da-nang,https://b:9200"


def test_an_empty_environment_is_a_house_on_this_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given = read_settings(monkeypatch, tmp_path)
    assert given["DEBUG"] is False
    assert given["BASE_URL"] == "http://127.0.0.1:8000"
    assert given["HOME_PROVINCE"] == "48"
    assert given["CLOCK_OPEN"] is False
    assert list(given["DATABASES"]) == ["default"]
    assert given["DATABASES"]["default"]["NAME"] == tmp_path / "hoiam.sqlite3"
    assert given["DATABASES"]["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert given["CELERY_BROKER_URL"] == ""
    assert given["SESSION_COOKIE_SECURE"] is False
    assert given["SECURE_HSTS_SECONDS"] == 0


def test_another_port_moves_the_address_with_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert read_settings(monkeypatch, tmp_path, PORT="8123")["BASE_URL"] == "http://127.0.0.1:8123"


def test_behind_tls_cookies_are_secure_and_browsers_stay_with_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given = read_settings(monkeypatch, tmp_path, BASE_URL="https://phananh.vn/")
    assert given["BASE_URL"] == "https://phananh.vn"
    assert given["ALLOWED_HOSTS"] == ["127.0.0.1", "[::1]", "localhost", "phananh.vn"]
    assert given["CSRF_TRUSTED_ORIGINS"] == ["https://phananh.vn"]
    assert (
        given["SESSION_COOKIE_SECURE"] is given["CSRF_COOKIE_SECURE"] is given["SECURE_SSL_REDIRECT"] is True
    )
    assert given["SECURE_HSTS_SECONDS"] == 31_536_000


def test_outside_services_are_one_variable_each(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = read_settings(
        monkeypatch,
        tmp_path,
        DATABASE_URL="postgresql://hoiam:m%40t@db:5433/hoiam?sslmode=require",
        REDIS_URL="redis://redis:6379/0",
        EMAIL_URL="submission://user:pass@mail:587",
    )
    database = given["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["PORT"], database["PASSWORD"]) == ("db", 5433, "m@t")
    assert database["OPTIONS"]["pool"]["max_size"] == 10
    assert database["OPTIONS"]["sslmode"] == "require"
    assert database["CONN_MAX_AGE"] == 0
    again = given["DATABASES"][given["PLANNED_ONCE"]]
    assert {name for name in database if database[name] != again[name]} == {"OPTIONS"}
    assert again["OPTIONS"]["options"].endswith("plan_cache_mode=force_generic_plan")
    assert "plan_cache_mode" not in database["OPTIONS"]["options"]
    assert given["CELERY_BROKER_URL"] == "redis://redis:6379/0"
    # A mail server that takes the call and says nothing is waited for no longer than this.
    assert (given["EMAIL_HOST"], given["EMAIL_TIMEOUT"]) == ("mail", 15)
    assert given["SESSION_ENGINE"] == "django.contrib.sessions.backends.db"
    assert given["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert (given["EMAIL_HOST"], given["EMAIL_USE_TLS"]) == ("mail", True)


def test_without_a_mail_server_named_there_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert read_settings(monkeypatch, tmp_path)["EMAIL_HOST"] == ""  # Django's own default: this machine


def test_keys_are_made_once_and_kept_private(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first = read_settings(monkeypatch, tmp_path)
    second = read_settings(monkeypatch, tmp_path)
    names = ("SECRET_KEY", "SIGNING_KEY", "IDENTITY_KEY")
    assert [first[name] for name in names] == [second[name] for name in names]
    assert len({first[name] for name in names}) == 3
    for file in ("secret.key", "signing.key", "identity.key"):
        assert (tmp_path / "keys" / file).stat().st_mode & 0o777 == 0o600


def test_a_key_given_from_outside_is_not_replaced(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = read_settings(monkeypatch, tmp_path, SECRET_KEY="x" * 40)
    assert given["SECRET_KEY"] == "x" * 40
    assert not (tmp_path / "keys" / "secret.key").exists()


ABOVE = {"approver", "focal_point", "petition_officer", "reviewer", "supervisor", "auditor", "administrator"}


def test_the_roles_that_settings_know_before_any_model_are_those_of_the_house() -> None:
    assert list(Role) == list(environment.ROLES)


@pytest.mark.parametrize(
    ("address", "said", "asked"),
    [
        ("", "", set()),
        ("", "approver, Auditor", {"approver", "auditor"}),
        ("https://phananh.vn", "", ABOVE),
        ("https://phananh.vn", "off", set()),
        ("https://phananh.vn", "administrator", {"administrator"}),
    ],
)
def test_approver_and_above_need_a_second_factor_off_loopback(
    address: str, said: str, asked: set[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given = read_settings(monkeypatch, tmp_path, BASE_URL=address, HOIAM_SECOND_FACTOR=said)
    assert given["SECOND_FACTOR"] == asked


@pytest.mark.parametrize(
    ("address", "asked", "warned"),
    [
        ("http://127.0.0.1:8000", set(), []),
        ("https://phananh.vn", ABOVE, []),
        ("https://phananh.vn", ABOVE | {"handler"}, []),
        ("https://phananh.vn", ABOVE - {"auditor"}, ["config.W005"]),
    ],
)
def test_one_factor_on_a_public_address_is_warned_about(
    address: str, asked: set[str], warned: list[str], settings: Any
) -> None:
    host = address.split("/")[2].split(":")[0]
    settings.SITE = environment.Site(address, host, secure=address.startswith("https"))
    settings.SECOND_FACTOR = frozenset(asked)
    assert [warning.id for warning in checks.one_factor_in_public(None)] == warned


@pytest.mark.parametrize(
    ("address", "mail", "warned"),
    [
        ("http://127.0.0.1:8000", "", []),
        ("https://phananh.vn", "submission://u:p@mail:587", []),
        ("https://phananh.vn", "", ["config.W006"]),
    ],
)
def test_a_public_house_that_can_send_no_letter_is_warned(
    address: str, mail: str, warned: list[str], settings: Any
) -> None:
    host = address.split("/")[2].split(":")[0]
    settings.SITE = environment.Site(address, host, secure=address.startswith("https"))
    settings.EMAIL_URL = mail
    assert [warning.id for warning in checks.no_mail_in_public(None)] == warned


def test_the_folder_of_a_house_is_its_owners_alone_and_a_foreign_one_is_left_as_it_is(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        made, open_house, foreign = tmp_path / "made", tmp_path / "house", tmp_path / "foreign"
        (open_house / "keys").mkdir(parents=True)
        foreign.mkdir()
        places = [environment.folder("HOIAM_NOWHERE", default=place) for place in (made, open_house, foreign)]
    finally:
        os.umask(before)
    assert [place.stat().st_mode & 0o777 for place in places] == [0o700, 0o700, 0o755]
