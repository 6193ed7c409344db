"""`manage.py demo`: the demonstration's accounts, on loopback only."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import demonstration
from feedback.models import Petition, Step
from routing.models import Agency


class Command(BaseCommand):
    help = "Tạo các tài khoản trình diễn (chỉ trên máy cục bộ); mật khẩu chung ghi trong docs/operating.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--petitions", type=int, default=0, choices=[0], help="hiện chỉ tạo tài khoản: 0")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SITE.loopback:
            raise CommandError(
                "Tài khoản trình diễn có mật khẩu công khai nên chỉ được tạo khi BASE_URL là máy cục bộ.",
                returncode=2,
            )
        if not Agency.objects.filter(pk=demonstration.HAI_CHAU).exists():
            raise CommandError("Chưa nạp dữ liệu nền; chạy: manage.py loadrefdata", returncode=2)
        people = demonstration.create()
        told = {
            "accounts": len(people),
            "petitions": Petition.objects.count(),
            "steps": Step.objects.count(),
        }
        self.stdout.write(
            json.dumps(told) if options["json"] else f"Đã có {len(people)} tài khoản trình diễn."
        )
