"""Who people are: a user, and the posts that user holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from routing.kept import ReferenceKey

if TYPE_CHECKING:
    from collections.abc import Iterable


class Role(models.TextChoices):
    """What a post lets its holder do; the names are those of `manage.py workflow`."""

    CITIZEN = "citizen", _("Người dân")
    OPERATOR = "operator", _("Tổng đài viên")
    HANDLER = "handler", _("Cán bộ xử lý")
    APPROVER = "approver", _("Lãnh đạo phê duyệt")
    FOCAL_POINT = "focal_point", _("Cán bộ đầu mối")
    PETITION_OFFICER = "petition_officer", _("Cán bộ xử lý đơn")
    REVIEWER = "reviewer", _("Cán bộ công khai")
    SUPERVISOR = "supervisor", _("Giám sát")
    AUDITOR = "auditor", _("Thanh tra")
    ADMINISTRATOR = "administrator", _("Quản trị")


# What these may do hangs on their agency; of all others on a territory.
OF_AN_AGENCY = (Role.HANDLER, Role.APPROVER)


class User(AbstractUser):
    """One person who signs in; what he may do lies in his posts alone."""

    # Keys of one letter may be pressed by speech or by mistake: everyone can turn them off (WCAG 2.1.4).
    single_keys = models.BooleanField(_("dùng phím tắt một chữ"), default=True)

    # Asked at every page: whether a telephone is enrolled (`second_factor` keeps it with the device).
    two_steps = models.BooleanField(_("hai bước"), default=False, editable=False)

    @cached_property
    def posts(self) -> tuple[Post, ...]:
        """The posts held now, read once a request."""
        return tuple(self.post_set.all()) if self.pk else ()

    @cached_property
    def held(self) -> frozenset[tuple[str, str | None, str | None]]:
        """(role, agency, province) of each of these: all that decides what he may see."""
        return frozenset((post.role, post.agency_id, post.province_id) for post in self.posts)

    def agencies_as(self, *roles: Role) -> set[str]:
        """Codes of the agencies where this person holds one of `roles`."""
        return {post.agency_id for post in self.posts if post.role in roles and post.agency_id}

    def provinces_as(self, *roles: Role) -> set[str] | None:
        """Codes of the provinces where this person holds one of `roles`; None means the whole country."""
        held = [post for post in self.posts if post.role in roles]
        if any(post.province_id is None for post in held):
            return None
        return {post.province_id for post in held if post.province_id}

    def holds(self, roles: Iterable[Role], *, province: str) -> bool:
        """True if one of `roles` is held over `province`."""
        provinces = self.provinces_as(*roles)
        return provinces is None or province in provinces

    def itself(self) -> User:
        """Behind what stands for it until it is asked for (`request.user`), which costs at every question."""
        return self

    def has_role(self, *roles: Role) -> bool:
        return any(post.role in roles for post in self.posts)

    @property
    def works_here(self) -> bool:
        """An official of any kind, as against a citizen."""
        return any(post.role != Role.CITIZEN for post in self.posts)

    @property
    def audits(self) -> bool:
        """He reads who looked at what, and holds what happened against what was written."""
        return self.has_role(Role.AUDITOR)


TWICE = _("Người này đã có vị trí ấy.")


class Post(models.Model):
    """One row of (person, role, agency, territory)."""

    replaces: Collection[int] = ()  # posts of his that go in the moment in which this one is kept

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    role = models.CharField(_("vai trò"), max_length=20, choices=Role.choices)
    agency = ReferenceKey(
        "routing.Agency", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("cơ quan")
    )
    province = ReferenceKey(
        "routing.Province",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("địa bàn"),
        help_text=_("Để trống nghĩa là cả nước"),
    )

    class Meta:
        verbose_name = _("vị trí công tác")
        verbose_name_plural = pgettext_lazy("số nhiều", "vị trí công tác")
        constraints = [
            models.UniqueConstraint(
                models.F("user"),
                models.F("role"),
                Coalesce(models.F("agency"), models.Value("")),
                Coalesce(models.F("province"), models.Value("")),
                name="one_post_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(role__in=OF_AN_AGENCY) | models.Q(agency__isnull=False),
                name="handler_and_approver_need_an_agency",
            ),
        ]

    def __str__(self) -> str:
        place = self.province or _("cả nước")
        where = (self.agency or place) if self.role in OF_AN_AGENCY else place
        return f"{self.get_role_display()} · {where}"

    def _told(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("user_id", "role", "agency_id", "province_id")}

    def _stands_twice(self) -> bool:
        return Post.objects.filter(**self._told()).exclude(pk__in={self.pk, *self.replaces}).exists()

    @staticmethod
    def covering(territory: str | None) -> models.Q:
        """Posts over this territory or, without one, over the whole country."""
        return models.Q(province=territory) | models.Q(province=None)

    def covers(self, territory: str) -> bool:
        return self.province_id in (None, territory)

    def clean(self) -> None:
        """Who sees a territory sees the whole country without one: no agency narrows that."""
        if self.role in OF_AN_AGENCY and not self.agency_id:
            raise ValidationError({"agency": _("Vai trò này làm việc ở một cơ quan: xin chọn cơ quan.")})
        if self.user_id and self._stands_twice():
            raise ValidationError({"role": TWICE})
        if self.role not in OF_AN_AGENCY and self.agency_id and not self.province_id:
            said = _("Vai trò này xem theo địa bàn: xin chọn địa bàn, hoặc bỏ cơ quan để xem cả nước.")
            raise ValidationError({"province": said})


class Absence(models.Model):
    """Days on which somebody is away: what falls due then is told to others of his level, else upward."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="absences")
    first_day = models.DateField(_("vắng từ ngày"))
    last_day = models.DateField(_("đến hết ngày"))

    class Meta:
        verbose_name = _("thời gian vắng mặt")
        verbose_name_plural = pgettext_lazy("số nhiều", "thời gian vắng mặt")
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")),
                name="absence_ends_after_it_begins",
                violation_error_message=_("Ngày cuối phải bằng hoặc sau ngày đầu."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_day:%d/%m/%Y} - {self.last_day:%d/%m/%Y}"

    @classmethod
    def away_on(cls, day: dt.date) -> models.QuerySet[Absence]:
        return cls.objects.filter(first_day__lte=day, last_day__gte=day)
