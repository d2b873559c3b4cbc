"""A house whose large mails lie in a bucket: none is confirmed before the bucket has it, and none is lost while it is away."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from inbox.blobs.bucket import Bucket
from inbox.domain.problems import Temporary
from tests.path.conftest import Houses
from tests.path.house import SUPPORT, House
from tests.rig.proxy import FaultProxy
from tests.rig.s3 import S3, table

LARGE = "long " * 30_000


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[FaultProxy]:
    """The way to a bucket."""
    server = S3(tmp_path).start()
    server.bucket("inbox")
    way = FaultProxy(server.port).start()
    yield way
    way.close()
    server.close()


@pytest.fixture
async def bucketed(houses: Houses, proxy: FaultProxy, monkeypatch: pytest.MonkeyPatch) -> House:
    """A house with a bucket in its config."""
    monkeypatch.setenv("BUCKET_KEY", "key")
    monkeypatch.setenv("BUCKET_SECRET", "secret")
    endpoint = f"http://{proxy.host}:{proxy.port}"
    return houses(more=table("inbox", endpoint, 'env = "BUCKET_KEY"', 'env = "BUCKET_SECRET"'))


async def test_intake_pauses_while_the_bucket_is_away_and_nothing_is_lost(bucketed: House, proxy: FaultProxy) -> None:
    assert isinstance(bucketed.rooms.blobs, Bucket)
    await bucketed.settle()
    proxy.refuse()
    with pytest.raises(Temporary, match=r"blobs\.unreachable"):
        await bucketed.customer("sara@x").writes(LARGE)
    assert bucketed.verdicts() == []
    assert [one.what for one in bucketed.network.ledger if one.what == "confirmed"] == [], (
        "the network must not forget it"
    )
    proxy.heal()
    await bucketed.settle()
    assert bucketed.verdicts() == ["accepted"]
    assert bucketed.said(bucketed.only())[0].text.startswith("long long")


async def test_another_machine_waits_for_the_bytes_and_quarantines_nothing(bucketed: House, proxy: FaultProxy) -> None:
    await bucketed.settle()
    bucketed.network.write("sara@x", "support@acme", LARGE, language="en")
    await bucketed._fetch(SUPPORT)
    shutil.rmtree(bucketed.site.data / "blobs")  # here is another machine's folder
    proxy.refuse()
    with pytest.raises(Temporary, match=r"blobs\.unreachable"):
        await bucketed.receiver.settle()
    assert [one for one in bucketed.verdicts() if "quarantined" in one] == []
    proxy.heal()
    await bucketed.settle()
    assert bucketed.verdicts() == ["accepted"]
