"""The machine learns from officials: whose word weighs how much, what never teaches, what is refused."""

from __future__ import annotations

import datetime as dt
import io
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as house
from django.core.management import call_command
from django.utils import timezone

import classifier
from accounts.models import Role, User
from classifier import gate, store
from classifier.examples import Example, from_file
from config import tasks
from feedback import learning
from feedback.models import Correction, Outcome, Petition, Step, Training
from feedback.steps import take
from tests import make
from tests.feedback.test_corrections import LIGHT, read

pytestmark = pytest.mark.django_db

TREES, DRAINAGE = "urban-infrastructure.urban-trees", "urban-infrastructure.flooding-drainage"
CABLES = "urban-infrastructure.overhead-cables"
KNOWN = (make.SIDEWALK, LIGHT, TREES, DRAINAGE)
_numbers = count(1)


@pytest.fixture(scope="session")
def ours() -> dict[str, list[Example]]:
    """Texts of four sub-fields: some to learn from, others to audit with, others for petitions."""
    found: dict[str, list[Example]] = {slug: [] for slug in KNOWN}
    for example in from_file(house.BASE_DIR / "classifier" / "data" / "train.jsonl"):
        if example.sub in found and len(found[example.sub]) < 120:
            found[example.sub].append(example)
    return found


@pytest.fixture(scope="session")
def files(ours: dict[str, list[Example]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("texts")
    for name, begin, end in (("train", 0, 60), ("audited", 60, 85)):
        rows = [
            {"text": e.text, "sub": e.sub, "kind": e.kind, "urgent": e.urgent}
            for slug in KNOWN
            for e in ours[slug][begin:end]
        ]
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (place / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    (place / "taxonomy.yaml").write_text("fields: []\n", encoding="utf-8")
    return place


@pytest.fixture(scope="session")
def read_so_far(files: Path) -> Path:
    """A house's folder with one version in it, learnt from our own texts alone."""
    from classifier.training import learn  # the learning library takes seconds to load

    every = list(from_file(files / "train.jsonl"))
    store.choose(store.put(learn(every), every, {}, files / "models"), files / "models")
    return files / "models"


@pytest.fixture
def place(files: Path, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A house that learns from few texts, and a process that looks for a new model at every reading."""
    settings.VAR = tmp_path
    monkeypatch.setattr(learning, "CORPUS", (files / "train.jsonl",))
    monkeypatch.setattr(learning, "TAXONOMY", files / "taxonomy.yaml")
    monkeypatch.setattr(gate, "AUDITED", files / "audited.jsonl")
    monkeypatch.setattr(store, "LOOK_S", 0.0)
    classifier.learnt_in(tmp_path / "models")
    yield tmp_path / "models"
    classifier.learnt_in(None)


@pytest.fixture
def old(place: Path, read_so_far: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The version that reads before anything is learnt, here in the place of the shipped one too."""
    shutil.copytree(read_so_far, place)
    (name,) = store.names(place)
    monkeypatch.setattr(learning, "FLOOR", read_so_far / name)
    return name


def corrected(texts: list[str], said: str, by: Callable[[int], User], kind: str = "report") -> None:
    """Petitions of these texts that were read as a sidewalk, or a light, and filed anew by these people."""
    machine = LIGHT if said == make.SIDEWALK else make.SIDEWALK
    now = timezone.now()
    petitions = Petition.objects.bulk_create(
        Petition(
            code=f"{next(_numbers):012}", secret_hash="", text=text, territory_id="48", submitted_at=now,
            lead_id=make.FOCAL_POINT, state="submitted", kind=kind, subfield_id=said,
        )
        for text in texts
    )  # fmt: skip
    steps = Step.objects.bulk_create(
        Step(
            petition=petition, seq=1, at=now, action="reclassify", before="submitted", after="submitted",
            by=by(at), role="focal_point", kind=kind, subfield=said, channel="web", party="person",
            hash=f"{petition.pk}",
        )
        for at, petition in enumerate(petitions)
    )  # fmt: skip
    Correction.objects.bulk_create(
        Correction(
            petition=step.petition, step=step, model="thử-1", confidence=0.6, read_subfield=machine,
            said_subfield=said, read_kind="report", said_kind=kind,
        )
        for step in steps
    )  # fmt: skip


def officials(number: int) -> list[User]:
    return make.users(*[(Role.FOCAL_POINT, "", "48")] * number)


def run(*args: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("train", *args, stdout=out, stderr=err)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def texts(ours: dict[str, list[Example]], slug: str, number: int) -> list[str]:
    return [example.text for example in ours[slug][85 : 85 + number]]


@pytest.mark.long
def test_what_officials_said_is_learnt_compared_and_read_with(
    old: str, place: Path, ours: dict[str, list[Example]]
) -> None:
    people = officials(5)
    for slug in (TREES, DRAINAGE):
        corrected(texts(ours, slug, 20), slug, lambda at: people[at % 5])
    administrator = make.user("administrator")
    code, out, err = run("--json", "--as", administrator.username)
    told = json.loads(out)
    assert (code, told["outcome"], told["corrections"], err) == (0, "accepted", 40, "")
    assert told["examples"] == 240 + 40
    assert store.names(place) == [told["version"], old]
    assert classifier.read("Cây đổ chắn ngang đường").model == told["version"]
    row = Training.objects.get()
    assert (row.outcome, row.against, row.by) == (Outcome.ACCEPTED, old, administrator)
    figures = json.loads((place / told["version"] / "figures.json").read_text(encoding="utf-8"))
    assert figures["new"]["clean"]["n"] == figures["old"]["nodia"]["n"] == 100
    assert figures["new"] == row.figures["new"]
    assert run("--back")[0] == 0
    assert classifier.read("Cây đổ chắn ngang đường").model == old
    assert Training.objects.first().outcome == Outcome.BACK  # type: ignore[union-attr]
    assert "Đang đọc: learnt-" in run("--list")[1]
    assert run("--back")[0] == 0  # to the shipped one
    code, _, err = run("--back")
    assert (code, err) == (2, "Đang đọc bằng mô hình kèm theo bản phát hành, không còn bản nào trước đó.\n")


@pytest.mark.long
def test_a_thousand_corrections_of_one_class_by_one_person_are_refused_and_the_old_model_stays(
    old: str, place: Path, ours: dict[str, list[Example]]
) -> None:
    (one,) = officials(1)
    corrected([f"{n} {ours[TREES][n % 120].text}" for n in range(1000)], make.SIDEWALK, lambda _at: one)
    code, out, _ = run()
    assert code == 1
    assert f"1000 trên 1000 lần sửa thành {make.SIDEWALK} (100%) là của một người ({one.username})" in out
    assert f"{old} vẫn đọc" in out
    assert store.names(place) == [old]
    assert classifier.read("Cây đổ chắn ngang đường").model == old
    assert Training.objects.get().outcome == Outcome.REFUSED


@pytest.mark.long
def test_who_is_vouched_for_may_teach_and_weighs_no_more_than_the_floor(
    old: str, place: Path, ours: dict[str, list[Example]]
) -> None:
    (one,) = officials(1)
    every = [f"{n} {ours[TREES][n % 120].text}" for n in range(150)]
    corrected(every, TREES, lambda _at: one)
    assert run()[0] == 1
    told = learning.latest(learning.lessons())
    assert len(told) == learning.MOST_OF_A_PERSON
    weights = [example.weight for example in learning.examples(told, learning.corpus())]
    assert sum(weights) == pytest.approx(20)
    code, out, _ = run("--trust", one.username)
    assert code == 0, out
    assert learning._trusted() == [str(one.pk)]
    assert not learning.crowds(learning.lessons(), learning._trusted())


@pytest.mark.long
def test_wrong_teaching_by_many_is_refused_by_the_gate(
    old: str, place: Path, ours: dict[str, list[Example]]
) -> None:
    people = officials(30)
    corrected([e.text for e in ours[TREES]], make.SIDEWALK, lambda at: people[at % 30])
    corrected([e.text for e in ours[DRAINAGE]], make.SIDEWALK, lambda at: people[at % 30])
    code, out, _ = run()
    assert code == 1
    assert "tiểu lĩnh vực, mọi văn bản: đúng" in out
    assert store.names(place) == [old]


@pytest.mark.long
def test_nothing_falls_little_by_little_below_what_we_ship(
    old: str, place: Path, ours: dict[str, list[Example]]
) -> None:
    from classifier.training import learn

    poor = [replace(e, sub=make.SIDEWALK) if e.sub in (TREES, DRAINAGE) else e for e in learning.corpus()]
    store.choose(store.put(learn(poor), poor, {}, place), place)
    reads = store.names(place)
    people = officials(30)
    corrected([e.text for e in ours[TREES]], make.SIDEWALK, lambda at: people[at % 30])
    corrected([e.text for e in ours[DRAINAGE]], make.SIDEWALK, lambda at: people[at % 30])
    code, out, _ = run()
    assert (code, store.names(place)) == (1, reads)
    assert "so với bản kèm theo bản phát hành, tiểu lĩnh vực, mọi văn bản: đúng" in out


@pytest.mark.long
def test_a_trial_changes_nothing(old: str, place: Path) -> None:
    code, out, _ = run("--dry-run")
    assert (code, store.names(place), Training.objects.get().outcome) == (0, [old], Outcome.TRIED)
    assert "không thay" in out


@pytest.mark.long
def test_a_name_that_few_petitions_hold_is_in_no_model(old: str, place: Path) -> None:
    people = officials(3)
    strange = [f"cay do trong ngo {name} xomxom" for name in ("tranxquyt", "tranxquyt", "zuongzu", "khac")]
    corrected(strange, TREES, lambda at: people[at % 3])
    assert run()[0] == 0
    known = store.Reader(place).model().names
    assert "xomxom" in known  # four petitions hold it
    assert not [term for term in known if "tranxquyt" in term or "zuongzu" in term]


@pytest.mark.long
def test_the_last_word_on_a_petition_counts_and_who_said_it(place: Path) -> None:
    petition = make.petition("received")
    read(petition)
    first, second = make.focal_point(), make.focal_point()
    take(petition, "reclassify", by=first, subfield=LIGHT, why="Là đèn")
    take(petition, "reclassify", by=first, subfield=TREES, why="Là cây")
    take(petition, "transfer", by=second, agency=make.CONSTRUCTION, reason="Cây đô thị")
    (lesson,) = learning.lessons()
    assert (lesson.subfield, lesson.subfield_by, lesson.kind) == (TREES, str(first.pk), "")
    take(petition, "reclassify", by=second, subfield=make.SIDEWALK, why="Vẫn là vỉa hè")
    assert learning.lessons() == []


@pytest.mark.long
def test_what_is_erased_sealed_withdrawn_or_at_law_teaches_nothing(place: Path) -> None:
    (one,) = officials(1)
    corrected(["sẽ xóa", "đã niêm", "đã rút", "khiếu nại", "còn lại"], TREES, lambda _at: one)
    erased, sealed, withdrawn, complaint, _left = Petition.objects.order_by("pk")
    Petition.objects.filter(pk=erased.pk).update(text="")
    Petition.objects.filter(pk=sealed.pk).update(sealed=True)
    Petition.objects.filter(pk=complaint.pk).update(kind="complaint")
    assert [lesson.text for lesson in learning.lessons()] == ["đã rút", "còn lại"]
    take(withdrawn, "withdraw", by=make.holder(withdrawn))
    assert [lesson.text for lesson in learning.lessons()] == ["còn lại"]


@pytest.mark.long
def test_personal_data_is_masked_before_anything_is_learnt(
    place: Path, ours: dict[str, list[Example]]
) -> None:
    (one,) = officials(1)
    corrected(["Tôi tên là Trần Thị Bưởi, số 0912345678, cây đổ trước nhà"], TREES, lambda _at: one)
    known = [example for slug in KNOWN for example in ours[slug]]
    (example,) = learning.examples(learning.lessons(), known)
    assert "Bưởi" not in example.text
    assert "0912345678" not in example.text
    assert example.corrected
    assert (example.sub, example.weight, example.kind_weight) == (TREES, 1.0, 0.0)


@pytest.mark.long
def test_a_subfield_of_an_administrator_is_learnt_once_enough_people_file_under_it(
    place: Path, ours: dict[str, list[Example]]
) -> None:
    known = [example for slug in KNOWN for example in ours[slug]]
    one, other = officials(2)
    corrected([f"xin dựng trạm sạc {n}" for n in range(9)], CABLES, lambda _at: one)
    assert learning.examples(learning.lessons(), known) == []
    corrected(["trạm sạc ở đâu"], CABLES, lambda _at: other)
    assert {example.sub for example in learning.examples(learning.lessons(), known)} == {CABLES}


@pytest.mark.long
def test_nothing_new_is_no_training_and_what_is_erased_is_unlearnt(place: Path) -> None:
    assert not learning.is_due(learning.lessons())
    (one,) = officials(1)
    corrected(["cây đổ", "cành gãy"], TREES, lambda _at: one)
    assert learning.is_due(learning.lessons())
    Training.objects.create(
        at=timezone.now(), outcome=Outcome.ACCEPTED, learnt=learning.digest(learning.lessons())
    )
    assert not learning.is_due(learning.lessons())
    Petition.objects.filter(text="cây đổ").update(text="")
    assert learning.is_due(learning.lessons())


@pytest.mark.long
def test_one_training_at_a_time_and_one_broken_off_is_marked(place: Path) -> None:
    Training.objects.create(at=timezone.now(), outcome=Outcome.STARTED)
    with learning.alone():
        code, _, err = run()
        assert (code, err.splitlines()[-1]) == (2, "Đang có một lần học khác; chờ nó xong.")
        assert run("--back")[0] == 2
    assert Training.objects.get().outcome == Outcome.BROKEN_OFF


def test_what_cannot_be_done_is_said(place: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    code, _, err = run("--as", "không.ai")
    assert (code, err) == (2, "Không có ai tên không.ai.\n")
    citizen = make.user("citizen").username
    assert run("--as", citizen) == (2, "", f"{citizen} không phải quản trị viên.\n")
    assert run("--trust", "không.ai")[0] == 2
    monkeypatch.setattr(gate, "AUDITED", place / "thiếu.jsonl")
    code, _, err = run()
    assert (code, Training.objects.count()) == (2, 0)
    assert "thiếu.jsonl" in err
    settings.READS = False
    code, _, err = run()
    assert (code, err.splitlines()[-1]) == (2, "Máy đọc đang tắt (HOIAM_READING=off): không học.")
    assert run("--nightly", "--json")[0] == 0


def test_the_clock_learns_at_night(place: Path) -> None:
    night = dt.datetime(2026, 11, 27, 19, 30, tzinfo=dt.UTC)  # half past two in Vietnam
    assert tasks.is_night(night)
    assert not tasks.is_night(night + dt.timedelta(hours=8))
