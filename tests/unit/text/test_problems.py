"""Problems carry a key and facts, and survive the way from a parser child to its parent."""

import pickle

import pytest

from inbox.domain.problems import Credentials, LockedOut, Misconfigured, Problem, Temporary, Unreachable


def test_the_short_form_names_key_and_facts() -> None:
    assert str(Problem("mail.gone")) == "mail.gone"
    assert str(Problem("mail.gone", host="mx", port=25)) == "mail.gone: host=mx, port=25"


def test_a_fact_may_be_called_key() -> None:
    problem = Misconfigured("config.unknown_key", where="config.toml: chanel", key="chanel")
    assert problem.key == "config.unknown_key"
    assert problem.facts == {"where": "config.toml: chanel", "key": "chanel"}


@pytest.mark.parametrize("problem", [Unreachable("a.b", host="mx"), Misconfigured("a.b", where="config.toml: x", n=3)])
def test_problems_can_be_handed_between_processes(problem: Problem) -> None:
    again = pickle.loads(pickle.dumps(problem))
    assert type(again) is type(problem)
    assert (again.key, again.facts, str(again)) == (problem.key, problem.facts, str(problem))


def test_families() -> None:
    assert issubclass(Unreachable, Temporary)
    assert issubclass(LockedOut, Credentials)
    assert not issubclass(Credentials, Temporary)
