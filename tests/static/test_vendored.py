"""What others drew is kept as they published it, and nothing is vendored without a line about it."""

import hashlib
import re
from pathlib import Path

STATIC = Path(__file__).resolve().parents[2] / "static"
TEMPLATES = STATIC.parent / "templates"
VENDOR = STATIC / "vendor"


def written() -> dict[str, str]:
    """File -> SHA-256 as written in VENDORED.md."""
    lines = re.findall(r"^\| `([0-9a-f]{64})` \| `(.+)` \|$", (VENDOR / "VENDORED.md").read_text(), re.M)
    return {name: digest for digest, name in lines}


def test_every_vendored_file_has_the_sum_that_is_written() -> None:
    lying = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "VENDORED.md"
    }
    assert lying == written()


def test_every_icon_that_a_page_names_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (VENDOR / "lucide" / "icons.svg").read_text()))
    named = {
        name
        for page in TEMPLATES.rglob("*.html")
        for name in re.findall(r'icon\.html" with name="([\w-]+)"', page.read_text(encoding="utf-8"))
    }
    assert named - drawn == set()


def test_the_filing_page_stays_light() -> None:
    """At most 30 kB of script; 70 kB of type leave 30 of the 100 kB for page, sheets, icons and script."""
    scripts = sum(path.stat().st_size for path in STATIC.glob("*.js"))
    type_files = sum(
        (VENDOR / "be-vietnam-pro" / f"be-vietnam-pro-{subset}-{weight}-normal.woff2").stat().st_size
        for subset in ("latin", "vietnamese")
        for weight in (400, 600)
    )
    assert scripts <= 30_000
    assert type_files <= 70_000
