"""The tracking code, which may be read aloud, and the secret, which opens the petition."""

import hashlib
import hmac
import re
import secrets

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.safestring import SafeString, mark_safe
from stdnum.iso7064 import mod_11_10

# No look-alikes: no 0 O, 1 I L, 2 Z, 5 S, 8 B, U V.
ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
SECRET_LENGTH = 8


def new_code() -> str:
    """11 random digits and their check digit (ISO 7064 mod 11,10): one wrong or swapped digit is noticed."""
    digits = f"{secrets.randbelow(10**11):011}"
    return digits + mod_11_10.calc_check_digit(digits)


def clean_code(typed: str) -> str:
    """The twelve digits of what a person typed, "" if they cannot be a code."""
    digits = re.sub(r"[\s.\-]", "", typed)
    fits = digits.isascii() and digits.isdigit() and len(digits) == 12 and mod_11_10.is_valid(digits)
    return digits if fits else ""


def printed(code: str) -> str:
    """`1234 5678 9012`, as it is shown and read aloud."""
    return " ".join(code[at : at + 4] for at in range(0, 12, 4))


def new_secret() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(SECRET_LENGTH))


def secret_of_form(key: str, digest: str, browser: str) -> str:
    """The same eight characters whenever this browser hands in this form: made anew, kept nowhere.

    `key` is the form's random key, `digest` what it said, `browser` a random value that only this
    browser sends. Whoever lacks one of the three, or IDENTITY_KEY, gets other characters.
    """
    made = salted_hmac(
        "secret of a form", f"{digest}:{browser}:{key}", settings.IDENTITY_KEY, algorithm="sha256"
    )
    number = int.from_bytes(made.digest(), "big")
    return "".join(
        ALPHABET[number // len(ALPHABET) ** place % len(ALPHABET)] for place in range(SECRET_LENGTH)
    )


def clean_secret(typed: str) -> str:
    """As it was printed: upper case, without the spaces and dashes that people add."""
    return re.sub(r"[\s\-]", "", typed).upper()


def hash_secret(code: str, secret: str) -> str:
    """Keyed with IDENTITY_KEY, so that the database alone does not help to guess eight characters."""
    message = f"{code}:{clean_secret(secret)}".encode()
    return hmac.new(settings.IDENTITY_KEY.encode(), message, hashlib.sha256).hexdigest()


def secret_fits(code: str, secret: str, kept: str) -> bool:
    return hmac.compare_digest(hash_secret(code, secret), kept)


def qr(link: str) -> SafeString:
    """The link as a QR code: an SVG of black on white, four points of quiet around it."""
    import segno  # only a receipt needs it: not every process at its start

    drawn = segno.make(link, error="m", micro=False)
    return mark_safe(drawn.svg_inline(scale=4, light="#fff", omitsize=True, svgclass=None, lineclass=None))  # noqa: S308  drawn here
