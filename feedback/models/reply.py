"""A reasoned answer: drafted by one person, sent by another."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    """What became of the matter."""

    RESOLVED = "resolved", _("Đã giải quyết")
    PLANNED = "planned", _("Đã có kế hoạch, hẹn ngày")
    NOTED = "noted", _("Đã ghi nhận, hẹn ngày")
    EXPLAINED = "explained", _("Đã giải thích, hướng dẫn")
    NOT_UPHELD = "not_upheld", _("Không có cơ sở")
    REDIRECTED = "redirected", _("Đã chuyển cơ quan khác")
    AMEND = "amend", _("Sửa đổi quy định")
    REPEAL = "repeal", _("Bãi bỏ quy định")
    PROPOSE = "propose", _("Kiến nghị cơ quan khác sửa đổi")
    ISSUE = "issue", _("Ban hành quy định mới")
    POOL = "pool", _("Tiếp tục tập hợp")


# "Đã ghi nhận", "chờ kinh phí" is no resolution: it carries the day on which it will be done.
NEEDS_PLAN_DATE = frozenset({Outcome.PLANNED, Outcome.NOTED})


# What becomes of a rule, not of a hole in the road.
ABOUT_RULES = frozenset({Outcome.AMEND, Outcome.REPEAL, Outcome.PROPOSE, Outcome.ISSUE, Outcome.POOL})
FIELD_OF_RULES = "policy-regulation"
NOT_ABOUT_RULES = _(
    "Kết quả này chỉ dành cho kiến nghị, hoặc cho phản ánh về chính sách, quy định; xin chọn kết quả khác."
)


class Score(models.TextChoices):
    """How the petitioner finds the answer."""

    VERY_SATISFIED = "very_satisfied", _("Rất hài lòng")
    SATISFIED = "satisfied", _("Hài lòng")
    ACCEPTABLE = "acceptable", _("Chấp nhận được")
    DISSATISFIED = "dissatisfied", _("Không hài lòng")


# What whoever drafts it says.
DRAFTED = ("outcome", "text", "evidence", "plan_date")


class ReplyQuerySet(models.QuerySet["Reply"]):
    def sent(self) -> ReplyQuerySet:
        """Answers, not drafts."""
        return self.filter(approved_at__isnull=False)

    def texts(self) -> dict[int, str]:
        """Petition -> the words of its last one among these."""
        return dict(self.order_by("pk").values_list("petition", "text"))


class Reply(models.Model):
    """One draft of an answer; what was sent is the approved one."""

    petition = models.ForeignKey("feedback.Petition", on_delete=models.CASCADE, related_name="replies")
    drafted = models.OneToOneField("feedback.Step", on_delete=models.PROTECT, related_name="drafted_reply")
    outcome = models.CharField(_("kết quả"), max_length=20, choices=Outcome.choices)
    text = models.TextField(_("nội dung trả lời"))
    evidence = models.TextField(_("bằng chứng"), blank=True)
    plan_date = models.DateField(_("ngày hẹn"), null=True, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    sent_back = models.TextField(blank=True)  # the approver's words
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.get_outcome_display()}"
