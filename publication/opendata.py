"""Open data: files from which a stranger gets every figure, under a free licence.

The words of petitions are in none of them: whoever wants a copy taken back can reach the page, and not what
others downloaded.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Max
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.links import link_to
from feedback import public
from publication import cohorts, cubefile, freezing, recompute
from publication.models import MEASURES, FrozenCohort
from publication.recompute import FEWEST
from publication.statistics import dictionary
from publication.views import for_everyone, open_to_all_sites
from routing.calendar import local

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
CSV, JSON = "text/csv; charset=utf-8", "application/json; charset=utf-8"
A_DAY_S = 24 * 60 * 60
TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class File:
    """One that can be downloaded. `lines` gives its text bit by bit."""

    name: str
    media_type: str
    about: str | Promise
    lines: Callable[[], Iterable[str]]

    @property
    def digest(self) -> str:
        told = hashlib.sha256()
        for line in self.lines():
            told.update(line.encode())
        return told.hexdigest()


# --- the cube ---------------------------------------------------------------------------------------------


def cube() -> Iterator[str]:
    """`cube.csv`: every row that is published."""
    yield cubefile.header()
    yield from map(cubefile.line, freezing.rows())
    yield from map(cubefile.line, freezing.published().running)


COLUMNS: dict[str, str] = {
    "table": "bảng: t cả nước; g cơ quan; k loại và kênh; a ngày, loại, kênh; b cơ quan, lĩnh vực, loại;"
    " c lĩnh vực, lĩnh vực con; p cá nhân hay tổ chức (tất cả theo tỉnh, thành phố). g cộng lại bằng t; các"
    " bảng khác chỉ có những cột chính, và chỉ khi cả tỉnh có từ năm trở lên. Ô trống là không nêu, chứ không"
    " phải là không có",
    "since": "ngày đầu của tháng, hoặc của những ngày được đếm chung",
    "until": "ngày cuối",
    "province": "mã tỉnh, thành phố nơi có trụ sở của cơ quan chủ trì (chưa có cơ quan: nơi của phản ánh);"
    " * là cơ quan trung ương và các nơi được đếm chung",
    "agency": "mã cơ quan chủ trì; * là các cơ quan được đếm chung",
    "field": "mã lĩnh vực; * là các lĩnh vực được đếm chung; - là chưa rõ",
    "subfield": "mã lĩnh vực con",
    "kind": "loại: report phản ánh, proposal kiến nghị, complaint khiếu nại, denunciation tố cáo,"
    " question hỏi đáp, praise khen ngợi",
    "channel": "kênh gửi đến",
    "party": "person cá nhân, organisation tổ chức",
    "waits": "số ngày làm việc đến lần trả lời đầu và bao nhiêu phản ánh: “2:5 3:1”",
}
NUMBERS: dict[str, str] = {
    "submitted": "gửi đến",
    "spam": "được xác định là tin rác",
    "taken": "được tiếp nhận lần đầu",
    "given": "lượt được giao",
    "answered": "được trả lời lần đầu",
    "timed": "được trả lời lần đầu và có hạn",
    "on_time": "trong đó đúng hạn đang có hiệu lực",
    "on_time_original": "trong đó đúng hạn đầu tiên",
    "late": "trong đó trễ hạn",
    "refused": "bị từ chối",
    "redirected": "được hướng dẫn ra ngoài hệ thống",
    "returned": "lượt cơ quan trả lại",
    "transferred": "lượt chuyển đi nơi khác",
    "extended": "lượt gia hạn",
    "reopened": "lượt mở lại",
    "contested": "lượt không đồng ý bị từ chối",
    "appealed": "lượt đề nghị xem lại câu trả lời",
    "rated": "lượt đánh giá",
    "satisfied": "trong đó hài lòng hoặc rất hài lòng",
    "acceptable": "trong đó chấp nhận được",
    "unrated": "đóng mà không ai đánh giá",
    "proposed": "được máy đề xuất nơi xử lý",
    "confirmed": "đề xuất được cán bộ xác nhận hoặc sửa",
    "open": "đang mở vào cuối tháng (cuối ngày gần nhất đã khép sổ)",
    "overdue": "trong đó đã quá hạn",
}


COHORT_COLUMNS: dict[str, str] = {
    "month": "tháng gửi đến",
    "seen_on": "ngày mà cuối ngày ấy được xem lại: 100 ngày sau khi hết tháng",
    "received": "gửi đến trong tháng, trừ tin rác; bằng answered + refused + redirected + open + other",
    "answered": "đã được trả lời",
    "timed": "trong đó lần trả lời đầu có hạn",
    "on_time": "trong đó đúng hạn đang có hiệu lực",
    "on_time_original": "trong đó đúng hạn đầu tiên",
    "refused": "chưa được trả lời, đã bị từ chối",
    "redirected": "chưa được trả lời, đã được hướng dẫn ra ngoài hệ thống",
    "open": "chưa được trả lời, đang mở",
    "other": "chưa được trả lời, đã kết thúc cách khác: rút, gộp, đóng vì người gửi không bổ sung",
}


# What `recompute.py` and the page's JSON say beside the numbers.
ANSWER_WORDS: dict[str, str] = {
    "complete": "true khi kỳ được hỏi có đủ mọi tháng và không phần nào bị đếm chung với phần khác",
    "few": f"tỷ lệ của ít hơn {FEWEST} phản ánh, không nêu",
    "months": "những tháng được cộng vào",
    "partial": "có phần không nêu, nên con số là của những phần được nêu",
    "value": "null khi không nêu được: không có mẫu số, không có lịch làm việc, hoặc không nêu riêng",
}


def words() -> Iterator[str]:
    """`dictionary.json`: what the columns and the figures mean, and how each figure is worked out."""
    told = dictionary(freezing.published())
    columns = COLUMNS | {name: NUMBERS[name] for name in MEASURES}
    yield recompute.dumps(
        told
        | {"columns": columns, "received": COHORT_COLUMNS, "petitions": PETITION_COLUMNS}
        | {"answer": ANSWER_WORDS, "licence": LICENCE}
    )


def program() -> Iterator[str]:
    yield Path(recompute.__file__).read_text(encoding="utf-8")


# --- published petitions ----------------------------------------------------------------------------------


PETITION_COLUMNS: dict[str, str] = {
    "code": "mã phản ánh",
    "url": "trang công khai, nơi có nội dung và câu trả lời",
    "kind": "loại",
    "field": "mã lĩnh vực",
    "subfield": "mã lĩnh vực con",
    "province": "mã tỉnh, thành phố",
    "commune": f"mã xã, phường; chỉ ghi nơi có ít nhất {FEWEST} phản ánh công khai",
    "agency": "mã cơ quan chủ trì",
    "state": "trạng thái",
    "outcome": "kết quả",
    "submitted_on": "ngày gửi",
    "due_on": "hạn trả lời",
    "answered_on": "ngày trả lời",
    "published_on": "ngày đăng",
}


def petitions() -> Iterator[dict[str, str]]:
    rows = public.published().order_by("code")
    shared = set(
        rows.order_by()
        .values_list("commune")
        .annotate(n=Count("pk"))
        .filter(n__gte=FEWEST)
        .values_list("commune", flat=True)
    )
    for row in rows.iterator(chunk_size=1_000):
        yield _petition(row, shared)


def _petition(row: Any, shared: set[str]) -> dict[str, str]:
    told = {
        "code": row.code,
        "url": link_to("publication:petition", row.code),
        "kind": row.kind,
        "field": row.subfield.field_id if row.subfield else "",
        "subfield": row.subfield_id or "",
        "province": row.province_id or "",
        "commune": row.commune_id if row.commune_id in shared else "",
        "agency": row.lead_id or "",
        "state": row.state,
        "outcome": row.outcome,
        "submitted_on": row.submitted_on.isoformat(),
        "due_on": row.due_on.isoformat() if row.due_on else "",
        "answered_on": local(row.answered_at).date().isoformat() if row.answered_at else "",
        "published_on": local(row.published_at).date().isoformat(),
    }
    return {name: told[name] for name in PETITION_COLUMNS}


def petitions_csv() -> Iterator[str]:
    yield cubefile.csv_line(PETITION_COLUMNS)
    yield from (cubefile.csv_line(row.values()) for row in petitions())


def petitions_jsonl() -> Iterator[str]:
    yield from (json.dumps(row, ensure_ascii=False) + "\n" for row in petitions())


# --- all of them ------------------------------------------------------------------------------------------


def catalogue() -> Iterator[str]:
    """`catalogue.jsonld`: DCAT 3, for harvesters of other portals."""
    address = link_to("publication:opendata")
    published = freezing.published()
    told = {
        "@context": {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/"},
        "@id": address,
        "@type": "dcat:Dataset",
        "dct:title": {"@value": "Phản ánh, kiến nghị và kết quả trả lời", "@language": "vi"},
        "dct:description": {
            "@value": "Số liệu từng tháng về tiếp nhận, trả lời, đánh giá; các phản ánh đã công khai.",
            "@language": "vi",
        },
        "dct:license": {"@id": LICENCE},
        "dct:modified": published.as_of.isoformat(),
        "dct:language": "vi",
        "dcat:version": published.snapshot,
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dct:title": {"@value": str(file.about), "@language": "vi"},
                "dcat:downloadURL": {"@id": f"{address}{file.name}"},
                "dcat:mediaType": file.media_type.partition(";")[0],
            }
            for file in FILES
            if file.name not in ("catalogue.jsonld", *LISTS)
        ]
        + [
            {
                "@type": "dcat:Distribution",
                "dct:title": {"@value": "Chỉ tiêu hằng ngày của từng cơ quan", "@language": "vi"},
                "dcat:accessURL": {"@id": link_to("publication:indicators_index")},
                "dcat:mediaType": "application/json",
            }
        ],
    }
    yield recompute.dumps(told)


# Whoever fetched the files that `SHA256SUMS` has always named finds each of them there and no other.
OF_RECEIVED = ("received.csv", "received.json")
LISTS = ("SHA256SUMS", "received.sha256")


def checksums() -> Iterator[str]:
    """`SHA256SUMS`, as `sha256sum -c` reads it."""
    yield from _sums(file.name for file in FILES if file.name not in (*OF_RECEIVED, *LISTS))


def received_checksums() -> Iterator[str]:
    """`received.sha256`: the same of the two files of the months."""
    yield from _sums(OF_RECEIVED)


def _sums(names: Iterable[str]) -> list[str]:
    """A line for each; each state of the files is read through once."""
    wanted = tuple(names)
    key = f"checksums-{wanted[0]}-{version()}"
    told: list[str] | None = cache.get(key)
    if told is None:
        told = [f"{_BY_NAME[name].digest}  {name}\n" for name in wanted]
        cache.set(key, told, A_DAY_S)
    return told


def version() -> str:
    """Of all files together: another once anything in any of them is."""
    copies = public.published().order_by().aggregate(n=Count("pk"), last=Max("updated_at"), newest=Max("pk"))
    published = freezing.published()
    cohort = FrozenCohort.objects.order_by("-month").values_list("month", "at").first()
    told = (published.snapshot, published.as_of, settings.BASE_URL, cohort, *copies.values())
    said = (*told, "".join(program()))  # another release may tell the same figures by another program
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


FILES = (
    File("cube.csv", CSV, _("Số liệu từng tháng"), cube),
    File("received.csv", CSV, _("Phản ánh gửi đến trong mỗi tháng, 100 ngày sau đã ra sao"), cohorts.as_csv),
    File("received.json", JSON, _("Cũng thế, kèm các tỷ lệ"), cohorts.as_json),
    File("dictionary.json", JSON, _("Ý nghĩa từng cột, định nghĩa và công thức từng con số"), words),
    File(
        "recompute.py", TEXT, _("Tính lại mọi con số từ hai tệp trên (Python, không cần cài thêm)"), program
    ),
    File(
        "petitions.csv", CSV, _("Phản ánh đã công khai, mỗi dòng một phản ánh, không kèm lời"), petitions_csv
    ),
    File(
        "petitions.jsonl", "application/jsonl; charset=utf-8", _("Cũng thế, dạng JSON Lines"), petitions_jsonl
    ),
    File("catalogue.jsonld", "application/ld+json", _("Mô tả bộ dữ liệu (DCAT)"), catalogue),
    File("SHA256SUMS", TEXT, _("Mã kiểm tra của các tệp, trừ hai tệp received"), checksums),
    File("received.sha256", TEXT, _("Mã kiểm tra của hai tệp received"), received_checksums),
)
_BY_NAME = {file.name: file for file in FILES}


@for_everyone
def index(request: HttpRequest) -> HttpResponse:
    """`/du-lieu-mo/`: what can be downloaded, and how to recompute."""
    published = freezing.published()
    context = {"files": FILES, "snapshot": published.snapshot, "licence": LICENCE, "months": published.frozen}
    return render(request, "publication/opendata.html", context)


@open_to_all_sites
@for_everyone
def download(request: HttpRequest, name: str) -> StreamingHttpResponse:
    """`/du-lieu-mo/<name>`: a file as it is now; made while it is sent."""
    if name not in _BY_NAME:
        raise Http404
    file = _BY_NAME[name]
    lines = (line.encode() for line in file.lines())
    return StreamingHttpResponse(lines, content_type=file.media_type, headers={"ETag": f'"{version()}"'})
