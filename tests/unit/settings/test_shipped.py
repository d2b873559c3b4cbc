"""The shipped config.toml is the reference: every key, at its default, with a sentence of its own."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from channels.email.options import (
    DkimOptions,
    EmailOptions,
    ImapOptions,
    ListenOptions,
    MaildirOptions,
    SmtpOptions,
    VoicemailOptions,
)
from channels.phone.options import PhoneOptions
from channels.portal.adapter import PortalOptions
from channels.telegram.options import BotOptions
from channels.webchat.options import WebchatOptions
from inbox.domain.ids import ChannelName
from inbox.domain.secrets import SecretReference
from inbox.settings import parse
from inbox.settings.asked import FieldOptions
from inbox.settings.options import ChannelKeys, DeskOptions, Document

TEXT = (Path(__file__).parents[3] / "config.toml").read_text("utf-8")
SWITCHED_OFF = re.compile(r"^#(?=[\[a-z])", re.MULTILINE)
SETTING = re.compile(r"#?([a-z_0-9]+) = ")
HEADER = re.compile(r"#?\[([a-z._]+)\]")
EXAMPLES = {"host", "user", "password", "oauth2", "ca_file", "port", "reopen_within"}
"""Keys that have no default, or None, which TOML cannot say."""


def written() -> Iterator[tuple[str, str]]:
    """Table and key of every line with a setting, switched on or off."""
    table = ""
    for line in TEXT.splitlines():
        if header := HEADER.fullmatch(line):
            table = header[1]
        elif key := SETTING.match(line):
            yield table, key[1]


def flat(model: BaseModel, prefix: str) -> dict[str, Any]:
    """The values of options, inner tables with dots."""
    found: dict[str, Any] = {}
    for name in type(model).model_fields:
        value = getattr(model, name)
        inner = flat(value, f"{prefix}.{name}") if isinstance(value, BaseModel) else {f"{prefix}.{name}": value}
        found |= inner
    return found


def test_it_says_exactly_the_defaults() -> None:
    shipped, plain = parse(TEXT), parse("")
    for name in Document.model_fields:
        if name != "channel":
            assert getattr(shipped, name) == getattr(plain, name), name
    channel = shipped.channels[ChannelName("support")]
    assert channel.keys == ChannelKeys(kind="email")
    assert channel.options == EmailOptions(addresses=("support@inbox.example",))
    chat = shipped.channels[ChannelName("chat")]
    assert (chat.keys, chat.options) == (ChannelKeys(kind="webchat"), WebchatOptions())
    portal = shipped.channels[ChannelName("portal")]
    assert (portal.keys, portal.options) == (ChannelKeys(kind="portal"), PortalOptions())
    assert list(shipped.channels) == ["support", "chat", "portal"]


def test_it_holds_every_key_of_the_house() -> None:
    there = set(written())
    tables = {**{name: field.annotation for name, field in Document.model_fields.items()}}
    for name, model in tables.items():
        if isinstance(model, type) and issubclass(model, BaseModel):
            assert {(name, key) for key in model.model_fields} - there == set()
    assert {("brands.default", "name"), ("brands.default", "signature")} <= there
    assert {("channel.support", key) for key in ChannelKeys.model_fields} - there == set()


def test_it_holds_every_key_of_mail() -> None:
    there = set(written())
    assert {("channel.support", key) for key in EmailOptions.model_fields if key not in TABLES} - there == set()
    for table in TABLES:
        model = TABLES[table]
        fields = model.model_fields.items()
        keys = {
            field.alias or key for key, field in fields if key != "oauth2"
        }  # an example in words: it excludes the password
        assert {(f"channel.support.{table}", key) for key in keys} - there == set()
    assert "oauth2 = {" in TEXT


def test_it_holds_every_key_of_bots_at_its_default() -> None:
    there = set(written())
    assert {("channel.bot", key) for key in BotOptions.model_fields if key != "can"} - there == set()
    made = parse(SWITCHED_OFF.sub("", TEXT).replace("sqlite:///data/inbox.db", "postgresql://inbox@db/inbox"))
    options = made.channels[ChannelName("bot")].options
    plain = BotOptions(bot="@example_desk_bot", token=SecretReference("file", ("secrets/bot-token",)))
    assert options.model_copy(update={"ca_file": None, "webhook_secret": None}) == plain


def test_it_shows_a_menu() -> None:
    made = parse(SWITCHED_OFF.sub("", TEXT).replace("sqlite:///data/inbox.db", "postgresql://inbox@db/inbox"))
    menu = made.menus["department"]
    assert [one.value for one in menu.choices] == ["sales", "billing"]
    assert {("menus.department", key) for key in type(menu).model_fields} - set(written()) == set()


def test_it_shows_a_field_at_its_defaults() -> None:
    made = parse(SWITCHED_OFF.sub("", TEXT).replace("sqlite:///data/inbox.db", "postgresql://inbox@db/inbox"))
    field = made.fields["order"]
    assert field == FieldOptions(label=field.label, hint=field.hint)
    assert {("fields.order", key) for key in type(field).model_fields} - set(written()) == set()


def test_it_shows_a_desk_at_its_defaults() -> None:
    made = parse(SWITCHED_OFF.sub("", TEXT).replace("sqlite:///data/inbox.db", "postgresql://inbox@db/inbox"))
    assert made.desk["support"] == DeskOptions(channel="bot")
    assert {("desk.support", key) for key in DeskOptions.model_fields} - set(written()) == set()


def test_it_holds_every_key_of_the_web_chat_at_its_default() -> None:
    there = set(written())
    assert {("channel.chat", key) for key in WebchatOptions.model_fields} - there == set()
    made = parse(SWITCHED_OFF.sub("", TEXT).replace("sqlite:///data/inbox.db", "postgresql://inbox@db/inbox"))
    options = made.channels[ChannelName("chat")].options
    assert options.model_copy(update={"identity_secret": None}) == WebchatOptions()


def test_it_holds_every_key_of_telephones_at_its_default() -> None:
    there = {key for table, key in written() if table.startswith("channel.phone")}
    assert set(PhoneOptions.model_fields) - there == {"names", "agents"}
    assert {"[channel.phone.names]", "[channel.phone.agents]"} <= {line.removeprefix("#") for line in TEXT.splitlines()}
    made = parse(SWITCHED_OFF.sub("", TEXT).replace("sqlite:///data/inbox.db", "postgresql://inbox@db/inbox"))
    options = made.channels[ChannelName("phone")].options
    assert options.model_copy(update={"secret": None, "names": {}, "agents": {}}) == PhoneOptions()
    mail = made.channels[ChannelName("support")].options.voicemail
    assert mail == VoicemailOptions.model_validate({"from": ["pbx@inbox.example"], "channel": "phone"})


TABLES: dict[str, type[BaseModel]] = {
    "listen": ListenOptions,
    "maildir": MaildirOptions,
    "imap": ImapOptions,
    "smtp": SmtpOptions,
    "dkim": DkimOptions,
    "voicemail": VoicemailOptions,
}


def test_it_holds_nothing_twice_and_says_something_about_each_key() -> None:
    settings = list(written())
    assert len(settings) == len(set(settings))
    lines = TEXT.splitlines()
    for number, line in enumerate(lines):
        if SETTING.match(line):
            assert lines[number - 1].startswith("# "), f"line {number + 1} has no sentence: {line}"


def test_what_is_switched_off_is_right_and_at_its_default_too() -> None:
    text = SWITCHED_OFF.sub("", TEXT).replace("sqlite:///data/inbox.db", "postgresql://inbox@db/inbox")
    assert tomllib.loads(text)["channel"]["support"]["imap"]["host"] == "imap.example.org"
    settings = parse(text)
    options = settings.channels[ChannelName("support")].options
    for made, model in ((options.imap, ImapOptions), (options.smtp, SmtpOptions)):
        plain = model(host="h", user="u", password={"env": "P"})
        values, defaults = flat(made, ""), flat(plain, "")
        assert {k: v for k, v in values.items() if k[1:] not in EXAMPLES} == {
            k: v for k, v in defaults.items() if k[1:] not in EXAMPLES
        }
        assert made.chosen_port == plain.chosen_port
    assert (options.dkim.selector, options.dkim.domain, str(options.dkim.key)) == ("inbox", "", "file:secrets/dkim.pem")


@pytest.mark.parametrize("word", ["/" + "home/", "localhost"])
def test_it_names_no_place_of_ours(word: str) -> None:
    assert word not in TEXT
