"""File the evaluation texts over HTTP at a running house, and tell what became of each.

    .venv/bin/python scripts/file_dev_texts.py [http://127.0.0.1:8000]

Run it in the house's own folder (same HOIAM_VAR and DATABASE_URL): the outcome is read from its database.
The texts are restated from real public reports; the accepted sub-fields are those of two readers.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
import urllib.parse
import urllib.request
from collections import Counter
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TEXTS = ROOT / "tests/classifier/eval_dev.jsonl"
PATIENCE_S = 120


def file_all(base: str) -> dict[str, dict[str, Any]]:
    """Each text by the code of its petition; every text is sent as a browser would send it."""
    rows = [json.loads(line) for line in TEXTS.read_text(encoding="utf-8").splitlines()]
    return {file(base, row["text"]): row for row in rows}


def file(base: str, text: str) -> str:
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    page = opener.open(f"{base}/gui/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    key = re.search(r'name="key" value="([^"]+)"', page) or re.search(r'value="([^"]+)"[^>]*name="key"', page)
    form = {
        "csrfmiddlewaretoken": token.group(1) if token else "",
        "key": key.group(1) if key else "",
        "text": text,
    }
    request = urllib.request.Request(  # noqa: S310 - the address is the caller's own house
        f"{base}/gui/", urllib.parse.urlencode(form).encode(), headers={"Referer": f"{base}/gui/"}
    )
    answer = opener.open(request)
    return str(answer.geturl()).rstrip("/").rsplit("/", 1)[-1]


def tell(filed: dict[str, dict[str, Any]]) -> None:
    from django.utils import timezone

    from feedback.forms.following import PlaceForm
    from feedback.models import Petition, Prediction

    until = time.monotonic() + PATIENCE_S
    while Prediction.objects.filter(petition__code__in=filed).count() < len(filed):
        if time.monotonic() > until:
            sys.exit("Chưa đọc xong sau hai phút.")
        time.sleep(0.2)
    counts: Counter[str] = Counter()
    petitions = Petition.objects.filter(code__in=filed).select_related("lead", "subfield", "commune")
    for petition in petitions.order_by("pk"):
        due = timezone.localtime(petition.due_at) if petition.due_at else None
        row, reading = filed[petition.code], petition.reading
        best = [candidate["subfield"] for candidate in reading.candidates] if reading else []
        counts["sub1"] += best[:1] != [] and best[0] in row["accept"]
        counts["sub3"] += any(slug in row["accept"] for slug in best)
        counts["field"] += best[:1] != [] and best[0].split(".")[0] in {
            a.split(".")[0] for a in row["accept"]
        }
        counts["read"] += reading is not None
        counts["located"] += petition.commune_id is not None
        counts["province only"] += petition.commune_id is None and petition.province_id is not None
        counts["place asked"] += PlaceForm.fits(petition)
        counts["located or asked"] += petition.province_id is not None or PlaceForm.fits(petition)
        counts["dated"] += petition.due_at is not None
        counts[f"state {petition.state}"] += 1
        print(
            f"{row['id']}\t{petition.state}\t{best[0] if best else '-'}\t"
            f"{'ok' if best and best[0] in row['accept'] else ','.join(row['accept'])}\t"
            f"{petition.commune or petition.province_id or '-'}\t{petition.lead_id}\t"
            f"{due:%d/%m %H:%M}"
        )
    total = len(filed)
    print(json.dumps({"n": total} | dict(sorted(counts.items())), ensure_ascii=False))
    for name in ("sub1", "sub3", "field"):
        print(f"{name}: {counts[name] / total:.3f}")


def main() -> None:
    base = (sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000").rstrip("/")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    started = time.monotonic()
    filed = file_all(base)
    print(f"{len(filed)} đơn đã gửi trong {time.monotonic() - started:.1f} s", file=sys.stderr)
    tell(filed)


if __name__ == "__main__":
    main()
