"""Files that the demo's customers send: drawn here, so that the package carries no pictures."""

import base64
import struct
import zlib
from html import escape

WIDTH, HEIGHT = 320, 200


def enclosed(name: str) -> dict[str, str]:
    """A file as the network carries it: a picture where the name ends so, else a short text."""
    picture = name.endswith(".png")
    content = (
        _picture() if picture else f"Order 48213\nEthiopia Yirgacheffe 250 g x 2\nPaid: yes\nFile: {name}\n".encode()
    )
    kind = "image/png" if picture else "text/plain"
    return {"filename": name, "content_type": kind, "content": base64.b64encode(content).decode("ascii")}


def letter(text: str) -> str:
    """The same words as somebody's mail program sets them."""
    lines = "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line)
    return f'<div style="font-family:Georgia,serif;color:#2b3a67"><h2>A note from my kitchen</h2>{lines}</div>'


def _picture() -> bytes:
    """A bag of coffee with a dent, as far as a few lines can draw one."""
    rows = b"".join(b"\0" + b"".join(_colour(x, y) for x in range(WIDTH)) for y in range(HEIGHT))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    parts = (_chunk(b"IHDR", head), _chunk(b"IDAT", zlib.compress(rows)), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _colour(x: int, y: int) -> bytes:
    bag = 100 < x < 220 and 30 < y < 180
    dent = (x - 205) ** 2 + (y - 120) ** 2 < 900
    label = 125 < x < 190 and 80 < y < 120
    if label and bag and not dent:
        return bytes((240, 228, 205))
    if bag and not dent:
        return bytes((96 + y // 8, 62, 40))
    return bytes((226, 222, 214 + y // 12))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
