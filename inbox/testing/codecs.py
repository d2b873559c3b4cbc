"""The suite for codecs: pure, alike in every process, and never surprised by what it reads."""

from collections.abc import Iterable

from inbox.domain.arrivals import Raw
from inbox.domain.happenings import Address, Happening, InboundMessage
from inbox.domain.outgoing import FrozenPart, Purpose
from inbox.domain.problems import Permanent, Unreadable
from inbox.testing.ground import Ground, file, outgoing

RUBBISH: tuple[bytes, ...] = (
    b"",
    b"\x00",
    b"\xff\xfe\xfd",
    b"\r\n\r\n",
    b"{",
    b"{}",
    b"[[[]]]",
    b'{"kind": "message"}',
    b'{"kind": 1}',
    b"null",
    b"-" * 100_000,
    b"(" * 50_000,
    bytes(range(256)) * 64,
    "From: \ud800".encode("utf-8", "surrogatepass"),
)
NASTY = (
    "a\r\nBcc: evil@example.net",
    "\x00\x07",
    "\u2028line\u2029",
    "\u202egnp.exe",
    "x" * 5_000,
    "",
    " ",
    "😀" * 300,
)
IMPOSSIBLE = ("", " ", "a b", "a\r\nb", "a\x00b")


class CodecConformance:
    """Test methods for pytest; a subclass gives the fixture `ground`."""

    def test_the_same_bytes_say_the_same_in_every_codec(self, ground: Ground) -> None:
        body = self._composed(ground)[0].body
        codec = ground.codec()
        assert codec.parse(body) == codec.parse(body) == ground.codec().parse(body)

    def test_the_same_words_make_the_same_bytes_in_every_codec(self, ground: Ground) -> None:
        codec, what = ground.codec(), outgoing(ground, files=(file(),), html="<p>hello</p>")
        assert codec.compose(what) == codec.compose(what) == ground.codec().compose(what)

    def test_what_we_say_reads_as_ours(self, ground: Ground) -> None:
        what = outgoing(ground, "یک پیام\nwith two lines")
        for message in self._read(ground, self._composed(ground, what.text)):
            assert message.own, "a message from our own address is `own`"
            assert message.sender.address == ground.address
            assert [one.address for one in message.to] == [ground.correspondents[0]]

    def test_no_word_is_lost_on_the_way(self, ground: Ground) -> None:
        text = "\n".join(f"سطر {n}: the quick brown fox" for n in range(400))
        said = "".join(message.text for message in self._read(ground, self._composed(ground, text)))
        assert said.split() == text.split()

    def test_no_part_is_longer_than_the_network_allows(self, ground: Ground) -> None:
        limit = ground.codec().traits.text_limit
        for message in self._read(ground, self._composed(ground, "کلمه word " * 5_000)):
            assert limit is None or len(message.text) <= limit

    def test_parts_are_numbered_and_stand_in_the_lane_of_a_recipient(self, ground: Ground) -> None:
        to = tuple(Address(one) for one in ground.correspondents[:2])
        parts = ground.codec().compose(
            outgoing(ground, "word " * 5_000, to=to, cc=(Address(ground.correspondents[2]),))
        )
        assert [part.number for part in parts] == list(range(len(parts)))
        assert len({part.key for part in parts} - {""}) in (0, len(parts)), (
            "keys differ, or the network chooses them all"
        )
        for part in parts:
            assert part.lane in part.recipients
            assert set(part.recipients) <= set(ground.correspondents)
        assert {one for part in parts for one in part.recipients} == set(ground.correspondents)

    def test_the_token_decides_the_key(self, ground: Ground) -> None:
        one, two = (ground.codec().compose(outgoing(ground, token=token * 26))[0] for token in "ab")
        assert one.key != two.key or one.key == ""

    def test_files_arrive_byte_for_byte(self, ground: Ground) -> None:
        sent = file()
        part = ground.codec().compose(outgoing(ground, files=(sent,)))[0]
        (found,) = next(iter(self._read(ground, [part]))).attachments
        read = ground.codec().attachment(part.body, found.start, found.length, found.encoding)
        assert read == sent.content
        assert (found.filename, found.content_type, found.state) == (sent.filename, sent.content_type, "here")

    def test_files_that_a_part_tells_of_are_where_it_says(self, ground: Ground) -> None:
        sent = (file(), file())
        part = ground.codec().compose(outgoing(ground, files=sent))[0]
        for told, one in zip(part.files, sent, strict=True) if part.files else ():
            assert ground.codec().attachment(part.body, told.start, told.length, told.encoding) == one.content
            assert (told.filename, told.content_type, told.size) == (one.filename, one.content_type, len(one.content))

    def test_an_automatic_message_says_that_it_is_one(self, ground: Ground) -> None:
        for purpose in Purpose:
            part = ground.codec().compose(outgoing(ground, purpose=purpose))[0]
            (message,) = self._read(ground, [part])
            assert (message.automatic is not None) == purpose.automatic

    def test_an_impossible_address_is_refused_for_good(self, ground: Ground) -> None:
        for address in IMPOSSIBLE:
            try:
                ground.codec().compose(outgoing(ground, to=(Address(address),)))
            except Permanent:
                continue
            raise AssertionError(f"composed for {address!r}")

    def test_nasty_words_make_bytes_that_can_be_read(self, ground: Ground) -> None:
        for nasty in NASTY:
            to = (Address(ground.correspondents[0], nasty),)
            parts = ground.codec().compose(outgoing(ground, f"text {nasty}", subject=nasty, to=to))
            for message in self._read(ground, parts):
                assert [one.address for one in (*message.to, *message.cc)] == [ground.correspondents[0]]

    def test_rubbish_is_unreadable_at_worst(self, ground: Ground) -> None:
        body = self._composed(ground)[0].body
        for raw in (*RUBBISH, *(body[:cut] for cut in range(0, len(body), max(1, len(body) // 50)))):
            for happening in self._parsed(ground, raw):
                assert happening.fingerprint

    def test_different_messages_have_different_fingerprints(self, ground: Ground) -> None:
        bodies = [self._composed(ground, f"message {n}")[0].body for n in range(20)]
        prints = {happening.fingerprint for body in bodies for happening in self._parsed(ground, body)}
        assert len(prints) == len(bodies)

    def _composed(self, ground: Ground, text: str = "hello, سلام") -> list[FrozenPart]:
        return list(ground.codec().compose(outgoing(ground, text)))

    def _parsed(self, ground: Ground, raw: Raw) -> list[Happening]:
        try:
            return list(ground.codec().parse(raw))
        except Unreadable:
            return []

    def _read(self, ground: Ground, parts: Iterable[FrozenPart]) -> list[InboundMessage]:
        codec = ground.codec()
        said = [happening for part in parts for happening in codec.parse(part.body)]
        messages = [happening for happening in said if isinstance(happening, InboundMessage)]
        assert len(messages) == len(said) > 0, "what we say is a message to whoever reads it"
        return messages
