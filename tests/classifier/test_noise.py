"""How training texts are spoilt and framed: alike for the same seed, and never losing what they say."""

import pytest

from classifier import noise

TEXT = "Đèn hẻm 12 tắt, nhờ thay bóng."


@pytest.mark.parametrize("seed", range(40))
def test_what_letters_have_around_them_leaves_the_text_whole(seed: int) -> None:
    framed = noise.framed(TEXT, seed)
    assert framed == noise.framed(TEXT, seed)
    assert TEXT in framed
    assert framed != TEXT
    assert not set("()|") & set(framed)


def test_what_asks_for_nothing_gets_thanks_and_no_pleas() -> None:
    pleading = {noise.framed(TEXT, seed) for seed in range(200)}
    thankful = {noise.framed(TEXT, seed, asks=False) for seed in range(200)}
    assert any("giải quyết" in text for text in pleading)
    assert not any("giải quyết" in text.partition(TEXT)[2] for text in thankful)
