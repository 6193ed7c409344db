"""A letter read: bytes in, what it says out. It knows no house and trusts nothing that it reads."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import EmailPolicy
from typing import Any, TypeVar, cast

from feedback.letters import words
from feedback.letters.words import Ours

MOST_BYTES = 25 * 1024 * 1024  # of a letter: what mail servers take, files and all
MOST_HEAD = 65_536  # bytes of all headers
MOST_HEADER = 2_000  # of one: the library takes minutes over a megabyte
MOST_ROADS = 20_000  # References of a long exchange
# A letter of a person has a few parts; a million empty ones would fill the memory.
MOST_LINES, MOST_MARKS, MOST_HEADS = 600_000, 1_000, 300_000
MOST_FILES = 300
MOST_NESTED = 3
LOGO = 10_000  # bytes of a picture within the words that is a signature's ornament

T = TypeVar("T")


class UnreadableError(Exception):
    """It is no letter that a person wrote: too many parts, too deep, or headers without end."""


class Bounded(EmailPolicy):
    """The library's own reading of one letter, of headers that are no longer than a person's."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[call-arg]  # the stub wants more than the library
        object.__setattr__(self, "lengths", Counter())  # the library's policies let nobody set anything

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        most = MOST_ROADS if name.lower() == "references" else MOST_HEADER
        lengths: Counter[str] = vars(self)["lengths"]
        lengths["all"] += min(len(value), most)
        if lengths["all"] > MOST_HEADS:
            raise UnreadableError
        if value.isascii():
            return name, value[:most]
        # Bytes that nobody said the charset of: mostly a mailer that writes UTF-8 as it is.
        return name, words.decoded(value[:most].encode("utf-8", "surrogateescape"), "")


@dataclass(frozen=True)
class Enclosed:
    """A file that came with a letter, as it came."""

    name: str
    content: bytes
    media_type: str = ""


@dataclass(frozen=True)
class Report:
    """What a mail server says of letters that did not arrive: their Message-IDs, the codes of why, and the
    addresses that are none."""

    letters: tuple[str, ...]
    codes: tuple[str, ...]
    addresses: frozenset[str] = frozenset()


# Parts that only their recipient's key opens (S/MIME, PGP).
ENCIPHERED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"})


@dataclass(frozen=True)
class Letter:
    """`name` tells it from every other; `address` is empty where it is not from just one.

    `words` are all it says, `marked` the same with “>” before what is quoted; `answers` the letters that it
    answers, the latest first. `by_machine` says that no person wrote it, `unsure` that none may have;
    `is_cut`: of its words not all were looked at. From is what it says of itself, and proves nothing.
    """

    name: str
    message_id: str
    address: str
    sender: str
    subject: str
    words: str
    marked: str
    files: tuple[Enclosed, ...]
    answers: tuple[str, ...]
    by_machine: bool
    unsure: bool
    is_cut: bool
    report: Report | None

    @property
    def said(self) -> str:
        """Its words under its subject."""
        return words.with_subject(self.subject, self.words)

    @property
    def is_enciphered(self) -> bool:
        """Nobody here reads what it says; its subject stands outside."""
        is_sealed = not self.words and any(file.media_type in ENCIPHERED for file in self.files)
        return is_sealed or words.are_enciphered(self.words)

    def beyond(self, ours: Ours) -> str:
        """What it says to whoever wrote these letters, and does not repeat of them."""
        return words.beyond(self.marked, ours)


def read(raw: bytes) -> Letter:
    """Read a whole letter, or its head alone. Raises UnreadableError and, of what is in it, nothing."""
    if len(head_of(raw)) > MOST_HEAD or raw.count(b"\n") > MOST_LINES or raw.count(b"\n--") > MOST_MARKS:
        raise UnreadableError
    try:
        return _letter(_parsed(raw), raw)
    except RecursionError:
        raise UnreadableError from None


def _parsed(raw: bytes) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(raw, policy=cast(Any, Bounded())))


def head_of(raw: bytes) -> bytes:
    """Up to the first empty line."""
    end = re.search(rb"\r?\n\r?\n", raw)
    return raw[: end.end()] if end else raw


def _letter(message: EmailMessage, raw: bytes) -> Letter:
    sender, address = _from(message)
    message_id = next(iter(_ids(message, "Message-ID")), "")
    report = _report(message)
    found = _Found()
    if report is None:
        _gather(message, found)
        _open_nested(found)
    return Letter(
        name=message_id or hashlib.sha256(raw).hexdigest(),
        message_id=message_id,
        address=address,
        sender=sender,
        subject=_line(words.without_secrets(_header(message, "Subject"))),
        words=_joined(one.whole for one in found.words),
        marked=_joined(one.marked for one in found.words),
        files=tuple(found.files[:MOST_FILES]),
        answers=(*_ids(message, "In-Reply-To"), *reversed(_ids(message, "References"))),
        by_machine=report is not None or _is_by_machine(message, address),
        unsure=_may_be_by_machine(message, address),
        is_cut=found.is_cut,
        report=report,
    )


def _joined(pieces: Iterator[str]) -> str:
    return words.without_secrets("\n\n".join(filter(None, pieces)))


# --- headers --------------------------------------------------------------------------------------------


def _tried(read: Callable[[], T], otherwise: T) -> T:
    """The library raises half a dozen sorts of errors over what nobody would write."""
    try:
        return read()
    except Exception:
        return otherwise


def _header(message: Message[Any, Any], name: str) -> str:
    return _tried(lambda: words.plain(str(message.get(name) or "")), "")


def _line(text: str) -> str:
    return " ".join(text.split())


def _from(message: EmailMessage) -> tuple[str, str]:
    """Its sender's name and address; both empty where it names none or several."""
    headers: Any = _tried(lambda: message.get_all("From"), None)
    told: list[Any] = _tried(lambda: [one for header in headers for one in header.addresses], [])
    if len(told) != 1 or not told[0].domain:
        return "", ""
    name, address = words.plain(told[0].display_name), words.plain(told[0].addr_spec)
    return "" if name.casefold() == address.casefold() else _line(name), address


ID = re.compile(r"<[!-;=?-~]{1,200}>")


def _ids(message: Message[Any, Any], name: str) -> list[str]:
    """Message-IDs that a header names, whatever is written around them."""
    return ID.findall(re.sub(r"\s+", " ", _header(message, name)))


# Who writes without a person: never answered, or two machines write to each other for ever (RFC 3834).
UNASKED = frozenset({"bulk", "junk", "auto_reply"})
AUTOMATIC = ("X-Autoreply", "X-Autorespond")
# What passes through a list, an office's `postmaster@` or a mailer that wants no automatic answer may still
# be a person's: not answered either, but looked at.
OF_LISTS = ("List-Id", "X-Auto-Response-Suppress")


def _is_by_machine(message: EmailMessage, address: str) -> bool:
    automatic = _header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    return (
        automatic not in ("", "no")
        or _precedence(message) in UNASKED
        or any(name in message for name in AUTOMATIC)
        or _header(message, "Return-Path").strip() == "<>"
        or _local(address) == "mailer-daemon"
    )


def _may_be_by_machine(message: EmailMessage, address: str) -> bool:
    through_a_list = _precedence(message) == "list" or any(name in message for name in OF_LISTS)
    return through_a_list or _local(address) == "postmaster"


def _precedence(message: EmailMessage) -> str:
    return _header(message, "Precedence").strip().lower()


def _local(address: str) -> str:
    return address.partition("@")[0].lower()


# --- parts ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Words:
    whole: str
    marked: str  # with “>” before what is quoted


@dataclass
class _Found:
    words: list[_Words] = field(default_factory=list)
    files: list[Enclosed] = field(default_factory=list)
    nested: list[Message[Any, Any]] = field(default_factory=list)
    is_cut: bool = False


# A signature proves nothing to us, and is no file of anybody's.
SIGNATURES = frozenset(
    {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
)


def _gather(part: Message[Any, Any], found: _Found) -> None:
    kind = part.get_content_type()
    if kind in SIGNATURES:
        return
    if kind == "message/rfc822" and part.is_multipart():
        found.nested.append(part)
    elif kind == "multipart/alternative" and part.is_multipart():
        _choose(list(_children(part)), found)
    elif part.is_multipart():
        for child in _children(part):
            _gather(child, found)
    elif _is_words(part, kind):
        _read_words(part, kind, found)
    else:
        found.files += _file(part, kind)


def _children(part: Message[Any, Any]) -> Iterator[Message[Any, Any]]:
    payload = part.get_payload()
    yield from (child for child in payload if isinstance(child, Message)) if isinstance(payload, list) else ()


def _choose(children: list[Message[Any, Any]], found: _Found) -> None:
    """Of the same words in several forms the plainest that says something; what is enclosed in any."""
    said: list[_Words] = []
    for child in sorted(children, key=lambda one: one.get_content_type() != "text/plain"):
        one = _Found()
        _gather(child, one)
        found.files += one.files
        found.nested += one.nested
        found.is_cut |= one.is_cut and not said
        said = said or one.words
    found.words += said


def _is_words(part: Message[Any, Any], kind: str) -> bool:
    """What is shown as the letter itself; a part of many that has lost its border is read as it stands."""
    if kind.startswith("multipart/"):
        return True
    named = _tried(part.get_content_disposition, None) == "attachment" or _filename(part)
    return kind in ("text/plain", "text/html") and not named


def _filename(part: Message[Any, Any]) -> str:
    return _tried(lambda: words.plain(part.get_filename() or ""), "")


def _content(part: Message[Any, Any]) -> bytes:
    content: Any = _tried(lambda: cast(Any, part.get_payload(decode=True)), b"")
    return content if isinstance(content, bytes) else b""


def _read_words(part: Message[Any, Any], kind: str, found: _Found) -> None:
    """Those of a part, and the pictures that stand in them."""
    text = words.decoded(_content(part), _tried(part.get_content_charset, None) or "")
    if kind == "text/html":
        text, pictures = words.without_pictures(text)
        found.files += filter(None, map(_pictured, pictures[:MOST_FILES]))
    found.is_cut |= _is_more_than_read(kind, text)
    found.words += filter(lambda told: told.whole, [_words(part, kind, text)])


def _is_more_than_read(kind: str, text: str) -> bool:
    if kind != "text/html":
        return len(text) > words.MOST_WORDS
    return len(text.encode()) > words.MOST_HTML or words.breaks_off(text)


def _pictured(picture: tuple[str, str]) -> Enclosed | None:
    kind, told = picture
    signs = re.sub(r"[\s=]", "", told)  # what fills it up to a multiple of four may be left out
    content = _tried(lambda: base64.b64decode(signs + "=" * (-len(signs) % 4)), b"")
    return Enclosed("", content, kind.lower()) if len(content) >= LOGO else None


def _words(part: Message[Any, Any], kind: str, text: str) -> _Words:
    if kind == "text/html":
        return _Words(words.of_html(text, marks_quotes=False), words.of_html(text, marks_quotes=True))
    text = text[: words.MOST_WORDS]
    if _tried(lambda: str(part.get_param("format")), "").lower() == "flowed":
        joins = _tried(lambda: str(part.get_param("delsp")), "").lower() == "yes"
        text = words.unfolded(text, joins=joins)
    return _Words(words.tidied(text), words.tidied(text))


def _file(part: Message[Any, Any], kind: str) -> list[Enclosed]:
    content = _content(part)
    within = "Content-ID" in part and _tried(part.get_content_disposition, None) != "attachment"
    if kind.startswith("image/") and within and len(content) < LOGO:
        return []
    return [Enclosed(_filename(part), content, kind)]


def _open_nested(found: _Found) -> None:
    """A letter passed on whole is read where the outer one says nothing; else it is a file like any."""
    for _depth in range(MOST_NESTED):
        if found.words or not found.nested:
            break
        inner, found.nested = found.nested, []
        for part in inner:
            for child in _children(part):
                _gather(child, found)
    found.files += [Enclosed(_filename(part) or "thu.eml", b"eml", "message/rfc822") for part in found.nested]


# --- reports of mail servers ----------------------------------------------------------------------------


def _report(message: EmailMessage) -> Report | None:
    """What a report says of letters that failed; None where it is no report."""
    if message.get_content_type() != "multipart/report":
        return None
    letters: list[str] = []
    failed: list[Message[Any, Any]] = []
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            failed += _failures(part)
        elif kind == "message/rfc822":
            letters += [told for child in _children(part) for told in _ids(child, "Message-ID")]
        elif kind == "text/rfc822-headers":
            head = _parsed(_content(part)[:MOST_HEAD])
            letters += _ids(head, "Message-ID")
    codes = tuple(_header(one, "Status").strip() for one in failed)
    told = (_header(one, name) for one in failed for name in ("Final-Recipient", "Original-Recipient"))
    addresses = frozenset(address.rpartition(";")[2].strip().casefold() for address in told)
    return Report(tuple(letters), codes, addresses - {""})


def _failures(part: Message[Any, Any]) -> Iterator[Message[Any, Any]]:
    """What it says of each address that it did not reach."""
    return (one for one in _children(part) if _header(one, "Action").strip().lower() == "failed")
