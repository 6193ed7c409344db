"""What an administrator may look after: follow-ups that died, and the outbox. Never a petition's words."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.readonly import ReadOnly
from feedback.models import FollowUp, Notice, Petition, RetentionRule


@admin.register(FollowUp)
class FollowUpAdmin(ReadOnly):
    list_display = ["step", "consumer", "done_at", "attempts", "next_try_at", "dead", "error"]
    list_filter = ["dead", "consumer", ("done_at", admin.EmptyFieldListFilter)]
    actions = ["try_again"]

    @admin.action(description=_("Thử lại các việc đã hỏng"), permissions=["view"])
    def try_again(self, request: HttpRequest, rows: QuerySet[FollowUp]) -> None:
        """Give dead rows all their tries back."""
        count = rows.filter(dead=True).update(
            dead=False, attempts=0, next_try_at=timezone.now(), claimed_until=None
        )
        self.message_user(request, _("Sẽ thử lại %(count)s việc.") % {"count": count})


@admin.register(Notice)
class NoticeAdmin(ReadOnly):
    """The outbox: what was, or would have been, sent about petitions that this person may see."""

    list_display = ["created_at", "channel", "subject", "sent_at"]
    list_filter = ["channel", ("sent_at", admin.EmptyFieldListFilter)]
    fields = ["step", "channel", "subject", "body", "message_id", "created_at", "sent_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Notice]:
        rows: QuerySet[Notice] = super().get_queryset(request)
        return rows.filter(step__petition__in=Petition.objects.visible_to(request.user))


@admin.register(RetentionRule)
class RetentionRuleAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    list_display = ["name", "keep_days", "active", "checked", "basis"]
