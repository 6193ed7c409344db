"""What inspectors take with them: petitions, their steps, who looked, files and anchors, signed.

A ZIP that `verify_export.py`, which lies in it, checks on any machine. It holds no word of a citizen but what
stands in enclosed files, never a file of a sealed denouncer, and nothing of what is barred to whoever asks.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from feedback import access, anchors, audit, codes
from feedback.access import What
from feedback.inspection.archive import Archive
from feedback.models import Attachment, Look, Petition, PetitionQuerySet, Step
from feedback.models.look import WITHIN
from feedback.models.sight import holding_denunciations
from feedback.permissions import answers_for
from feedback.record import HASHED, canonical
from feedback.workflow import Kind
from routing.telling import number, start_of

SCRIPT = Path(__file__).with_name("verify_export.py")
CHUNK = 1 << 20


@dataclass(frozen=True)
class Limit:
    """How much one export holds at most."""

    rows: int
    bytes: int


ON_A_PAGE = Limit(rows=20_000, bytes=200_000_000)
BY_COMMAND = Limit(rows=100_000, bytes=4_000_000_000)


class RefusedError(ValueError):
    """Nothing was written: one sentence says why."""


@dataclass(frozen=True)
class Wanted:
    """Petitions by their codes, or those to which something happened on these days, both inclusive."""

    codes: tuple[str, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None

    def told(self) -> dict[str, Any]:
        days = {"from": self.since, "to": self.until}
        return {"codes": list(self.codes)} | {name: day and day.isoformat() for name, day in days.items()}


@dataclass(frozen=True)
class Contents:
    """What an export comes to before it is written."""

    petitions: PetitionQuerySet
    looks: QuerySet[Look]
    files: QuerySet[Attachment]
    rows: int
    bytes: int


def contents(user: User, wanted: Wanted, limit: Limit) -> Contents:
    """Raises RefusedError for a code that is not this auditor's, for nothing at all, and for too much."""
    petitions = _petitions(user, wanted)
    steps = Step.objects.filter(petition__in=petitions)
    looks = _looks(user, wanted, petitions)
    # Never a sealed denouncer's own: it is the signed letter itself, as `Petition.letter_sealed`.
    letter = Q(petition__sealed=True, petition__kind=Kind.DENUNCIATION)
    letter |= Q(petition__in=holding_denunciations())
    files = Attachment.objects.filter(petition__in=petitions).exclude(letter, evidence=False)
    weighed = files.aggregate(files=Count("pk"), bytes=Sum("size"))
    found = Contents(
        petitions,
        looks,
        files,
        rows=petitions.count() + steps.count() + looks.count() + weighed["files"],
        bytes=weighed["bytes"] or 0,
    )
    if not petitions.exists():
        raise RefusedError(_("Không có đơn nào trong phạm vi của bạn khớp với điều đã chọn."))
    if found.rows > limit.rows or found.bytes > limit.bytes:
        raise RefusedError(_too_much(found, limit))
    return found


def _petitions(user: User, wanted: Wanted) -> PetitionQuerySet:
    seen = audit.petitions_of(user)
    if wanted.codes:
        asked = {codes.clean_code(code): code for code in wanted.codes}
        known = set(seen.filter(code__in=asked).values_list("code", flat=True))
        if missing := [told for code, told in asked.items() if code not in known]:
            told = ", ".join(missing[:10])
            raise RefusedError(
                _("Không có đơn nào mang mã %(codes)s trong phạm vi của bạn.") % {"codes": told}
            )
        return seen.filter(code__in=known)
    steps = Step.objects.filter(petition=OuterRef("pk"))
    if wanted.since:
        steps = steps.filter(at__gte=start_of(wanted.since))
    if wanted.until:
        steps = steps.filter(at__lt=start_of(wanted.until + dt.timedelta(days=1)))
    return seen.filter(Exists(steps))


def _looks(user: User, wanted: Wanted, petitions: PetitionQuerySet) -> QuerySet[Look]:
    """Of chosen petitions every look; of days every look of these days, exports and searches too."""
    if wanted.codes:
        return Look.objects.filter(petition__in=petitions)
    return audit.Asked(since=wanted.since, until=wanted.until).during(audit.looks_of(user))


def _too_much(found: Contents, limit: Limit) -> str:
    told = {
        "rows": number(found.rows),
        "mb": number(found.bytes / 1e6),
        "most_rows": number(limit.rows),
        "most_mb": number(limit.bytes / 1e6),
    }
    said = _(
        "Hồ sơ có %(rows)s dòng và %(mb)s MB tệp, quá mức %(most_rows)s dòng hoặc %(most_mb)s MB một lần. "
        "Xin chọn ít ngày hơn, hoặc nhờ quản trị viên chạy “manage.py export_audit”."
    )
    return said % told


@dataclass(frozen=True)
class Written:
    """What was put into an export."""

    petitions: int
    rows: int
    files: int
    lacks: tuple[str, ...]


def write(user: User, wanted: Wanted, out: IO[bytes], *, limit: Limit, page: str) -> Written:
    """Write the signed ZIP to `out`; that it was asked for is kept first, for each petition.

    Raises RefusedError (see `contents`) before anything is kept or written.
    """
    found, now = contents(user, wanted, limit), timezone.now()
    _keep(user, found, page=page, now=now)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zip_file:
        writing = _Writing(Archive(zip_file), found, user)
        writing.all()
        writing.archive.close(
            made_at=canonical(now).strip('"'),
            made_by=user.username,
            house=settings.BASE_URL,
            asked=wanted.told(),
            lacks=writing.lacks,
            left_out=writing.left_out,
        )
    return Written(len(writing.last), writing.archive.rows, writing.files, tuple(writing.lacks))


def _keep(user: User, found: Contents, *, page: str, now: dt.datetime) -> None:
    """One row for the whole, and one for each petition, so that its own log tells it too."""
    access.kept(user, What.EXPORT, page=page, rows=found.rows, right="auditor")
    same = {"user": user, "at": now, "what": What.EXPORT, "about": WITHIN, "right": "auditor", "page": page}
    told = found.petitions.select_related("contact").only("sealed", "contact__petition", "contact__secret")
    looks = (Look(petition=one, sealed=one.identity_sealed, **same) for one in told.iterator(chunk_size=2000))
    Look.objects.bulk_create(list(looks), batch_size=500)


OF_A_STEP = ("petition", *HASHED, "by", "who", "hash", "record")
OF_A_PETITION = (
    *("code", "state", "kind", "subfield", "lead", "province", "commune", "channel", "party", "submitted_at"),
    *("first_due_at", "due_at", "answered_at", "outcome", "score", "sealed", "public", "round", "returns"),
    *("hops", "steps", "last_hash"),
)
OF_A_LOOK = ("number", "at", "user", "what", "petition", "about", "right", "page", "rows", "sealed", "named")
OF_A_FILE = ("path", "petition", "at", "media_type", "size", "evidence", "sha256")


class _Writing:
    """One export while it is written: what has been told so far."""

    def __init__(self, archive: Archive, found: Contents, user: User) -> None:
        self.archive, self.found, self.seen = archive, found, audit.petitions_of(user)
        self.may_be_barred = bool(answers_for(user))
        self.last: dict[int, Step] = {}  # of each petition, as it was when its steps were read
        self.days: set[dt.date] = set()
        self.lacks: list[str] = []
        self.left_out: list[str] = []  # days whose list names others than whoever asks may know of
        self.files = 0

    def all(self) -> None:
        """Steps first: petitions are told as they were with their last step, in one reading of both."""
        self.archive.add_sheet("steps.csv", OF_A_STEP, self._steps(), key=("petition", "seq"))
        self.archive.add_sheet("petitions.csv", OF_A_PETITION, self._petitions(), key=("code",))
        self.archive.add_sheet("access.csv", OF_A_LOOK, self._looks(), key=("number",))
        self.archive.add_sheet("files.csv", OF_A_FILE, list(self._files()), key=("path",))
        self._anchors()
        self.archive.add(SCRIPT.name, [SCRIPT.read_bytes()])
        self.archive.add("DOC-TRUOC.txt", [_read_me().encode()])

    def _steps(self) -> Iterator[Sequence[object]]:
        rows = Step.objects.filter(petition__in=self.found.petitions).select_related("petition", "by")
        ordered = rows.defer("petition__text", "petition__place_text").order_by("petition_id", "seq")
        for step in ordered.iterator(chunk_size=2000):
            self.last[step.petition_id] = step
            self.days.add(timezone.localdate(step.at))
            who = step.person.username if step.person else step.role
            hashed = [plain(getattr(step, name)) for name in HASHED]
            yield [step.petition.code, *hashed, step.by_id or 0, who, step.hash, step.record]

    def _petitions(self) -> Iterator[Sequence[object]]:
        for step in self.last.values():
            one = step.petition
            named = (one.code, one.state, one.kind, one.subfield_id, one.lead_id, one.province_id)
            times = (one.submitted_at, one.first_due_at, one.due_at, one.answered_at)
            result = (one.outcome, one.score, one.sealed, one.published_at is not None)
            counts = (one.round, one.returns, one.hops, step.seq, step.hash)
            told = (*named, one.commune_id, one.channel, one.party, *times, *result, *counts)
            yield [plain(value) for value in told]

    def _looks(self) -> Iterator[Sequence[object]]:
        rows = self.found.looks.select_related("user", "petition").order_by("pk")
        for look in rows.defer("petition__text", "petition__place_text").iterator(chunk_size=2000):
            code = look.petition.code if look.petition else ""
            told = (look.pk, look.at, look.user.username, look.what, code, look.about, look.right, look.page)
            yield [plain(value) for value in (*told, look.rows, look.sealed, look.named)]

    def _files(self) -> Iterator[Sequence[object]]:
        for file in self.found.files.select_related("petition").order_by("pk").iterator(chunk_size=200):
            path = f"files/{file.petition.code}/{file.pk}{Path(str(file.file.name)).suffix}"
            try:
                content = file.file.open("rb")
            except OSError:
                self.lacks.append(f"{path}: mất tệp trên máy chủ")
                continue
            with content:
                digest = self.archive.add(path, iter(lambda: content.read(CHUNK), b""), packed=False)  # noqa: B023
            if digest != file.sha256:
                self.lacks.append(f"{path}: tệp trên máy chủ khác mã băm lúc nhận")
            self.files += 1
            told = (file.created_at, file.media_type, file.size, file.evidence, file.sha256)
            yield [path, file.petition.code, *(plain(value) for value in told)]

    def _anchors(self) -> None:
        """Every signed line, and of the days that count here the list, where it names nothing barred."""
        try:
            lines = anchors.chain()
        except anchors.UnreadableError as broken:
            self.lacks.append(str(broken))
            return
        self.archive.add("anchors/chain.jsonl", (f"{line.line()}\n".encode() for line in lines))
        for line in lines:
            if line.date in self.days:
                self._list_of(line)

    def _list_of(self, line: anchors.Anchor) -> None:
        kept = anchors.kept_list(line.date)
        named = Petition.objects.filter(code__in={code for code, _seq, _hash in kept})
        # Of whom anything might be barred no day's list is given: one that lacks would tell that it is so.
        if self.may_be_barred or named.exclude(pk__in=self.seen.values("pk")).exists():
            self.left_out.append(line.date.isoformat())
            return
        if anchors.digest_of(kept) != line.digest:
            self.lacks.append(f"danh sách bước ngày {line.date:%d/%m/%Y}: bị sửa hoặc mất trên máy chủ")
            return
        self.archive.add(f"anchors/lists/{line.date}.txt", [_as_text(kept)])


def _as_text(kept: Sequence[anchors.Tail]) -> bytes:
    return "".join(f"{code} {seq} {digest}\n" for code, seq, digest in kept).encode()


def plain(value: object) -> str:
    """A cell as `record.canonical` writes it: moments in UTC, JSON for what has parts."""
    if value is None or isinstance(value, str):
        return value or ""
    written = canonical(value)
    return written.strip('"') if isinstance(value, dt.date) else written


def _read_me() -> str:
    return f"""HỒ SƠ THANH TRA CỦA HỒI ÂM / INSPECTION EXPORT OF HỒI ÂM

Kiểm tra trên máy bất kỳ có Python 3.9 trở lên, không cần mạng:
Check it on any machine with Python 3.9 or newer, offline:

    python3 verify_export.py HO-SO.zip --key KHOA-CONG-KHAI

Dấu vân tay của khóa / fingerprint of the key: {anchors.fingerprint()}
Hãy so với dấu cơ quan đã công bố, và nên lấy verify_export.py từ nguồn riêng.
Compare it with the published one, and rather take verify_export.py from elsewhere.

petitions.csv  mỗi đơn một dòng / one row for each petition
steps.csv      mỗi bước một dòng; cột record là nội dung đã băm / each step; record is what was hashed
access.csv     ai đã xem gì / who looked at what
files.csv      tệp gửi kèm trong files/ / enclosed files
anchors/       các dòng ký từng ngày / the signed lines of the days
MANIFEST.json  mã băm của mọi tệp, mọi dòng; MANIFEST.sig là chữ ký / digests of all, signed
"""
