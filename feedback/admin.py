"""What an administrator may look after: follow-ups that died, the outbox, what the machine learnt and how it
reads. Never a petition's words."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.admin import PersonAdmin
from accounts.models import OF_AN_AGENCY, Post, Role, User
from accounts.readonly import ReadOnly
from feedback import access, drift, notifications
from feedback.models import FollowUp, Notice, Petition, ReadingDay, RetentionRule, Training
from feedback.permissions import INTAKE
from feedback.rehearsal import rehearse, untried
from routing.admin import CompetenceRuleAdmin
from routing.models import Agency, CompetenceRule, Field, name_column
from routing.models.agencies import focal_point_of

# What each consumer of the steps does, for who has to mend it.
DUTIES = {
    "feedback.intake.read_submitted": _("đọc, tìm nơi xảy ra, phân công"),
    "feedback.danger.hear_danger": _("báo người trực khi nguy hiểm"),
    "feedback.suspicion.hear_suspicion": _("hỏi đầu mối khi lời nói thêm có thể là khiếu nại, tố cáo"),
    "feedback.alike.remember": _("ghi nhớ để tìm đơn giống"),
    "feedback.finding.index_petition": _("đưa vào mục lục tìm kiếm"),
    "feedback.cube.counting.count": _("đếm số liệu từng ngày"),
    "feedback.notifications.notify": _("soạn thông báo"),
    "feedback.notifications.tell_administrators": _("báo quản trị viên việc đã hỏng"),
    "feedback.notifications.send": _("gửi thư"),
}


def duty(consumer: str) -> str:
    """What it does, in words; one without words by its name."""
    return str(DUTIES.get(consumer, consumer))


class DutyFilter(admin.SimpleListFilter):
    title = _("việc")
    parameter_name = "consumer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(consumer, duty(consumer)) for consumer in settings.FOLLOW_UPS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
        return queryset.filter(consumer=self.value()) if self.value() else queryset


@admin.register(FollowUp)
class FollowUpAdmin(ReadOnly):
    list_display = ["step", "duty", "done_at", "attempts", "next_try_at", "dead", "error"]
    list_filter = ["dead", DutyFilter, ("done_at", admin.EmptyFieldListFilter)]
    fields = ["step", "duty", "done_at", "attempts", "next_try_at", "claimed_until", "dead", "error"]
    actions = ["try_again"]

    @admin.display(description=_("việc"), ordering="consumer")
    def duty(self, row: FollowUp) -> str:
        return duty(row.consumer)

    @admin.action(description=_("Thử lại các việc đã hỏng"), permissions=["view"])
    def try_again(self, request: HttpRequest, rows: QuerySet[FollowUp]) -> None:
        """Give dead rows all their tries back."""
        count = rows.filter(dead=True).update(
            dead=False, attempts=0, next_try_at=timezone.now(), claimed_until=None
        )
        self.message_user(request, _("Sẽ thử lại %(count)s việc.") % {"count": count})


NO_SECRET = _(
    "%(count)s biên nhận không gửi lại được từ đây: mã bí mật không được lưu. Chuyển thư gốc trong "
    ".Can-xem.Da-ghi về new thì biên nhận được gửi lại với đúng hai mã, nếu địa chỉ chưa bị sửa; thư gốc "
    "không còn thì báo người gửi cách khác."
)


@admin.register(Notice)
class NoticeAdmin(ReadOnly):
    """The outbox: what was, or would have been, sent about petitions that this person may see."""

    actions = ["send_again"]

    list_display = ["created_at", "code", "channel", "subject", "sent_at", "refused_at"]
    list_filter = ["channel", *((name, admin.EmptyFieldListFilter) for name in ("sent_at", "refused_at"))]
    list_select_related = ["step__petition"]
    fields = [
        "step",
        "code",
        "channel",
        "subject",
        "body",
        "created_at",
        "sent_at",
        "refused_at",
    ]

    @admin.action(description=_("Gửi lại các thư bị máy chủ từ chối"), permissions=["view"])
    def send_again(self, request: HttpRequest, rows: QuerySet[Notice]) -> None:
        """Also to one whose address was taken for none because our own server was at fault."""
        receipts = rows.filter(refused_at__isnull=False, body__contains=notifications.HIDDEN).count()
        count = notifications.send_again(rows)
        self.message_user(request, _("Sẽ gửi lại %(count)s thư.") % {"count": count})
        if receipts:
            self.message_user(request, NO_SECRET % {"count": receipts}, messages.WARNING)

    @admin.display(description=_("mã đơn"))
    def code(self, row: Notice) -> str:
        return row.step.petition.printed_code

    def get_queryset(self, request: HttpRequest) -> QuerySet[Notice]:
        rows: QuerySet[Notice] = super().get_queryset(request)
        return rows.filter(step__petition__in=Petition.objects.visible_to(request.user))

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """A letter says what its petition says: reading it is a look, kept before it is shown."""
        letter = self.get_object(request, unquote(object_id)) if object_id else None
        if letter and isinstance(request.user, User):
            about = f"letter-{letter.pk}"
            told = {"petition": letter.step.petition, "page": access.LETTER, "about": about}
            access.kept(request.user, access.What.PETITION, **told)
        answer: HttpResponse = super().changeform_view(request, object_id, *args, **kwargs)
        return answer


RETENTION_HELP = {
    "conditions": _('Ví dụ {"kinds": ["complaint"]} hoặc {"grounds": ["abusive"]}; để {} nghĩa là mọi đơn.'),
    "keep_days": _("Tính từ ngày đơn kết thúc; quá hạn thì lời và danh tính bị xóa, các bước vẫn giữ."),
    "checked": _("Chỉ đánh dấu khi người có chuyên môn luật đã đối chiếu với văn bản còn hiệu lực."),
    "active": _("Bỏ dấu thì không còn xóa gì theo quy tắc này."),
}


@admin.register(RetentionRule)
class RetentionRuleAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    list_display = ["name", "keep_days", "active", "checked", "basis"]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[Any]:
        form: type[Any] = super().get_form(
            request, obj, change=change, **{"help_texts": RETENTION_HELP, **kwargs}
        )
        return form


@admin.register(Training)
class TrainingAdmin(ReadOnly):
    """Every training of the model: what it learnt from, how it compared, why it was refused."""

    list_display = ["at", "outcome", "version", "corrections", "seconds", "by", "briefly"]
    list_filter = ["outcome", "at"]
    list_select_related = ["by"]
    fields = [
        "at", "by", "outcome", "version", "against", "corrections", "examples", "seconds", "reason",
        "compared",
    ]  # fmt: skip

    @admin.display(description=_("lý do"))
    def briefly(self, row: Training) -> str:
        return Truncator(row.reason).chars(60)

    @admin.display(description=_("So sánh"))
    def compared(self, row: Training) -> str:
        return render_to_string("admin/feedback/compared.html", {"lines": list(_compared(row))})


# Of all that was measured, what an administrator asks first.
ASKED = {
    "sub1": _("tiểu lĩnh vực"),
    "sub3": _("trong ba đề xuất"),
    "field": _("lĩnh vực"),
    "kind": _("loại đơn"),
    "urgent_recall": _("khẩn cấp được nhận ra"),
    "ece": _("sai lệch độ tin cậy"),
}
WRITTEN = {"clean": _("như đã viết"), "nodia": _("không dấu")}


def _compared(row: Training) -> Iterator[tuple[Any, Any, float | None, float | None]]:
    """Figure, how the texts were written, before and after."""
    for condition, how in WRITTEN.items():
        before, after = (row.figures.get(which, {}).get(condition, {}) for which in ("old", "new"))
        for figure, name in ASKED.items():
            if figure in after:
                yield name, how, before.get(figure), after[figure]


@admin.register(ReadingDay)
class ReadingDayAdmin(ReadOnly):
    """How much was read of what, and how much of it officials changed; above the rows, the last 30 days."""

    list_display = ["day", "field_name", "agency_name", "read", "confirmed", "changed"]
    list_filter = ["day", "field"]
    change_list_template = "admin/feedback/reading.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReadingDay]:
        rows: QuerySet[ReadingDay] = super().get_queryset(request)
        field, agency = (
            Field.objects.filter(pk=OuterRef("field")),
            Agency.objects.filter(pk=OuterRef("agency")),
        )
        return rows.annotate(
            called_field=Subquery(field.values(name_column())), called_agency=Subquery(agency.values("name"))
        )

    @admin.display(description=_("lĩnh vực"), ordering="field")
    def field_name(self, row: Any) -> str:
        return str(row.called_field or row.field)

    @admin.display(description=_("cơ quan được đề xuất"), ordering="agency")
    def agency_name(self, row: Any) -> str:
        return str(row.called_agency or row.agency)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        watch = drift.watch(timezone.localdate())
        return super().changelist_view(request, {**(extra_context or {}), "watch": watch})


admin.site.unregister(CompetenceRule)


@admin.register(CompetenceRule)
class RehearsedRuleAdmin(CompetenceRuleAdmin):
    """Before a row is kept that would have sent petitions another way, it is shown which."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        asked = request.method == "POST" and SEEN not in request.POST
        if asked and (page := self._rehearsed(request, object_id)):
            return page
        answer: HttpResponse = super().changeform_view(request, object_id, form_url, extra_context)
        return answer

    def _rehearsed(self, request: HttpRequest, object_id: str | None) -> HttpResponse | None:
        """The page that says what would change; None where nothing would, or the form is wrong."""
        held = self.get_object(request, unquote(object_id)) if object_id else None
        allowed = self.has_change_permission(request, held) if held else self.has_add_permission(request)
        form = self.get_form(request, held, change=held is not None)(request.POST, instance=held)
        if not (allowed and isinstance(request.user, User) and form.is_valid()):
            return None
        if unkept := untried(form.instance):
            said = _("Không thử được trên đơn cũ: đơn không lưu dữ kiện %(facts)s mà dòng này hỏi.")
            self.message_user(request, said % {"facts": ", ".join(unkept)}, messages.WARNING)
        told = rehearse(form.instance, user=request.user, today=timezone.localdate())
        if not told.differences:
            return None
        typed = [(name, value) for name, values in request.POST.lists() for value in values]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Quy tắc này sẽ đổi gì"),
            "told": told,
            "said": [(name, value) for name, value in typed if name != "csrfmiddlewaretoken"],
            "seen": SEEN,
        }
        return render(request, "admin/feedback/rehearsed.html", context)


SEEN = "_rehearsed"


admin.site.unregister(User)


@admin.register(User)
class OfficialAdmin(PersonAdmin):
    """Says at once where nobody is left, what waits there, and which post at the intake takes nothing in."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        before = list(Post.objects.filter(user=form.instance)) if form.initial.get("is_active") else []
        super().save_related(request, form, formsets, change)
        now = list(Post.objects.filter(user=form.instance, user__is_active=True))
        held = [str(post) for post in now]
        gone = (post for post in before if str(post) not in held)
        for said in (*map(_left_behind, gone), *map(_takes_nothing_in, now)):
            if said:
                self.message_user(request, said, messages.WARNING)


def _left_behind(post: Post) -> str:
    """What a person leaves with a post that nobody else has."""
    there = Q(agency=post.agency_id) if post.role in OF_AN_AGENCY else Post.covering(post.province_id)
    others = Post.objects.filter(there, role=post.role, user__is_active=True).exclude(user=post.user_id)
    if post.role == Role.CITIZEN or others.exists():
        return ""
    if post.role not in OF_AN_AGENCY:
        return _("Không còn ai có vị trí “%(post)s”.") % {"post": post}
    open_there = Petition.objects.open().filter(lead=post.agency_id).count()
    said = _("Không còn ai có vị trí “%(post)s”. Đơn đang mở ở đó: %(count)s.")
    return said % {"post": post, "count": open_there}


def _takes_nothing_in(post: Post) -> str:
    if post.role not in INTAKE or post.agency_id:
        return ""
    said = _("Vị trí “%(post)s” chưa ghi cơ quan, nên không thụ lý được đơn nào: hãy chọn “%(desk)s”.")
    desk = Agency.objects.filter(pk=focal_point_of(post.province_id or settings.HOME_PROVINCE)).first()
    return said % {"post": post, "desk": desk or "–"}
