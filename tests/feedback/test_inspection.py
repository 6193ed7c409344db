"""What inspectors take with them tells by itself, on any machine, what is not as it was signed."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from feedback import anchors
from feedback.inspection import Limit, archive
from feedback.inspection.verify_export import is_signed
from feedback.models import AnchoredDay, Attachment, Exclusion, Look, Petition
from feedback.permissions import SYSTEM
from feedback.steps import take
from tests import make
from tests.feedback.test_audit import COMMITTEE, LONG_AGO, auditor
from tests.pages import at
from tests.test_stranger import command

pytestmark = pytest.mark.django_db

WORDS = "Cột điện nghiêng trước nhà số chín"
NAME = "Phan Thị Kín Tiếng"
Entries = dict[str, bytes]


@pytest.fixture
def house(tmp_path: Path, settings: Any) -> Path:
    """Two petitions, one anchored, one with a file; the folder that exports go to."""
    settings.VAR, settings.MEDIA_ROOT = tmp_path / "var", tmp_path / "files"
    make.petition("submitted", now=timezone.now() - LONG_AGO, text=WORDS, name=NAME, anew=True)
    answered = make.petition("answered")
    file = make.attachment(answered, name="Phan Thị Kín Tiếng.pdf")
    Attachment.objects.filter(pk=file.pk).update(sha256=digest_of(b"%PDF-"))
    at(make.handler()).get(answered.get_absolute_url())
    anchors.make()
    return tmp_path


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def export(house: Path, *asked: str, by: User | None = None) -> Path:
    out = house / "hồ sơ.zip"
    told = asked or ("--from", "2020-01-01", "--to", "2099-01-01")
    code, _out, err = command("export_audit", "--as", (by or auditor()).username, "--out", str(out), *told)
    assert code == 0, err
    return out


def entries(file: Path) -> Entries:
    with zipfile.ZipFile(file) as found:
        return {name: found.read(name) for name in found.namelist()}


def written(file: Path, told: Entries) -> Path:
    with zipfile.ZipFile(file, "w") as out:
        for name, content in told.items():
            out.writestr(name, content)
    return file


def verify(file: Path, *asked: str) -> tuple[int, str]:
    """By the very script that lies in the ZIP, alone in a folder, without this house."""
    alone = file.parent / "alone"
    alone.mkdir(exist_ok=True)
    script = alone / "verify_export.py"
    script.write_bytes((Path(archive.__file__).parent / "verify_export.py").read_bytes())
    done = subprocess.run(  # its own interpreter, no site packages, nothing of ours on the path
        [sys.executable, "-I", "-S", str(script), str(file), *asked],
        capture_output=True,
        text=True,
        cwd=alone,
    )
    return done.returncode, done.stdout + done.stderr


def sheet(told: Entries, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(told[name].decode("utf-8-sig"))))


def with_rows(told: Entries, name: str, rows: list[dict[str, str]]) -> Entries:
    out = io.StringIO()
    table = csv.DictWriter(out, list(sheet(told, name)[0]), lineterminator="\r\n")
    table.writeheader()
    table.writerows(rows)
    return told | {name: b"\xef\xbb\xbf" + out.getvalue().encode()}


@pytest.mark.long
def test_an_untouched_export_is_as_it_was_signed(house: Path) -> None:
    file = export(house)
    code, said = verify(file, "--key", anchors.public_key_hex())
    assert (code, "KẾT QUẢ: mọi thứ đúng như đã ký" in said) == (0, True), said
    assert "Đã xem 2 đơn" in said
    assert "1 tệp" in said
    assert "SAI" not in said
    code, said = verify(file)
    assert (code, anchors.fingerprint() in said, "CHÚ Ý" in said) == (0, True, True)


def changed(name: str, number: int, **cells: str) -> Callable[[Entries], Entries]:
    def change(told: Entries) -> Entries:
        rows = sheet(told, name)
        rows[number] |= cells
        return with_rows(told, name, rows)

    return change


def without(name: str, number: int) -> Callable[[Entries], Entries]:
    def change(told: Entries) -> Entries:
        rows = sheet(told, name)
        del rows[number]
        return with_rows(told, name, rows)

    return change


def repeated(name: str) -> Callable[[Entries], Entries]:
    return lambda told: with_rows(told, name, [*sheet(told, name), sheet(told, name)[0]])


def added(name: str, **cells: str) -> Callable[[Entries], Entries]:
    return lambda told: with_rows(told, name, [*sheet(told, name), sheet(told, name)[0] | cells])


def of_the_file(told: Entries) -> str:
    return next(name for name in told if name.startswith("files/"))


def of_the_list(told: Entries) -> str:
    return next(name for name in told if name.startswith("anchors/lists/"))


def in_the_manifest(told: Entries) -> Entries:
    return told | {"MANIFEST.json": told["MANIFEST.json"].replace(b'"made_by":"', b'"made_by":"x')}


CHANGES: dict[str, tuple[Callable[[Entries], Entries], list[str]]] = {
    "a cell of a step": (
        changed("steps.csv", 1, action="close"),
        ["steps.csv dòng 3: ô action bị sửa", "ô action khác nội dung đã ghi", "line 3: cell action"],
    ),
    "a cell of a petition": (
        changed("petitions.csv", 1, state="closed"),
        ["petitions.csv dòng 3: ô state bị sửa", "ô state khác bước cuối"],
    ),
    "who looked": (changed("access.csv", 0, user="ai.khac"), ["access.csv dòng 2: ô user bị sửa"]),
    "two cells": (changed("files.csv", 0, size="9", evidence="true"), ["dòng 2: ô size, evidence bị sửa"]),
    "a number that is none": (
        changed("steps.csv", 2, seq="x"),
        ["hoặc ô khóa", "lẽ ra là bước"],
    ),
    "a look is missing": (without("access.csv", 0), ["access.csv: thiếu dòng"]),
    "a step is missing": (without("steps.csv", 2), ["steps.csv: thiếu dòng", "lẽ ra là bước 2"]),
    "the last step is missing": (without("steps.csv", -1), ["steps.csv: thiếu dòng", "khác bước cuối"]),
    "a petition is missing": (without("petitions.csv", 0), ["petitions.csv: thiếu dòng"]),
    "two rows in one another's place": (
        lambda told: with_rows(told, "access.csv", sheet(told, "access.csv")[::-1]),
        ["access.csv dòng 2: dòng", "bị đổi chỗ, khi ký ở dòng", "it was signed as line"],
    ),
    "a row twice": (repeated("access.csv"), ["lặp lại"]),
    "a row more": (added("access.csv", number="999"), ["dòng 999 bị thêm vào"]),
    "a file exchanged": (lambda told: told | {of_the_file(told): b"%PDF-x"}, ["files/", "đánh tráo"]),
    "a file missing": (
        lambda told: {name: told[name] for name in told if name != of_the_file(told)},
        ["thiếu tệp files/"],
    ),
    "a file more": (lambda told: told | {"files/them.pdf": b"x"}, ["tệp files/them.pdf bị thêm vào"]),
    "a list of a day": (lambda told: told | {of_the_list(told): b""}, ["danh sách bước bị sửa"]),
    "the script": (lambda told: told | {"verify_export.py": b"print('ok')"}, ["tệp verify_export.py bị sửa"]),
    "the manifest": (in_the_manifest, ["MANIFEST.json đã bị đổi"]),
    "the signature": (lambda told: told | {"MANIFEST.sig": b"00" * 64}, ["MANIFEST.json đã bị đổi"]),
    "no steps at all": (lambda told: {n: told[n] for n in told if n != "steps.csv"}, ["thiếu tệp steps.csv"]),
}


@pytest.mark.long
@pytest.mark.parametrize("change", CHANGES)
def test_the_script_says_what_was_changed(house: Path, change: str) -> None:
    do, expected = CHANGES[change]
    file = export(house)
    code, said = verify(written(file, do(entries(file))), "--key", anchors.public_key_hex())
    assert code == 1, said
    assert [words for words in expected if words not in said] == []


@pytest.mark.long
def test_one_changed_cell_one_exchanged_file_and_one_missing_row_are_named_together(house: Path) -> None:
    file = export(house)
    told = without("access.csv", 0)(changed("steps.csv", 1, action="close")(entries(file)))
    code, said = verify(written(file, told | {of_the_file(told): b"khac"}))
    assert code == 1
    for words in (
        "steps.csv dòng 3: ô action bị sửa",
        "access.csv: thiếu dòng",
        f"tệp {of_the_file(told)} bị",
    ):
        assert words in said


@pytest.mark.long
def test_an_export_signed_with_another_key_is_told_by_the_published_one(house: Path, settings: Any) -> None:
    ours = anchors.public_key_hex()
    file, told = house / "khac.zip", entries(export(house))
    other = Ed25519PrivateKey.generate()
    manifest = json.loads(told["MANIFEST.json"]) | {"key": other.public_key().public_bytes_raw().hex()}
    text = archive.compact(manifest).encode()
    forged = {"MANIFEST.json": text, "MANIFEST.sig": other.sign(text).hex().encode()}
    code, said = verify(written(file, told | forged), "--key", ours)
    assert (code, "khóa bạn đưa không phải khóa ghi trong hồ sơ" in said) == (1, True), said
    assert "không do khóa này ký" in said
    code, said = verify(file)  # its anchors are still those of the house
    assert (code, "chữ ký không đúng" in said) == (1, True), said


@pytest.mark.long
def test_what_the_house_itself_rewrote_is_told_by_chain_and_anchors(house: Path) -> None:
    file = export(house)
    told = entries(file)
    rows = sheet(told, "steps.csv")
    first = rows[0]
    record = json.loads(first["record"]) | {"kind": "question"}
    text = archive.compact(record)
    rows[0] |= {"kind": "question", "record": text, "hash": digest_of(text.encode())}
    told = with_rows(told, "steps.csv", rows)
    manifest = json.loads(told["MANIFEST.json"])
    manifest["entries"]["steps.csv"]["sha256"] = digest_of(told["steps.csv"])
    key = f"{first['petition']} {first['seq']}"
    manifest["sheets"]["steps.csv"]["rows"][key] = archive.digests(list(rows[0].values()))
    signed = archive.compact(manifest).encode()
    told |= {"MANIFEST.json": signed, "MANIFEST.sig": anchors.sign(signed).encode()}
    code, said = verify(written(file, told), "--key", anchors.public_key_hex())
    assert code == 1, said
    assert f"đơn {first['petition']} bước 1 không có trong danh sách đã ký" in said
    assert "bị sửa" not in said


@pytest.mark.parametrize("content", [b"", b"khong phai zip", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_export_is_said_so(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.zip"
    file.write_bytes(content)
    code, said = verify(file)
    assert (code, "KHÔNG ĐỌC ĐƯỢC" in said) == (2, True)
    code, said = verify(file, "--key", "12zz")
    assert (code, "64 chữ số thập lục phân" in said) == (2, True)


@pytest.mark.long
def test_no_word_and_no_name_of_a_citizen_and_nothing_barred_goes_along(house: Path) -> None:
    sealed = make.petition("submitted", anew=True, text=WORDS, name=NAME)
    letter = make.attachment(sealed)
    letter.file.save("a.pdf", ContentFile(b"%PDF-thu to cao"))
    take(sealed, "seal", by=SYSTEM, kind="denunciation")
    barred = make.petition("in_progress", anew=True, text=WORDS)
    Exclusion.objects.create(petition=barred, agency_id=COMMITTEE)
    watching = auditor("48", COMMITTEE)
    told = entries(export(house, by=watching))
    everything = b"".join(told.values())
    assert sealed.code in told["petitions.csv"].decode()
    for planted in (WORDS, NAME, "Kín Tiếng", "thu to cao", barred.code):
        assert planted.encode() not in everything, planted
    assert not [name for name in told if name.startswith(f"files/{sealed.code}/")]
    code, said = verify(house / "hồ sơ.zip", "--key", anchors.public_key_hex())
    assert code == 0, said


@pytest.mark.long
def test_the_list_of_a_day_that_names_what_is_barred_is_left_out_and_said(house: Path) -> None:
    (anchors.folder() / "chain.jsonl").unlink()
    AnchoredDay.objects.all().delete()
    anchors.forget()
    barred = make.petition("submitted", anew=True, now=timezone.now() - LONG_AGO)
    Exclusion.objects.create(petition=barred, agency_id=COMMITTEE)
    anchors.make()
    told = entries(export(house, by=auditor("48", COMMITTEE)))
    assert not [name for name in told if name.startswith("anchors/lists/")]
    code, said = verify(house / "hồ sơ.zip")
    assert (code, "danh sách không kèm theo" in said) == (0, True), said


@pytest.mark.long
def test_a_lost_or_changed_file_of_the_house_is_told_in_the_export(house: Path) -> None:
    file = Attachment.objects.get()
    Path(file.file.path).write_bytes(b"khac")
    code, said = verify(export(house))
    assert (code, "tệp trên máy chủ khác mã băm lúc nhận" in said, "không phải tệp đã nhận" in said) == (
        1,
        True,
        True,
    )
    Path(file.file.path).unlink()
    (house / "hồ sơ.zip").unlink()
    code, said = verify(export(house))
    assert (code, "mất tệp trên máy chủ" in said) == (0, True), said


@pytest.mark.long
def test_taking_it_is_kept_for_the_whole_and_for_each_petition(house: Path) -> None:
    watching = auditor()
    petition = Petition.objects.order_by("pk").last()
    assert petition
    export(house, "--codes", petition.printed_code, by=watching)
    kept = Look.objects.filter(user=watching).order_by("pk").values_list("what", "petition", "page", "right")
    page = ("manage.py export_audit", "auditor")
    assert list(kept) == [("export", None, *page), ("export", petition.pk, *page)]
    client = at(watching)
    rows = [client.get("/kiem-tra/", asked).content.decode() for asked in ({}, {"ma": petition.code})]
    assert [page.count(">hồ sơ cho thanh tra<") for page in rows] == [1, 1]
    assert petition.printed_code in rows[1]


@pytest.mark.long
def test_the_command_refuses_in_one_line(house: Path) -> None:
    out, person = house / "a.zip", auditor()
    days = ("--from", "2020-01-01", "--to", "2099-01-01")

    def refused(username: str, *asked: str) -> tuple[int, str]:
        code, _out, err = command("export_audit", "--as", username, "--out", str(out), *asked)
        return code, err.strip()

    assert refused("khong.co", *days) == (2, "Không có người dùng 'khong.co'.")
    assert refused(make.handler().username, *days)[0] == 4
    assert refused(person.username)[0] == 2
    assert refused(person.username, "--from", "hôm qua", "--to", "2026-01-01")[0] == 2
    assert refused(person.username, "--from", "2026-02-01", "--to", "2026-01-01")[0] == 2
    assert refused(person.username, "--codes", "1234") == (
        5,
        "Không có đơn nào mang mã 1234 trong phạm vi của bạn.",
    )
    assert refused(person.username, "--from", "2001-01-01", "--to", "2001-01-02")[0] == 5
    out.write_bytes(b"")
    assert refused(person.username, *days)[0] == 2
    assert list(house.glob(".a.zip*")) == []
    assert not Look.objects.filter(user=person).exists()


@pytest.mark.long
def test_the_page_gives_the_same_by_a_button_and_says_what_is_too_much(house: Path, monkeypatch: Any) -> None:
    client = at(auditor())
    today = timezone.localdate().isoformat()
    answer = client.post("/kiem-tra/xuat/", {"since": "2020-01-01", "until": today})
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="thanh-tra-')
    file = house / "trang.zip"
    file.write_bytes(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    code, said = verify(file, "--key", anchors.public_key_hex())
    assert (code, "Đã xem 2 đơn" in said) == (0, True), said
    for asked, said in (
        ({}, "Xin chọn từ ngày nào đến ngày nào"),
        ({"since": today, "until": "2020-01-01"}, "Ngày cuối phải bằng hoặc sau ngày đầu"),
        ({"codes": "123"}, "Không có đơn nào mang mã 123"),
    ):
        assert said in refused_on_page(client, asked)
    monkeypatch.setattr("feedback.views.audit.ON_A_PAGE", Limit(rows=3, bytes=10**9))
    assert "quá mức 3 dòng" in refused_on_page(client, {"since": "2020-01-01", "until": today})


def refused_on_page(client: Client, asked: dict[str, str]) -> str:
    answer = client.post("/kiem-tra/xuat/", asked, follow=True)
    return str(answer.content.decode())


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.PETITION_OFFICER, Role.ADMINISTRATOR])
def test_nobody_but_an_auditor_takes_one(role: Role) -> None:
    person = make.user(role, province="48")
    assert at(person).post("/kiem-tra/xuat/", {"codes": "1"}).status_code == 404


def test_the_small_verifier_agrees_with_the_large_one() -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public = key.public_key().public_bytes_raw()
    for text in (b"", b"x", bytes(300)):
        signature = key.sign(text)
        assert is_signed(public, text, signature)
        assert not is_signed(public, text + b"y", signature)
        assert not is_signed(public, text, bytes([signature[0] ^ 1]) + signature[1:])
        assert not is_signed(public[:31], text, signature)
    # RFC 8032, 7.1, test 2.
    rfc = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signed = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert is_signed(rfc, b"\x72", signed)


@pytest.mark.long
@pytest.mark.parametrize("turned", [400, 1400, 3000])
def test_a_turned_bit_anywhere_is_a_sentence_and_no_traceback(house: Path, turned: int) -> None:
    place = export(house)
    content = bytearray(place.read_bytes())
    content[turned] ^= 0x10
    place.write_bytes(bytes(content))
    code, said = verify(place)
    assert code != 0
    assert "Traceback" not in said
