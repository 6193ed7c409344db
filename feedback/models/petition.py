"""One thing that one person or organisation asks of government."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from django.apps import apps
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Post, Role, User
from feedback import codes
from feedback.models.clock import LAWS, SHOWN
from feedback.models.kinship import Kinship
from feedback.models.notice import Notice
from feedback.models.reply import FIELD_OF_RULES
from feedback.models.sight import asked_of, sight, told_by_number
from feedback.models.step import LATER_WORDS, NAMING, TAKES_BACK, standing
from feedback.models.words import When, day_of, in_words, kept_for, spelt_out
from feedback.permissions import WORKERS, answers_for
from feedback.workflow import (
    AT_INTAKE,
    OF_RULES,
    OPEN,
    PETITIONS_AT_LAW,
    Kind,
    State,
    law_of,
)
from feedback.workflow.states import public_word
from routing import deadlines
from routing.calendar import DeadlineError, moment
from routing.kept import ReferenceKey, row
from routing.models import Agency, Commune
from routing.models.agencies import is_focal_point
from routing.superiors import over

if TYPE_CHECKING:
    from feedback.models.attachment import Attachment
    from feedback.models.clock import Clock
    from feedback.models.contact import Contact
    from feedback.models.involvement import Coordination
    from feedback.models.prediction import Prediction
    from feedback.models.reply import Reply
    from feedback.models.step import Step


class Channel(models.TextChoices):
    """The door a petition came through."""

    WEB = "web", _("Trang web")
    APP = "app", _("Ứng dụng")
    HOTLINE = "hotline", _("Điện thoại")
    COUNTER = "counter", _("Tại quầy")
    LETTER = "letter", _("Đơn thư")
    EMAIL = "email", _("Thư điện tử")
    ZALO = "zalo", _("Zalo")
    SYNC = "sync", _("Hệ thống khác")


PROPER_NAMES = frozenset({Channel.ZALO})  # written with a capital within a sentence too
BY_MAIL = "mail:"  # how the key of what was taken out of a letter begins; others file under this channel too


def late(now: When) -> Q:
    """Past the due moment, and not waiting since before it; of open petitions.

    A day of the law ends at 24:00: the rule of `Petition.is_overdue`.
    """
    waiting = Q(paused_at__isnull=False, due_at__gte=F("paused_at"))
    of_law = Q(kind__in=PETITIONS_AT_LAW, legal_due_on__isnull=False)
    today = Q(legal_due_on__gte=day_of(now))
    stopped_then = Q(paused_at__isnull=False, legal_due_on__gte=F("paused_at__date"))
    return Q(due_at__lt=now) & ~waiting & ~(of_law & (today | stopped_then))


def soon(days: int, now: dt.datetime) -> Q:
    """Due within so many working days from now, its clock running; of open petitions.

    Where the working calendar of a year is not known: within so many days.
    """
    try:
        end = deadlines.within_working_days(now, days)
    except DeadlineError:
        end = now + dt.timedelta(days=days)
    return Q(due_at__gte=now, due_at__lt=end, paused_at__isnull=True)


# A day that an answer promises, not kept so far: the rule of `Petition.has_open_plan`, once it is answered.
PROMISED = Q(commitment_due__isnull=False, commitment_met_at__isnull=True)
PASSED_AROUND = 3  # hops from which a supervisor should look


class LastStep(NamedTuple):
    """Where a petition's chain ends: number, hash and moment, and who leads since."""

    seq: int
    hash: str
    at: dt.datetime
    lead_agency: str = ""

    @classmethod
    def of(cls, step: Step) -> LastStep:
        return cls(step.seq, step.hash, step.at, step.lead_agency)


DESCENDANTS = """
    WITH RECURSIVE kin(id) AS (
        SELECT id FROM feedback_petition WHERE id IN ({})
        UNION SELECT born.id FROM feedback_petition born JOIN kin ON born.origin_id = kin.id
    ) SELECT id FROM kin
"""


class PetitionQuerySet(models.QuerySet["Petition"]):
    """Named questions; every list, page, file and command starts at `visible_to`."""

    def visible_to(self, user: Any) -> PetitionQuerySet:
        """What this person may see as an official; nothing for someone who is not signed in."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        return self.filter(sight(user))

    def visible_now(self, user: User, asked: Collection[int] | None = None) -> PetitionQuerySet:
        """The same, for one page that asks many things of it: where he is asked to help is asked first.

        Its condition is put into words once and kept: these rows cannot be asked within another question.
        `asked`: where he is to help, by number, if the page has asked already.
        """
        if not user.is_active:
            return self.none()
        known = told_by_number(asked_of(user) if asked is None else asked)
        condition = kept_for(user, ("sight", known), lambda: in_words(Petition, sight(user, known)))
        return self.filter(condition)

    def erasable_by(self, user: Any) -> PetitionQuerySet:
        """What this person, as an administrator of its territory, may erase without reading it."""
        if not isinstance(user, User) or not user.is_active or not user.has_role(Role.ADMINISTRATOR):
            return self.none()
        provinces = user.provinces_as(Role.ADMINISTRATOR)
        rows = self.exclude(exclusions__agency__in=answers_for(user))
        return rows if provinces is None else rows.filter(territory__in=provinces)

    def owned_by(self, user: Any) -> PetitionQuerySet:
        """What this person filed himself, signed in: he sees it as its petitioner does."""
        return self.filter(petitioner_id=user.pk) if isinstance(user, User) else self.none()

    def opened_with(self, pks: Iterable[int]) -> PetitionQuerySet:
        """These, what was split off from them or appeals them, and so on: one secret opens all."""
        known = [int(pk) for pk in pks]
        if not known:
            return self.none()
        descendants = DESCENDANTS.format(", ".join(["%s"] * len(known)))
        return self.filter(pk__in=RawSQL(descendants, known))  # noqa: S611 - our own words

    def born_of(self, step: Step) -> PetitionQuerySet:
        """What was split off or appeals by this very step."""
        return self.filter(origin=step.petition_id, submitted_at=step.at, born_by=step.action)

    def open(self) -> PetitionQuerySet:
        return self.filter(state__in=OPEN)

    def overdue(self, now: When) -> PetitionQuerySet:
        """Open and past the effective due moment; computed, never stored.

        Who waits for the citizen or is suspended is late only if he was so before the waiting began.
        """
        return self.open().filter(late(now))

    def passed_around(self) -> PetitionQuerySet:
        """Open, and given from hand to hand at least three times."""
        return self.open().filter(hops__gte=spelt_out(PASSED_AROUND))

    def due_within(self, days: int, now: dt.datetime) -> PetitionQuerySet:
        """Open and due in the next `days` working days."""
        return self.open().filter(soon(days, now))

    def promised(self) -> PetitionQuerySet:
        """Answered by a promise that is not kept yet."""
        return self.filter(PROMISED, state=State.ANSWERED)

    def published(self) -> PetitionQuerySet:
        return self.filter(published_at__isnull=False)

    def led_by(self, user: User) -> PetitionQuerySet:
        """Petitions of the agencies where this person handles or approves."""
        return self.filter(lead_id__in=user.agencies_as(*WORKERS))

    def at_intake(self) -> PetitionQuerySet:
        """Waiting for a person of the focal point: unsure, suspected, or returned."""
        return self.filter(state__in=AT_INTAKE)

    def by_due(self) -> PetitionQuerySet:
        """The most urgent first; what has no clock yet comes before all."""
        return self.order_by(models.F("due_at").asc(nulls_first=True), "pk")


# By `Location.basis`; a namesake: of a unit of before that lies elsewhere today.
PLACE_GUESSES = {
    "old": _("Suy từ tên trước 1/7/2025."),
    "point": _("Đoán từ điểm trên bản đồ, cần xác nhận."),
    "landmark": _("Đoán từ địa danh được nêu, cần xác nhận."),
    "reporter": _("Đoán từ nơi người gửi cư trú, cần xác nhận."),
    "namesake": _("Trước 1/7/2025 có nơi khác cùng tên, cần xác nhận."),
    "whole": _("Theo nơi của đơn mà phần này tách ra, cần xác nhận."),
}


class Petition(Kinship):
    """A petition: what was said, where, who leads it, and by when it must be answered."""

    code = models.CharField(_("mã"), max_length=12, unique=True)
    # Keyed hash of the secret; the secret itself is shown once and stored nowhere.
    secret_hash = models.CharField(max_length=64)
    channel = models.CharField(_("kênh"), max_length=20, choices=Channel.choices, default=Channel.WEB)
    # The text as sent, untouched; every normalised form is derived from it.
    text = models.TextField(_("nội dung"))
    entered_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="entered"
    )

    policy = ReferenceKey(
        "routing.DeadlinePolicy", on_delete=models.PROTECT, null=True, blank=True, db_index=False
    )
    urgent = models.BooleanField(_("khẩn cấp"), default=False)
    party = models.CharField(max_length=20, default="person")  # person | organisation

    picked_commune = ReferenceKey(
        "routing.Commune", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    place_text = models.CharField(_("địa điểm"), max_length=300, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    commune = ReferenceKey(
        "routing.Commune", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    province = ReferenceKey(
        "routing.Province", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    place_basis = models.CharField(max_length=10, blank=True)
    place_choices = models.JSONField(default=list, blank=True)
    route_reason = models.CharField(_("lý do chuyển"), max_length=1000, blank=True)

    # The current clock, copied from `Clock` for lists: accept until the first receipt, resolve after.
    first_due_at = models.DateTimeField(null=True, blank=True)
    legal_due_on = models.DateField(null=True, blank=True)
    warns_at = models.DateTimeField(null=True, blank=True)

    # One form sent twice is one petition: the form's random key together with what it said.
    intake_key = models.CharField(max_length=64, blank=True)
    content_digest = models.CharField(max_length=64, blank=True)
    source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=120, blank=True)

    objects = PetitionQuerySet.as_manager()

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Petition:
        petition: Petition = super().from_db(*args, **kwargs)
        petition._remember_columns()
        return petition

    def refresh_from_db(
        self,
        using: str | None = None,
        fields: Iterable[str] | None = None,
        from_queryset: models.QuerySet[Petition] | None = None,
    ) -> None:
        named = None if fields is None else list(fields)
        super().refresh_from_db(using, named, from_queryset)
        self._remember_columns(named)
        self._forget_steps()

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        named = None if update_fields is None else list(update_fields)
        super().save(*args, update_fields=named, **kwargs)
        self._remember_columns(named)

    def save_changes(self) -> None:
        """Write a new row whole, and of one held locked the columns that are other than in the database."""
        if self._state.adding:
            self.save()
            self._excluded = frozenset()  # nobody is yet
            return
        changed = [name for name, value in self._columns() if self._stored.get(name, self) != value]
        if changed:
            self.save(update_fields=changed)

    def _do_insert(self, manager: Any, using: Any, fields: Any, returning_fields: Any, raw: Any) -> Any:
        """Columns that stay empty are not named: the database leaves them empty, and half are at first."""
        named = [field for field in fields if getattr(self, field.attname) is not None]
        return super()._do_insert(manager, using, named, returning_fields, raw)  # type: ignore[misc]

    def stored(self, column: str) -> Any:
        """What stands in the database of this column of a row that was read, whatever was set since."""
        return self._stored[column]

    def _columns(self) -> Iterator[tuple[str, Any]]:
        """Each column that was read or set, by its attribute."""
        known = self.__dict__
        for field in self._meta.local_concrete_fields:
            if field.attname in known:
                yield field.attname, known[field.attname]

    def _remember_columns(self, named: Collection[str] | None = None) -> None:
        """These stand so in the database; a list is replaced, never changed where it stands."""
        stored = dict(self._columns())
        if named is not None:
            columns = {self._meta.get_field(name).attname for name in named}  # type: ignore[union-attr]
            stored = {**self._stored, **{name: stored[name] for name in columns & stored.keys()}}
        self._stored = stored

    class Meta:
        verbose_name = _("đơn, phản ánh")
        verbose_name_plural = pgettext_lazy("số nhiều", "đơn, phản ánh")
        # Each is written with every step: a foreign key that nobody looks for has none (`db_index=False`),
        # and those to reference data not the second one that Django gives to keys of text.
        indexes = [
            models.Index(fields=["commune"], name="petition_commune"),
            models.Index(fields=["subfield"], name="petition_subfield"),
            models.Index(fields=["lead", "state", "due_at"]),
            models.Index(fields=["territory", "state", "due_at"]),
            # Beside them stands petition_due_in (migration 0050): what is open there, the nearest due first.
            models.Index(fields=["state", "due_at"]),
            # What the rungs of the ladder ask each minute; few are urgent.
            models.Index(fields=["state", "warns_at"], name="petition_warns"),
            models.Index(fields=["state", "stands_since"], name="petition_stands"),
            models.Index(fields=["state", "waiting_since"], name="petition_waits"),
            models.Index(fields=["state"], name="petition_urgent", condition=Q(urgent=True)),
            models.Index(fields=["state", "commitment_due"], name="petition_promises"),
            # An agency's newest first: what it has closed is its longest list.
            models.Index(fields=["lead", "-id"], name="petition_latest_of_lead"),
            models.Index(
                fields=["state", "lead"],
                name="petition_promised",
                condition=PROMISED,
            ),
            # The same, and what went from hand to hand, for whoever watches over a territory.
            models.Index(
                fields=["territory", "state"],
                name="petition_promised_in",
                condition=PROMISED,
            ),
            models.Index(
                fields=["territory", "state"],
                name="petition_around_in",
                condition=Q(hops__gte=PASSED_AROUND),
            ),
            models.Index(
                fields=["lead"], name="petition_pooled", condition=Q(pooled=True) | Q(outcome="pool")
            ),
            # The whole text of which a part is sealed.
            models.Index(
                fields=["origin"], name="petition_sealed_part", condition=Q(sealed=True, origin__isnull=False)
            ),
            models.Index(
                fields=["state", "danger_at"], name="petition_danger", condition=Q(danger_at__isnull=False)
            ),
            models.Index(fields=["state", "crime_signs_at"], name="petition_crime"),
            models.Index(
                fields=["state", "report_due_on"],
                name="petition_reports",
                condition=Q(report_due_on__isnull=False),
            ),
            models.Index(
                fields=["state", "duty_due_at"], name="petition_duty", condition=Q(duty_due_at__isnull=False)
            ),
            # What an agency answered lately: a new answer is held against that.
            models.Index(
                fields=["lead", "answered_at"],
                name="petition_answered",
                condition=Q(answered_at__isnull=False),
            ),
            # Where a person is asked whether it is a complaint: what is over, the newest first, and the few
            # among them that are not.
            models.Index(
                fields=["territory", "-id"],
                name="petition_doubts",
                condition=Q(law_doubt_at__isnull=False),
            ),
            models.Index(
                fields=["territory", "state"],
                name="petition_doubts_open",
                condition=Q(law_doubt_at__isnull=False),
            ),
            models.Index(fields=["state"], name="petition_erased", condition=Q(erased_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["intake_key", "content_digest"],
                condition=~Q(intake_key=""),
                name="one_petition_per_form",
            ),
            models.UniqueConstraint(
                fields=["source", "external_id"], condition=~Q(external_id=""), name="one_petition_per_source"
            ),
        ]

    def __str__(self) -> str:
        return self.printed_code

    def get_absolute_url(self) -> str:
        """The desk's page; the citizen's and the public's have addresses of their own."""
        return self.address_of("feedback:petition")

    def address_of(self, page: str) -> str:
        """Of a page by its name in `urls`, whose address holds the code and nothing else that changes."""
        before, behind = _around_a_code(page)
        return f"{before}{self.code}{behind}"

    @property
    def printed_code(self) -> str:
        """`1234 5678 9012`, as it is shown and read aloud."""
        return codes.printed(self.code)

    @property
    def came_by_mail(self) -> bool:
        """Taken out of a letter to the house, which is answered by a letter of its own."""
        return self.channel == Channel.EMAIL and self.intake_key.startswith(BY_MAIL)

    @property
    def public_state(self) -> str:
        """The state in the citizen's words."""
        return str(public_word(self.state, answered=self.answered_at is not None))

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def is_overdue(self, now: dt.datetime | None = None) -> bool:
        """Open and past the effective due moment; the same rule as `PetitionQuerySet.overdue`."""
        ends_at = self.ends_at
        if not self.is_open or ends_at is None:
            return False
        return ends_at < min(filter(None, [self.paused_at, now or timezone.now()]))

    @property
    def ends_at(self) -> dt.datetime | None:
        """As `Clock.ends_at`, of the clock that it shows."""
        if self.legal_due_on and self.kind in PETITIONS_AT_LAW:
            return moment(self.legal_due_on, dt.time.max)
        return self.due_at

    @property
    def sensitivity(self) -> str:
        return self.subfield.sensitivity if self.subfield else "restricted"

    @property
    def only_summarised(self) -> bool:
        """In public stands what somebody wrote anew, never the words as sent."""
        return self.sensitivity == "restricted"

    @property
    def concerns_rules(self) -> bool:
        """It asks for a rule to be made, mended or struck out; its answer may say what comes of that.

        By its kind, by its field, or in the word of whoever classed it (NĐ 20/2008/NĐ-CP, Điều 9, 15).
        """
        of_rules = self.subfield is not None and self.subfield.field_id == FIELD_OF_RULES
        return self.kind == Kind.PROPOSAL or of_rules or self.pakn_class in OF_RULES

    @property
    def sender(self) -> Contact | None:
        """What is known of whoever sent it; None once that is erased."""
        return getattr(self, "contact", None)

    @property
    def identity_hidden(self) -> bool:
        sender = self.sender
        return bool(sender and (sender.hidden or sender.anonymous or sender.secret))

    @property
    def identity_sealed(self) -> bool:
        """The petition officer alone looks at who sent it, and each look is kept."""
        return self.sealed or bool(self.sender and self.sender.secret)

    @property
    def denouncer_sealed(self) -> bool:
        """A denunciation, suspected or formal: who sent it is secret, also in his own words."""
        return self.sealed and self.kind == Kind.DENUNCIATION

    @property
    def letter_sealed(self) -> bool:
        """What its sender enclosed may be a signed denunciation: its own, or that of a part of it."""
        secret = bool(self.sender and self.sender.secret)
        return self.denouncer_sealed or (secret and self._holds_denunciation())

    def _holds_denunciation(self) -> bool:
        """Something split off from it, or from that, is one: its words and files are theirs as well."""
        return any(part.denouncer_sealed for part in self.all_parts())

    @property
    def superior_id(self) -> str | None:
        return self.superior_of(self.lead)

    def superior_of(self, agency: Agency | None) -> str | None:
        """The code of the nearest above it that is not complained about; None where there is none."""
        above = agency.superior_id if agency else None
        if above is None or above not in self.excluded_agencies():
            return above  # nearly always, and no row need be read
        return next((one.code for one in over(agency) if one.code not in self.excluded_agencies()), None)

    @property
    def needs_superior(self) -> bool:
        """No approver left who may, or a reopened petition: the direct superior approves.

        Above a province and a ministry there is none here: another than the drafter of the body itself.
        """
        if self.round > 1 and self.superior_id is not None:
            return True
        shut = {self.drafted_by_id, *self.decided_before()} - {None}
        along = self.told_along.get("approvers")
        if along is not None:
            return not {post.user_id for post in along} - shut
        return not approvers_of(self.lead_id).exclude(user__in=shut).exists()

    @property
    def most_extensions(self) -> int:
        """How often the policy lets its resolve limit be extended; a complaint is declared complex once."""
        counted = (clock.policy for clock in self.all_clocks() if clock.is_resolve and not clock.ended_at)
        policy = next(counted, self.policy_id)  # a clock may keep its own when the petition is sorted anew
        law = LAWS.get(policy or "", "")
        if not policy or law != law_of(self.kind):
            return 0
        if law == Kind.COMPLAINT:
            return 1
        on = timezone.localdate(self.moment)
        return deadlines.most_extensions(policy, on=on, province=self.territory_id)

    def extended_at(self, law: str, now: dt.datetime | None = None) -> list[dt.datetime]:
        """When more time was granted in this round under this law (see `workflow.law_of`), oldest first.

        `now`: one is being granted, and no step tells of it yet.
        """
        if not self.extensions:
            return []
        steps = self.steps.filter(action="grant_extension").order_by("seq").values_list("at", "kind")
        granted = [*steps, *([(now, self.kind)] if now else [])]
        return [at for at, kind in granted[-self.extensions :] if law_of(kind) == law]

    def question_left_at(self) -> dt.datetime | None:
        """When the letter with the last question went to its sender, else was written; None without one.

        As it stood at `moment`: a life may be replayed in days of its own, and letters bear those of the
        machine.
        """
        letters = Notice.objects.filter(
            step__petition=self, step__action="ask", recipient=Notice.PETITIONER, channel=Notice.Channel.EMAIL
        )
        last = letters.order_by("-step__seq").values_list("sent_at", "created_at").first() or ()
        return next((at for at in last if at and at <= self.moment), None)

    @property
    def who_answered(self) -> Agency | None:
        """Who led it when it was last answered or refused; who leads it where it never was.

        Another may lead since: whoever answered has come to be complained of.
        """
        judged = self.steps.filter(action__in=["approve", "confirm_refusal"]).order_by("-seq").first()
        return row(Agency, judged.lead_agency) if judged else self.lead

    @property
    def who_asked(self) -> Agency | None:
        """The body whose question waits, or was the last."""
        asked = self.steps.filter(action="ask").order_by("-seq").first()
        return row(Agency, asked.asker) if asked else self.lead

    def all_who_answered(self) -> list[Agency]:
        """The same of each of its rounds, without a focal point."""
        judged = self.steps.filter(action__in=["approve", "confirm_refusal"]).order_by("seq")
        codes = dict.fromkeys(judged.values_list("lead_agency", flat=True)) or [self.lead_id or ""]
        agencies = (row(Agency, code) for code in codes)
        return [one for one in agencies if one and not is_focal_point(one.code)]

    def happened_in(self, commune: str) -> None:
        """The place in the word of whoever asked: it settles what the machine could not."""
        unit = Commune.objects.get(pk=commune)
        self.picked_commune_id = unit.pk
        self.place_at(unit.pk, unit.province_id, basis="picked")

    def place_at(self, commune: str, province: str, *, basis: str, choices: Sequence[str] = ()) -> None:
        """Where it happened; what nobody has received yet goes to the focal point of that province."""
        self.commune_id, self.province_id = commune or None, province or None
        self.place_basis, self.place_choices = basis, list(choices)
        if self.state == State.SUBMITTED and province:
            self.territory_id = province
            self.lead_id = self.focal_point_id

    @property
    def place_guess(self) -> str:
        """How its place was guessed, in words for whoever confirms it; "" where somebody told it."""
        return str(PLACE_GUESSES.get(self.place_basis, ""))

    def asked_agencies(self) -> set[str]:
        """Agencies asked to help that have not contributed yet; of what is sealed those asked since."""
        if not self._prefetched("coordinations", default=True):
            return set()
        return {one.agency_id for one in self.still_asked() if one.contributed_at is None}

    def still_asked(self) -> list[Coordination]:
        """Who is asked to help, the answered ones too; what is sealed asks the database once more."""
        return list(self.coordinations.still_asked() if self.sealed else self.coordinations.all())

    def enclosed_with(self, reply: Reply | None) -> list[Attachment]:
        """What goes with a draft, in the order of the page, out of the files that were read with it."""
        files = sorted(self.attachments.all(), key=lambda file: file.pk)
        return [file for file in files if reply and file.reply_id == reply.pk]

    def _prefetched(self, name: str, default: Any) -> Any:
        """What was read of its rows there, `default` where nothing was."""
        return getattr(self, "_prefetched_objects_cache", {}).get(name, default)

    def excluded_agencies(self) -> frozenset[str]:
        """Bodies that may neither lead, coordinate nor read; none before it is kept.

        Asked by every right of every button: read once for each time the row is fetched.
        """
        if self.pk is None:
            return frozenset()
        if self._excluded is None:
            self._excluded = frozenset(one.agency_id for one in self.exclusions.all())
        return self._excluded

    def accusations(self) -> list[Step]:
        """The steps that say who is complained of, and still stand."""
        if self._history is not None:
            return standing(step for step in self._history if step.action in (*NAMING, TAKES_BACK))
        told = self.steps.filter(action__in=[*NAMING, TAKES_BACK])
        return standing(told.defer("record").order_by("seq"))

    def history(self) -> list[Step]:
        """Its steps in their order, with words and persons: read once until it takes another.

        For pages, which ask many things of them.
        """
        if self._history is None:
            self._history = list(told_in_full(self.steps.all()))
        return self._history

    def heard(self) -> list[Step]:
        """Its steps by which whoever asked said something later, and the first where he kept it apart."""
        if self._heard is None:
            return [step for step in self.history() if _tells(step)]
        return self._heard

    def given_back(self) -> list[Step]:
        """Its steps by which an agency gave it back."""
        if self._given_back is None:
            return [step for step in self.history() if step.action == "return_"]
        return self._given_back

    def forget_exclusions(self) -> None:
        self._excluded = None
        getattr(self, "_prefetched_objects_cache", {}).pop("exclusions", None)

    def all_clocks(self) -> list[Clock]:
        """Its clocks, oldest first: read once for each time the row is fetched, kept by `feedback.clocks`."""
        if self._clocks is None:
            self._clocks = [] if self._is_untouched else list(self.clocks.order_by("pk"))
        return self._clocks

    def hold_history(self, steps: list[Step]) -> None:
        """These are all of them, with words and persons, as they were read along with the row."""
        self._history = sorted(steps, key=lambda step: step.seq)
        for step in steps:
            step.petition = self

    def hold_clocks(self, clocks: list[Clock]) -> None:
        """These are all of them, as they were read along with the row."""
        self._clocks = clocks

    def past_pauses(self) -> list[tuple[dt.datetime, dt.datetime]]:
        """When its clocks stood still, pauses that have ended; read once for each time the row is fetched."""
        if self._past_pauses is None:
            pauses = () if self._is_untouched else self.pauses.all()
            self._past_pauses = [(pause.began_at, pause.ended_at) for pause in pauses if pause.ended_at]
        return self._past_pauses

    def forget_pauses(self) -> None:
        self._past_pauses = None

    def last_step(self) -> LastStep:
        """For whoever holds the row locked: nobody else adds one then."""
        return self._last_step or self.look_for_last_step()

    def look_for_last_step(self) -> LastStep:
        """What stands in the database now, whatever was known before."""
        last = self.steps.order_by("-seq").values_list(*LastStep._fields).first()
        self._last_step = LastStep(*last) if last else LastStep(0, "", self.submitted_at)
        self._is_whole = self._is_untouched
        return self._last_step

    def begin_chain(self) -> None:
        """Nobody need look: it is not in the database yet."""
        self._last_step = LastStep(0, "", self.submitted_at)

    def hold_last(self, step: Step) -> None:
        """This is its last one, as whoever looked knows; where it is the first, all of its history."""
        self.remember_last(step)
        if self._is_untouched:
            self._is_whole = True
            self.hold_history([step])

    def remember_last(self, step: Step) -> None:
        self._last_step = LastStep.of(step)
        self._forget_steps()
        self._is_whole = self._is_whole and step.action != "split"

    def _forget_steps(self) -> None:
        """All that was read of them: it took another, or may have."""
        self._history = self._heard = self._given_back = None

    @property
    def _is_untouched(self) -> bool:
        """Only handed in, as whoever looked for its last step knows: no clock was started or paused."""
        return self.pk is None or (self._last_step is not None and self._last_step.seq == 1)

    _stored: Mapping[str, Any] = MappingProxyType({})
    _past_pauses: list[tuple[dt.datetime, dt.datetime]] | None = None
    _last_step: LastStep | None = None
    _excluded: frozenset[str] | None = None
    _clocks: list[Clock] | None = None
    _heard: list[Step] | None = None
    _given_back: list[Step] | None = None
    # What else was read along with the row, by `feedback.whole`.
    told_along: Mapping[str, list[Any]] = MappingProxyType({})
    asked_on: Collection[int] | None = None  # where whoever reads it is asked to help, by number

    @cached_property
    def reading(self) -> Prediction | None:
        """What the machine read last."""
        return self.predictions.order_by("-pk").first()

    @cached_property
    def last_reply(self) -> Reply | None:
        """The draft or answer written last."""
        return self.replies.last()

    @property
    def sent_reply(self) -> Reply | None:
        """The answer that was sent last, whatever was drafted since."""
        return self.replies.sent().last()

    @cached_property
    def clock(self) -> Clock | None:
        """The clock behind `due_at`, None where an open one has none: what runs, else what ended last.

        Of the answer rather than of a look; of its present round, and never a duty's.
        """
        if self.is_open and self.due_at is None:
            return None
        shown = [one for one in self.all_clocks() if one.round == self.round and one.step in SHOWN]
        return max(shown, key=_nearness, default=None)


def _tells(step: Step) -> bool:
    """Which steps `heard` gives out; `read_ahead` asks the database the same, for returns and for splits."""
    return step.action in LATER_WORDS or (step.action == "submit" and step.facts.get("apart") is True)


def approvers_of(agency: Any) -> models.QuerySet[Post]:
    """The posts of those who may send what it answers."""
    return Post.objects.filter(role=Role.APPROVER, agency_id=agency, user__is_active=True)


def told_in_full(steps: models.QuerySet[Step]) -> models.QuerySet[Step]:
    """In their order, with words and persons, without the record that only proof needs."""
    return steps.select_related("words", "by").defer("record").order_by("seq")


def read_ahead(petitions: Sequence[Petition]) -> None:
    """What `heard`, `given_back`, `is_split` and, for its candidates, `reading` would ask of each, in two
    statements."""
    by_pk = {petition.pk: petition for petition in petitions}
    if not by_pk:
        return
    for petition in petitions:
        petition._heard, petition._given_back, petition.reading, petition._is_whole = [], [], None, True
    said = Q(action__in=(*LATER_WORDS, "return_", "split")) | Q(action="submit", facts__apart=True)
    for step in told_in_full(apps.get_model("feedback", "Step").objects.filter(said, petition__in=by_pk)):
        step.petition = by_pk[step.petition_id]
        if _tells(step):
            step.petition.heard().append(step)
        elif step.action == "return_":
            step.petition.given_back().append(step)
        else:
            step.petition._is_whole = False
    readings = apps.get_model("feedback", "Prediction").objects.filter(petition__in=by_pk).order_by("pk")
    for reading in readings.only("petition", "candidates", "routes"):
        by_pk[reading.petition_id].reading = reading


@cache
def _around_a_code(page: str) -> tuple[str, str]:
    """What stands before and behind the code in such an address: a list has fifty of them."""
    before, _code, behind = reverse(page, args=["0"]).partition("0")
    return before, behind


def read_exclusions(petitions: Sequence[Petition]) -> None:
    """What `excluded_agencies` would ask of each, in one statement."""
    shut: dict[int, set[str]] = {petition.pk: set() for petition in petitions}
    if not shut:
        return
    rows = apps.get_model("feedback", "Exclusion").objects.filter(petition__in=shut)
    for petition, agency in rows.values_list("petition", "agency"):
        shut[petition].add(agency)
    for one in petitions:
        one._excluded = frozenset(shut[one.pk])


def read_clocks(petitions: Sequence[Petition]) -> None:
    """What `all_clocks` would ask of each, in one statement."""
    kept: dict[int, list[Clock]] = {petition.pk: [] for petition in petitions}
    if not kept:
        return
    clocks = apps.get_model("feedback", "Clock").objects.filter(petition__in=kept).order_by("pk")
    for clock in clocks.defer("trace"):
        kept[clock.petition_id].append(clock)
    for petition in petitions:
        petition._clocks = kept[petition.pk]


def _nearness(clock: Clock) -> tuple[bool, bool, dt.datetime, int]:
    """The greater, the nearer it stands to what is shown."""
    return clock.ended_at is None, clock.is_resolve, clock.ended_at or clock.started_at, clock.pk
