"""Words out of a letter's parts: of HTML what a reader sees, of an answer what was not quoted."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from lxml import etree

from feedback.codes import ALPHABET

# --- bytes ----------------------------------------------------------------------------------------------

# Codecs that Python calls encodings of text and no letter is written in; some take hours over a megabyte.
NO_CHARSETS = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"})
USUAL_CHARSETS = ("utf-8", "cp1258")


def decoded(raw: bytes, charset: str) -> str:
    """As its letter says it is written, else as Vietnamese letters mostly are; nonsense never raises.

    What is UTF-8 and more than ASCII is so by no chance, whatever its letter says.
    """
    told = _known(charset)
    first = () if raw.isascii() or told.startswith(("utf-16", "utf-32")) else ("utf-8",)
    for name in filter(None, (*first, told, *USUAL_CHARSETS)):
        try:
            return plain(raw.decode(name))
        except (UnicodeError, LookupError):
            continue
    return plain(raw.decode("utf-8", "replace"))


def _known(charset: str) -> str:
    try:
        name = codecs.lookup(charset).name if charset else ""
    except (LookupError, ValueError):
        return ""
    return "" if name in NO_CHARSETS else name


CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127))
SURROGATE = re.compile("[\ud800-\udfff]")


def plain(text: str) -> str:
    """With one sort of line end, and without what no database keeps."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return SURROGATE.sub("\ufffd", text).translate(CONTROLS)


# --- lines ----------------------------------------------------------------------------------------------


def unfolded(text: str, *, joins: bool = False) -> str:
    """Lines that a mailer broke to fit its width, whole again (RFC 3676, format=flowed).

    `joins`: the blank at the end of such a line is its mark alone (delsp=yes).
    """
    pieces: list[str] = []
    goes_on = True
    for line in text.split("\n"):
        pieces += [line] if goes_on and not line.startswith(">") else ["\n", line]
        goes_on = line.endswith(" ") and line != "-- "
        pieces[-1] = pieces[-1].removesuffix(" ") if goes_on and joins else pieces[-1]
    return "".join(pieces)


def tidied(text: str) -> str:
    """Without blanks at the ends of lines, and with one empty line where there were many."""
    lines = (line.rstrip() for line in text.replace("\xa0", " ").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


# --- HTML -----------------------------------------------------------------------------------------------

MOST_WORDS = 200_000  # signs that are looked at; ten times what is filed, with what is quoted below
MOST_HTML = 2_000_000  # bytes
DEEPEST = 2_048  # tags within one another, where the parser stops
UNSEEN = frozenset(
    {"head", "title", "script", "style", "template", "noscript", "svg", "object", "iframe", "select"}
)
BLOCKS = frozenset(
    {
        *(
            "div",
            "section",
            "article",
            "header",
            "footer",
            "center",
            "pre",
            "hr",
            "li",
            "dl",
            "dt",
            "dd",
            "tr",
        ),
        *("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "tr", "blockquote"),
    }
)
APART = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote"})
HIDING = re.compile(r"display:none|visibility:hidden|mso-hide:all")
# Templates put a frame without size around letters that have one: it hides what has none of its own.
SIZE = re.compile(r"(?<![a-z-])font-size:([^;]*)")
NO_SIZE = re.compile(r"(?=\.?0)[0.]+(?![\d.])")
AS_AROUND = re.compile(r"[\d.]+(?:em|ex|%)|smaller|larger|inherit|unset")
SIZED = frozenset({"table", "font"})  # anew by many readers; in doubt it is read
# A gateway puts its warning before a letter as a document of its own: the parser would stop behind it.
ENDS = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
# Signs that stand in no text here: the edge of a block, of a paragraph, a quotation's beginning and end.
EDGE, GAP, OPENS, CLOSES = "\x1f", "\x1e", "\x02", "\x03"


# A picture that a mailer wrote into the HTML itself.
PICTURE = re.compile(r"data:(image/[\w.+-]{1,40});base64,([A-Za-z0-9+/=\s]*)", re.IGNORECASE)


def without_pictures(html: str) -> tuple[str, list[tuple[str, str]]]:
    """It without its pictures, and each of them: its kind, and its content in base64."""
    pictures: list[tuple[str, str]] = PICTURE.findall(html)
    return PICTURE.sub("data:", html), pictures


def breaks_off(html: str) -> bool:
    """Whether it is nested so deep that what stands there, and all behind, is not read."""
    if html.count("<") < DEEPEST // 2:
        return False
    _root, errors = _parsed(html)
    return any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in errors)


def _parsed(html: str) -> tuple[etree._Element | None, Iterable[Any]]:
    """Its tree, and what the parser found wrong."""
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True
    )
    try:
        return etree.fromstring(ENDS.sub("", html).encode()[:MOST_HTML], parser), parser.error_log
    except (etree.XMLSyntaxError, ValueError):
        return None, parser.error_log


def of_html(html: str, *, marks_quotes: bool) -> str:
    """What a reader sees, blocks as lines; `marks_quotes`: lines of a quotation begin with “>”."""
    root, _errors = _parsed(html)
    text = _in_lines("".join(_seen(root)) if root is not None else "")[:MOST_WORDS]
    if marks_quotes:
        text = "\n".join(_marked(text.split("\n")))
    return tidied(text.replace(OPENS, "").replace(CLOSES, ""))


def _seen(root: etree._Element) -> Iterator[str]:
    walk = etree.iterwalk(root, events=("start", "end"))
    have_size = [True]  # the letters of each element that we are in
    for event, element in walk:
        is_hidden = _is_hidden(element)
        if event == "end":
            have_size.pop()
            yield "" if is_hidden else _leads_to(element) + _ended(str(element.tag))
            yield _running(element.tail if have_size[-1] else "")
            continue
        have_size.append(_has_size(element, around=have_size[-1]))
        if is_hidden:
            walk.skip_subtree()
        else:
            yield _begun(str(element.tag)) + _running(element.text if have_size[-1] else "")


MOST_LINK = 500  # signs: beyond them stands whatever follows a reader, not where it leads


def _has_size(element: etree._Element, *, around: bool) -> bool:
    """Whether its own letters are to be seen; `around`: those about it."""
    told = SIZE.findall(_style(element))
    if told and NO_SIZE.match(told[-1]):
        return False
    is_as_around = AS_AROUND.match(told[-1]) if told else element.tag not in SIZED
    return around or not is_as_around


def _leads_to(link: etree._Element) -> str:
    """Where it leads, where its own words do not say so."""
    if link.tag != "a":
        return ""
    href = _running(link.get("href", "")).strip()
    said = "".join(islice(link.itertext(), 20)).strip()
    if not said or re.search(r"://|www\.|@", said) or not re.match(r"https?://", href, re.IGNORECASE):
        return ""
    return f" ({href[:MOST_LINK]}…)" if len(href) > MOST_LINK else f" ({href})"


def _begun(tag: str) -> str:
    if tag in BLOCKS:
        edge = GAP if tag in APART else EDGE
        return edge + {"li": "- ", "blockquote": OPENS}.get(tag, "")
    return {"br": "\n", "td": " ", "th": " "}.get(tag, "")


def _ended(tag: str) -> str:
    if tag not in BLOCKS:
        return ""
    return (CLOSES if tag == "blockquote" else "") + (GAP if tag in APART else EDGE)


def _in_lines(text: str) -> str:
    """An empty line between paragraphs, a new one for each block, none more for a break at its end."""
    return re.sub(rf"[ \n{EDGE}{GAP}]+", lambda run: _between(run[0].replace(" ", "")), text)


def _between(run: str) -> str:
    if GAP in run:
        return "\n\n"
    return re.sub(f"{EDGE}+", "\n", re.sub(f"\n{EDGE}+", "\n", run)) or " "


def _marked(lines: list[str]) -> Iterator[str]:
    depth = 0
    for line in lines:
        depth += line.count(OPENS)
        yield f"> {line}" if depth else line
        depth = max(0, depth - line.count(CLOSES))


def _running(text: str | None) -> str:
    return re.sub(r"[ \t\n\r\f]+", " ", text or "").translate(CONTROLS)


def _is_hidden(element: etree._Element) -> bool:
    if not isinstance(element.tag, str) or element.tag in UNSEEN or "hidden" in element.attrib:
        return True
    return bool(HIDING.search(_style(element)))


def _style(element: etree._Element) -> str:
    return re.sub(r"\s+", "", element.get("style", "")).lower()


ENCIPHERED = re.compile(r"^\W{0,9}-----BEGIN PGP MESSAGE-----\s*$", re.MULTILINE)


def are_enciphered(text: str) -> bool:
    """In part or whole."""
    return bool(ENCIPHERED.search(text))


# --- what was quoted ------------------------------------------------------------------------------------

# How mailers introduce what they quote, on one line or a few, always with a time of day.
INTRODUCES = re.compile(
    r"^\s*(?:on\b(?=.*\d[:.]\d\d).{5,300}\bwrote|(?:vào|lúc|ngày)\b(?=.*\d[:.]\d\d).{5,300}\bviết"
    r"|\d{4}-\d\d-\d\d \d\d:\d\d.{3,200}<\S+@\S+>)\s*:\s*$",
    re.IGNORECASE | re.DOTALL,
)
RULE = re.compile(
    r"^\s*(?:-{2,}\s*(?:original message|forwarded message|thư gốc|tin nhắn gốc|bản gốc)\s*-{2,}|_{10,})\s*$",
    re.IGNORECASE,
)
FROM_LINE = re.compile(r"^\s*\*?(?:from|từ|người gửi)\s*:\*?\s*\S", re.IGNORECASE)
SENT_LINE = re.compile(
    r"^\s*\*?(?:sent|date|to|subject|đã gửi|ngày|gửi|đến|tới|cc|chủ đề|tiêu đề)\s*:", re.IGNORECASE
)
MOST_BY_CHANCE = 4  # words in a row that are ours and may be anybody's
MOST_HEADING = 8  # lines of a mailer's own before what it quotes, and lines of what it quotes that are asked


class Ours:
    """Letters of the house, to be found again in what quotes them, however a mailer broke their lines."""

    def __init__(self, letters: Iterable[str], names: Iterable[str], addresses: Iterable[str]) -> None:
        lines = [_bare(line) for letter in letters for line in letter.split("\n")]
        self._lines = frozenset(lines) - {""}
        self._whole = f" {' '.join(filter(None, lines))} "
        self._addresses = [name for name in map(_bare, addresses) if name]
        self._names = [*self._addresses, *(name for name in map(_bare, names) if name)]

    def names(self, lines: Iterable[str], *, by_address: bool) -> bool:
        """Whether they name who wrote our letters; `by_address`: not as anybody may in a sentence."""
        told = f" {_bare(' '.join(lines))} "
        return any(f" {name} " in told for name in (self._addresses if by_address else self._names))

    def found(self, line: str, *, after: int, is_quoted: bool) -> int:
        """Where in them this line ends, -1 where it is none of ours.

        `after`: where the line before ended, for what goes on there may be short; `is_quoted`: also part of a
        line, or a short one, will do.
        """
        told = f" {_bare(line)} "
        if after and self._whole.startswith(told, after):
            return after + len(told) - 1
        is_long, is_line = told.count(" ") > MOST_BY_CHANCE + 1, told.strip() in self._lines
        if not (is_long or is_line if is_quoted else is_long and is_line):
            return -1
        at = self._whole.find(told)
        return at + len(told) - 1 if at >= 0 else -1


def _bare(line: str) -> str:
    """Its words alone, without the marks of a quotation and of a mailer, and without a secret."""
    return _folded(without_secrets(unicodedata.normalize("NFC", line[:5_000])))


def beyond(text: str, ours: Ours) -> str:
    """What it says that our letters do not: their lines are left out wherever they stand, and what a mailer
    writes before them where it names us. In doubt a line is kept."""
    lines, kept = text.split("\n"), []
    at, after, is_quoted = 0, 0, False
    while at < len(lines):
        if length := _heading(lines, at, ours):
            at, is_quoted = at + length, True
            continue
        is_marked = lines[at].lstrip().startswith(">")
        found = _found(lines[at], ours, after=after, is_quoted=is_quoted or is_marked)
        if found < 0 and not (is_marked and not _bare(lines[at])):
            kept.append(lines[at])
        after = max(after, found)
        at += 1
    return tidied("\n".join(kept))


def _found(line: str, ours: Ours, **where: Any) -> int:
    return ours.found(line, **where) if _bare(line) else -1


def _heading(lines: list[str], at: int, ours: Ours) -> int:
    """Over how many lines from here a mailer says that it quotes us; 0 where it does not."""
    told = [_unmarked(line) for line in lines[at : at + MOST_HEADING]]
    rule = _blanks(told, 1) if RULE.match(told[0]) else 0
    introduced = _introduces(told, rule)
    length = rule + (introduced or _head(told, rule))
    below = [line for line in lines[at + length : at + length + MOST_HEADING] if _bare(line)]
    are_ours = [_found(line, ours, after=0, is_quoted=True) >= 0 for line in below]
    if length == rule or not any(are_ours):
        return 0
    by_address = bool(introduced) and not are_ours[0]
    return length if ours.names(told[rule:length], by_address=by_address) else 0


def _unmarked(line: str) -> str:
    return line.lstrip("> \t")


def _blanks(lines: list[str], at: int) -> int:
    """The next line that says something."""
    return next((n for n in range(at, len(lines)) if lines[n].strip()), len(lines))


def _introduces(lines: list[str], at: int) -> int:
    """Over how many lines from here a quotation is introduced; 0 where none is."""
    return next((n for n in (1, 2, 3) if _is_introduction(lines[at : at + n])), 0)


def _is_introduction(lines: list[str]) -> bool:
    """Without an empty line, and none begins further down in it."""
    if not all(line.strip() for line in lines):
        return False
    return bool(INTRODUCES.match("\n".join(lines))) and not (lines[1:] and _is_introduction(lines[1:]))


def _head(lines: list[str], at: int) -> int:
    """Over how many lines goes the block of From, Sent, To, Subject before what Outlook quotes."""
    if at >= len(lines) or not FROM_LINE.match(lines[at]):
        return 0
    rest = (n for n in range(at + 1, len(lines)) if lines[n].strip() and not SENT_LINE.match(lines[n]))
    return next(rest, len(lines)) - at


# --- subject --------------------------------------------------------------------------------------------

PREFIX = re.compile(
    r"^\s*(?:(?:re|fwd?|tr|aw|trả lời|chuyển tiếp)\s*(?:\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE
)
SAYS_NOTHING = frozenset({"", "no subject", "không có chủ đề", "không có tiêu đề", "không tiêu đề"})


def with_subject(subject: str, words: str) -> str:
    """The words under what the subject says, unless they begin with that."""
    said = " ".join(PREFIX.sub("", subject).split())
    if _folded(said) in SAYS_NOTHING or _folded(words).startswith(_folded(said)):
        return words
    return f"{said}\n\n{words}".strip()


def _folded(text: str) -> str:
    """Case, marks around it and the way of writing letters with accents are no difference."""
    return re.sub(r"\W+", " ", unicodedata.normalize("NFC", text[:5_000]).casefold()).strip()


# --- what a letter of ours told -------------------------------------------------------------------------

_SAID = ("mã bí mật", "mã bảo mật", "mật mã")
_CALLED = (*_SAID, *(unicodedata.normalize("NFD", name) for name in _SAID), "ma bi mat", "ma bao mat")
_NAME = "|".join(r"[\s>*]{1,9}".join(name.split()) for name in _CALLED)  # also broken over two lines
_SIGN, _GAP = f"[{ALPHABET}{ALPHABET.lower()}]", r"[ \xa0–-]"
_HAS_LETTER, _HAS_FIGURE = rf"(?=(?:\d|{_GAP}){{0,8}}[A-Za-z])", rf"(?=(?:[A-Z]|{_GAP}){{0,8}}\d)"
_MIXES = rf"(?=(?:[A-Za-z\d]|{_GAP}){{0,8}}(?:[A-Za-z]\d|\d[A-Za-z]))"  # not so “ngay 3974”
# In an address as it is, and as a mail server writes it that leads each link over itself; right behind its
# name, whatever signs and line ends a mailer puts between.
SECRETS = re.compile(
    r"(secret(?:=|%(?:25)*3D|-3D))[^\s&<>\"%]+"
    rf"|((?:{_NAME})\W{{0,20}}){_HAS_LETTER}{_SIGN}{{4}}{_GAP}?{_SIGN}{{4}}(?![A-Za-z0-9])",
    re.IGNORECASE,
)
# Further behind it as it was printed, or in one word: none of Vietnamese has eight letters; where just
# “secret” is told, not in small ones, as English has. In two groups letters alone, as people's names are
# written, only behind a colon or on a line of their own.
NEAR = 40  # signs
_ON = rf"\b[\s\S]{{0,{NEAR}}}?"
_BETWEEN = rf"{_ON}(?<![A-Za-z0-9])"
_PRINTED = rf"[{ALPHABET}]{{4}}{_GAP}[{ALPHABET}]{{4}}"
_IN_ANY_CASE = rf"{_SIGN}{{8}}|{_MIXES}{_SIGN}{{4}}{_GAP}{_SIGN}{{4}}"
FURTHER = re.compile(
    rf"(?:((?i:{_NAME}|secret){_BETWEEN}){_HAS_LETTER}(?:[{ALPHABET}]{{8}}|{_HAS_FIGURE}{_PRINTED})"
    rf"|((?i:{_NAME}|secret code){_BETWEEN}){_HAS_LETTER}(?:{_IN_ANY_CASE})"
    rf"|((?i:{_NAME}|secret code){_ON}[:：=\n]\W{{0,20}}){_HAS_LETTER}{_PRINTED})(?![A-Za-z0-9])"
)


def without_secrets(text: str) -> str:
    """A receipt that somebody quotes or passes on opens nothing for whoever reads it here."""
    masked, before = SECRETS.sub(_hidden, text), ""
    while masked != before:  # a word that only looks like one may stand before it
        masked, before = FURTHER.sub(_hidden, masked), masked
    return masked


def _hidden(found: re.Match[str]) -> str:
    return f"{found[found.lastindex or 0]}…"
