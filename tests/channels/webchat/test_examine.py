"""What the doctor tells about a web chat."""

from pathlib import Path

import pytest

from channels.webchat import examine
from inbox.ports.channel import Finding
from inbox.site import catalogues
from inbox.text.wording import load
from tests.channels.webchat.ground import WebchatGround


async def found(ground: WebchatGround) -> dict[str, Finding]:
    findings = await ground.adapter.examine(ground.place, ground.options, online=True)
    wording = load(catalogues())
    for finding in findings:
        for language in ("en", "fa"):
            assert wording.say(language, finding.check)
            assert finding.problem is None or finding.problem.key != wording.problem(language, finding.problem)
    return {finding.check.removeprefix("webchat.check."): finding for finding in findings}


@pytest.mark.parametrize(
    ("url", "status", "key"),
    [
        ("https://chat.example", "pass", ""),
        ("http://chat.example", "warn", "webchat.no_https"),
        ("http://127.0.0.1:8025", "warn", "webchat.no_public_url"),
    ],
)
async def test_where_it_is_reached(tmp_path: Path, url: str, status: str, key: str) -> None:
    finding = (await found(WebchatGround(tmp_path, url=url)))["address"]
    assert (finding.status, finding.problem.key if finding.problem else "") == (status, key)


async def test_who_may_embed_it(tmp_path: Path) -> None:
    assert (await found(WebchatGround(tmp_path)))["origins"].observed == "https://shop.example"
    alone = (await found(WebchatGround(tmp_path, origins=[])))["origins"]
    assert (alone.status, alone.problem.key if alone.problem else "") == ("warn", "webchat.no_origins")


@pytest.mark.parametrize(
    ("content", "mode", "status", "key"),
    [
        ("a long enough secret", 0o600, "pass", ""),
        ("a long enough secret", 0o644, "warn", "secrets.exposed"),
        ("short", 0o600, "warn", "webchat.secret_short"),
        ("", 0o600, "fail", "secrets.empty"),
        (None, 0, "fail", "secrets.unreadable"),
    ],
)
async def test_the_secret_that_is_shared(tmp_path: Path, content: str | None, mode: int, status: str, key: str) -> None:
    if content is not None:
        (tmp_path / "shared").write_text(content)
        (tmp_path / "shared").chmod(mode)
    finding = (await found(WebchatGround(tmp_path, identity_secret={"file": "shared"})))["identity"]
    assert (finding.status, finding.problem.key if finding.problem else "") == (status, key)
    assert "long enough" not in repr(finding)


async def test_no_secret_is_none_to_look_at(tmp_path: Path) -> None:
    assert "identity" not in await found(WebchatGround(tmp_path))


async def test_files_that_are_missing_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examine, "STATIC", tmp_path / "nowhere")
    finding = (await found(WebchatGround(tmp_path)))["files"]
    assert (finding.status, finding.problem and finding.problem.facts) == ("fail", {"names": "widget.js"})
