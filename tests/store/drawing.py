"""Hypothesis strategies for facts: every kind of payload, with texts as they reach the store."""

from dataclasses import MISSING, fields
from typing import Any, get_args, get_type_hints

from hypothesis import strategies as st

from inbox.domain import events as ev
from inbox.domain.ids import ChannelName

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
"""Without NUL and lone surrogates: whoever reads from outside takes them out, no server could keep them."""
_BY_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    str | None: st.none() | TEXT,
    ChannelName: TEXT,
    tuple[str, ...]: st.lists(TEXT, max_size=3).map(tuple),
}
KINDS: tuple[type, ...] = get_args(get_args(ev.Payload)[0])


def payloads() -> st.SearchStrategy[ev.Payload]:
    """Any fact."""
    return st.one_of(*(_payload(kind) for kind in KINDS))


def _payload(kind: Any) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind)
    drawn = {f.name: _BY_TYPE.get(hints[f.name], st.from_type(hints[f.name])) for f in fields(kind)}
    usual = {f.name: st.just(f.default) for f in fields(kind) if f.default is not MISSING}
    return st.one_of(st.builds(kind, **drawn), st.builds(kind, **{**drawn, **usual}))
