"""The failures of chat networks by their number in the catalogue of faults, as far as an adapter alone can show them."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from channels.telegram.request import Refused
from inbox.domain.happenings import Aside, InboundMessage
from inbox.domain.outgoing import FrozenPart
from inbox.domain.problems import Credentials, Gone, Permanent, Problem, Temporary, Throttled, Unreachable
from inbox.ports.channel import HANDED, Batch, Unconfirmed
from inbox.testing import Stages
from tests.channels.telegram.fetching import fetching, texts, until
from tests.channels.telegram.ground import BotGround
from tests.rig.bot_api import TOKEN


async def failure(ground: BotGround, part: FrozenPart, stages: Stages | None = None) -> Problem:
    with pytest.raises(Problem) as raised:
        await ground.sent(part, stages)
    assert TOKEN not in f"{raised.value!r} {raised.value} {raised.value.__cause__!r} {raised.value.__context__!r}"
    return raised.value


class TestF01KilledBetweenFetchAndConfirm:
    async def test_before_the_commit_it_comes_again_with_the_same_key(self, ground: BotGround) -> None:
        ground.server.write("precious")
        async with fetching(ground) as bot:
            lost = await bot.next(stored=False)
        async with fetching(ground) as bot:
            assert (await bot.next()).items == lost.items

    async def test_between_commit_and_next_poll_it_does_not_come_again(self, ground: BotGround) -> None:
        ground.server.write("stored")
        async with fetching(ground) as bot:
            stored = await bot.next(stored=False)
        ground.server.write("new")
        async with fetching(ground, stored.cursor) as bot:
            batch = await bot.next()
            assert texts(ground, batch) == ["new"]

    async def test_nothing_is_forgotten_before_the_next_question(self, ground: BotGround) -> None:
        number = ground.server.write("one")
        async with fetching(ground) as bot:
            await bot.next(stored=False)
            assert ground.server.kept == [number]


class TestF02NumbersBeginAnew:
    async def test_a_lower_number_after_a_quiet_week_is_seen(self, ground: BotGround) -> None:
        async with fetching(ground) as bot:
            ground.server.jumps_to(900_000_000)
            ground.server.write("before the holidays")
            stored = await bot.next()
            waiting = asyncio.ensure_future(bot.next())
            await until(lambda: not ground.server.kept)  # confirmed by the question that waits now
            ground.server.write("still")
            assert texts(ground, await waiting) == ["still"]
        async with fetching(ground, stored.cursor) as bot:
            ground.server.jumps_to(17)
            ground.server.write("after them")
            batches = [await bot.next()]
            while "after them" not in texts(ground, batches[-1]):
                batches.append(await bot.next())
            assert texts(ground, batches[-1])[-1] == "after them"

    async def test_the_same_number_for_something_else_is_something_else(self, ground: BotGround) -> None:
        async with fetching(ground) as bot:
            ground.server.jumps_to(5)
            ground.server.write("one")
            one = await bot.next()
            waiting = asyncio.ensure_future(bot.next())
            await until(lambda: not ground.server.kept)
            ground.server.jumps_to(5)
            ground.server.write("two")
            two = await waiting
            assert one.items[0].key != two.items[0].key


class TestF03TheSameUpdateTwice:
    async def test_it_has_one_key_and_one_fingerprint(self, ground: BotGround) -> None:
        codec, update = ground.codec(), {"message": message(12, "hello")}
        one, two = (codec.parse(json.dumps({"update_id": n, **update}).encode())[0] for n in (1, 2))
        assert one == two, "the chat and the number there decide, not the number of the update"
        other = codec.parse(json.dumps({"update_id": 1, "message": message(12, "hello", chat=8)}).encode())[0]
        assert other.fingerprint != one.fingerprint


class TestF04SomebodyElsePolls:
    async def test_it_is_told_and_tried_again(self, ground: BotGround) -> None:
        ground.server.refuses("getUpdates", 409, "Conflict: terminated by other getUpdates request")
        async with fetching(ground) as bot:
            with pytest.raises(Temporary) as told:
                await bot.next()
        assert told.value.key == "bot.conflict"


class TestF05TooManyMessages:
    async def test_the_wait_is_told_and_nothing_was_accepted(self, ground: BotGround) -> None:
        ground.server.refuses("sendMessage", 429, "Too Many Requests: retry after 35", chat="7", retry_after=35)
        problem = await failure(ground, ground.part())
        assert isinstance(problem, Throttled)
        assert (problem.seconds, isinstance(problem, Unreachable), ground.server.calls()) == (35, False, [])

    async def test_so_that_it_is_rare_a_chat_rests_after_each_message(self, ground: BotGround) -> None:
        receipt = await ground.sent(ground.part())
        assert receipt.rest == 1.0


class TestF06NoAnswer:
    async def test_cut_after_the_body_nobody_knows(self, ground: BotGround) -> None:
        ground.server.drops_after("sendMessage")
        stages = Stages()
        assert isinstance(await failure(ground, ground.part(), stages), Unconfirmed)
        assert (list(stages), len(ground.server.calls())) == ([HANDED], 1)

    async def test_cut_before_the_body_was_read_nobody_knows_either(self, ground: BotGround) -> None:
        ground.server.drops_half_way("sendMessage")
        assert isinstance(await failure(ground, ground.part()), Unconfirmed)
        assert ground.server.calls() == []

    async def test_no_connection_is_certain(self, ground: BotGround) -> None:
        ground.goes_away()
        stages = Stages()
        assert isinstance(await failure(ground, ground.part(), stages), Unreachable)
        assert list(stages) == []

    async def test_an_answer_that_does_not_come_ends_the_wait(
        self, ground: BotGround, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("channels.telegram.request.ANSWER_SECONDS", 0.2)
        ground.server.hangs_at("sendMessage")
        problem = await failure(ground, ground.part())
        assert isinstance(problem, Unconfirmed)
        assert problem.facts["reason"] == "ReadTimeout"


class TestF07ServerErrors:
    @pytest.mark.parametrize("code", [200, 500, 502, 504])
    async def test_a_page_instead_of_an_answer_is_unknown(self, ground: BotGround, code: int) -> None:
        ground.server.garbage_for("sendMessage", code=code)
        assert isinstance(await failure(ground, ground.part()), Unconfirmed)

    async def test_an_error_of_the_server_in_its_own_words_is_unknown_too(self, ground: BotGround) -> None:
        ground.server.refuses("sendMessage", 500, "Internal Server Error")
        assert isinstance(await failure(ground, ground.part()), Unconfirmed)

    async def test_fetching_goes_on_after_one(self, ground: BotGround) -> None:
        ground.server.garbage_for("getUpdates")
        ground.server.write("still there")
        async with fetching(ground) as bot:
            with pytest.raises(Temporary):
                await bot.next()
        async with fetching(ground) as bot:
            assert texts(ground, await bot.next()) == ["still there"]


class TestF08NobodyThere:
    @pytest.mark.parametrize(
        ("code", "words"),
        [
            (403, "Forbidden: bot was blocked by the user"),
            (403, "Forbidden: user is deactivated"),
            (400, "Bad Request: chat not found"),
        ],
    )
    async def test_a_person_who_cannot_be_reached_is_final_and_told(
        self, ground: BotGround, code: int, words: str
    ) -> None:
        ground.server.refuses("sendMessage", code, words)
        problem = await failure(ground, ground.part())
        assert isinstance(problem, Gone)
        assert (problem.key, problem.facts) == ("bot.unreachable_person", {"chat": "7", "words": words})


class TestF09AGroupBecomesASupergroup:
    async def test_what_is_being_sent_goes_to_the_new_one(self, telegram: BotGround) -> None:
        move = {"migrate_to_chat_id": -1001}
        telegram.server.refuses("sendMessage", 400, "Bad Request: group chat was upgraded", chat="-500", **move)
        stages = Stages()
        receipt = await telegram.sent(telegram.part(thread="-500"), stages)
        assert [line.parameters["chat_id"] for line in telegram.server.calls()] == ["-1001"]
        assert (list(stages), receipt.keys) == ([HANDED], ("example_desk_bot/-1001/1",))

    async def test_what_was_frozen_before_the_move_goes_where_its_lane_is_now(self, telegram: BotGround) -> None:
        waiting = replace(telegram.part(thread="-500"), lane="-1001")
        receipt = await telegram.sent(waiting)
        assert [line.parameters["chat_id"] for line in telegram.server.calls()] == ["-1001"]
        assert receipt.keys == ("example_desk_bot/-1001/1",)


class TestF11MarkupThatCannotBeRead:
    async def test_it_goes_out_plain_in_the_same_hand_over(self, ground: BotGround) -> None:
        ground.server.refuses("sendMessage", 400, "Bad Request: can't parse entities: no end of the entity")
        stages = Stages()
        await ground.sent(ground.part("a *b _c"), stages)
        assert [line.parameters["text"] for line in ground.server.calls()] == ["a *\u2060b _\u2060c"]
        assert list(stages) == [HANDED]

    async def test_a_text_that_is_refused_plain_too_is_final(self, ground: BotGround) -> None:
        ground.server.refuses("sendMessage", 400, "Bad Request: can't parse entities", times=None)
        assert isinstance(await failure(ground, ground.part("a *b")), Permanent)


class TestF14Files:
    async def test_a_file_of_the_network_is_fetched(self, ground: BotGround) -> None:
        ground.server.world.files["voice/1.oga"] = bytes(range(256)) * 10
        assert await collected(ground, "voice/1.oga") == bytes(range(256)) * 10

    async def test_one_that_is_gone_is_gone(self, ground: BotGround) -> None:
        with pytest.raises(Permanent) as told:
            await collected(ground, "voice/2.oga")
        assert told.value.key == "bot.file_gone"
        assert list((ground.place.data / "spool").glob("*")) == []


class TestF15TokenRevoked:
    async def test_the_account_stops(self, ground: BotGround) -> None:
        (ground.folder / "token").write_text("1:revoked_revoked_revoked")
        channel = ground.channel()
        with pytest.raises(Credentials) as told:
            await channel.open()
        await channel.close()
        assert told.value.key == "bot.token_refused"
        assert "revoked_" not in str(told.value)

    async def test_what_waits_stays_queued(self, telegram: BotGround) -> None:
        telegram.server.refuses("sendMessage", 401, "Unauthorized")
        assert isinstance(await failure(telegram, telegram.part()), Credentials)

    async def test_the_token_of_another_bot_is_not_used(self, ground: BotGround) -> None:
        ground.options = ground.options.model_copy(update={"bot": "@another_bot"})
        channel = ground.channel()
        with pytest.raises(Credentials) as told:
            await channel.open()
        await channel.close()
        assert told.value.facts == {"bot": "@another_bot", "found": "@Example_Desk_Bot"}


class TestF17OtherHosts:
    async def test_one_strange_update_does_not_stop_the_others(self, ground: BotGround) -> None:
        ground.server.push({"message": {"message_id": 1, "chat": "nobody", "text": 5, "later": {"new": [1]}}})
        ground.server.push({"from_the_future": {"id": 1}})
        ground.server.write("after them")
        async with fetching(ground) as bot:
            items = (await bot.next()).items
        assert len(items) == 3
        codec = ground.codec()
        with pytest.raises(Problem):
            codec.parse(items[0].raw)
        (unknown,) = codec.parse(items[1].raw)
        assert isinstance(unknown, Aside)
        assert (unknown.reason, texts(ground, Batch(items[2:], None))) == ("ignored.unknown_kind", ["after them"])

    async def test_a_result_that_tells_nothing_is_a_receipt_still(self, ground: BotGround) -> None:
        receipt = await ground.sent(ground.part())
        assert receipt.keys == ("example_desk_bot/7/1",)


class TestF20ForeignPlaces:
    async def test_only_the_groups_of_the_site_are_listened_to(self, telegram: BotGround) -> None:
        codec = telegram.codec()
        for chat, kind, heard in [(-500, "group", 1), (-501, "group", 0), (-502, "channel", 0), (7, "private", 1)]:
            raw = {"update_id": 1, "message": message(1, "hi", chat=chat, kind=kind)}
            (said,) = codec.parse(json.dumps(raw).encode())
            assert isinstance(said, InboundMessage) == bool(heard), (chat, kind)
        post = {"update_id": 1, "channel_post": message(1, "news", chat=-502, kind="channel")}
        (ignored,) = codec.parse(json.dumps(post).encode())
        assert isinstance(ignored, Aside)
        assert ignored.reason == "ignored.channel_post"


def test_a_refusal_keeps_little_of_what_a_host_says() -> None:
    assert len(Refused(400, "x" * 5000, {"retry_after": "soon"}).text) == 300
    assert Refused(400, "", {"retry_after": "soon"}).retry_after == 0


async def collected(ground: BotGround, remote: str) -> Any:
    channel = ground.channel()
    try:
        return await channel.collect(remote)
    finally:
        await channel.close()


def message(number: int, text: str, chat: int = 7, kind: str = "private") -> dict[str, Any]:
    person = {"id": 7, "is_bot": False, "first_name": "Ali"}
    return {
        "message_id": number,
        "from": person,
        "chat": {"id": chat, "type": kind},
        "date": 1_795_500_000,
        "text": text,
    }
