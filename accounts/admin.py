"""People and their posts in the stock admin; it keeps who changed what and when."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import second_factor
from accounts.administration import NEEDED, administrators
from accounts.models import TWICE, Absence, Post, Role, User
from accounts.readonly import ReadOnly
from classifier.text import fold
from routing.changes import ChangesKept
from routing.folded import MOST

# They would show the keys; what an administrator needs is the action below.
for device in (TOTPDevice, StaticDevice):
    admin.site.unregister(device)
admin.site.unregister(Group)  # what one may do lies in one's posts, no group gives a right


class PostFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """Of posts that are typed together, too, each stands once; what goes may be typed anew beside it."""

    def full_clean(self) -> None:
        gone = {one.instance.pk for one in self.initial_forms if one.data.get(one.add_prefix("DELETE"))}
        for form in self.extra_forms:
            form.instance.replaces = gone
        super().full_clean()

    def clean(self) -> None:
        super().clean()
        seen: set[tuple[Any, ...]] = set()
        for form in (one for one in self.forms if one not in self.deleted_forms):
            told = tuple(form.cleaned_data.get(name) for name in ("role", "agency", "province"))
            if form.cleaned_data.get("role") and told in seen:
                form.add_error("role", TWICE)
            seen.add(told)


class PostInline(admin.TabularInline):  # type: ignore[type-arg]  # not subscriptable at run time
    model = Post
    formset = PostFormSet
    extra = 1
    autocomplete_fields = ["agency"]


class AbsenceInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Absence
    extra = 1


STILL_IN = _l(
    "“%(who)s” không còn vị trí Quản trị nhưng vẫn mở được trang này: bỏ dấu ở “Đăng nhập và quyền”."
)


class PersonForm(UserChangeForm):  # type: ignore[type-arg]
    """The house keeps somebody who can open these pages."""

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        taken = [name for name in NEEDED if not told.get(name)]
        if taken and self._is_the_last():
            said = _("Không còn ai khác mở được mọi trang quản trị. Xin đặt người khác trước.")
            self.add_error(taken[0], said)
        return told

    def _is_the_last(self) -> bool:
        """Their rows stay locked, in one order, until this one is saved: two who shut each other out at the
        same moment do so one after the other, and the second is refused."""
        rows = administrators().select_for_update().order_by("pk")
        return list(rows.values_list("pk", flat=True)) == [self.instance.pk]


@admin.register(User)
class PersonAdmin(ChangesKept, UserAdmin):  # type: ignore[type-arg]
    form = PersonForm
    inlines = [PostInline, AbsenceInline]
    list_display = ["username", "full_name", "works_as", "is_active", "two_steps"]
    list_filter = ["is_active", "post__role"]
    actions = ["forget_second_factor"]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_l("Thông tin cá nhân"), {"fields": ["last_name", "first_name", "email"]}),
        (_l("Đăng nhập và quyền"), {"fields": ["is_active", "is_staff", "is_superuser"]}),
        (_l("Quyền riêng từng bảng"), {"fields": ["user_permissions"], "classes": ["collapse"]}),
        (_l("Thời điểm"), {"fields": ["last_login", "date_joined"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("post_set__agency", "post_set__province")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        """Also by words of a name, in any order, with its marks or without."""
        found, twice = super().get_search_results(request, queryset, search_term)
        sought = [f" {word}" for word in fold(search_term).split()]
        rows = queryset.order_by().values_list("pk", "username", "last_name", "first_name") if sought else ()
        named = [pk for pk, *names in rows if _begin_words(sought, " ".join(names))]
        return found | queryset.filter(pk__in=named[:MOST]), twice

    @admin.display(description=_l("họ và tên"), ordering="first_name")
    def full_name(self, person: User) -> str:
        """The family name first."""
        return f"{person.last_name} {person.first_name}".strip()

    @admin.display(description=_l("vị trí công tác"))
    def works_as(self, person: User) -> str:
        return "; ".join(map(str, person.post_set.all()))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The post of an administrator opens the admin; who loses it is told to be in there still."""
        person: User = form.instance
        before = _administers(person)
        super().save_related(request, form, formsets, change)
        if _administers(person) and not before:
            self._open_to(request, person)
        elif before and not _administers(person) and person.is_staff:
            self.message_user(request, STILL_IN % {"who": person}, messages.WARNING)

    def _open_to(self, request: HttpRequest, person: User) -> None:
        if person.is_staff and person.is_superuser:
            return
        person.is_staff = person.is_superuser = True
        person.save(update_fields=["is_staff", "is_superuser"])
        self.log_change(request, person, "Vị trí Quản trị: mở mọi trang quản trị")
        self.message_user(request, _("Nay “%(who)s” mở được mọi trang quản trị.") % {"who": person})

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who leaves is made inactive: what he did, and what he changed here, keeps its name."""
        return False

    @admin.action(
        permissions=["change"], description=_l("Đặt lại xác thực hai bước (mất hoặc đổi điện thoại)")
    )
    def forget_second_factor(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """The next sign-in enrols anew; whose, by whom and when stands in each person's history."""
        forgotten = [person for person in people if second_factor.forget(person)]
        for person in forgotten:
            self.log_change(request, person, "Đặt lại xác thực hai bước")
        self.message_user(request, _("Đã đặt lại cho %(count)s người.") % {"count": len(forgotten)})


def _begin_words(sought: Iterable[str], name: str) -> bool:
    text = fold(f" {name}")
    return all(word in text for word in sought)


def _administers(person: User) -> bool:
    return Post.objects.filter(user=person, role=Role.ADMINISTRATOR).exists()


@admin.register(LogEntry)
class ChangeAdmin(ReadOnly):
    """Everything that was changed here, by whom and when; nobody rewrites it."""

    list_display = ["action_time", "user", "content_type", "object_repr", "told"]
    list_filter = ["action_flag", "content_type"]
    search_fields = ["user__username", "object_repr", "object_id"]
    list_select_related = ["user", "content_type"]
    date_hierarchy = "action_time"

    @admin.display(description=_l("thay đổi"))
    def told(self, entry: LogEntry) -> str:
        return entry.get_change_message() or str(entry.get_action_flag_display())
