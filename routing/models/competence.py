"""Who leads where the field's own row does not decide, and where a citizen is sent from here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from routing.facts import ACCUSED_AGENCY, KINDS, FactError, checked, listed
from routing.models.agencies import AgencyType
from routing.models.fields import Field, Subfield
from routing.models.limits import DeadlinePolicy
from routing.models.places import Commune, Province
from routing.models.reference import Reference


class OutsideBody(Reference):
    """Where a citizen is sent whose matter lies outside the house: name, address, what to bring.

    `{province}` in these words is the province's name, `{body}` the body that is complained of. The row of a
    province goes before the one of the whole country.
    """

    slug = models.SlugField(_("mã"), max_length=60)
    province = models.ForeignKey(
        Province,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("tỉnh, thành phố"),
    )
    name = models.CharField(_("tên"), max_length=250)
    # Where such a body stands among the agencies, its own address and telephone go before these.
    agency_type = models.CharField(_("loại cơ quan"), max_length=60, blank=True)
    address = models.CharField(_("địa chỉ"), max_length=500)
    phone = models.CharField(_("điện thoại"), max_length=120, blank=True)
    bring = models.CharField(_("mang theo"), max_length=500, blank=True)

    class Meta:
        ordering = ["slug", "province_id"]
        verbose_name = _("nơi hướng dẫn đến ngoài hệ thống")
        verbose_name_plural = pgettext_lazy("số nhiều", "nơi hướng dẫn đến ngoài hệ thống")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["slug", "province"], name="one_outside_body"),
            models.UniqueConstraint(
                fields=["slug"], condition=Q(province__isnull=True), name="one_outside_body_of_all"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CompetenceRule(Reference):
    """A row of competence: where its conditions hold, its body leads.

    An empty condition holds always. The rungs are tried from the first; on one rung the more specific row
    decides, and two that could decide the same case with equal right are refused when they are saved.
    `facts`: fact -> a value or a list of values (`routing.facts`). `lead` and its companions: types of
    agencies; `lead` may be ACCUSED_AGENCY. Shape of the shipped ones: `routing/data/competence.yaml`.
    """

    class Rung(models.TextChoices):
        ELSEWHERE = "elsewhere", _("1. Nơi khác đã hoặc phải giải quyết")
        CRIME = "crime", _("2. Dấu hiệu tội phạm: chuyển ngay")
        ACCUSED = "accused", _("3. Theo bên bị phản ánh")
        LINE = "line", _("4. Ngành dọc, doanh nghiệp, theo cấp quản lý")
        FIELD = "field", _("5. Lĩnh vực và địa bàn")
        # Never in turn: asked where a second instance lies above a province's chair.
        MINISTRY = "ministry", _("Bộ quản lý ngành")

    class Outcome(models.TextChoices):
        AGENCY = "agency", _("cơ quan trả lời")
        REDIRECT_OUT = "redirect_out", _("hướng dẫn ra ngoài hệ thống")

    slug = models.SlugField(_("mã"), max_length=60, primary_key=True)
    rung = models.CharField(_("bậc"), max_length=20, choices=Rung.choices, default=Rung.FIELD)
    kinds = models.JSONField(_("loại"), default=list, blank=True)
    subfields = models.JSONField(_("tiểu lĩnh vực"), default=list, blank=True)
    fields = models.JSONField(_("lĩnh vực"), default=list, blank=True)
    province = models.ForeignKey(
        Province,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("chỉ ở tỉnh, thành phố"),
    )
    commune = models.ForeignKey(
        Commune,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("chỉ ở xã, phường"),
    )
    facts = models.JSONField(_("dữ kiện"), default=dict, blank=True)
    outcome = models.CharField(_("kết quả"), max_length=20, choices=Outcome.choices, default=Outcome.AGENCY)
    lead = models.CharField(_("chủ trì"), max_length=60, blank=True)
    accountable = models.CharField(_("chịu trách nhiệm"), max_length=60, blank=True)
    executing = models.CharField(_("thực hiện"), max_length=60, blank=True)
    coordinators = models.JSONField(_("phối hợp"), default=list, blank=True)
    # For redirect_out: the slug of an OutsideBody.
    outside = models.CharField(_("nơi hướng dẫn đến"), max_length=60, blank=True)
    policy = models.ForeignKey(
        DeadlinePolicy,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("thời hạn riêng"),
    )
    legal = models.CharField(_("tính pháp lý"), max_length=10, choices=DeadlinePolicy.Legal.choices)
    # A lawyer compared `source`, which names the article, with the text in force.
    checked = models.BooleanField(_("đã đối chiếu văn bản"), default=False)
    reason = models.CharField(_("lý do"), max_length=500)

    class Meta:
        ordering = ["slug"]
        verbose_name = _("quy tắc thẩm quyền")
        verbose_name_plural = pgettext_lazy("số nhiều", "quy tắc thẩm quyền")

    def __str__(self) -> str:
        return self.slug

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.clean()  # also where no form stands before it: two equal rows would decide by chance
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Raises ValidationError: a sentence for each thing that points nowhere, and for a tie."""
        wrong = dict(self.faults())
        if not wrong and (equal := self.equal_row()):
            wrong["__all__"] = gettext(
                "Dòng này ngang hàng với “%(other)s”: có trường hợp cả hai cùng khớp mà không dòng nào cụ thể"
                " hơn. Xin thêm điều kiện, đổi bậc hoặc ngày hiệu lực."
            ) % {"other": equal.slug}
        if wrong:
            raise ValidationError(wrong)

    @property
    def rank(self) -> tuple[int, int, int, int]:
        """How specific it is: facts before matter, matter before territory, territory before kind."""
        matter = 2 if self.subfields else 1 if self.fields else 0
        territory = 2 if self.commune_id else 1 if self.province_id else 0
        return len(self.facts), matter, territory, bool(self.kinds)

    # The rows that this one is held against while a table is looked through; None: those of the database.
    among: Ties | None = None

    def equal_row(self) -> CompetenceRule | None:
        """A row of the same rung that decides some case with the same right, on some day."""
        rows = self.among or Ties(CompetenceRule.objects.filter(rung=self.rung))
        return next((other for other in rows.near(self) if self.ties_with(other)), None)

    @property
    def territory(self) -> str:
        return self.commune_id or self.province_id or ""

    def ties_with(self, other: CompetenceRule) -> bool:
        """Whether some case fits both on some day and neither is more specific."""
        days = self.valid_from <= (other.valid_to or dt.date.max) and other.valid_from <= (
            self.valid_to or dt.date.max
        )
        mine, theirs = (row.subfields or row.fields for row in (self, other))  # a field beside is not asked
        return (
            days
            and self.pk != other.pk
            and (self.rung, self.rank, self.territory) == (other.rung, other.rank, other.territory)
            and all(
                not one or not another or not set(one).isdisjoint(another)
                for one, another in (
                    (self.kinds, other.kinds),
                    (mine, theirs),
                    *_shared(self.facts, other.facts),
                )
            )
        )

    def faults(self) -> Iterator[tuple[str, str]]:
        """(column, sentence) for each condition or body that does not exist."""
        if misshapen := list(self._misshapen()):
            yield from misshapen
            return
        if self.commune and self.province_id and self.commune.province_id != self.province_id:
            yield "commune", gettext("Xã, phường này không thuộc tỉnh, thành phố đã chọn.")
        for kind in set(self.kinds) - set(KINDS):
            yield "kinds", gettext("Không có loại “%(what)s”.") % {"what": kind}
        for column, model in (("subfields", Subfield), ("fields", Field)):
            asked = set(getattr(self, column))
            for slug in sorted(asked - self._known(model, asked)):
                yield column, gettext("Không có mã “%(what)s”.") % {"what": slug}
        for key, value in self.facts.items():
            if not listed(value):
                yield "facts", gettext("Dữ kiện %(key)s chưa có giá trị nào.") % {"key": key}
            try:
                for one in listed(value):
                    checked(key, one)
            except FactError as wrong:
                yield "facts", str(wrong)
        yield from self._wrong_bodies()
        if not self.source.strip():
            yield "source", gettext("Xin ghi nguồn: văn bản, điều khoản; chưa có văn bản thì ghi “đề xuất”.")
        if self.valid_to and self.valid_to < self.valid_from - dt.timedelta(days=1):
            yield "valid_to", gettext("Ngày hết hiệu lực phải sau ngày bắt đầu.")

    def _known(self, model: type[models.Model], asked: set[str]) -> set[str]:
        """Those of these keys that there are."""
        if self.among is not None:
            return asked & self.among.keys_of(model)
        return (
            set(model._default_manager.filter(pk__in=asked).values_list("pk", flat=True)) if asked else set()
        )

    def _misshapen(self) -> Iterator[tuple[str, str]]:
        """Lists of names are lists of names, and facts are facts by name."""
        for column in ("kinds", "subfields", "fields", "coordinators"):
            value = getattr(self, column)
            if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
                yield column, gettext("Cần một danh sách mã.")
        if not isinstance(self.facts, dict):
            yield "facts", gettext('Cần dữ kiện theo tên, ví dụ {"road_class": "commune"}.')

    def _wrong_bodies(self) -> Iterator[tuple[str, str]]:
        bodies = [("lead", self.lead), ("accountable", self.accountable), ("executing", self.executing)]
        bodies += [("coordinators", slug) for slug in self.coordinators]
        known = self._known(AgencyType, {slug for _column, slug in bodies}) | {"", ACCUSED_AGENCY}
        for column, slug in bodies:
            if slug not in known:
                yield column, gettext("Không có loại cơ quan “%(what)s”.") % {"what": slug}
        if self.outcome == self.Outcome.AGENCY and not self.lead:
            yield "lead", gettext("Xin chọn cơ quan chủ trì.")
        if (
            self.outcome == self.Outcome.REDIRECT_OUT
            and not OutsideBody.objects.filter(slug=self.outside).exists()
        ):
            yield "outside", gettext("Xin chọn nơi hướng dẫn đến.")


def _shared(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[tuple[list[Any], list[Any]]]:
    """What each asks of the facts that both ask for."""
    return ((listed(one[key]), listed(other[key])) for key in one.keys() & other.keys())


class Ties:
    """Rows by rung, rank, territory, matter and what they ask of the facts: few are near to any one.

    For one look through a table: what it has read stays as it was read.
    """

    def __init__(self, rules: Iterable[CompetenceRule]) -> None:
        self._rows: dict[tuple[Any, ...], dict[Keys, dict[Any, dict[str, CompetenceRule]]]] = {}
        self._spots: dict[str, list[dict[str, CompetenceRule]]] = {}
        self._keys: dict[type[models.Model], frozenset[str]] = {}
        for rule in rules:
            self.put(rule)

    def keys_of(self, model: type[models.Model]) -> frozenset[str]:
        """Of all its rows, read once."""
        if model not in self._keys:
            self._keys[model] = frozenset(model._default_manager.values_list("pk", flat=True))
        return self._keys[model]

    def put(self, rule: CompetenceRule) -> None:
        """In the place of the one of its slug."""
        for spot in self._spots.pop(rule.pk, ()):
            spot.pop(rule.pk, None)
        keys = tuple(sorted(rule.facts))
        for matter in _matters(rule):
            asked = self._rows.setdefault(matter, {}).setdefault(keys, {})
            for value in _first_values(rule, keys):
                spot = asked.setdefault(value, {})
                spot[rule.pk] = rule
                self._spots.setdefault(rule.pk, []).append(spot)

    def near(self, rule: CompetenceRule) -> Iterator[CompetenceRule]:
        """All that may tie with it, and few others."""
        own = tuple(sorted(rule.facts))
        for matter in _matters(rule):
            for keys, by_value in self._rows.get(matter, {}).items():
                values = _first_values(rule, own) if keys == own else list(by_value)
                for value in values:
                    yield from by_value.get(value, {}).values()


Keys = tuple[str, ...]


def _matters(rule: CompetenceRule) -> Iterator[tuple[Any, ...]]:
    for slug in rule.subfields or rule.fields or [""]:
        yield rule.rung, rule.rank, rule.territory, slug


def _first_values(rule: CompetenceRule, keys: Keys) -> list[Any]:
    return listed(rule.facts[keys[0]]) if keys else [""]
