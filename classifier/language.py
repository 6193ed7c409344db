"""Whether a text is Vietnamese at all: what is written in another language, a person reads."""

import re
from pathlib import Path

from .text import fold

_FILE = Path(__file__).parent / "data" / "foreign_words.txt"

_ONSETS = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx]"
_RHYMES = """
    a ac ach ai am an ang anh ao ap at au ay e ec ech em en eng enh eo ep et eu
    i ia ich iec iem ien ieng iep iet ieu im in inh ip it iu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oc oe oem oen oeo oet oi om on ong oo ooc oong op ot
    u ua uan uang uat uau uay uc ue uech uenh ui um un ung uo uoc uoi uom uon uong uop uot up ut uu uou
    uy uya uych uyen uyet uym uynh uyp uyt uyu y yem yen yet yeu
"""
_SYLLABLE = re.compile(rf"(?:{_ONSETS})?(?:{'|'.join(_RHYMES.split())})")
_WORD = re.compile(r"[^\W\d_]{2,}")
# Letters that Vietnamese alone has, of the languages that are written to a Vietnamese office.
_OURS = re.compile("[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")

# By these none of the 38,000 Vietnamese texts of the corpus and the examinations is foreign as it is written,
# and without marks, in teencode and mistyped one in 30,000.
MARKED = 0.1  # to so many words at most one letter that is Vietnamese alone,
ODD = 0.4  # of the words at least so many are no Vietnamese syllables,
KNOWN = 0.15  # so many are common words of another language, and two of these differ


def _foreign_words() -> frozenset[str]:
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    words = (word for line in lines if not line.startswith("#") for word in line.split())
    return frozenset(word for word in words if not _SYLLABLE.fullmatch(word))


_FOREIGN = _foreign_words()


def is_foreign(text: str) -> bool:
    """Whether a cleaned text is written in another language; noise without sense is none, nor are two words.

    Some words of another language within a Vietnamese text make none of it either.
    """
    if len(_OURS.findall(text.lower())) > MARKED * (text.count(" ") + 1):
        return False
    words = _WORD.findall(fold(text))
    odd = [word for word in words if not _SYLLABLE.fullmatch(word)]
    known = _known(text)
    return len(odd) >= ODD * len(words) and len(known) >= KNOWN * len(words) and len(set(known)) > 1


def _known(text: str) -> list[str]:
    """Its common words of other languages; with a capital they are names of shops, games and brands."""
    if text.isupper():
        text = text.lower()
    return [fold(word) for word in _WORD.findall(text) if word[0].islower() and fold(word) in _FOREIGN]
