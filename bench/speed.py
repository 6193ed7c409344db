"""How fast texts are read, what it costs to begin, and what hostile input does.

    python -m bench.speed                  everything (some four minutes)
    python -m bench.speed --fuzzed 1000    a first look

Processor time of one core, in this process. The last line on stdout is JSON; it is also kept in
`var/bench/speed.json`. Exit 1 when a goal was missed.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import classifier
from bench.record import ROOT, end, yardstick_s
from classifier import model
from classifier.examples import from_file
from classifier.text import guard

TRAIN = ROOT / "classifier" / "data" / "train.jsonl"
LENGTHS = range(270, 331)  # code points of "a text of 300"
ROUNDS = 5
ONE_MB = 1_000_000
HANG_S = 1.0
HOME = "48"
SENTENCE = "Nắp cống trước nhà 12 Lê Lợi, phường Hải Châu bị mất, gọi chị Hoa 0905 123 456. "
# Each of these, repeated up to a million code points.
HOSTILE = {
    "letter": "a", "letter with a mark": "đ", "exclamation": "!", "at": "@", "bracket": "(", "digit": "0",
    "letter and mark": "a\u0301", "marks alone": "\u0301\u0323", "fractions": "1/2/", "dotted letters": "a.",
    "dotted digits": "1.", "blanks": " ", "line ends": "\n", "CR LF": "\r\n", "NUL": "\x00",
    "half a surrogate": "\ud800", "emoji family": "👨\u200d👩\u200d👧", "right to left": "\u202eأب ",
    "CJK": "漢字", "Thai": "ภาษา", "jamo": "\u1100\u1161\u11a8", "private use": "\ue000", "tags": "<script>",
    "sentence": SENTENCE,
    "sentence, decomposed": unicodedata.normalize("NFD", SENTENCE), "sentence in capitals": SENTENCE.upper(),
    "wards": "P.1 ", "types": "phường ", "districts": "Quận 1, ", "glued": "p1q1", "phones": "0905 ",
    "addresses of mail": "a@b.", "names": "Nguyễn Văn ", "houses": "số 1/2/3 ngõ ", "danger": "cháy nổ ",
    "teencode": "k dc ntn ", "bank": "STK 0123456789 ", "zero width": "a\u200b", "plates": "43A-123.45 ",
    "small communes": "xa ba ", "numbered wards": "p12 q3 ", "districts bare": "Hải Châu ", "groups": "tổ 5 ",
    "ranks": "anh Hai ", "posts": "bác sĩ Nguyễn Văn An ", "schemes": "://", "single figures": "1 ",
    "lines": "tuyến Hà Nội - Vinh ", "figures in words": "không chín ",
}  # fmt: skip
GOALS = {
    "read_per_s": 2000, "field_per_s": 7000, "cold_s": 1.0, "added_mb": 150, "artefact_mb": 12,
    "hostile_ms": 100, "hostile_personal_ms": 100, "crashes": 0, "hangs": 0, "wrong_spans": 0, "heavy": [],
}  # fmt: skip
AT_LEAST = ("read_per_s", "field_per_s")
HEAVY = ("django", "sklearn", "underthesea")  # what `python -m classifier` never loads


# --- how fast -------------------------------------------------------------------------------------------


def texts() -> list[str]:
    return [example.text for example in from_file(TRAIN) if len(example.text) in LENGTHS]


def per_s(read: Callable[[str], object], among: Sequence[str]) -> float:
    """Texts a second of processor time, the middle one of some rounds; the first round is not counted."""
    took = [cpu_s(read, among) for _round in range(ROUNDS + 1)][1:]
    return round(len(among) / statistics.median(took), 1)


def cpu_s(read: Callable[[str], object], among: Sequence[str]) -> float:
    began = time.process_time()
    for text in among:
        read(text)
    return time.process_time() - began


def field_of(text: str) -> tuple[str, float]:
    shipped = model.shipped()
    return shipped.best_field(shipped.score(guard(text).text))


# --- beginning ------------------------------------------------------------------------------------------

_PEAK = "int(open('/proc/self/status').read().split('VmHWM:')[1].split()[0]) / 1024"
_FIRST = f"""
import time
began = time.perf_counter()
import classifier
assert classifier.read("Nắp cống bị mất").model
print(time.perf_counter() - began, {_PEAK})
"""
_BARE = f"print(0, {_PEAK})"


def beginning() -> dict[str, float]:
    """Seconds to the end of the first reading of a process, and the memory that it adds."""
    (cold, with_it), (_none, bare) = process(_FIRST), process(_BARE)
    return {"cold_s": round(cold, 2), "added_mb": round(with_it - bare, 1)}


def process(code: str) -> tuple[float, float]:
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603
    seconds, megabytes = map(float, done.stdout.split())
    return seconds, megabytes


def heavy() -> list[str]:
    """The libraries among HEAVY that `python -m classifier` loads."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "classifier", "x"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    loaded = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in done.stderr.splitlines()}
    return sorted(loaded.intersection(HEAVY))


# --- hostile --------------------------------------------------------------------------------------------


def hostile(reader: Callable[[str], object]) -> dict[str, float]:
    """Milliseconds that a million code points of each kind take a reader, the better of two."""
    times = {}
    for name, unit in HOSTILE.items():
        text = (unit * (ONE_MB // len(unit) + 1))[:ONE_MB]
        times[name] = round(min(cpu_s(reader, [text]) for _time in range(2)) * 1000, 1)
    return times


def read(text: str) -> classifier.Reading:
    return classifier.read(text, home=HOME)


def fuzzed(count: int, among: Sequence[str]) -> dict[str, Any]:
    """What became of seeded nonsense: given up on (a crash inside), slow, or a span that is not its words."""
    found: dict[str, Any] = {"fuzzed": count, "crashes": 0, "hangs": 0, "wrong_spans": 0, "slowest_ms": 0.0}
    for text in nonsense(count, among):
        began = time.process_time()
        reading = read(text)
        took = time.process_time() - began
        found["crashes"] += reading.guarded and any(char.isalpha() for char in guard(text).text)
        found["hangs"] += took > HANG_S
        found["wrong_spans"] += not all(
            text[place.start : place.end] == place.text for place in reading.places
        ) or any(not 0 <= span.start < span.end <= len(text) for span in reading.personal)
        found["slowest_ms"] = max(found["slowest_ms"], round(took * 1000, 1))
    return found


def nonsense(count: int, among: Sequence[str]) -> Iterator[str]:
    """Texts of the corpus cut, glued, decomposed and sprinkled with hostile pieces; the same each time."""
    dice = random.Random(1)  # noqa: S311  (no secret: the same texts each time)
    pieces = [*HOSTILE.values(), *(chr(dice.randrange(1, 0x2FFFF)) for _piece in range(2000))]
    for _text in range(count):
        parts = [_part(dice, among, pieces) for _part_ in range(dice.randrange(1, 8))]
        text = dice.choice(("", " ", "\n", ", ")).join(parts)
        yield unicodedata.normalize("NFD", text) if dice.random() < 0.2 else text


def _part(dice: random.Random, among: Sequence[str], pieces: Sequence[str]) -> str:
    if dice.random() < 0.5:
        text = dice.choice(among)
        start = dice.randrange(len(text))
        return text[start : start + dice.randrange(1, 80)]
    return dice.choice(pieces) * dice.randrange(1, 12)


# --- both -----------------------------------------------------------------------------------------------


def measured(count: int) -> dict[str, Any]:
    among = texts()
    read(among[0])
    slowest = sorted((times := hostile(read)), key=times.__getitem__)[::-1]
    personal = hostile(classifier.personal_spans)
    found = {
        "bench": "speed",
        "python": sys.version.split()[0],
        "model": model.shipped().version,
        "n": len(among),
        "texts": len(among),
        "read_per_s": per_s(read, among),
        "field_per_s": per_s(field_of, among),
        **beginning(),
        "artefact_mb": round(sum(file.stat().st_size for file in model.SHIPPED.iterdir()) / 1e6, 1),
        "heavy": heavy(),
        "hostile_kinds": len(times),
        "hostile_ms": times[slowest[0]],
        "hostile_slowest": {name: times[name] for name in slowest[:5]},
        "hostile_personal_ms": max(personal.values()),
        "hostile_personal_slowest": max(personal, key=personal.__getitem__),
        **fuzzed(count, among),
        "yardstick_s": round(yardstick_s(), 2),
        "goal": GOALS,
    }
    return found | {"missed": missed(found)}


def missed(found: dict[str, Any]) -> list[str]:
    return [
        name for name, goal in GOALS.items()
        if (found[name] < goal if name in AT_LEAST else found[name] > goal)
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description="How fast texts are read.")
    parser.add_argument("--fuzzed", type=int, default=100_000)
    found = measured(parser.parse_args().fuzzed)
    end(found, reached=not found["missed"])


if __name__ == "__main__":
    main()
