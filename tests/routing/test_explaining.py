"""What officials read of why: the row, over which other, its source, and whether a lawyer saw it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from routing.assignment import Against, Facts, assign, assign_explained
from routing.models import CompetenceRule, Subfield
from routing.places import Place

pytestmark = pytest.mark.django_db

ON = dt.date(2026, 11, 26)
HAI_CHAU = Place("20242", "48")
ROAD = "transport.road-surface"


def why(kind: str = "report", subfield: str = ROAD, against: Against | None = None, **facts: Any) -> str:
    _told, explained = assign_explained(
        kind, subfield, HAI_CHAU, facts=Facts(**facts), against=against, on=ON
    )
    assert explained.endswith(".")
    return explained


def test_the_row_over_the_next_its_source_and_that_nobody_checked_it() -> None:
    assert why(road_class="national", delegated_to_province=True) == (
        "Quyết định theo dòng “road-national-delegated”, đi trước dòng “road-national” vì nêu nhiều dữ kiện"
        " hơn. Nguồn: Bảng thẩm quyền mẫu, mục đường bộ (đề xuất, chưa phải văn bản của địa phương; chưa đối"
        " chiếu văn bản)."
    )


def test_a_row_that_a_lawyer_checked_says_so_and_names_its_article() -> None:
    row = CompetenceRule.objects.get(slug="crime-signs")
    row.checked = True
    row.save()
    said = why(crime_signs=True, road_class="national")
    assert "dòng “crime-signs”, đi trước dòng “road-national” vì thuộc bậc được xét trước" in said
    assert said.endswith("Nguồn: Luật Tố cáo 2018, Điều 27 (theo luật; đã đối chiếu văn bản).")


def test_a_row_alone_and_none_at_all() -> None:
    name = Subfield.objects.get(pk=ROAD).name_vi
    assert f"dòng riêng duy nhất khớp, đi trước dòng chung của tiểu lĩnh vực “{name}”" in why(
        road_class="national"
    )
    assert why().startswith(
        f"Không dòng thẩm quyền riêng nào khớp, nên theo dòng của tiểu lĩnh vực “{name}”."
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"commune_id": "20242"}, "nêu sát địa bàn hơn"),
        ({"subfields": [ROAD]}, "nêu sát lĩnh vực hơn"),
        ({"kinds": ["report"], "fields": ["transport"]}, "nêu riêng loại đơn này"),
    ],
)
def test_each_part_of_the_rank_has_its_words(row: dict[str, Any], said: str) -> None:
    plain = {"lead": "commune-economy-office", "legal": "no", "reason": "thử", "source": "Quy chế thử"}
    if "commune_id" in row:
        row |= {"fields": ["transport"]}
    CompetenceRule.objects.create(slug="aa-less", fields=["transport"], **plain)
    CompetenceRule.objects.create(slug="zz-more", **plain | row)
    assert f"dòng “zz-more”, đi trước dòng “aa-less” vì {said}" in why()


def test_a_conflict_of_interest_tells_whose_row_it_was_and_who_leads_instead() -> None:
    said = why(against=Against("commune-economy-office", "20242", "unit"), road_class="commune")
    assert "dòng “road-commune”" in said
    assert said.endswith(
        "Cơ quan ấy là bên bị phản ánh hoặc đã xử lý trước đó, nên UBND phường Hải Châu chủ trì thay."
    )


def test_a_rule_of_the_law_is_named_with_its_article() -> None:
    said = why("denunciation", against=Against("commune-people-committee", "20242", "head"))
    assert said == (
        "Quyết định theo quy tắc chung “denunciation-of-head”. Nguồn: Luật Tố cáo 2018, Điều 12, 13"
        " (theo luật; chưa đối chiếu văn bản)."
    )


CLERK = "không giao cho bộ phận của người bị"


@pytest.mark.parametrize(
    "body",
    ["commune-police:20242", "tax-base:20242", "social-insurance-base:20242", "water-supply-company:48"],
)
def test_a_body_without_a_heads_office_judges_its_clerk_and_the_reason_says_what_to_mind(body: str) -> None:
    kind, _colon, unit = body.partition(":")
    against = Against(kind, unit, "staff")
    for what, word in (("report", "phản ánh"), ("denunciation", "tố cáo")):
        told, _why = assign_explained(what, "admin-services.staff-attitude", HAI_CHAU, against=against, on=ON)
        assert told.lead is not None
        assert told.lead.code == body
        assert f"do người đứng đầu {told.lead.name} trực tiếp phân công, {CLERK} {word}" in told.reason


def test_where_the_head_has_an_office_he_decides_and_nothing_more_is_said() -> None:
    against = Against("commune-economy-office", "20242", "staff")
    told, _why = assign_explained("report", "admin-services.staff-attitude", HAI_CHAU, against=against, on=ON)
    assert told.lead is not None
    assert told.lead.code == "commune-people-committee-chair:20242"
    assert CLERK not in told.reason


@pytest.mark.parametrize("kind", ["report", "denunciation"])
def test_a_body_that_handled_it_before_judges_its_clerk_no_second_time(kind: str) -> None:
    against = Against("commune-police", "20242", "staff")
    facts = Facts(previous_handler=("commune-police",))
    told, _why = assign_explained(
        kind, "admin-services.staff-attitude", HAI_CHAU, facts=facts, against=against, on=ON
    )
    assert told.lead is not None
    assert told.lead.code == "provincial-police:48"
    assert told.lead.code not in told.excluded


@pytest.mark.parametrize(
    ("against", "whom"),
    [
        (Against("commune-people-committee", "20242", "head"), "Chủ tịch UBND phường Hải Châu"),
        (Against("commune-people-committee", "20242", "deputy"), "cấp phó của Chủ tịch UBND phường Hải Châu"),
        (Against("commune-people-committee", "20242", "unit"), "UBND phường Hải Châu"),
        (Against("commune-people-committee-chair", "20242", "unit"), "Chủ tịch UBND phường Hải Châu"),
        (Against("commune-police", "20242", "head"), "người đứng đầu Công an phường Hải Châu"),
    ],
)
def test_a_denunciation_is_said_to_be_of_whom_it_is_of(against: Against, whom: str) -> None:
    slug = "integrity-petitions.denunciation-official"
    facts = Facts(formal_petition=True)
    told = assign("denunciation", slug, HAI_CHAU, facts=facts, against=against, on=ON)
    assert f"giải quyết tố cáo đối với {whom} với tư cách cấp trên trực tiếp" in told.reason
