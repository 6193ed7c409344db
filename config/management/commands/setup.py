"""`manage.py setup`: the first administrator of a new house; there is no default password."""

import sys
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser
from django.db import transaction

from accounts.models import Post, Role, User
from config.management.refusing import Refusing
from routing.ready import ReadyCommand


class Command(Refusing, ReadyCommand):
    help = (
        "Tạo quản trị viên đầu tiên. Hỏi tên và mật khẩu; với --username thì mật khẩu đọc từ đầu vào chuẩn"
        " (một dòng). Từ chối khi đã có quản trị viên."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", default="", help="tên đăng nhập")

    def handle(self, *args: Any, **options: Any) -> None:
        self.refuse_second()
        person = User(username=options["username"].strip() or self.asked("Tên đăng nhập: "))
        password = self.password()
        self.check_person(person, password)
        person.set_password(password)
        make_administrator(person)
        self.stdout.write(f"Đã tạo quản trị viên {person.username}. Đăng nhập ở /dang-nhap/.")

    def refuse_second(self) -> None:
        if Post.objects.filter(role=Role.ADMINISTRATOR, user__is_active=True).exists():
            self.refuse("Đã có quản trị viên. Nhờ người ấy thêm tài khoản ở /quan-tri/.", code=4)

    def asked(self, question: str) -> str:
        if not sys.stdin.isatty():
            self.refuse(
                "Không có cửa sổ lệnh để hỏi: thêm --username TÊN, và đưa mật khẩu vào bằng một dòng."
            )
        return input(question).strip()

    def password(self) -> str:
        """Ask twice at a terminal, else take one line of standard input."""
        if not sys.stdin.isatty():
            return sys.stdin.readline().rstrip("\n")
        password = getpass("Mật khẩu (ít nhất 12 ký tự): ")
        if password != getpass("Nhập lại mật khẩu: "):
            self.refuse("Hai lần nhập không giống nhau. Chạy lại lệnh.")
        return password

    def check_person(self, person: User, password: str) -> None:
        person.is_staff = person.is_superuser = True
        try:
            person.full_clean(exclude=["password"])
            validate_password(password, person)
        except ValidationError as wrong:
            self.refuse("Chưa tạo được: " + " ".join(wrong.messages))


def make_administrator(person: User) -> None:
    with transaction.atomic():
        person.save()
        Post.objects.create(user=person, role=Role.ADMINISTRATOR)
