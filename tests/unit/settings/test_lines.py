"""Tables and keys are found on their lines, however TOML allows them to be written."""

from inbox.domain.problems import Misconfigured
from inbox.settings.lines import located, places

TEXT = """\
top = 1 # a remark = 2
[a.b]
  key = "x"
dotted.inner = 2
"quoted" = 3
list = [
  1,
]
[[c]]
[d . "e"]
f={ g = 1 }
"""


def test_each_key_and_table_has_its_line() -> None:
    assert places(TEXT) == {
        ("top",): 1,
        ("a",): 2,
        ("a", "b"): 2,
        ("a", "b", "key"): 3,
        ("a", "b", "dotted", "inner"): 4,
        ("a", "b", "quoted"): 5,
        ("a", "b", "list"): 6,
        ("c",): 9,
        ("d",): 10,
        ("d", "e"): 10,
        ("d", "e", "f"): 11,
    }


def where(table: str, name: str) -> tuple[int, object, object]:
    line, problem = located(Misconfigured("k", where=table, name=name, other=1), "config.toml", places(TEXT))
    assert problem.facts["other"] == 1
    return line, problem.facts["where"], problem.facts["name"]


def test_a_problem_gets_the_line_of_its_key_or_of_what_holds_it() -> None:
    assert where("config.toml: a.b", "key") == (3, "config.toml:3: a.b", "key")
    assert where("config.toml.a.b", "key") == (3, "config.toml:3: a.b", "key")
    assert where("config.toml: d.e.f", "g") == (11, "config.toml:11: d.e.f", "g")
    assert where("config.toml: a.b.list", "0") == (6, "config.toml:6: a.b", "list")
    assert where("config.toml: a.b", "missing") == (2, "config.toml:2: a.b", "missing")
    assert where("config.toml", "unheard") == (0, "config.toml", "unheard")
