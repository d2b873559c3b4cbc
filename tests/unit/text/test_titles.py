"""Titles are known only where people wrote them."""

import pytest

from inbox.text.titles import title_of, titled


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("خانم نگار سهرابی", "ms"),
        ("سرکار خانم سهرابی", "ms"),
        ("جناب آقای علی کریمی", "mr"),
        ("Mr. Weber", "mr"),
        ("MRS Fischer", "ms"),
        ("نگار سهرابی", ""),
        ("Lena Fischer", ""),
        ("خانم", ""),
        ("Missy Elliott", ""),
        ("", ""),
    ],
)
def test_only_what_stands_before_a_name_is_a_title(name: str, title: str) -> None:
    assert title_of(name) == title


def test_a_title_is_told_once_in_the_language_of_the_reader() -> None:
    assert titled("خانم نگار سهرابی", "ms", "fa") == "خانم نگار سهرابی"
    assert titled("Mr. Weber", "mr", "fa") == "آقای Weber"
    assert titled("Lena Fischer", "ms", "en") == "Ms Lena Fischer"
    assert titled("Lena  Fischer", "", "en") == "Lena Fischer"
    assert titled("", "ms", "fa") == ""
    with pytest.raises(ValueError, match="title"):
        titled("Lena", "dr", "en")
