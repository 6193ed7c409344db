"""`python -m classifier` as other programs and people call it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from classifier.__main__ import answer, main

KEYS = [
    "id", "subfield", "confidence", "candidates", "field", "decision", "kind", "kind_p", "law_doubt",
    "urgent", "places", "personal", "urgent_words", "words", "guarded", "model",
]  # fmt: skip


def run(lines: str) -> tuple[int, list[dict[str, object]]]:
    done = subprocess.run(
        [sys.executable, "-m", "classifier", "--json"],
        input=lines.encode("utf-8", "surrogatepass"),
        capture_output=True,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    return done.returncode, [json.loads(line) for line in done.stdout.decode().splitlines()]


@pytest.mark.long
def test_lines_in_lines_out_and_a_bad_one_stops_nothing() -> None:
    code, rows = run(
        '{"id": 1, "text": "Hố ga mất nắp ở phường Hải Châu, Đà Nẵng"}\n'
        "no json\n"
        "\n"
        '{"id": 2}\n'
        '{"id": 3, "text": "\\ud800"}\n'
        '{"id": "\\ud800", "text": "ph\\u01b0\\u1eddng \\ud800 H\\u1ea3i Ch\\u00e2u"}\n'
        '{"id": 4, "text": "đổ rác", "home": "48"}\n'
    )
    assert code == 1
    assert [row["id"] for row in rows] == [1, None, 2, 3, "\ud800", 4]
    assert [row.get("exit") for row in rows] == [None, 2, 2, None, None, None]
    assert ["error" in row for row in rows] == [False, True, True, False, False, False]
    assert rows[3]["guarded"] is True


def test_an_answer_has_the_promised_shape() -> None:
    row = answer('{"id": "a", "text": "Hố ga mất nắp ở phường Hải Châu, Đà Nẵng, gọi 0905123456"}')
    assert sorted(row) == sorted(KEYS)
    assert set(row["candidates"][0]) == {"subfield", "p"}
    assert set(row["places"][0]) == {"start", "end", "text", "codes", "level", "is_old"}
    assert set(row["personal"][0]) == {"start", "end", "kind"}
    assert len(row["kind_p"]) == 7


@pytest.mark.parametrize(
    "line",
    [
        "[]",
        "1",
        '{"text": 5}',
        '{"id": NaN, "text": "a"}',
        '{"id": 1, "text": "a", "home": 5}',
        "[" * 100_000,
    ],
)
def test_a_line_that_asks_nothing_gets_an_error(line: str) -> None:
    assert "error" in answer(line)


def test_letters_are_not_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--json", "Ngập nước ở phường Hải Châu"]) == 0
    assert "phường Hải Châu" in capsys.readouterr().out


def test_people_get_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["Ngập nước ở phường Hải Châu, Đà Nẵng"]) == 0
    assert "Địa danh: phường Hải Châu → 20242" in capsys.readouterr().out


def test_measuring_gives_one_object_for_all_conditions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "few.jsonl"
    file.write_text(
        '{"text": "Hố ga mất nắp", "sub": "urban-infrastructure.manhole-cover"}\n', encoding="utf-8"
    )
    assert main(["--evaluate", str(file), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert {"clean", "nodia", "teen", "typo10"} <= set(report)
    assert report["clean"]["sub1"] == 1.0
    assert report["n"] == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "Lỗi"), ("no json\n", "dòng 1"), ('{"text": 1}\n', "dòng 1"), ("", "Không có ví dụ")],
)
def test_measuring_what_is_no_file_of_examples_is_an_error_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, said: str
) -> None:
    file = tmp_path / "bad.jsonl"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    assert main(["--evaluate", str(file)]) == 2
    assert said in capsys.readouterr().err


def test_asking_nothing_is_an_error_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "Lỗi" in capsys.readouterr().err
