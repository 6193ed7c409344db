"""The environment of one house: every variable read once, nonsense refused with the cure.

An error here is one Vietnamese sentence: the variable, what is wrong with it, what to write instead.
The value itself is never repeated, because addresses of services carry passwords. Every reader below
raises Nonsense.
"""

import os
import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import Env

env = Env()

KNOWN = frozenset(
    {
        *("DATABASE_URL", "REDIS_URL", "ELASTICSEARCH_URL", "EMAIL_URL", "SMS_URL", "ZALO_URL", "FILES_URL"),
        *("SECRET_KEY", "SIGNING_KEY", "IDENTITY_KEY", "BASE_URL", "PORT", "HOME_PROVINCE"),
        *("HOIAM_THROTTLE", "HOIAM_READING", "HOIAM_VAR", "HOIAM_CLOCK", "HOIAM_DEBUG", "HOIAM_VIDEO_MB"),
        *("HOIAM_SECOND_FACTOR", "MAIL_DIR", "MAIL_ADDRESS"),
    }
)
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
YES = frozenset({"1", "on", "true", "yes"})
NO = frozenset({"0", "off", "false", "no"})


# In rising order; whoever approves, or sees more than one agency's petitions, stands above the line.
ROLES = (
    *("citizen", "operator", "handler"),
    *("approver", "focal_point", "petition_officer", "reviewer", "supervisor", "auditor", "administrator"),
)
APPROVER_AND_ABOVE = frozenset(ROLES[ROLES.index("approver") :])


class Nonsense(ImproperlyConfigured):
    """A variable that cannot be meant; the message says in Vietnamese what to write instead."""


class Site(NamedTuple):
    """The public address of the house: `url` without a final slash, its host, and whether it is TLS."""

    url: str
    host: str
    secure: bool

    @property
    def loopback(self) -> bool:
        return self.host in LOOPBACK


def text(name: str) -> str:
    """Return the variable without spaces around it, "" when it is not set."""
    return env.str(name, "").strip()


def switch(name: str, *, default: bool) -> bool:
    """Return an on/off variable."""
    word = text(name).lower()
    if not word:
        return default
    if word not in YES | NO:
        raise Nonsense(f"{name} chỉ nhận “on” hoặc “off”. Sửa lại hoặc bỏ trống.")
    return word in YES


def port(name: str, *, default: int) -> int:
    """Return a TCP port a house without root rights may listen on."""
    word = text(name) or str(default)
    if not re.fullmatch(r"[0-9]{1,5}", word) or not 1024 <= int(word) <= 65535:
        raise Nonsense(f"{name} phải là một số từ 1024 đến 65535, ví dụ {name}={default}.")
    return int(word)


def megabytes(name: str, *, default: int, most: int) -> int:
    """Return a size in bytes that was given in MB."""
    word = text(name) or str(default)
    if not re.fullmatch(r"[0-9]{1,5}", word) or not 1 <= int(word) <= most:
        raise Nonsense(f"{name} phải là một số từ 1 đến {most} (MB), ví dụ {name}={default}.")
    return int(word) * 1024 * 1024


def province(name: str, *, default: str) -> str:
    """Return the two digits of a province; whether there is such a province the reference data says."""
    word = text(name) or default
    if not re.fullmatch(r"[0-9]{2}", word):
        raise Nonsense(f"{name} phải là mã tỉnh gồm hai chữ số, ví dụ {name}={default} (Đà Nẵng).")
    return word


def key(name: str) -> str:
    """Return a key given from outside, "" when the house is to make its own."""
    word = text(name)
    if word and len(word) < 32:
        raise Nonsense(f"{name} quá ngắn: cần ít nhất 32 ký tự ngẫu nhiên. Bỏ trống để hệ thống tự tạo.")
    return word


def seed(name: str) -> str:
    """Return the 64 hexadecimal digits of an Ed25519 seed, "" when the house is to make its own."""
    word = text(name).lower()
    if word and not re.fullmatch(r"[0-9a-f]{64}", word):
        raise Nonsense(f"{name} phải gồm đúng 64 chữ số thập lục phân. Bỏ trống để hệ thống tự tạo.")
    return word


def address(name: str, *, schemes: tuple[str, ...], example: str) -> str:
    """Return the address of an outside service, "" when the built-in default serves."""
    word = text(name)
    if word:
        parts = split(name, word, example)
        if parts.scheme not in schemes:
            known = ", ".join(f"{scheme}://" for scheme in schemes)
            raise Nonsense(f"{name} phải bắt đầu bằng {known}; ví dụ {name}={example}")
        if not (parts.hostname or parts.scheme in {"sqlite", "file"}):
            raise Nonsense(f"{name} thiếu tên máy chủ; ví dụ {name}={example}")
    return word


def mailbox(name: str, *, example: str) -> str:
    """Return an address that letters are written to, "" where none is."""
    word = text(name)
    if word and not re.fullmatch(r"[\w.+-]{1,64}@[\w-]+(\.[\w-]+)*", word, re.ASCII):
        raise Nonsense(f"{name} phải là một địa chỉ thư điện tử, không kèm tên; ví dụ {name}={example}")
    return word


def letterbox(name: str) -> Path | None:
    """Return the Maildir that mail is delivered to, None where it is not; whether it is one, `check` says."""
    word = text(name)
    if word and not word.startswith(("/", "~")):
        raise Nonsense(f"{name} phải là đường dẫn đầy đủ của một Maildir, ví dụ {name}=/var/mail/phan-anh")
    return Path(word).expanduser() if word else None


def cluster(name: str, *, example: str) -> str:
    """Return the addresses of a cluster's nodes with commas between, "" when the built-in default serves.

    The path of the first is the name that the house has there, where others are too.
    """
    word = ",".join(one.strip() for one in text(name).split(",") if one.strip())
    for one in filter(None, word.split(",")):
        parts = split(name, one, example)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise Nonsense(f"{name} phải bắt đầu bằng http:// hoặc https://; ví dụ {name}={example}")
        if not re.fullmatch(r"/?|/[a-z0-9][a-z0-9-]{0,40}/?", parts.path) or parts.query:
            raise Nonsense(
                f"{name}: sau tên máy chủ chỉ được có tên của hệ thống (chữ thường, số, gạch nối);"
                f" ví dụ {name}={example}/da-nang"
            )
    return word


def site(name: str, *, default: str) -> Site:
    """Return the public address that links, cookies and redirects are made for."""
    word = (text(name) or default).rstrip("/")
    parts = split(name, word, default)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise Nonsense(
            f"{name} phải là địa chỉ công khai không có đường dẫn, ví dụ {name}=https://phananh.vn"
        )
    return Site(word, parts.hostname, parts.scheme == "https")


def split(name: str, word: str, example: str) -> SplitResult:
    try:
        parts = urlsplit(word)
        _ = parts.port
    except ValueError:
        raise Nonsense(f"{name} không phải là một địa chỉ; ví dụ {name}={example}") from None
    return parts


def open_clock(name: str, *, at: Site) -> bool:
    """Whether commands may pretend another moment: a demonstration on loopback, never a real house."""
    word = text(name).lower()
    if word not in {"", "open"}:
        raise Nonsense(f"{name} chỉ nhận “open” hoặc bỏ trống.")
    if word and not at.loopback:
        raise Nonsense(f"{name}=open chỉ dùng khi BASE_URL là 127.0.0.1 hoặc localhost. Bỏ {name}.")
    return bool(word)


def roles(name: str, *, at: Site) -> frozenset[str]:
    """Return the roles that need a second factor: as said, else approver and above; on loopback none."""
    words = set(text(name).lower().replace(",", " ").split())
    if not words:
        return frozenset() if at.loopback else APPROVER_AND_ABOVE
    if words <= NO:
        return frozenset()
    if not words <= set(ROLES):
        raise Nonsense(
            f"{name} chỉ nhận “off” hoặc các vai trò cách nhau bằng dấu phẩy: {', '.join(ROLES)}. Bỏ trống:"
            " từ lãnh đạo phê duyệt trở lên, trừ khi chạy trên máy cục bộ."
        )
    return frozenset(words)


def folder(name: str, *, default: Path) -> Path:
    """Return the folder that holds all state, made when absent and tried by writing into it.

    It is for the owner of the house alone; one that holds no house yet and is there already is left as it is.
    """
    path = Path(text(name) or default).expanduser().resolve()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if (path / "keys").is_dir() and path.stat().st_uid == os.getuid():
            path.chmod(0o700)
        probe = path / f".writable-{id(path)}"
        probe.touch()
        probe.unlink(missing_ok=True)
    except OSError:
        raise Nonsense(
            f"Không ghi được vào thư mục dữ liệu {path}."
            f" Cấp quyền ghi (chmod u+rwx) hoặc đặt {name} sang thư mục khác."
        ) from None
    return path
