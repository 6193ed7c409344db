"""Where an administrator mends reference data: places, fields, agencies, limits, rules and the calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import JSONField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from routing.calendar import DeadlineError, Hours
from routing.called import keep_former_name
from routing.changes import ChangesKept
from routing.folded import codes_named, home_first
from routing.importing import Line, TableError, columns_of, exported, looked_through, text_of
from routing.loading import key_names
from routing.models import (
    Agency,
    AgencyName,
    AgencySuccessor,
    AgencyType,
    CalendarDay,
    CalendarYear,
    Commune,
    CommuneSuccessor,
    CompetenceRule,
    DeadlinePolicy,
    Field,
    LegacyMapping,
    LegacyUnit,
    OutsideBody,
    PolicyStep,
    Province,
    Subfield,
    SubfieldBorder,
)
from routing.telling import WEEKDAYS

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
    ModelForm = forms.ModelForm[Any]
else:
    ModelAdmin = admin.ModelAdmin
    TabularInline = admin.TabularInline
    ModelForm = forms.ModelForm


class ReferenceForm(ModelForm):
    """What a row is known by stays: under another key it would stand twice, if shipped at the next load."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self._fixed():
            if name in self.fields:
                self.fields[name].disabled = True

    def _fixed(self) -> list[str]:
        held, key = self.instance, self.instance._meta.pk
        if held.shipped:
            return key_names(type(held))
        return [key.name] if key and not held._state.adding else []


SHARED_HELP = {
    "slug": _("Chữ không dấu, nối bằng gạch ngang; đặt rồi không đổi."),
    "source": _("Văn bản và điều khoản, để người khác đối chiếu."),
    "valid_to": _("Để trống: còn hiệu lực. Luật đổi thì ghi ngày cuối ở đây và thêm dòng mới."),
    "legal": _("Luật có quy định hay chỉ là đề xuất; người dân đọc thấy điều này."),
    "checked": _("Chỉ đánh dấu khi người có chuyên môn luật đã đối chiếu với văn bản còn hiệu lực."),
    "keywords": _('Danh sách JSON, ví dụ ["ổ gà", "sụt lún"].'),
}


class ReferenceAdmin(ChangesKept):
    """A row may be edited and survives the next load; a shipped one is ended by `valid_to`, not deleted."""

    form = ReferenceForm
    list_per_page = 100
    readonly_fields = ("shipped",)
    formfield_overrides = {JSONField: {"widget": forms.Textarea(attrs={"rows": 2, "cols": 60})}}
    helps: ClassVar[dict[str, Any]] = {}  # what stands under a field, by its name

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[Any]:
        form: type[Any] = super().get_form(
            request, obj, change=change, **{"help_texts": SHARED_HELP | self.helps, **kwargs}
        )
        return form

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # A deleted shipped row would come back with the next load.
        return not (obj is not None and obj.shipped) and super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


class NamedAdmin(ReferenceAdmin):
    """Rows of a province, found by name without its marks too; those of the house's own province first."""

    def get_ordering(self, request: HttpRequest) -> Any:
        return [home_first().asc(), *(self.opts.ordering or ())]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        found, twice = super().get_search_results(request, queryset, search_term)
        if search_term.strip():
            found |= queryset.filter(pk__in=codes_named(self.model, search_term))
        return found, twice


class TableForm(forms.Form):
    """A table to be looked through, as a file or, the second time, as it was read."""

    file = forms.FileField(required=False, label=_("Tệp CSV (UTF-8)"))
    text = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)

    def table(self) -> str:
        """Raises TableError."""
        file = self.cleaned_data["file"]
        return text_of(file.read()) if file else str(self.cleaned_data["text"])


class TableAdmin(ReferenceAdmin):
    """Rows also as a table: taken home, filled in, looked through row by row, then kept, all or none."""

    change_list_template = "admin/routing/listed.html"

    def get_urls(self) -> list[Any]:
        name = f"routing_{self.opts.model_name}"
        wrap = self.admin_site.admin_view
        return [
            path("nhap/", wrap(self.import_table), name=f"{name}_import"),
            path("xuat/", wrap(self.export_table), name=f"{name}_export"),
            *super().get_urls(),
        ]

    def export_table(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        answer = HttpResponse(exported(self.get_queryset(request)), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{self.opts.model_name}.csv"'
        return answer

    def import_table(self, request: HttpRequest) -> HttpResponse:
        """Shows what each row would do; with `keep` does it, where no row is wrong."""
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        form = TableForm(request.POST or None, request.FILES or None)
        lines: list[Line] | None = None
        text = ""
        if request.method == "POST" and form.is_valid():
            keep = "keep" in request.POST
            try:
                text = form.table()
                lines = looked_through(self.model, self.get_form(request, change=True), text, keep=keep)
            except TableError as wrong:
                form.add_error("file", str(wrong))
            if keep and lines and not any(line.errors for line in lines):
                self._tell_history(request, lines)
                return redirect(f"admin:routing_{self.opts.model_name}_changelist")
        return render(
            request,
            "admin/routing/table.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": _("Nhập từ bảng CSV"),
                "form": form,
                "text": text,
                "columns": columns_of(self.model),
                "lines": [line for line in lines or () if line.state != "same"],
                "looked": lines is not None,
                "same": sum(line.state == "same" for line in lines or ()),
                "wrong": sum(line.state == "wrong" for line in lines or ()),
            },
        )

    def _tell_history(self, request: HttpRequest, lines: list[Line]) -> None:
        """Each row's own history says what came with the table."""
        for line in lines:
            if line.row is None:
                continue
            message: list[dict[str, Any]] = [{"added": {}}]
            if line.state == "changed":
                message = [{"changed": {"fields": list(line.changes)}}]
            log = self.log_addition if line.state == "new" else self.log_change
            log(request, line.row, message)
        changed = sum(line.row is not None for line in lines)
        self.message_user(request, _("Đã ghi %(count)s dòng.") % {"count": changed})


class ReferenceInline(TabularInline):
    form = ReferenceForm
    extra = 0
    can_delete = False


@admin.register(Province)
class ProvinceAdmin(ReferenceAdmin):
    list_display = ("code", "name", "type", "valid_from", "valid_to")
    search_fields = ("code", "name")
    list_filter = ("type",)


class CommuneSuccessorInline(ReferenceInline):
    """A closed commune's last day stands above; here, who took it in."""

    model = CommuneSuccessor
    fk_name = "former"
    autocomplete_fields = ("successor",)
    fields = ("successor", "valid_from", "valid_to", "source")


@admin.register(Commune)
class CommuneAdmin(NamedAdmin, TableAdmin):
    list_display = ("code", "name", "type", "province", "remote_area", "valid_from", "valid_to")
    search_fields = ("code", "name")
    list_filter = ("type", "remote_area", "province", ("valid_to", admin.EmptyFieldListFilter))
    list_select_related = ("province",)
    inlines = (CommuneSuccessorInline,)


@admin.register(CommuneSuccessor)
class CommuneSuccessorAdmin(TableAdmin):
    list_display = ("former", "successor", "valid_from", "source")
    search_fields = ("former__name", "successor__name")
    autocomplete_fields = ("former", "successor")
    list_select_related = ("former", "successor")


class LegacyMappingInline(ReferenceInline):
    model = LegacyMapping
    autocomplete_fields = ("commune",)
    fields = ("commune", "kind", "is_default", "source")


@admin.register(LegacyUnit)
class LegacyUnitAdmin(ReferenceAdmin):
    list_display = ("code", "name", "district_name", "province_name")
    search_fields = ("code", "name", "district_name")
    list_filter = ("province_name",)
    inlines = (LegacyMappingInline,)


@admin.register(Field)
class FieldAdmin(ReferenceAdmin):
    list_display = ("order", "slug", "name_vi", "name_en")
    list_display_links = ("slug",)
    search_fields = ("slug", "name_vi")


@admin.register(Subfield)
class SubfieldAdmin(ReferenceAdmin):
    list_display = ("slug", "name_vi", "field", "lead_level", "policy", "sensitivity", "urgent_by_default")
    search_fields = ("slug", "name_vi", "keywords")
    list_filter = ("field", "lead_level", "policy", "sensitivity", "urgent_by_default")
    list_select_related = ("field", "policy")


@admin.register(SubfieldBorder)
class SubfieldBorderAdmin(ReferenceAdmin):
    list_display = ("one", "other", "says")
    search_fields = ("one__name_vi", "other__name_vi", "says")
    autocomplete_fields = ("one", "other")
    list_select_related = ("one", "other")


@admin.register(AgencyType)
class AgencyTypeAdmin(ReferenceAdmin):
    list_display = ("slug", "name", "level", "kind")
    search_fields = ("slug", "name")
    list_filter = ("level", "kind")


class AgencyForm(ReferenceForm):
    """Office hours are checked at the door: a deadline must never stumble over them. A name that is given up
    stays with what happened under it."""

    class Meta:
        model = Agency
        fields = "__all__"

    def clean_office_hours(self) -> str:
        text: str = self.cleaned_data["office_hours"]
        try:
            Hours.parse(text)
        except DeadlineError as wrong:
            raise forms.ValidationError(str(wrong)) from None
        return text

    def save(self, commit: bool = True) -> Any:
        agency = super().save(commit)
        if commit:
            self.keep_former_name()
        return agency

    def keep_former_name(self) -> AgencyName | None:
        """A name made by rule was nobody's: where the real one takes its place, nothing is kept."""
        gave_up = "name" in self.changed_data and bool(self.initial.get("name"))
        if not gave_up or (self.initial.get("provisional") and not self.instance.provisional):
            return None
        return keep_former_name(self.instance, self.initial["name"], timezone.localdate())


NAME_KEPT = _(
    "Việc đến hết ngày %(day)s vẫn mang tên “%(name)s”, nay ghi ở “Tên trước đây”. Nếu chỉ sửa lỗi chính tả"
    " thì mở dòng ấy và xóa."
)


class AgencySuccessorInline(ReferenceInline):
    model = AgencySuccessor
    fk_name = "former"
    autocomplete_fields = ("successor",)
    fields = ("successor", "valid_from", "valid_to", "source")


class AgencyNameInline(ReferenceInline):
    """Today's name stands above; here, what it was called before and until when."""

    model = AgencyName
    fields = ("name", "valid_from", "valid_to", "source")
    show_change_link = True


@admin.register(Agency)
class AgencyAdmin(NamedAdmin, TableAdmin):
    form = AgencyForm
    list_display = (
        "code",
        "name",
        "type",
        "province",
        "office_hours",
        "provisional",
        "valid_to",
        "taken_over_by",
    )
    search_fields = ("code", "name")
    list_filter = (
        "provisional",
        "round_the_clock",
        ("valid_to", admin.EmptyFieldListFilter),
        "level",
        "province",
        "type",
    )
    list_select_related = ("type", "province")
    autocomplete_fields = ("superior", "commune", "type")
    helps = {
        "office_hours": _("Dạng 07:30-11:30/13:00-17:00; thời hạn tính theo giờ này."),
        "round_the_clock": _("Có người trực đêm và ngày nghỉ: hạn khẩn tính bằng giờ chạy cả lúc đó."),
        "superior": _("Nơi được báo khi quá hạn và duyệt khi cơ quan này không có người khác."),
        "provisional": _("Tên do hệ thống đặt theo loại và địa bàn; bỏ dấu khi đã có tên thật."),
    }
    inlines = (AgencySuccessorInline, AgencyNameInline)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("successors__successor")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if change and (kept := form.keep_former_name()):
            self.log_addition(request, kept, [{"added": {}}])
            self.message_user(request, NAME_KEPT % {"name": kept.name, "day": f"{kept.valid_to:%d/%m/%Y}"})

    @admin.display(description=_("nay là"))
    def taken_over_by(self, agency: Agency) -> str:
        return ", ".join(row.successor.name for row in agency.successors.all())


@admin.register(AgencySuccessor)
class AgencySuccessorAdmin(TableAdmin):
    list_display = ("former", "successor", "valid_from", "source")
    search_fields = ("former__name", "former__code", "successor__name", "successor__code")
    autocomplete_fields = ("former", "successor")
    list_select_related = ("former", "successor")


@admin.register(AgencyName)
class AgencyNameAdmin(TableAdmin):
    list_display = ("agency", "name", "valid_from", "valid_to", "source")
    search_fields = ("agency__name", "agency__code", "name")
    autocomplete_fields = ("agency",)
    list_select_related = ("agency",)


class PolicyStepInline(ReferenceInline):
    """A change of law is a new row with its own first day; the old one gets a last day."""

    model = PolicyStep
    readonly_fields = ("shipped",)


@admin.register(DeadlinePolicy)
class DeadlinePolicyAdmin(ReferenceAdmin):
    list_display = ("slug", "name", "legal", "version", "valid_from", "valid_to")
    search_fields = ("slug", "name")
    list_filter = ("legal",)
    inlines = (PolicyStepInline,)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """A changed policy is another version: deadlines already fixed keep the one they followed."""
        super().save_related(request, form, formsets, change)
        if change and (form.has_changed() or any(formset.has_changed() for formset in formsets)):
            policy: DeadlinePolicy = form.instance
            base, _plus, number = policy.version.partition("+")
            policy.version = f"{base}+{int(number or 0) + 1}"
            policy.save(update_fields=["version"])


@admin.register(CompetenceRule)
class CompetenceRuleAdmin(TableAdmin):
    helps = {
        "rung": _("Xét lần lượt từ 1; trong một bậc, dòng nêu cụ thể hơn quyết định."),
        "kinds": _('Danh sách JSON, ví dụ ["complaint"]; để [] nghĩa là mọi loại đơn.'),
        "subfields": _('Danh sách JSON các mã, ví dụ ["transport.road-surface"]; để [] nghĩa là mọi việc.'),
        "fields": _('Danh sách JSON các mã, ví dụ ["transport"]; để [] nghĩa là mọi lĩnh vực.'),
        "facts": _('Đối tượng JSON, ví dụ {"road_class": "national"}; để {} nghĩa là không cần.'),
        "lead": _("Mã một loại cơ quan, như department-of-construction; accused-agency: nơi bị phản ánh."),
        "accountable": _("Chỉ ghi khi nơi chịu trách nhiệm khác nơi chủ trì."),
        "executing": _("Chỉ ghi khi nơi làm việc thật khác nơi chủ trì."),
        "coordinators": _("Danh sách JSON các loại cơ quan được hỏi ý kiến."),
        "outside": _("Mã ở bảng “Nơi hướng dẫn đến”, khi kết quả là hướng dẫn ra ngoài hệ thống."),
        "policy": _("Để trống: theo thời hạn của lĩnh vực."),
        "reason": _("Phần cuối của câu “[cơ quan] phụ trách vì ...” mà người dân đọc."),
    }
    list_display = (
        "slug",
        "rung",
        "outcome",
        "lead",
        "province",
        "legal",
        "checked",
        "valid_from",
        "valid_to",
    )
    search_fields = ("slug", "lead", "reason", "source")
    list_filter = ("rung", "outcome", "legal", "checked", "province")
    list_select_related = ("province",)
    autocomplete_fields = ("commune",)


@admin.register(OutsideBody)
class OutsideBodyAdmin(TableAdmin):
    list_display = ("slug", "name", "province", "phone", "address")
    search_fields = ("slug", "name", "address")
    list_select_related = ("province",)


class DayTold(forms.Widget):
    """A day as one reads it; beneath it the day as it is stored goes back with the form, which finds its row
    by it."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        told = f"{WEEKDAYS[value.weekday()]}, {value:%d/%m/%Y}"
        return format_html('<input type="hidden" name="{}" value="{}">{}', name, value.isoformat(), told)


class CalendarDayForm(ReferenceForm):
    """Of a day that stands all is changed but its date."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.fields["date"].disabled:
            self.fields["date"].widget = DayTold()
        for name, width in (("name", 20), ("source", 10)):  # so that a row fits beside the menu
            self.fields[name].widget = forms.TextInput(attrs={"size": width})


class CalendarDayInline(ReferenceInline):
    model = CalendarDay
    form = CalendarDayForm
    fields = ("date", "kind", "name", "status", "source")
    show_change_link = True


@admin.register(CalendarYear)
class CalendarYearAdmin(ReferenceAdmin):
    list_display = ("year", "status", "days_off")
    inlines = (CalendarDayInline,)

    @admin.display(description=_("số ngày nghỉ"))
    def days_off(self, year: CalendarYear) -> int:
        return year.days.filter(kind=CalendarDay.Kind.OFF).count()


@admin.register(CalendarDay)
class CalendarDayAdmin(ReferenceAdmin):
    list_display = ("date", "weekday", "kind", "name", "status")
    search_fields = ("name",)
    list_filter = ("year", "kind", "status")
    date_hierarchy = "date"

    @admin.display(description=_("thứ"))
    def weekday(self, day: CalendarDay) -> str:
        return str(WEEKDAYS[day.date.weekday()])
