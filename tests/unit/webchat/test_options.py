"""The options of a web chat: origins as browsers write them, colours, and secrets by reference only."""

from typing import Any

import pytest

from channels.webchat.adapter import WebchatAdapter
from channels.webchat.options import WebchatOptions
from inbox.domain.problems import Misconfigured


def options(**table: Any) -> WebchatOptions:
    return WebchatAdapter().options(table, "config.toml: channel.chat")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://shop.example", "https://shop.example"),
        ("https://Shop.Example/", "https://shop.example"),
        ("https://shop.example:443", "https://shop.example"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
        ("http://[::1]:80", "http://[::1]"),
        ("https://فروشگاه.example", "https://xn--mgbtj4c7ad63e.example"),
    ],
)
def test_an_origin_is_compared_as_browsers_write_it(written: str, meant: str) -> None:
    assert options(origins=[written]).origins == (meant,)


@pytest.mark.parametrize(
    "written",
    ["", "shop.example", "https://", "https://shop.example/chat", "https://*.example", "*", "ftp://shop.example",
     "https://user@shop.example", "https://a b", "https://shop.example?x", "null", "https://shop.example:99999"],
)  # fmt: skip
def test_what_is_no_origin_is_refused_where_it_stands(written: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        options(origins=[written])
    assert str(caught.value.facts["where"]).startswith("config.toml: channel.chat.origins")


@pytest.mark.parametrize("accent", ["red", "#fff", "#12345g", "#123456; x", "url(x)", ""])
def test_a_colour_is_six_digits(accent: str) -> None:
    with pytest.raises(Misconfigured):
        options(accent=accent)


@pytest.mark.parametrize("secret", ["plain", {"command": ["x"]}, {"file": ""}, {"elsewhere": "x"}])
def test_a_secret_is_named_and_never_written(secret: object) -> None:
    with pytest.raises(Misconfigured):
        options(identity_secret=secret)


def test_a_misspelt_key_is_told_with_the_right_one() -> None:
    with pytest.raises(Misconfigured) as caught:
        options(origin=["https://shop.example"])
    assert caught.value.facts["suggestion"] == "origins"
