"""What the house knows of places, fields, agencies and time: rows with a source and days of force."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from routing.names import alphabetical


class ReferenceState(models.Model):
    """The one row that says which reference data is loaded; `version` changes whenever a row does.

    Processes keep what they read as long as the version is the same. It is drawn by chance, so that a
    version that was rolled back never comes again with other rows.
    """

    version = models.PositiveBigIntegerField(default=0)
    figures = models.JSONField(default=dict, blank=True)
    loaded_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("tình trạng dữ liệu nền")
        verbose_name_plural = _("tình trạng dữ liệu nền")

    def __str__(self) -> str:
        return f"v{self.version}"

    @classmethod
    def touch(cls) -> None:
        """Say that a reference row changed, so that every process reads again."""
        cls.objects.update_or_create(pk=1, defaults={"version": secrets.randbits(62)})

    @classmethod
    def current(cls) -> int:
        """The version now, 0 when nothing was ever loaded; nearly every request asks, so in plain SQL."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT version FROM {cls._meta.db_table} WHERE id = 1")  # noqa: S608  (our own name)
            found = cursor.fetchone()
        return int(found[0]) if found else 0


class ReferenceQuerySet(models.QuerySet[Any]):
    def in_force(self, on: dt.date) -> ReferenceQuerySet:
        """Rows valid on that day."""
        return self.filter(valid_from__lte=on).exclude(valid_to__lt=on)

    def listed(self) -> list[tuple[str, str]]:
        """(code, name) as a Vietnamese dictionary has them; places by name, "Xã" aside.

        A database knows this order or not, depending on how it was set up.
        """
        by = "short_name" if hasattr(self.model, "short_name") else "name"
        rows = sorted(self.values_list("code", "name", by), key=lambda row: alphabetical(row[2]))
        return [(code, name) for code, name, _by in rows]


class Reference(models.Model):
    """A row of reference data. `valid_to` is the last day of force; empty: still in force."""

    source = models.CharField(_("nguồn"), max_length=500, blank=True)
    valid_from = models.DateField(_("hiệu lực từ"), default=dt.date(2025, 7, 1))
    valid_to = models.DateField(_("hiệu lực đến"), null=True, blank=True)
    # Digest of the values last loaded from the shipped files; "" for a row that an administrator added.
    # A row whose values no longer fit it was edited by a person, and the loader leaves it alone.
    shipped = models.CharField(_("dấu bản phát hành"), max_length=16, blank=True, editable=False)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        ReferenceState.touch()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        answer = super().delete(*args, **kwargs)
        ReferenceState.touch()
        return answer


class Province(Reference):
    """One of the 34 provincial units of QĐ 19/2025/QĐ-TTg."""

    class Type(models.TextChoices):
        MUNICIPALITY = "municipality", _("thành phố trực thuộc trung ương")
        PROVINCE = "province", _("tỉnh")

    code = models.CharField(_("mã"), max_length=2, primary_key=True)
    name = models.CharField(_("tên"), max_length=100)
    short_name = models.CharField(_("tên gọn"), max_length=100)
    type = models.CharField(_("loại"), max_length=20, choices=Type.choices)
    slug = models.SlugField(_("tên không dấu"), max_length=100)
    lat = models.FloatField(_("vĩ độ"))
    lon = models.FloatField(_("kinh độ"))

    class Meta:
        ordering = ["code"]
        verbose_name = _("tỉnh, thành phố")
        verbose_name_plural = _("tỉnh, thành phố")

    def __str__(self) -> str:
        return self.name


class Commune(Reference):
    """One of the 3,321 communes, wards and special zones."""

    class Type(models.TextChoices):
        COMMUNE = "commune", _("xã")
        WARD = "ward", _("phường")
        SPECIAL_ZONE = "special_zone", _("đặc khu")

    code = models.CharField(_("mã"), max_length=5, primary_key=True)
    name = models.CharField(_("tên"), max_length=100)
    short_name = models.CharField(_("tên gọn"), max_length=100)
    type = models.CharField(_("loại"), max_length=20, choices=Type.choices)
    province = models.ForeignKey(
        Province, on_delete=models.PROTECT, related_name="communes", verbose_name=_("tỉnh, thành phố")
    )
    lat = models.FloatField(_("vĩ độ"))
    lon = models.FloatField(_("kinh độ"))
    area_km2 = models.FloatField(_("diện tích (km²)"), null=True, blank=True)
    # Vùng sâu, vùng xa: longer limits for complaints (Luật Khiếu nại 2011, Điều 28). Unknown counts as no.
    remote_area = models.BooleanField(_("vùng sâu, vùng xa"), null=True, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("xã, phường, đặc khu")
        verbose_name_plural = _("xã, phường, đặc khu")

    def __str__(self) -> str:
        return self.name


class LegacyUnit(Reference):
    """A ward (or a district without wards) as it was before 1 July 2025; code of QĐ 124/2004/QĐ-TTg."""

    code = models.CharField(_("mã cũ"), max_length=5, primary_key=True)
    name = models.CharField(_("tên cũ"), max_length=100)
    district_code = models.CharField(_("mã quận, huyện cũ"), max_length=3, db_index=True)
    district_name = models.CharField(_("quận, huyện cũ"), max_length=100)
    province_code = models.CharField(_("mã tỉnh cũ"), max_length=2, db_index=True)
    province_name = models.CharField(_("tỉnh cũ"), max_length=100)
    communes: models.ManyToManyField[Commune, LegacyMapping] = models.ManyToManyField(
        Commune, through="LegacyMapping", related_name="legacy_units"
    )

    class Meta:
        ordering = ["code"]
        verbose_name = _("đơn vị hành chính cũ")
        verbose_name_plural = _("đơn vị hành chính cũ")

    def __str__(self) -> str:
        return f"{self.name}, {self.district_name}, {self.province_name}"


class LegacyMapping(Reference):
    """Where an old unit went. `split`: it went to several communes, and a person has to say to which."""

    class Kind(models.TextChoices):
        WHOLE = "whole", _("nguyên vẹn")
        SPLIT = "split", _("bị chia")

    unit = models.ForeignKey(
        LegacyUnit, on_delete=models.CASCADE, related_name="mappings", verbose_name=_("đơn vị cũ")
    )
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, related_name="legacy_mappings", verbose_name=_("đơn vị mới")
    )
    kind = models.CharField(_("cách nhập"), max_length=10, choices=Kind.choices)
    is_default = models.BooleanField(_("phần lớn"))

    class Meta:
        ordering = ["unit_id", "commune_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "commune"], name="one_mapping_per_pair")
        ]
        verbose_name = _("chuyển đổi đơn vị cũ")
        verbose_name_plural = _("chuyển đổi đơn vị cũ")

    def __str__(self) -> str:
        return f"{self.unit_id} → {self.commune_id}"


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
    basis = models.TextField(_("căn cứ"), blank=True)
    note = models.TextField(_("ghi chú"), blank=True)

    class Meta:
        ordering = ["slug"]
        verbose_name = _("chính sách thời hạn")
        verbose_name_plural = _("chính sách thời hạn")

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

    class Unit(models.TextChoices):
        CLOCK_HOUR = "clock_hour", _("giờ")
        WORKING_HOUR = "working_hour", _("giờ làm việc")
        WORKING_DAY = "working_day", _("ngày làm việc")
        CALENDAR_DAY = "calendar_day", _("ngày")

    policy = models.ForeignKey(
        DeadlinePolicy, on_delete=models.CASCADE, related_name="steps", verbose_name=_("chính sách")
    )
    step = models.CharField(_("bước"), max_length=20, choices=Step.choices)
    # "" or the words of deadlines.Variant.key(), e.g. "second_remote_complex".
    variant = models.CharField(_("trường hợp"), max_length=40, blank=True)
    unit = models.CharField(_("đơn vị tính"), max_length=20, choices=Unit.choices)
    amount = models.PositiveIntegerField(_("số lượng"))
    max_times = models.PositiveIntegerField(_("số lần tối đa"), null=True, blank=True)
    article = models.CharField(_("điều khoản"), max_length=500, blank=True)
    legal = models.CharField(_("tính pháp lý"), max_length=10, choices=DeadlinePolicy.Legal.choices)
    # A lawyer compared it with the text in force.
    checked = models.BooleanField(_("đã đối chiếu văn bản"), default=False)

    class Meta:
        ordering = ["policy_id", "step", "variant", "valid_from"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["policy", "step", "variant", "valid_from"], name="one_limit_at_a_time"
            )
        ]
        verbose_name = _("thời hạn từng bước")
        verbose_name_plural = _("thời hạn từng bước")

    def __str__(self) -> str:
        return f"{self.policy_id} {self.step} {self.variant}".strip()


class Field(Reference):
    """A field (lĩnh vực) of citizens' matters."""

    slug = models.SlugField(_("mã"), max_length=60, primary_key=True)
    order = models.PositiveSmallIntegerField(_("thứ tự"))
    name_vi = models.CharField(_("tên"), max_length=200)
    name_en = models.CharField(_("tên tiếng Anh"), max_length=200)
    keywords = models.JSONField(_("từ khóa"), default=list, blank=True)

    class Meta:
        ordering = ["order"]
        verbose_name = _("lĩnh vực")
        verbose_name_plural = _("lĩnh vực")

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name_vi


class Subfield(Reference):
    """A sub-field (tiểu lĩnh vực): who leads by level, with which limit and how public."""

    class Level(models.TextChoices):
        COMMUNE = "commune", _("cấp xã")
        PROVINCE = "province", _("cấp tỉnh")
        CENTRAL = "central", _("trung ương")
        POLICE = "police", _("công an")
        ENTERPRISE = "enterprise", _("doanh nghiệp")

    class Sensitivity(models.TextChoices):
        PUBLIC = "public", _("công khai sau kiểm duyệt")
        RESTRICTED = "restricted", _("hạn chế")
        CONFIDENTIAL = "confidential", _("mật")

    slug = models.CharField(_("mã"), max_length=100, primary_key=True)
    field = models.ForeignKey(
        Field, on_delete=models.PROTECT, related_name="subfields", verbose_name=_("lĩnh vực")
    )
    order = models.PositiveSmallIntegerField(_("thứ tự"))
    name_vi = models.CharField(_("tên"), max_length=200)
    name_en = models.CharField(_("tên tiếng Anh"), max_length=200)
    lead_level = models.CharField(_("cấp chủ trì"), max_length=20, choices=Level.choices)
    # {"commune": type slug, "province": ..., "central": ..., "police": ..., "enterprise": ...}
    agencies = models.JSONField(_("cơ quan theo cấp"), default=dict)
    coordinate_with = models.JSONField(_("cơ quan phối hợp"), default=list, blank=True)
    policy = models.ForeignKey(
        DeadlinePolicy,
        on_delete=models.PROTECT,
        related_name="subfields",
        verbose_name=_("chính sách thời hạn"),
    )
    sensitivity = models.CharField(_("mức công khai"), max_length=20, choices=Sensitivity.choices)
    urgent_by_default = models.BooleanField(_("mặc nhiên khẩn cấp"), default=False)
    keywords = models.JSONField(_("từ khóa"), default=list, blank=True)

    class Meta:
        ordering = ["field__order", "order"]
        verbose_name = _("tiểu lĩnh vực")
        verbose_name_plural = _("tiểu lĩnh vực")

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name_vi


class SubfieldBorder(Reference):
    """Where one sub-field ends and another begins: one sentence for whoever corrects a choice.

    `one` comes before `other` in the alphabet, so that a pair stands once.
    """

    one = models.ForeignKey(
        Subfield, on_delete=models.CASCADE, related_name="borders", verbose_name=_("tiểu lĩnh vực")
    )
    other = models.ForeignKey(
        Subfield, on_delete=models.CASCADE, related_name="borders_back", verbose_name=_("với tiểu lĩnh vực")
    )
    says = models.CharField(_("ranh giới"), max_length=500)

    class Meta:
        ordering = ["one", "other"]
        verbose_name = _("ranh giới tiểu lĩnh vực")
        verbose_name_plural = _("ranh giới tiểu lĩnh vực")
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="border_once")]

    def __str__(self) -> str:
        return f"{self.one_id} | {self.other_id}"

    def clean(self) -> None:
        # Asked here, not by the database: each has an alphabet of its own.
        if self.one_id and self.other_id and not self.one_id < self.other_id:
            raise ValidationError({"one": _("Xin chọn ở ô đầu tiểu lĩnh vực có mã đứng trước.")})


class AgencyType(Reference):
    """A type of agency. A placeholder never has rows: assignment puts the real agency in its place."""

    class Kind(models.TextChoices):
        BODY = "body", _("cơ quan, đơn vị")
        OFFICE = "office", _("chức vụ")
        PLACEHOLDER = "placeholder", _("chỗ trống, thay bằng cơ quan thật")

    class Level(models.TextChoices):
        COMMUNE = "commune", _("cấp xã")
        PROVINCE = "province", _("cấp tỉnh")
        REGION = "region", _("khu vực")
        CENTRAL = "central", _("trung ương")
        ENTERPRISE = "enterprise", _("doanh nghiệp")
        ANY = "any", _("mọi cấp")

    slug = models.CharField(_("mã"), max_length=60, primary_key=True)
    name = models.CharField(_("tên"), max_length=200)
    level = models.CharField(_("cấp"), max_length=20, choices=Level.choices)
    kind = models.CharField(_("loại"), max_length=20, choices=Kind.choices)

    class Meta:
        ordering = ["slug"]
        verbose_name = _("loại cơ quan")
        verbose_name_plural = _("loại cơ quan")

    def __str__(self) -> str:
        return self.name


OFFICE_HOURS = "07:30-11:30/13:00-17:00"


class Agency(Reference):
    """An agency, or an office (chair, head, minister) under its body.

    `code` is `type:unit`, split at the first colon. The unit of a commune body is the commune's code, of a
    provincial, regional or enterprise body the province's; a central body has none and its code is its
    type. An office that many bodies of one territory have carries its body's code as unit:
    `department-head:department-of-construction:48`, `minister:ministry-of-health`.
    """

    code = models.CharField(_("mã"), max_length=150, primary_key=True)
    name = models.CharField(_("tên"), max_length=250)
    type = models.ForeignKey(
        AgencyType, on_delete=models.PROTECT, related_name="agencies", verbose_name=_("loại")
    )
    # The code of the territory, "" for central bodies.
    unit_code = models.CharField(_("mã địa bàn"), max_length=5, blank=True)
    superior = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="subordinates",
        verbose_name=_("cấp trên trực tiếp"),
    )
    province = models.ForeignKey(
        Province,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="agencies",
        verbose_name=_("tỉnh, thành phố"),
    )
    commune = models.ForeignKey(
        Commune,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="agencies",
        verbose_name=_("xã, phường, đặc khu"),
    )
    level = models.CharField(_("cấp"), max_length=20, choices=AgencyType.Level.choices)
    office_hours = models.CharField(_("giờ làm việc"), max_length=60, default=OFFICE_HOURS)
    # Made by rule; stands until a list of the real ones is imported.
    provisional = models.BooleanField(_("tạm, chờ danh sách thật"), default=False)
    phone = models.CharField(_("điện thoại"), max_length=60, blank=True)
    address = models.CharField(_("địa chỉ"), max_length=250, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("cơ quan")
        verbose_name_plural = _("cơ quan")

    def __str__(self) -> str:
        return self.name


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


class CalendarYear(Reference):
    """A year whose days off are known; a year without this row is never guessed."""

    class Status(models.TextChoices):
        OFFICIAL = "official", _("đã công bố")
        STATUTORY = "statutory", _("theo luật, chưa có thông báo")
        ESTIMATE = "estimate", _("ước tính")

    year = models.PositiveSmallIntegerField(_("năm"), primary_key=True)
    status = models.CharField(_("tình trạng"), max_length=20, choices=Status.choices)

    class Meta:
        ordering = ["year"]
        verbose_name = _("năm lịch làm việc")
        verbose_name_plural = _("năm lịch làm việc")

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(Reference):
    """A weekday not worked, or a weekend day worked in exchange; `plain` takes back a shipped one."""

    class Kind(models.TextChoices):
        OFF = "off", _("ngày nghỉ")
        MAKE_UP = "make_up", _("làm bù")
        PLAIN = "plain", _("bình thường (đã bãi bỏ)")

    date = models.DateField(_("ngày"), primary_key=True)
    year = models.ForeignKey(
        CalendarYear, on_delete=models.CASCADE, related_name="days", verbose_name=_("năm")
    )
    kind = models.CharField(_("loại"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("tên"), max_length=200)
    status = models.CharField(_("tình trạng"), max_length=20, choices=CalendarYear.Status.choices)

    class Meta:
        ordering = ["date"]
        verbose_name = _("ngày nghỉ, ngày làm bù")
        verbose_name_plural = _("ngày nghỉ, ngày làm bù")

    def __str__(self) -> str:
        return f"{self.date:%d/%m/%Y} {self.name}"
