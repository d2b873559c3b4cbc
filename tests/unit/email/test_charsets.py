"""Charsets: declared, UTF-8, windows-1256, and only then replacement."""

import pytest

from channels.email.charsets import FALSE, GARBLED, UNKNOWN, decode, looks_arabic

PERSIAN = "سلام سفارش من هنوز نرسيده است لطفا پيگيري كنيد"


@pytest.mark.parametrize("declared", ["windows-1256", "cp1256", "WINDOWS-1256", '"windows-1256"', "win-1256"])
def test_windows_1256_by_any_name(declared: str) -> None:
    assert decode(PERSIAN.encode("cp1256"), declared) == (PERSIAN, "")


@pytest.mark.parametrize("declared", ["iso-8859-1", "us-ascii", "utf-8", "windows-1252"])
def test_a_false_charset_over_persian_bytes(declared: str) -> None:
    assert decode(PERSIAN.encode("cp1256"), declared) == (PERSIAN, FALSE)


def test_undeclared_persian_bytes() -> None:
    assert decode(PERSIAN.encode("cp1256")) == (PERSIAN, "")
    assert decode("سلام".encode("cp1256")) == ("سلام", "")


@pytest.mark.parametrize("declared", ["", "utf-8", "us-ascii", "iso-8859-1", "windows-1252"])
def test_utf8_wins_over_a_western_declaration(declared: str) -> None:
    assert decode("می‌خواهم".encode(), declared) == ("می‌خواهم", "")


def test_utf8_declared_as_another_script() -> None:
    assert decode("привет".encode(), "iso-2022-jp") == ("привет", FALSE)


@pytest.mark.parametrize(
    ("text", "declared"),
    [
        ("café à la crème", "iso-8859-1"),
        ("Größe für Straße", "iso-8859-1"),
        ("привет мир", "koi8-r"),
        ("你好", "gb2312"),
        ("안녕하세요", "ks_c_5601-1987"),
        ("日本語", "iso-2022-jp"),
        ("日本語", "shift_jis"),
        ("şöyle", "iso-8859-9"),
    ],
)
def test_declared_charsets_are_believed(text: str, declared: str) -> None:
    codec = {"ks_c_5601-1987": "cp949"}.get(declared, declared)
    assert decode(text.encode(codec), declared) == (text, "")


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("café à la crème, voilà", "cp1252"),
        ("привет, где мой заказ", "cp1251"),
        ("سلام سفارش من", "utf-8"),
        ("Größe für Straße", "cp1252"),
    ],
)
def test_what_is_not_windows_1256_is_not_taken_for_it(text: str, charset: str) -> None:
    assert not looks_arabic(text.encode(charset))


@pytest.mark.parametrize(
    "declared", ["x-martian", "rot13", "base64", "unicode_escape", "idna", "\x00", "=", "undefined"]
)
def test_names_that_are_no_charset(declared: str) -> None:
    text, defect = decode(b"plain", declared)
    assert text == "plain"
    assert defect in (UNKNOWN, "")


@pytest.mark.parametrize("declared", ["idna<", "_idna", "IDNA.", "punycode<", "_undefined", "unicode-escape", "_oem"])
def test_what_is_no_charset_is_none_in_any_spelling(declared: str) -> None:
    assert decode("سلام".encode(), declared) == ("سلام", UNKNOWN)
    assert decode(b"\\u0041 \xff\x80", declared)[0].startswith("\\u0041 ")


def test_bytes_of_no_charset_are_replaced_and_flagged() -> None:
    text, defect = decode(b"abc \xff\xfe \x81", "utf-8")
    assert text.startswith("abc ")
    assert defect == GARBLED


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ("cp-1256", "cp1256"),
        ("csWindows1256", "cp1256"),
        ("charset=windows-1256", "cp1256"),
        ("csISOLatinArabic", "iso8859_6"),
        ("ASMO-708", "iso8859_6"),
        ("x-mac-arabic", "mac_arabic"),
        ("cp65001", "utf-8"),
        ("unicode-1-1-utf-8", "utf-8"),
        ("UTF-8;format=flowed", "utf-8"),
    ],
)
def test_persian_by_the_names_that_programs_use(declared: str, codec: str) -> None:
    assert decode("سلام".encode(codec), declared) == ("سلام", "")


@pytest.mark.parametrize(
    ("declared", "text"),
    [
        ("csISO2022JP", "日本語"),
        ("csBig5", "你好"),
        ("x-windows-949", "안녕"),
        ("cp-1251", "привет"),
        ("csKOI8R", "привет"),
    ],
)
def test_other_scripts_by_the_names_that_programs_use(declared: str, text: str) -> None:
    codec = {
        "csISO2022JP": "iso2022_jp",
        "csBig5": "big5",
        "x-windows-949": "cp949",
        "cp-1251": "cp1251",
        "csKOI8R": "koi8_r",
    }
    assert decode(text.encode(codec[declared]), declared) == (text, "")


@pytest.mark.parametrize(
    "declared", ["windows-1256", "koi8-r", "windows-1251", "iso-8859-6", "iso-8859-2", "macintosh"]
)
def test_utf8_under_the_name_of_a_charset_that_decodes_anything(declared: str) -> None:
    assert decode(PERSIAN.encode(), declared) == (PERSIAN, FALSE)
    assert decode(b"plain", declared) == ("plain", "")


def test_windows_1256_under_the_name_of_another_arabic_charset() -> None:
    text = "پنج چک و گزارش ژانويه را به من بدهيد، لطفا"
    assert decode(text.encode("cp1256"), "iso-8859-6") == (text, FALSE)


def test_windows_1256_under_a_far_eastern_name() -> None:
    text, defect = decode(PERSIAN.encode("cp1256"), "iso-2022-jp")
    assert (text, defect) == (PERSIAN, FALSE)
