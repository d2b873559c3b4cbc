"""A config becomes frozen options; everything that is wrong with it is told at once, by line and key."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from channels.memory import ADAPTER
from inbox.domain.ids import ChannelName
from inbox.domain.problems import Misconfigured
from inbox.ports.channel import Adapter
from inbox.settings import Settings, load, parse
from inbox.site import Site, catalogues
from inbox.text.wording import load as catalogues_of

MEMORY: dict[str, Adapter] = {"memory": ADAPTER}
WORDING = catalogues_of(catalogues())


def read(text: str) -> Settings:
    return parse(text, MEMORY)


def told(text: str) -> list[tuple[str, dict[str, Any]]]:
    """Key and facts of everything wrong; each has a sentence in both languages with all its facts."""
    with pytest.raises(ExceptionGroup) as caught:
        read(text)
    problems = [problem for problem in caught.value.exceptions if isinstance(problem, Misconfigured)]
    assert len(problems) == len(caught.value.exceptions)
    for problem in problems:
        for language in ("en", "fa"):
            assert WORDING.problem(language, problem) != str(problem), problem
    return [(problem.key, dict(problem.facts)) for problem in problems]


def test_an_empty_config_is_all_defaults() -> None:
    settings = read("")
    assert settings.store.url == "sqlite:///data/inbox.db"
    assert (settings.web.host, settings.web.port) == ("127.0.0.1", 8025)
    assert settings.public_url == "http://127.0.0.1:8025"
    assert settings.channels == {}
    assert settings.brands["default"].name == settings.site.name == "Inbox"
    assert settings.promise.horizon_days == 2


def test_lengths_of_time_are_read() -> None:
    settings = read('[outbox]\nunknown_wait = "90 seconds"\nretry_first = "1 minute"\ngive_up_after = "5 days"')
    assert settings.outbox.unknown_wait == timedelta(seconds=90)
    assert settings.outbox.retry_first == timedelta(minutes=1)
    assert settings.outbox.give_up_after == timedelta(days=5)


def test_a_channel_has_the_houses_keys_apart_from_its_adapters() -> None:
    settings = read(
        '[channel.support]\nkind = "memory"\nreopen_within = "3 days"\nbatch = 7\nbrand = "shop"\n[brands.shop]'
    )
    channel = settings.channels[ChannelName("support")]
    assert (channel.kind, channel.keys.reopen_within, channel.options.batch) == ("memory", timedelta(days=3), 7)
    assert channel.addresses == ("support@memory",)
    place = channel.place(Path("/s"), Path("/s/data"), bytes(32))
    assert (place.name, place.brand_name, place.site) == ("support", "Inbox", Path("/s"))


def test_registered_kinds_are_found_without_being_named_anywhere() -> None:
    settings = parse('[channel.a]\nkind = "email"\naddresses = ["a@b.example"]')
    assert settings.channels[ChannelName("a")].addresses == ("a@b.example",)


@pytest.mark.parametrize("name", ["name", "zone"])
def test_options_cannot_be_changed(name: str) -> None:
    with pytest.raises(ValidationError):
        setattr(read("").site, name, "other")


def test_everything_wrong_is_told_at_once_in_the_order_of_the_file() -> None:
    found = told(
        "[site]\n"
        'nam = "x"\n'
        'zone = "Asia/Teheran"\n'
        'trusted_proxies = ["10.0.0.0/8", "proxy"]\n'
        "[web]\n"
        'listn = "127.0.0.1:80"\n'
        "[channel.support]\n"
        'kind = "memory"\n'
        "batch = 0\n"
        'reopen_withn = "3 days"\n'
        "[channel.x]\n"
        'kind = "memry"\n'
    )
    assert [(key, facts["where"], facts["name"]) for key, facts in found] == [
        ("config.unknown_key", "config.toml:2: site", "nam"),
        ("config.unknown_zone", "config.toml:3: site", "zone"),
        ("config.bad_network", "config.toml:4: site", "trusted_proxies"),
        ("config.unknown_key", "config.toml:6: web", "listn"),
        ("config.bad_value", "config.toml:9: channel.support", "batch"),
        ("config.unknown_key", "config.toml:10: channel.support", "reopen_withn"),
        ("config.unknown_kind", "config.toml:12: channel.x", "kind"),
    ]
    assert found[3][1]["suggestion"] == "listen"
    assert found[5][1]["suggestion"] == "reopen_within", "a key of the house, though an adapter found it"


@pytest.mark.parametrize(
    ("text", "key", "where"),
    [
        ("[sote]", "config.unknown_key", "config.toml:1"),
        ("[site", "config.not_toml", "config.toml:1"),
        ('\n[site]\nname = "a', "config.not_toml", "config.toml:3"),
        ('[outbox]\nretry_last = "2h"', "config.bad_length", "config.toml:2: outbox"),
        ('[outbox]\nretry_last = "0 minutes"', "config.bad_length", "config.toml:2: outbox"),
        ("[outbox]\nretry_last = 5", "config.bad_length", "config.toml:2: outbox"),
        ('[promise]\nhorizon = "2 days"', "config.bad_working_days", "config.toml:2: promise"),
        ('[web]\nlisten = "8025"', "config.bad_listen", "config.toml:2: web"),
        ('[site]\npublic_url = "inbox.example.org"', "config.bad_url", "config.toml:2: site"),
        ('[log]\nlevel = "loud"', "config.bad_value", "config.toml:2: log"),
        ("[parsers]\nprocesses = 0", "config.bad_value", "config.toml:2: parsers"),
        ("site = 3", "config.bad_value", "config.toml:1"),
        ("[channel.support]\nbatch = 3", "config.missing_key", "config.toml:1: channel.support"),
        ('[channel.Support]\nkind = "memory"', "config.bad_channel_name", "config.toml:1: channel"),
        ('[channel.a]\nkind = "memory"\nbrand = "b"', "config.unknown_brand", "config.toml:3: channel.a"),
        ('[store]\nurl = "mysql://h/d"', "config.database_unknown", "config.toml:2: store"),
        ('[store]\nurl = "postgresql://u:p@h/d"', "config.password_in_url", "config.toml:2: store"),
        ('[store]\npassword = "secret"', "secrets.plain", "config.toml:2: store"),
        ('[store]\npassword = { file = "x" }', "config.password_of_nobody", "config.toml:2: store"),
        (
            '[store]\nurl = "postgresql://u@h/d"\npassword = { command = ["x"] }',
            "config.no_command_here",
            "config.toml:3: store",
        ),
    ],
)
def test_each_mistake_has_its_own_sentence_and_place(text: str, key: str, where: str) -> None:
    (found,) = told(text)
    assert (found[0], found[1]["where"]) == (key, where)


def test_a_secret_written_into_the_config_is_never_repeated() -> None:
    ((_, facts),) = told('[store]\nurl = "postgresql://u:hunter2@h/d"')
    assert "hunter2" not in str(facts)


def test_an_adapter_that_cannot_be_loaded_is_told_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        name = "bot"

        def load(self) -> Adapter:
            raise ImportError("no module named botlib")

    monkeypatch.setattr("inbox.settings.reading.entry_points", lambda group: [Broken()])
    (found,) = told('[channel.a]\nkind = "bot"')
    assert found[0] == "config.kind_broken"
    assert str(found[1]["reason"]) == "no module named botlib"


def test_a_site_without_config_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ExceptionGroup) as caught:
        load(Site(tmp_path))
    (problem,) = caught.value.exceptions
    assert isinstance(problem, Misconfigured)
    assert problem.key == "config.no_file"
    assert f"inbox init {tmp_path}" in WORDING.problem("en", problem)


def test_a_config_in_another_encoding_is_told(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes('[site]\nname = "سلام"'.encode("windows-1256"))
    with pytest.raises(ExceptionGroup) as caught:
        load(Site(tmp_path))
    assert [str(problem).partition(":")[0] for problem in caught.value.exceptions] == ["config.unreadable"]


def test_an_address_belongs_to_one_channel() -> None:
    channel = '[channel.{}]\nkind = "memory"\naddress = "support@x.example"\n'
    ((key, facts),) = told(channel.format("a") + channel.format("b"))
    assert (key, facts["where"], facts["other"]) == ("config.shared_address", "config.toml:4: channel.b", "a")


def test_what_is_wrong_with_a_key_that_must_be_there_is_told_once() -> None:
    with pytest.raises(ExceptionGroup) as caught:
        parse('[channel.a]\nkind = "email"\naddresses = ["support"]\n')
    assert [problem.key for problem in caught.value.exceptions if isinstance(problem, Misconfigured)] == [
        "email.bad_address"
    ]


MENU = '[menus.{name}]\nask = {{ fa = "چه؟", en = "What?" }}\nchoices = [{choices}]'
ONE = '{ value = "a", fa = "الف", en = "A" }'


@pytest.mark.parametrize(
    ("name", "choices", "key"),
    [
        ("Department", ONE, "config.bad_menu_name"),
        ("department", '{ value = "two words", fa = "الف", en = "A" }', "config.bad_choice"),
        ("department", '{ value = "' + "ف" * 30 + '", fa = "الف", en = "A" }', "config.bad_choice"),
        ("department", ONE + ", " + ONE, "config.choice_twice"),
        ("department", ONE + ', { value = "b", fa = "الف", en = "B" }', "config.choice_twice"),
        ("department", '{ value = "a", fa = "الف" }', "config.missing_key"),
        ("department", "", "config.bad_value"),
    ],
)
def test_a_wrong_menu_is_told(name: str, choices: str, key: str) -> None:
    ((found, facts),) = told(MENU.format(name=name, choices=choices))
    assert found == key
    assert "menus" in facts["where"] or facts["name"] == "menus"


FIELD = '[fields.{name}]\nlabel = {{ fa = "چه؟", en = "What?" }}\n{more}'


@pytest.mark.parametrize(
    ("name", "more", "key", "where"),
    [
        ("Order", "", "config.bad_field_name", "config.toml:1: fields"),
        ("order", 'kind = "file"', "config.bad_value", "config.toml:3: fields.order"),
        ("order", 'kind = "number"\npattern = "x"', "config.pattern_of_no_text", "config.toml:4: fields.order"),
        ("order", 'kind = "choice"', "config.field_choices", "config.toml:1: fields"),
        ("order", f"choices = [{ONE}]", "config.field_choices", "config.toml:1: fields"),
        ("order", f'kind = "choice"\nchoices = [{ONE}, {ONE}]', "config.choice_twice", "config.toml:1: fields"),
        ("order", 'labl = "x"', "config.unknown_key", "config.toml:3: fields.order"),
    ],
)
def test_a_wrong_field_is_told_with_its_line(name: str, more: str, key: str, where: str) -> None:
    ((found, facts),) = told(FIELD.format(name=name, more=more))
    assert found == key
    assert facts["where"].startswith(where)


def test_a_field_and_a_menu_cannot_have_one_name() -> None:
    both = MENU.format(name="about", choices=ONE) + "\n" + FIELD.format(name="about", more="")
    assert [key for key, _ in told(both)] == ["config.bad_field_name"]


BOT = '[channel.bot]\nkind = "telegram"\nbot = "@example_bot"\ntoken = { file = "t" }\n'


def test_a_group_of_a_desk_is_told_to_its_channel() -> None:
    made = parse(f'{BOT}[desk.support]\nchannel = "bot"\nchat = -1001\n[desk.alone]\nchannel = "bot"\n')
    assert made.channels[ChannelName("bot")].desks == {"-1001"}


@pytest.mark.parametrize(
    ("desk", "key"),
    [
        ('[desk.support]\nchannel = "bott"\n', "config.unknown_name"),
        ('[desk.support]\nchannel = "bot"\nchats = 1\n', "config.unknown_key"),
        ('[desk.Support]\nchannel = "bot"\n', "config.bad_desk_name"),
        ('[desk.one]\nchannel = "bot"\nchat = -1\n[desk.two]\nchannel = "bot"\nchat = -1\n', "config.shared_desk"),
        ('[desk.support]\nchannel = "bot"\nmode = "all"\n', "config.bad_value"),
    ],
)
def test_what_is_wrong_with_a_desk(desk: str, key: str) -> None:
    with pytest.raises(ExceptionGroup) as wrong:
        parse(BOT + desk)
    assert [one.key for one in wrong.value.exceptions if isinstance(one, Misconfigured)] == [key]
