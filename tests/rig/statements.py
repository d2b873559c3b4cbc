"""The statements that a store is given, in order and as they are written: what is bound to them is not in them."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from inbox.store.store import Store
from inbox.store.unit import Unit


def overheard(store: Store, monkeypatch: pytest.MonkeyPatch, hear: Callable[[str], object]) -> None:
    """Tell each statement until the test ends, whether SQLAlchemy or the unit itself gives it to the driver."""
    real = Unit._driven

    def driven(self: Unit, text: str, bound: Any) -> Any:
        hear(text)
        return real(self, text, bound)

    monkeypatch.setattr(Unit, "_driven", driven)
    sa.event.listen(store.engine, "before_cursor_execute", lambda *told: hear(str(told[2])))
