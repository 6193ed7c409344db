"""System checks: what is allowed but should not stay so, each with its cure."""

import os
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, register

from accounts import demonstration
from config import environment
from feedback.letters import box
from routing.models import Province
from routing.ready import missing_tables

# Services with an address in the environment and no adapter yet.
UNBUILT = {
    "SMS_URL": "tin nhắn vẫn nằm trong hộp thư đi của hệ thống",
    "ZALO_URL": "tin Zalo vẫn nằm trong hộp thư đi của hệ thống",
    "FILES_URL": "tệp vẫn được lưu trong thư mục dữ liệu",
}


@register()
def unknown_variables(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A variable of ours with a slip of the pen would silently do nothing."""
    ours = (name for name in os.environ if name.startswith("HOIAM_"))
    return [
        checks.Warning(
            f"Không có biến {name}.",
            hint=f"Các biến được hiểu: {' '.join(sorted(environment.KNOWN))}.",
            id="config.W001",
        )
        for name in sorted(ours)
        if name not in environment.KNOWN
    ]


@register()
def services_without_adapter(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    return [
        checks.Warning(f"{name} được đặt nhưng bản này chưa dùng đến: {instead}.", id="config.W002")
        for name, instead in UNBUILT.items()
        if getattr(settings, name)
    ]


@register()
def no_throttle_in_public(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.THROTTLE or settings.SITE.loopback:
        return []
    return [
        checks.Warning(
            "Giới hạn tần suất đang tắt trên địa chỉ công khai.",
            hint="Bỏ HOIAM_THROTTLE=off.",
            id="config.W003",
        )
    ]


@register()
def debug_in_public(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if not settings.DEBUG or settings.SITE.loopback:
        return []
    return [
        checks.Warning(
            "Chế độ gỡ lỗi đang bật trên địa chỉ công khai.", hint="Bỏ HOIAM_DEBUG.", id="config.W004"
        )
    ]


@register()
def one_factor_in_public(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.SITE.loopback or environment.APPROVER_AND_ABOVE <= settings.SECOND_FACTOR:
        return []
    return [
        checks.Warning(
            "Có vai trò từ lãnh đạo phê duyệt trở lên đăng nhập chỉ bằng mật khẩu trên địa chỉ công khai.",
            hint="Bỏ HOIAM_SECOND_FACTOR, hoặc kể đủ các vai trò ấy.",
            id="config.W005",
        )
    ]


@register()
def no_mail_in_public(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Without a mail server a citizen who left an address would wait for letters that nobody sends."""
    if settings.EMAIL_URL or settings.SITE.loopback:
        return []
    return [
        checks.Warning(
            "Chưa có máy chủ thư: trên địa chỉ công khai này thư báo chỉ nằm trong hộp thư đi của hệ thống.",
            hint="Đặt EMAIL_URL, ví dụ submission://user:mat-khau@host:587.",
            id="config.W006",
        )
    ]


@register()
def letters_that_nobody_takes(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Half of what is needed, no way to write back, or a letter box that is none."""
    told: list[CheckMessage] = []
    if bool(settings.MAIL_DIR) != bool(settings.MAIL_ADDRESS):
        told.append(checks.Warning(box.ABSENT, hint="Đặt cả hai, hoặc bỏ cả hai.", id="config.W009"))
    if settings.MAIL_ADDRESS and not settings.EMAIL_URL:
        told.append(
            checks.Warning(
                "MAIL_ADDRESS được đặt mà chưa có máy chủ thư: ai viết thư tới sẽ không nhận được biên nhận.",
                hint="Đặt EMAIL_URL, ví dụ submission://user:mat-khau@host:587.",
                id="config.W010",
            )
        )
    if settings.MAIL_DIR and settings.MAIL_ADDRESS:
        try:
            box.Box(settings.MAIL_DIR)
        except box.BoxError as broken:
            hint = "Tạo bằng “maildirmake” hay “mkdir -p cur new tmp”, cho tài khoản chạy hệ thống ghi được."
            told.append(checks.Warning(str(broken), hint=hint, id="config.W011"))
    return told


@register()
def public_password_in_earnest(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Accounts of a demonstration where anything may be real: they open nothing, and are still somebody."""
    if demonstration.opens_here(demonstration.PASSWORD) or missing_tables():
        return []
    names = demonstration.with_the_public_password()
    if not names:
        return []
    return [
        checks.Warning(
            "Có tài khoản mang mật khẩu công khai của dữ liệu trình diễn, nên không đăng nhập được ở đây:"
            f" {', '.join(names)}.",
            hint="Tắt hoặc xóa chúng ở /quan-tri/, hay đặt mật khẩu khác: manage.py changepassword TÊN."
            " Xem lại cả những vị trí công tác mà chúng giữ.",
            id="config.W007",
        )
    ]


@register()
def home_that_is_none(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """`start` refuses it; whoever serves the pages in another way hears it here."""
    if missing_tables() or not Province.objects.exists():
        return []
    if Province.objects.filter(pk=settings.HOME_PROVINCE).exists():
        return []
    return [
        checks.Warning(
            f"Không có tỉnh, thành phố mã {settings.HOME_PROVINCE}.",
            hint="Đặt HOME_PROVINCE là một mã có thật, ví dụ 48 (Đà Nẵng).",
            id="config.W008",
        )
    ]
