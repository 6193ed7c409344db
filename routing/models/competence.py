"""Who leads where the field's own row does not decide."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from routing.models.limits import DeadlinePolicy
from routing.models.reference import Reference


class CompetenceRule(Reference):
    """A row of competence that overrides the taxonomy: when these facts hold, this body leads.

    Tried by `order`; the first whose conditions hold decides. Shape in `routing/data/competence.yaml`.
    """

    slug = models.SlugField(_("mã"), max_length=60, primary_key=True)
    order = models.PositiveIntegerField(_("thứ tự"))
    conditions = models.JSONField(_("điều kiện"), default=dict)
    lead = models.CharField(_("chủ trì"), max_length=60, blank=True)
    accountable = models.CharField(_("chịu trách nhiệm"), max_length=60, blank=True)
    executing = models.CharField(_("thực hiện"), max_length=60, blank=True)
    coordinators = models.JSONField(_("phối hợp"), default=list, blank=True)
    outcome = models.CharField(_("kết quả"), max_length=20, default="agency")
    # For redirect_out: {"body": ..., "address": ..., "phone": ...}
    address = models.JSONField(_("nơi hướng dẫn đến"), default=dict, blank=True)
    legal = models.CharField(_("tính pháp lý"), max_length=10, choices=DeadlinePolicy.Legal.choices)
    reason = models.CharField(_("lý do"), max_length=500)

    class Meta:
        ordering = ["order"]
        verbose_name = _("quy tắc thẩm quyền")
        verbose_name_plural = _("quy tắc thẩm quyền")

    def __str__(self) -> str:
        return self.slug
