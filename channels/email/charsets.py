"""Bytes to text whatever a mail says about them: declared charset, UTF-8, windows-1256, and only then replacement."""

import codecs
import re

# What mail programs call charsets, and the superset that their bytes are really in (WHATWG Encoding, section 4.2).
_ALIASES = {
    "unknown-8bit": "",
    "x-unknown": "",
    "unknown": "",
    "default": "",
    "default_charset": "",
    "8bit": "",
    "binary": "",
    "none": "",
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "ansi_x3.4-1968": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-8-i": "iso8859_8",
    "iso-8859-8-e": "iso8859_8",
    "iso-8859-6-i": "iso8859_6",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "korean": "cp949",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "x-mac-arabic": "mac_arabic",
    "x-mac-farsi": "mac_farsi",
    "win-1256": "cp1256",
    "windows1256": "cp1256",
    "x-cp1256": "cp1256",
    "arabic": "cp1256",
    "utf": "utf_8",
    "utf8": "utf_8",
    "utf_8": "utf_8",
    "utf8mb4": "utf_8",
    "unicode-1-1-utf-7": "utf_7",
    "utf-16": "utf_16",
    "unicode": "utf_16",
    "unicode-1-1-utf-8": "utf_8",
    "x-utf-8": "utf_8",
    "utf-8-sig": "utf_8",
    "cp65001": "utf_8",
    "windows-65001": "utf_8",
    "65001": "utf_8",
    "iso-10646-ucs-2": "utf_16",
    "ucs-2": "utf_16",
    "ansi": "",
    "x-user-defined": "",
    "us-ascii-utf-8": "utf_8",
    "cp-1256": "cp1256",
    "cp-1251": "cp1251",
    "cswindows1256": "cp1256",
    "cswindows1251": "cp1251",
    "csutf8": "utf_8",
    "cseuckr": "cp949",
    "csksc56011987": "cp949",
    "iso88596": "iso8859_6",
    "iso88591": "cp1252",
    "8859_1": "cp1252",
    "x-mac-cyrillic": "mac_cyrillic",
    "windows_1256": "cp1256",
    "1256": "cp1256",
    "ms-arab": "cp1256",
    "asmo-708": "iso8859_6",
    "csisolatinarabic": "iso8859_6",
    "iso-8859-6-e": "iso8859_6",
    "windows-1250": "cp1250",
    "win-1251": "cp1251",
    "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
    "cp-850": "cp850",
    "ibm850": "cp850",
    "koi8-ru": "koi8_u",
    "koi8": "koi8_r",
    "windows-874": "cp874",
    "windows-31j": "cp932",
    "x-ms-cp932": "cp932",
    "iso-2022-jp-ms": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext",
    "x-euc-jp": "euc_jp",
    "windows-936": "gb18030",
    "cp936": "gb18030",
    "gb_2312-80": "gb18030",
    "x-euc-cn": "gb18030",
    "euc-cn": "gb18030",
    "hz-gb-2312": "hz",
    "windows-949": "cp949",
    "x-windows-949": "cp949",
    "ksc5601": "cp949",
    "x-x-big5": "big5",
    "big-5": "big5",
    "cn-big5": "big5",
    "big5-hkscs": "big5hkscs",
}
# What Python calls by other names still, and their supersets.
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859_1": "cp1252",
    "iso8859_9": "cp1254",
    "shift_jis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
}
_WESTERN = frozenset({"", "cp1252", "cp1254"})
_OF_ONE_BYTE = frozenset(
    {
        "cp1250",
        "cp1251",
        "cp1253",
        "cp1255",
        "cp1256",
        "cp1257",
        "cp1258",
        "cp874",
        "koi8_r",
        "koi8_u",
        "mac_arabic",
        "mac_farsi",
        "mac_roman",
    }
    | {"iso8859_2", "iso8859_5", "iso8859_6", "iso8859_7", "iso8859_8", "iso8859_15"}
)
# Python decodes by these too, but no mail is written in them, and `idna` takes quadratic time.
_NO_CHARSETS = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"})
_WRAPPED = re.compile(r"(?:(?:charset|cs)\s*=)?=?[\"']?([^\"';\s*]*)", re.IGNORECASE)

# The bytes that are Persian or Arabic letters and ZWNJ in windows-1256; the rest of its upper half is Latin and symbols.
_LETTERS_1256 = frozenset(
    b"\x81\x8d\x8e\x90\x98\x9d\xa1\xaa\xba\xbf\xc0\xc1\xc2\xc3\xc4\xc5\xc6\xc7\xc8\xc9\xca\xcb\xcc\xcd\xce\xcf\xd0\xd1\xd2\xd3"
    b"\xd4\xd5\xd6\xd8\xd9\xda\xdb\xdc\xdd\xde\xdf\xe1\xe3\xe4\xe5\xe6\xec\xed\xf0\xf1\xf2\xf3\xf5\xf6\xf8\xfa"
)
_NOT_LETTERS_1256 = bytes(set(range(256)) - _LETTERS_1256)
_ASCII = bytes(range(128))
_LAM_ALEF_YEH = (b"\xc7", b"\xe1", b"\xed", b"\xe6", b"\xd1")
_SAMPLE = 65536

UNKNOWN = "unknown-charset"
FALSE = "false-charset"
GARBLED = "garbled-text"


def decode(raw: bytes, declared: str = "") -> tuple[str, str]:
    """The text of `raw`, and what was wrong with its declared charset: "", UNKNOWN, FALSE or GARBLED (letters were replaced).

    Order: ASCII and UTF-8 where they fit, since no other text looks like UTF-8; the declared charset; windows-1256 where the
    bytes look like Arabic script; at last Western letters and replacement characters.
    """
    name, defect = _known(declared)
    if name in _WESTERN or name == "utf_8":
        return _undeclared(raw, name, defect)
    if name in _OF_ONE_BYTE:
        # These decode anything, so UTF-8 under their name would be believed; their own letters never look like it.
        text = _strict(raw, "utf_8")
        if text is not None:
            return text, defect if text.isascii() else FALSE
    text = _strict(raw, name)
    if text is not None:
        return text, defect
    text = _strict(raw, "utf_8")
    if text is not None:
        return text, FALSE
    return (raw.decode("cp1256"), FALSE) if looks_arabic(raw) else (raw.decode(name, "replace"), GARBLED)


def _undeclared(raw: bytes, name: str, defect: str) -> tuple[str, str]:
    text = _strict(raw, "utf_8")
    if text is not None:
        return text, defect
    if looks_arabic(raw):
        return raw.decode("cp1256"), FALSE if name else defect
    if name == "utf_8":
        return raw.decode("utf-8", "replace"), GARBLED
    return raw.decode(name or "cp1252", "replace"), defect if name else GARBLED


def looks_arabic(raw: bytes) -> bool:
    """Whether these 8-bit bytes read as Arabic script in windows-1256: nearly all of the upper half are its letters.

    In Western text the upper half is accented letters that windows-1256 has too, and in UTF-8 half of it are symbols.
    """
    upper = raw[:_SAMPLE].translate(None, _ASCII)
    if len(upper) < 2:
        return False
    letters = upper.translate(None, _NOT_LETTERS_1256)
    frequent = sum(map(letters.count, _LAM_ALEF_YEH))
    return len(letters) >= 0.85 * len(upper) and frequent >= 0.15 * len(upper)


def _known(declared: str) -> tuple[str, str]:
    """The name of a Python codec for a declared charset; "" and perhaps a defect where there is none."""
    if declared in ("utf-8", "UTF-8"):
        return "utf_8", ""
    found = _WRAPPED.match(declared.strip())
    plain = found.group(1).lower() if found else ""
    plain = _ALIASES.get(plain, plain)
    if not plain or plain in _NO_CHARSETS:
        return "", UNKNOWN if declared.strip() else ""
    try:
        b"a".decode(plain)
    except UnicodeError:  # a known codec to which one letter is too short
        pass
    except (LookupError, ValueError):
        return "", UNKNOWN
    # Python finds a codec under any name that differs in punctuation alone, "idna<" or "_idna".
    found_name = codecs.lookup(plain).name.replace("-", "_")
    if found_name in _NO_CHARSETS:
        return "", UNKNOWN
    return _SUPERSETS.get(found_name, found_name), ""


def _strict(raw: bytes, name: str) -> str | None:
    try:
        return raw.decode(name)
    except UnicodeError:
        return None
