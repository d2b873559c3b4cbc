"""Several parts of one message, and the files among them: in order, as what they are, and told of while they come."""

import json

import pytest

from inbox.domain.outgoing import File
from inbox.ports.channel import HANDED
from inbox.testing import Stages, outgoing
from tests.channels.telegram.fetching import until
from tests.channels.telegram.ground import BotGround


class TestF10SeveralParts:
    async def test_more_is_shown_to_be_coming_between_them_and_not_after_the_last(self, ground: BotGround) -> None:
        first, last = ground.codec().compose(outgoing(ground, "word " * 1000))
        channel = ground.channel()
        try:
            await channel.send(first, Stages())
            await until(lambda: ground.server.calls("sendChatAction"))
            await channel.send(last, Stages())
        finally:
            await channel.close()
        shown = [line.parameters for line in ground.server.calls("sendChatAction")]
        assert shown == [{"chat_id": "7", "action": "typing"}]

    async def test_what_cannot_be_shown_hinders_nothing(self, ground: BotGround) -> None:
        ground.server.refuses("sendChatAction", 500, "Internal Server Error", times=None)
        first = ground.codec().compose(outgoing(ground, "word " * 1000))[0]
        assert (await ground.sent(first)).keys


class TestPicturesThatCannotBeShown:
    @pytest.mark.parametrize("words", ["Bad Request: PHOTO_INVALID_DIMENSIONS", "Bad Request: IMAGE_PROCESS_FAILED"])
    async def test_they_go_as_documents_in_the_same_hand_over(self, ground: BotGround, words: str) -> None:
        ground.server.refuses("sendPhoto", 400, words)
        stages = Stages()
        await ground.sent(ground.part("see", files=(File("p.png", "image/png", b"p"),)), stages)
        (sent,) = ground.server.calls()
        assert (sent.method, sent.parameters["caption"], sent.files) == (
            "sendDocument",
            "see",
            {"document": ("p.png", b"p".hex())},
        )
        assert list(stages) == [HANDED]

    async def test_an_album_says_of_what_kind_each_is(self, ground: BotGround) -> None:
        files = (File("p.png", "image/png", b"p"), File("f.mp4", "video/mp4", b"f"))
        await ground.sent(ground.part("see", files=files))
        (sent,) = ground.server.calls()
        assert [one["type"] for one in json.loads(sent.parameters["media"])] == ["photo", "video"]
        assert sent.files == {"file0": ("p.png", b"p".hex()), "file1": ("f.mp4", b"f".hex())}
        assert json.loads(sent.parameters["media"])[0]["caption"] == "see"
