"""What is shipped for whoever watches names numbers that we tell, with the labels that they have, and the page explains each."""

import json
import re
from typing import Any

from prometheus_client import CollectorRegistry

from inbox.runtime.meter import Meter
from inbox.store.store import Store
from inbox.testing import FakeClock
from tests.architecture.house import ROOT

PLACE = ROOT / "docs" / "operations"
NAME = re.compile(r"\b(inbox_[a-z_]+)\b(\{[^}]*\})?")
LABEL = re.compile(r"(\w+)\s*(?:=~|!=|!~|=)\s*\"")
FAMILY = ("_bucket", "_sum", "_count")


def numbers(registry: CollectorRegistry) -> dict[str, frozenset[str]]:
    """What is told of ourselves, by the name that is asked for, with its labels."""
    told = {}
    for name, owner in registry._names_to_collectors.items():
        labels = frozenset(getattr(owner, "_labelnames", ()))
        if name.startswith("inbox_") and not name.endswith("_created"):
            told[name] = labels | ({"le"} if name.endswith("_bucket") else set())
    return told


def known(tmp: Any) -> dict[str, frozenset[str]]:
    """Those of a meter."""
    store = Store("sqlite:///watched.db", tmp)
    try:
        return numbers(Meter(store, FakeClock(), "1", (), lambda: (1, True), lambda: 0).registry)
    finally:
        store.close()


def questions() -> list[str]:
    """Every expression of the alerts and of the dashboard."""
    alerts = (PLACE / "prometheus" / "alerts.yml").read_text("utf-8").split("      - alert: ")[1:]
    assert alerts
    assert all(f"\n          {word}: " in alert for alert in alerts for word in ("summary", "action"))
    asked = [found[1] for alert in alerts for found in re.finditer(r"^ {8}expr: (.+)$", alert, re.MULTILINE)]
    assert len(asked) == len(alerts)
    board = json.loads((PLACE / "grafana" / "inbox.json").read_text("utf-8"))
    return asked + [one["expr"] for panel in board["panels"] for one in panel["targets"]]


def test_what_is_shipped_asks_for_numbers_that_there_are(tmp_path: Any) -> None:
    there = known(tmp_path)
    asked = [found for question in questions() for found in NAME.finditer(question)]
    assert len(asked) > 30
    assert sorted({found[1] for found in asked} - set(there)) == []
    wrong = [found[0] for found in asked if set(LABEL.findall(found[2] or "")) - there[found[1]] - {"job", "instance"}]
    assert wrong == []


def test_the_page_tells_every_number_with_its_labels_and_no_other(tmp_path: Any) -> None:
    page = (PLACE / "watching.md").read_text("utf-8")
    rows = re.findall(r"^\| `(inbox_\w+)` \|([^|]*)\|", page, re.MULTILINE)
    told = {name: frozenset(re.findall(r"`(\w+)`", labels)) for name, labels in rows}
    there = known(tmp_path)
    histograms = {name.removesuffix("_bucket") for name in there if name.endswith("_bucket")}
    wanted = {
        name: labels for name, labels in there.items() if not name.endswith(FAMILY) and name + "_total" not in there
    }
    assert told == wanted
    assert histograms <= set(told)


def test_no_label_is_an_address_or_a_reference(tmp_path: Any) -> None:
    labels = frozenset().union(*known(tmp_path).values())
    few = {"channel", "result", "kind", "rule", "outcome", "target", "priority", "state", "route", "version", "le"}
    assert labels == few
