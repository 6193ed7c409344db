"""Which limits a kind of petition has."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from routing.models.places import Province
from routing.models.reference import Reference

# Complaint and denunciation follow each a law of its own.
POLICY_AT_LAW = {"complaint": "complaint-first", "denunciation": "denunciation"}
# What follows its kind, whatever it is about; all else follows its field, and the default without one.
POLICY_BY_KIND = {**POLICY_AT_LAW, "praise": "qa-10wd", "spam": "redirect"}
DEFAULT_POLICY = "field-5d"


class DeadlinePolicy(Reference):
    """Which limits a kind of petition has. `version` is stored with every deadline that follows it."""

    class Legal(models.TextChoices):
        YES = "yes", _("luật định")
        PARTIAL = "partial", _("luật định một phần")
        NO = "no", _("quy định của địa phương hoặc mặc định")

    slug = models.SlugField(_("mã"), max_length=60, primary_key=True)
    version = models.CharField(_("phiên bản"), max_length=40)
    name = models.CharField(_("tên"), max_length=200)
    clock_start = models.CharField(_("tính từ"), max_length=40)
    legal = models.CharField(_("tính pháp lý"), max_length=10, choices=Legal.choices)
    suspends = models.BooleanField(_("có thể tạm đình chỉ"), default=False)
    # Its limits in working hours are counted in hours where the agency is on duty round the clock.
    round_the_clock = models.BooleanField(_("khẩn: nơi trực 24/7 tính cả đêm và ngày nghỉ"), default=False)
    basis = models.TextField(_("căn cứ"), blank=True)
    note = models.TextField(_("ghi chú"), blank=True)

    class Meta:
        ordering = ["slug"]
        verbose_name = _("chính sách thời hạn")
        verbose_name_plural = pgettext_lazy("số nhiều", "chính sách thời hạn")

    def __str__(self) -> str:
        return self.name


class PolicyStep(Reference):
    """One limit of a policy. A change of law is a new row with its own days of force."""

    class Step(models.TextChoices):
        ACCEPT = "accept", _("tiếp nhận")
        TRANSFER = "transfer", _("chuyển")
        RESOLVE = "resolve", _("giải quyết")
        EXTEND = "extend", _("gia hạn")
        PROGRESS = "progress", _("báo tiến độ")
        COMPLAIN = "complain", _("thời hiệu khiếu nại")
        CRIME = "crime", _("chuyển cơ quan điều tra")
        NOTIFY = "notify", _("báo việc thụ lý")
        DIALOGUE = "dialogue", _("báo trước đối thoại")
        SEND = "send", _("gửi quyết định")
        PUBLICISE = "publicise", _("công khai kết quả")
        DOUBT = "doubt", _("trả lời câu hỏi của máy")

    class Unit(models.TextChoices):
        CLOCK_HOUR = "clock_hour", _("giờ")
        WORKING_HOUR = "working_hour", _("giờ làm việc")
        WORKING_DAY = "working_day", _("ngày làm việc")
        CALENDAR_DAY = "calendar_day", _("ngày")

    policy = models.ForeignKey(
        DeadlinePolicy, on_delete=models.CASCADE, related_name="steps", verbose_name=_("chính sách")
    )
    step = models.CharField(_("bước"), max_length=20, choices=Step.choices)
    # "" or `deadlines.Variant.words` joined, e.g. "second_remote_complex".
    variant = models.CharField(_("trường hợp"), max_length=40, blank=True)
    unit = models.CharField(_("đơn vị tính"), max_length=20, choices=Unit.choices)
    amount = models.PositiveIntegerField(_("số lượng"))
    max_times = models.PositiveIntegerField(_("số lần tối đa"), null=True, blank=True)
    article = models.CharField(_("điều khoản"), max_length=500, blank=True)
    legal = models.CharField(_("tính pháp lý"), max_length=10, choices=DeadlinePolicy.Legal.choices)
    # A lawyer compared it with the text in force.
    checked = models.BooleanField(_("đã đối chiếu văn bản"), default=False)
    # A limit that no law sets may be another in one province.
    province = models.ForeignKey(
        Province,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("tỉnh, thành phố"),
        help_text=_("Để trống nghĩa là cả nước"),
    )

    class Meta:
        ordering = ["policy_id", "step", "variant", "valid_from"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                *("policy", "step", "variant", "valid_from", Coalesce("province", models.Value(""))),
                name="one_limit_at_a_time",
            )
        ]
        verbose_name = _("thời hạn từng bước")
        verbose_name_plural = pgettext_lazy("số nhiều", "thời hạn từng bước")

    def __str__(self) -> str:
        return f"{self.policy_id} {self.step} {self.variant}".strip()

    def clean(self) -> None:
        """What the law sets for the whole country, no province sets otherwise."""
        if not self.province_id:
            return
        everywhere = PolicyStep.objects.filter(policy_id=self.policy_id, step=self.step, province=None)
        if everywhere.filter(variant=self.variant, legal=DeadlinePolicy.Legal.YES).exists():
            raise ValidationError({"province": _("Thời hạn này luật định, áp dụng cho cả nước.")})
