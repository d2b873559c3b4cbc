"""Mail into a folder: whole or not there, and the same one only once."""

import os
from pathlib import Path

import pytest

from channels.email.maildir import MaildirSender, file_name
from inbox.domain.problems import Temporary
from inbox.ports.channel import HANDED
from inbox.ports.probe import silent
from inbox.testing import Stages
from tests.channels.email.handing import part


def sender(path: Path, fault: object = None) -> MaildirSender:
    def probe(point: str) -> None:
        if point == fault:
            raise KeyboardInterrupt

    return MaildirSender(path, probe if fault else silent)


def lying(path: Path, folder: str) -> list[bytes]:
    return [file.read_bytes() for file in (path / folder).iterdir()]


async def test_a_mail_lies_in_new_byte_for_byte(tmp_path: Path) -> None:
    stages, sent = Stages(), part()
    receipt = await sender(tmp_path / "out").send(sent, stages)
    assert (lying(tmp_path / "out", "new"), lying(tmp_path / "out", "tmp")) == ([sent.body], [])
    assert receipt.keys == (sent.key,)
    assert stages == [HANDED]


async def test_nothing_can_be_seen_before_the_stage_is_durable(tmp_path: Path) -> None:
    seen: list[int] = []
    stages = Stages(lambda: seen.append(len(lying(tmp_path, "new"))))
    await sender(tmp_path).send(part(), stages)
    assert seen == [0]


@pytest.mark.parametrize("flags", ["", ":2,S"])
async def test_the_same_mail_again_is_recognised_even_when_it_was_read(tmp_path: Path, flags: str) -> None:
    await sender(tmp_path).send(part(), Stages())
    if flags:
        (file,) = (tmp_path / "new").iterdir()
        file.rename(tmp_path / "cur" / (file.name + flags))
    stages = Stages()
    receipt = await sender(tmp_path).send(part(), stages)
    assert receipt.keys == (part().key,)
    assert stages == []
    assert len([*(tmp_path / "new").iterdir(), *(tmp_path / "cur").iterdir()]) == 1


async def test_other_mails_get_other_names() -> None:
    names = {file_name(part(key=key, body=body)) for key in ("<a@b>", "<c@d>") for body in (b"1\r\n", b"2\r\n")}
    assert len(names) == 4


@pytest.mark.parametrize("point", ["out.data_sent", "out.stage_dot_committed", "out.server_accepted", "out.got_250"])
async def test_d1_whatever_the_crash_point_a_second_try_leaves_one_whole_mail(tmp_path: Path, point: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        await sender(tmp_path, point).send(part(), Stages())
    await sender(tmp_path).send(part(), Stages())
    assert lying(tmp_path, "new") == [part().body]


async def test_a_folder_that_cannot_be_written_is_temporary_and_named(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file in the way")
    for attempt in (sender(tmp_path / "out").open(), sender(tmp_path / "out").send(part(), Stages())):
        with pytest.raises(Temporary) as caught:
            await attempt
        assert caught.value.facts["path"] == str(tmp_path / "out")


async def test_a_full_disk_is_temporary_and_leaves_nothing_to_be_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    stages = Stages()
    with pytest.raises(Temporary, match="No space left"):
        await sender(tmp_path).send(part(), stages)
    assert (lying(tmp_path, "new"), stages) == ([], [])
