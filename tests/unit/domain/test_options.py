"""A wrong table of the config is told by the key that is wrong and the key that was probably meant."""

from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, field_validator

from inbox.domain.options import checked
from inbox.domain.problems import Misconfigured


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    port: int = 25
    host: str

    @field_validator("host")
    @classmethod
    def a_name(cls, host: str) -> str:
        if " " in host:
            raise ValueError("a host name has no blanks")
        return host


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    addresses: tuple[str, ...] = ()
    smtp: Inner | None = None


def told(table: dict[str, Any]) -> Misconfigured:
    with pytest.raises(Misconfigured) as caught:
        checked(Outer, table, "config.toml: channel.support")
    return caught.value


def test_a_right_table_becomes_options_with_defaults() -> None:
    options = checked(Outer, {"smtp": {"host": "mx"}}, "here")
    assert options.smtp is not None
    assert options.smtp.port == 25


def test_an_unknown_key_is_answered_with_the_nearest_one() -> None:
    problem = told({"adresses": ["a@b"]})
    assert problem.key == "config.unknown_key"
    assert problem.facts == {
        "where": "config.toml: channel.support",
        "name": "adresses",
        "suggestion": "addresses",
    }


def test_an_unknown_key_of_an_inner_table_is_named_with_its_table() -> None:
    problem = told({"smtp": {"host": "mx", "prot": 1}})
    assert problem.facts["where"] == "config.toml: channel.support.smtp"
    assert problem.facts["suggestion"] == "port"


def test_a_misspelt_required_key_is_told_as_misspelt_and_not_as_missing() -> None:
    assert told({"smtp": {"hots": "mx"}}).facts["suggestion"] == "host"


def test_a_key_that_resembles_nothing_is_answered_with_all_of_them() -> None:
    assert told({"zzz": 1}).facts["suggestion"] == "addresses, smtp"


def test_a_missing_key_and_a_bad_value() -> None:
    assert told({"smtp": {}}).key == "config.missing_key"
    problem = told({"smtp": {"host": "a b"}})
    assert (problem.key, problem.facts["name"], problem.facts["reason"]) == (
        "config.bad_value",
        "host",
        "a host name has no blanks",
    )
