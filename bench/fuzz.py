"""Whether any text whatever makes reading stumble: inputs that grow towards code not yet reached.

    python -m bench.fuzz                     100,000 inputs (some ten minutes)
    python -m bench.fuzz --runs 1000         a first look

Needs atheris (libFuzzer for Python), numpy and pyahocorasick: an environment of its own, for the house does
without atheris (`python -m venv V && V/bin/pip install atheris numpy pyahocorasick`). A text is bytes taken
as UTF-8, those that are none as halves of surrogates; every other has a home. The first that is given up on,
has a span that is not its words, is read otherwise the second time or takes a second stops it: exit 77,
the bytes in `var/bench/crash-*`. `bench.speed` reads seeded nonsense and needs nothing.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from bench.record import KEPT, ROOT

SEEDS = ROOT / "tests" / "classifier"
LONGEST = 17_000  # bytes; 4,000 code points have 16,000 at most
HANG_S = 1  # of processor time: others may work beside
EVERY = 10  # of them one is a seed


def stumbles(data: bytes) -> None:
    """AssertionError where a text is not read as any is."""
    import classifier
    from classifier.text import guard

    text = data.decode("utf-8", "surrogateescape")
    home = "48" if len(data) % 2 else ""
    began = time.process_time()
    reading = classifier.read(text, home=home)
    assert time.process_time() - began < HANG_S, "slow"
    assert not reading.guarded or not any(char.isalpha() for char in guard(text).text), "given up on"
    for place in reading.places:
        assert text[place.start : place.end] == place.text, "a place that is not its words"
    for span in reading.personal:
        assert 0 <= span.start < span.end <= len(text), "personal data outside the text"
    assert reading == classifier.read(text, home=home), "read otherwise the second time"


def seeds(files: Iterable[Path], into: Path) -> None:
    """Some lines of the examinations, each a file."""
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    for number, line in enumerate(lines[::EVERY]):
        (into / str(number)).write_text(line, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Whether any text makes reading stumble.")
    parser.add_argument("--runs", type=int, default=100_000)
    runs = parser.parse_args().runs
    try:
        import atheris
    except ImportError:
        sys.exit("Chưa có atheris: cài vào một môi trường riêng, xem đầu tệp bench/fuzz.py.")
    with atheris.instrument_imports(include=["classifier"]):
        import classifier
    classifier.read("Nắp cống bị mất")  # what is read from files, no input waits for
    KEPT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="seeds-") as place:
        seeds(sorted(SEEDS.glob("*.jsonl")), Path(place))
        asked = [f"-atheris_runs={runs}", f"-max_len={LONGEST}", f"-timeout={600 * HANG_S}", "-seed=1"]
        atheris.Setup([sys.argv[0], *asked, f"-artifact_prefix={KEPT}/", place], stumbles)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
