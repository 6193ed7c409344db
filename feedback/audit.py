"""What an auditor is shown: who looked at what, and whether what happened is still what was written."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import pgettext_lazy

from accounts.models import Post, Role, User
from classifier.text import fold
from feedback import anchors, codes, story
from feedback.access import LETTER
from feedback.models import Look, LookQuerySet, Petition, PetitionQuerySet, Step
from feedback.models.look import WITHIN
from feedback.verification import Fault, verify_one
from feedback.verification.days import LATE, Day, not_in_list, some_days
from routing.telling import day as told_day
from routing.telling import start_of

What = Look.What
PAGE = 50
DAYS = 14  # of anchors on one page: each day's steps are held against its list
SHORT = 12  # hexadecimal digits of a hash that are shown


def petitions_of(user: User) -> PetitionQuerySet:
    """What he sees as an auditor: all of his territory but what is barred to him."""
    provinces = user.provinces_as(Role.AUDITOR)
    seen = Petition.objects.visible_to(user)
    return seen if provinces is None else seen.filter(territory__in=provinces)


def looks_of(user: User) -> LookQuerySet:
    """The looks at what he sees; of those at many petitions, the looks of people of his territory."""
    seen = Exists(petitions_of(user).filter(pk=OuterRef("petition")))
    return Look.objects.filter(Q(seen) | (Q(petition__isnull=True) & _of_his_people(user)))


def _of_his_people(user: User) -> Q:
    provinces = user.provinces_as(Role.AUDITOR)
    if provinces is None:
        return ~Q(pk=None)
    there = Q(province__in=provinces) | Q(agency__province__in=provinces)
    everywhere = Q(province__isnull=True, agency__province__isnull=True)
    return Q(
        Exists(Post.objects.filter(there | everywhere, user=OuterRef("user")).exclude(role=Role.CITIZEN))
    )


@dataclass(frozen=True)
class Asked:
    """What the log is narrowed to; "" and None narrow nothing. Days are whole, both inclusive."""

    who: str = ""
    code: str = ""
    what: str = ""
    since: dt.date | None = None
    until: dt.date | None = None

    def of(self, looks: LookQuerySet) -> LookQuerySet:
        if self.who:
            looks = looks.filter(user__in=_called(self.who))
        # What went along in an export is told by one row, and by its own where one asks for a petition.
        asks = {"petition__code": codes.clean_code(self.code)} if self.code else {}
        looks = looks.filter(**asks) if asks else looks.in_one_row()
        if self.what:
            looks = looks.at_identity() if self.what == What.IDENTITY else looks.filter(what=self.what)
        return self.during(looks)

    def during(self, looks: LookQuerySet) -> LookQuerySet:
        """Those of its days."""
        if self.since:
            looks = looks.filter(at__gte=start_of(self.since))
        if self.until:
            looks = looks.filter(at__lt=start_of(self.until + dt.timedelta(days=1)))
        return looks


def _called(told: str) -> list[int]:
    """Officials by what they sign in with, or by a part of their name, marks or not."""
    wanted = fold(told.strip())
    people = User.objects.exclude(post=None).distinct()
    return [
        one.pk
        for one in people
        if wanted in (one.username.lower(), fold(one.username)) or _is_in(wanted, one)
    ]


def _is_in(wanted: str, person: User) -> bool:
    return f" {wanted} " in f" {fold(person.get_full_name())} "


# --- one line of the log ----------------------------------------------------------------------------------

RIGHTS: Mapping[str, Any] = {
    "lead_handler": _l("cơ quan chủ trì"),
    "coordinator": _l("cơ quan phối hợp"),
    "superior": _l("cấp trên duyệt"),
    "secret_holder": _l("người gửi"),
    **{str(role.value): role.label for role in Role},
}
PAGES: Mapping[str, Any] = {
    "feedback:petition": _l("trang đơn"),
    "feedback:papers": _l("trang văn bản"),
    "feedback:write": _l("in văn bản"),
    "feedback:identity": _l("trang danh tính"),
    LETTER: _l("thư đã soạn"),
    "feedback:attachment": _l("tệp gửi kèm"),
    "feedback:caller": _l("tra người gọi"),
    "feedback:desk": _l("tìm theo số điện thoại"),
    "feedback:board": _l("bảng giám sát"),
    "feedback:behind": _l("các đơn của một con số"),
    "feedback:audit": _l("nhật ký truy cập"),
    "feedback:audited": _l("trang kiểm tra"),
    "feedback:export": _l("hồ sơ cho thanh tra"),
    "manage.py export_audit": _l("hồ sơ cho thanh tra"),
    "manage.py find": _l("tìm bằng dòng lệnh"),
    "manage.py petition": _l("xem đơn bằng dòng lệnh"),
}
ICONS: Mapping[str, str] = {
    What.PETITION: "eye",
    What.FILE: "paperclip",
    What.IDENTITY: "user",
    What.EXPORT: "download",
    What.SEARCH: "search",
}


@dataclass(frozen=True)
class Line:
    """A look as it is read."""

    look: Look
    who: str
    right: str
    page: str
    about: str
    icon: str


def line(look: Look) -> Line:
    rights = ", ".join(str(RIGHTS.get(right, right)).lower() for right in look.right.split("+") if right)
    who = look.user.get_full_name() or look.user.username
    about = "" if look.about == WITHIN else look.about
    return Line(look, who, rights, str(PAGES.get(look.page, look.page)), about, ICONS[look.what])


def page(looks: LookQuerySet, *, after: str) -> tuple[list[Line], str]:
    """The newest fifty with a number under `after`, and the key of the next page, "" on the last."""
    rows = with_names(looks)
    if after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    return [line(look) for look in shown], str(shown[-1].pk) if len(found) > PAGE else ""


def with_names(looks: LookQuerySet) -> LookQuerySet:
    """The newest first, with person and petition, which are read apart: a join makes SQLite sort all."""
    return looks.prefetch_related("user", "petition").order_by("-pk")


HEAD = (
    *(_l("Lúc"), _l("Tên đăng nhập"), _l("Họ tên"), pgettext_lazy("cột", "Việc"), _l("Mã đơn")),
    *(
        _l("Theo quyền"),
        _l("Trang"),
        _l("Tệp, văn bản"),
        _l("Số dòng"),
        _l("Niêm phong"),
        _l("Kèm danh tính"),
    ),
)


def cells(look: Look) -> list[Any]:
    """The same as a row of a sheet."""
    told = line(look)
    yes, no = _("có"), _("không")
    return [
        f"{timezone.localtime(look.at):%Y-%m-%d %H:%M:%S}",
        *(look.user.username, told.who, look.get_what_display()),
        look.petition.code if look.petition else "",
        *(told.right, told.page, told.about, look.rows),
        *(yes if look.sealed else no, yes if look.named else no),
    ]


# --- the chain of one petition ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Link:
    """One step of a chain as it is read, without a word that anybody said."""

    seq: int
    at: dt.datetime
    said: str
    who: str
    hash: str
    wrong: tuple[str, ...]


@dataclass(frozen=True)
class DayOf:
    """The anchor of a day on which something happened to the petition; `wrong` empty: it stands."""

    day: dt.date
    steps: int
    waits: bool  # the day is not over, or was just over
    wrong: tuple[str, ...]


@dataclass(frozen=True)
class Chain:
    """The steps of one petition, each held against the chain, and the anchors of their days."""

    links: list[Link]
    days: list[DayOf]
    wrong: tuple[str, ...]  # of the petition as a whole

    @property
    def holds(self) -> bool:
        return not self.wrong and not any(link.wrong for link in self.links)


def chain_of(petition: Petition, *, by: User, now: dt.datetime) -> Chain:
    """Its steps, each with what is wrong with it, and the anchors of their days."""
    steps, faults = verify_one(petition)
    wrong: dict[int, list[str]] = defaultdict(list)
    for fault in faults:
        wrong[fault.seq].append(fault.why)
    links = [
        Link(step.seq, step.at, said, story.who(step), step.hash[:SHORT], tuple(wrong.pop(step.seq, ())))
        for step, said in zip(steps, _said(steps, by, now), strict=True)
    ]
    rest = tuple(why for whys in wrong.values() for why in whys)
    return Chain(links, _days_of(petition, steps, now), rest)


def _said(steps: list[Step], by: User, now: dt.datetime) -> list[str]:
    """Each step as the desk tells it; where what is kept was tampered with, by the name of its action."""
    try:
        return [event.said for event in story.later(steps, now, by=by)]
    except (ValueError, KeyError, TypeError, AttributeError):
        return [step.action for step in steps]


def _days_of(petition: Petition, steps: list[Step], now: dt.datetime) -> list[DayOf]:
    tails: dict[dt.date, list[anchors.Tail]] = defaultdict(list)
    for step in steps:
        tails[timezone.localdate(step.at)].append((petition.code, step.seq, step.hash))
    open_day = timezone.localdate(now - LATE)
    told = []
    for found in some_days(tails.keys(), whole=False):
        wrong = [fault.why for fault in found.faults]
        if found.line is not None:
            wrong += _missing_of(not_in_list(found.line, tails[found.day]))
        waits = found.line is None and not wrong and found.day >= open_day
        if found.line is None and not wrong and not waits:
            wrong = [_("ngày này chưa có neo")]
        told.append(DayOf(found.day, len(tails[found.day]), waits, tuple(wrong)))
    return told


def _missing_of(missing: list[anchors.Tail] | None) -> list[str]:
    if missing is None:
        return [_("danh sách bước của ngày bị sửa hoặc mất")]
    return [_("bước %(seq)s không có trong danh sách đã ký") % {"seq": seq} for _code, seq, _hash in missing]


# --- anchors by day ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AnchorDay:
    """One day's anchor; `steps`: how many that day's list holds; `waits`: it may still be signed."""

    day: str
    steps: int
    hash: str
    waits: bool
    wrong: tuple[str, ...]


def anchor_days(user: User, *, before: dt.date, now: dt.datetime) -> list[AnchorDay]:
    """The days up to `before`, the newest first, each held against its list and the database.

    Raises UnreadableError where the chain itself cannot be read.
    """
    days = [before - dt.timedelta(days=number) for number in range(DAYS)]
    so_far = {one.date: one.steps for one in anchors.chain()}
    told = [_anchor_day(found, so_far, user, now) for found in some_days(days, whole=True)]
    return [one for one in reversed(told) if one is not None]


def _anchor_day(found: Day, so_far: Mapping[dt.date, int], user: User, now: dt.datetime) -> AnchorDay | None:
    """None: it has none, and nothing happened that day."""
    day, wrong = told_day(found.day), tuple(_as_he_may_read(found.faults, user))
    if found.line is not None:
        yesterday = so_far.get(found.day - dt.timedelta(days=1), 0)
        return AnchorDay(day, found.line.steps - yesterday, found.line.hash[:SHORT], waits=False, wrong=wrong)
    steps = len(anchors.steps_of(found.day))
    if not steps and not wrong:
        return None
    waits = not wrong and found.day >= timezone.localdate(now - LATE)
    return AnchorDay(day, steps, "", waits, wrong if wrong or waits else (_("ngày này chưa có neo"),))


def _as_he_may_read(faults: Iterable[Fault], user: User) -> list[str]:
    """A petition by its code only where he sees it: what is barred to him stays unknown to him."""
    found = list(faults)
    named = {fault.code for fault in found if fault.code}
    known = set(petitions_of(user).filter(code__in=named).values_list("code", flat=True)) if named else set()
    return [
        f"{codes.printed(fault.code)} #{fault.seq}: {fault.why}"
        if fault.code in known
        else (_("một đơn ngoài phạm vi của bạn: %(why)s") % {"why": fault.why} if fault.code else fault.why)
        for fault in found
    ]
