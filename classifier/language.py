"""Whether a text is Vietnamese at all: what is written in another language, a person reads."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from .text import fold

_FILE = Path(__file__).parent / "data" / "foreign_words.txt"

LANGUAGES = ("en", "fr", "de", "es", "pt", "id", "pl", "ru")

_ONSETS = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx]"
_RHYMES = """
    a ac ach ai am an ang anh ao ap at au ay e ec ech em en eng enh eo ep et eu
    i ia ich iec iem ien ieng iep iet ieu im in inh ip it iu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oc oe oem oen oeo oet oi om on ong oo ooc oong op ot
    u ua uan uang uat uau uay uc ue uech uenh ui um un ung uo uoc uoi uom uon uong uop uot up ut uu uou
    uy uya uych uyen uyet uym uynh uyp uyt uyu y yem yen yet yeu
"""
_SYLLABLE = re.compile(rf"(?:{_ONSETS})?(?:{'|'.join(_RHYMES.split())})")
_WORD = re.compile(r"[^\W\d_]+")
# Letters that Vietnamese alone has, of the languages that are written to a Vietnamese office.
_OURS = re.compile("[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")
_NAME = re.compile(r"(?<![.!?\n])(?<![.!?\n]\s)(?<!^)\b[^\W\d_a-z]\w*")  # a capital within a sentence

# Found on 38,000 Vietnamese texts, also without marks, in teencode and mistyped: next to none is taken
# for another language, and there is room for the loanwords of the young.
MARKED = 0.1  # to so many words at most one letter that is Vietnamese alone,
ODD = 0.5  # of the words that tell a language at least so many are no Vietnamese syllables,
KNOWN = 0.15  # and so many are common words of another one


def _words_of(languages: Iterable[str]) -> Iterator[str]:
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        language, *words = line.split()
        if language in languages:
            yield from words


_FOREIGN = frozenset(word for word in _words_of(LANGUAGES) if not _SYLLABLE.fullmatch(word))
_ENGLISH_TOO = frozenset(word for word in _words_of(["en"]) if _SYLLABLE.fullmatch(word))


def is_foreign(text: str) -> bool:
    """Whether a cleaned text is written in another language; noise without sense is none, nor is one word.

    Some words of another language within a Vietnamese text make none of it either. Names of streets, people
    and shops tell nothing, nor do words that both languages have (“the”, “on”).
    """
    if len(_OURS.findall(text.lower())) > MARKED * (text.count(" ") + 1):
        return False
    written = _WORD.findall(fold(_without_names(text)))
    words = [word for word in written if word not in _ENGLISH_TOO]
    odd = [word for word in words if len(word) > 1 and not _SYLLABLE.fullmatch(word)]
    known = [word for word in odd if word in _FOREIGN]
    enough = len(odd) >= ODD * len(words) and len(known) >= KNOWN * len(words)
    return bool(known) and enough and len({*known, *_ENGLISH_TOO.intersection(written)}) > 1


def _without_names(text: str) -> str:
    """Without the words that a capital within a sentence makes names, where not all are written so."""
    plain = _NAME.sub(" ", text)
    return plain if 4 * len(_WORD.findall(plain)) > len(_WORD.findall(text)) else text
