"""`manage.py demo`: the demonstration's accounts and a living province, on loopback only."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from accounts import demonstration
from config.management.refusing import Refusing
from config.processes import keep_for_good
from feedback.demonstration import house
from feedback.tasks import anchor
from publication.freezing import freeze
from routing.calendar import DeadlineError
from routing.models import Agency
from routing.ready import ReadyCommand

PETITIONS = 3000
MOST = 20_000
OUTSIDE = ("EMAIL_URL", "SMS_URL", "ZALO_URL")


class Command(Refusing, ReadyCommand):
    help = (
        "Dựng một địa phương trình diễn: tài khoản, đơn và đời mỗi đơn trong một năm (chỉ trên máy cục bộ)."
        " Cùng tham số thì cùng kết quả. Thoát 2 khi không dựng được ở đây, 3 khi hệ thống đã có đơn khác."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--petitions", type=int, default=PETITIONS, help="số đơn; 0: chỉ tạo tài khoản")
        parser.add_argument("--seed", type=int, default=1, help="số gieo: số khác cho bộ dữ liệu khác")
        parser.add_argument("--until", default="", help="ngày cuối, dạng 2026-11-26; mặc định hôm nay")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        self.refuse_where_it_does_not_belong()
        wish = self.wish(**options)
        try:
            people = house.begin(wish)
            if not wish.petitions:
                told = {"accounts": len(people), **asdict(house.tell())}
                self.say(told, f"Đã có {len(people)} tài khoản trình diễn.", as_json=options["json"])
                return
            keep_for_good()
            made = house.make(wish, say=self.progress)
            anchor()  # its days are over: a house may be verified from its first minute
            freeze()  # and its months are published
        except house.NotHereError as refused:
            raise CommandError(str(refused), returncode=3) from None
        except DeadlineError as unknown:
            raise CommandError(str(unknown), returncode=2) from None
        line = f"Dữ liệu trình diễn: {made.petitions} đơn, {made.steps} bước, {len(people)} tài khoản."
        self.say(asdict(made), line, as_json=options["json"])

    def refuse_where_it_does_not_belong(self) -> None:
        """Off loopback, without agencies of this province, or where letters would leave the house."""
        if not settings.SITE.loopback:
            self.refuse("Tài khoản trình diễn có mật khẩu công khai nên chỉ tạo khi BASE_URL là máy cục bộ.")
        for name in OUTSIDE:
            if getattr(settings, name, ""):
                self.refuse(f"Dữ liệu trình diễn không được gửi ra ngoài: bỏ {name} rồi chạy lại.")
        if not Agency.objects.filter(pk=demonstration.HAI_CHAU).exists():
            self.refuse("Chưa nạp dữ liệu nền; chạy: manage.py loadrefdata")

    def wish(self, *, petitions: int, seed: int, until: str, **_rest: Any) -> house.Wish:
        """The arguments; without `--until` the demonstration that is here already is meant."""
        if not 0 <= petitions <= MOST:
            self.refuse(f"Số đơn từ 0 đến {MOST}.")
        held = house.here()
        if not until and held and (held.petitions, held.seed) == (petitions, seed):
            return held
        try:
            last = dt.date.fromisoformat(until) if until else timezone.localdate()
        except ValueError:
            self.refuse("--until: ngày phải viết theo dạng 2026-11-26.")
        return house.Wish(petitions, seed, last)

    def refuse(self, sentence: object, code: int = 2) -> NoReturn:
        raise CommandError(str(sentence), returncode=code)  # `start` calls this command and says it itself

    def progress(self, done: int, of: int) -> None:
        self.stderr.write(f"Dữ liệu trình diễn: {done}/{of}")
        self.stderr.flush()

    def say(self, told: dict[str, Any], line: str, *, as_json: bool) -> None:
        self.stdout.write(json.dumps(told, ensure_ascii=False) if as_json else f"{line}\n{how_to_sign_in()}")


def how_to_sign_in() -> str:
    names = ", ".join(f"{username} ({name})" for username, name, _posts in demonstration.PEOPLE)
    return f"Đăng nhập ở /dang-nhap/, mật khẩu {demonstration.PASSWORD}: {names}."
