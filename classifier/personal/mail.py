"""Addresses of mail, as they are typed and as they are told: "nguyenvana (a còng) gmail chấm com"."""

import re
from collections.abc import Iterator

from .page import Found, Page

_EMAIL = re.compile(
    r"[\w.+-]{1,64}@(?:[\w-]{1,63}(?:\.[\w-]{2,24}){1,4}(?:,vn(?!\w))?"
    r"|(?i:gmail|yahoo|hotmail|outlook|icloud)(?:\s?[.,]\s?com(?:[.,]vn)?)?(?!\w))"
)
_SAID_EMAIL = re.compile(
    r"(?<![\w.])[a-z0-9][\w.+-]{1,40}(?: (?:cham|dot) [\w+-]{1,20}){0,2}\s?"
    r"(?:@|[(\[{]\s?(?:@|at?|a ?cong|a ?moc)\s?[)\]}]|a ?cong|a ?moc"
    r"|at(?=\s?[a-z]{5,7}\s?(?:\.|cham|dot)))\s?"
    r"(?:gmail|yahoo|hotmail|outlook|icloud)"
    r"(?:\s?[(\[{]?(?:\.|cham|dot)[)\]}]?\s?(?:com|vn|net)){0,2}(?!\w)"
)
_NAMED_EMAIL = re.compile(
    r"(?:e-?mail|gmail|yahoo|hotmail|outlook|icloud)\s?[:=]\s?"
    r"(?P<it>[a-z0-9][\w+-]*(?:[._][\w+-]+)+|[a-z]{2,}\d{2,}\w*)"
)


def find(page: Page) -> Iterator[Found]:
    """Each, once or more."""
    if "@" in page.text:
        yield from (Found(m.start(), m.end(), "email") for m in _EMAIL.finditer(page.text))
    folded = page.figured
    if "mail" in folded or "yahoo" in folded:
        yield from (Found(m.start(), m.end(), "email") for m in _SAID_EMAIL.finditer(folded))
        yield from (Found(*m.span("it"), "email") for m in _NAMED_EMAIL.finditer(folded))
