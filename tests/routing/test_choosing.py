"""A choice of very many: the same as Django's, and nobody writes into the page."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.test.html import parse_html
from django.utils.translation import gettext_lazy as _

from routing.choosing import LongSelect

CHOICES: list[tuple[Any, Any]] = [
    ("", _("Chọn cơ quan")),
    ("Tại <nơi> xảy ra", [("a:48", "<b>Sở & Ban</b>"), ("b:48", 'Sở "Y tế"')]),
    ("Cấp tỉnh", []),
    (7, "Bảy"),
]


@pytest.mark.parametrize("chosen", [None, "", "a:48", 7, "7", "không có"])
@pytest.mark.parametrize("attrs", [None, {"id": "agency", "required": True, "aria-describedby": "one two"}])
def test_it_is_drawn_as_django_draws_it(chosen: Any, attrs: dict[str, Any] | None) -> None:
    ours, theirs = (
        kind(choices=CHOICES, attrs={"class": "wide"}).render("agency", chosen, attrs)
        for kind in (LongSelect, forms.Select)
    )
    assert parse_html(ours) == parse_html(theirs)
    assert "<b>" not in ours
    assert "&lt;b&gt;Sở &amp; Ban&lt;/b&gt;" in ours


def test_a_length_that_the_field_knows_is_left_out() -> None:
    assert "maxlength" not in LongSelect(choices=CHOICES).render("agency", "", {"maxlength": "20"})
