"""`inbox organizations`, `inbox contacts` of contacts themselves, and `inbox forget`, from the command line."""

from pathlib import Path

from tests.cli.talk import Talk

FIELDS = """
[contact_fields.phone]
label = { fa = "تلفن", en = "Phone" }

[organization_fields.seats]
kind = "number"
label = { fa = "صندلی", en = "Seats" }
"""
CARDS = """\
BEGIN:VCARD
VERSION:3.0
FN:نگار سهرابی
EMAIL:negar@acme.example
TEL:۰۲۱-۱۲۳۴۵۶۷۸
ORG:Acme
TITLE:مدیر مالی
END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:Nobody
END:VCARD
"""


def declared(site: Path) -> None:
    config = site / "config.toml"
    config.write_text(config.read_text("utf-8") + FIELDS, "utf-8")


def test_cards_come_in_and_go_out(inbox: Talk, site: Path, tmp_path: Path) -> None:
    declared(site)
    cards, out = tmp_path / "people.vcf", tmp_path / "out.vcf"
    cards.write_text(CARDS, "utf-8")
    tried = inbox("--format", "json", "contacts", "import", str(cards), "--dry-run").json()
    assert [(one["row"], one["state"]) for one in tried] == [(1, "new"), (2, "refused")]
    assert "address" in tried[1]["error"]
    assert inbox("--format", "json", "contacts", "list").json() == []
    assert inbox("contacts", "import", str(cards)).code == 1
    (negar,) = inbox("--format", "json", "contacts", "list", "نگار").json()
    assert (negar["organization"], negar["role"], negar["fields"]) == ("Acme", "مدیر مالی", ["phone=۰۲۱-۱۲۳۴۵۶۷۸"])
    assert inbox("contacts", "export", str(out)).code == 0
    text = out.read_text("utf-8")
    assert "VERSION:4.0" in text
    assert "TEL:۰۲۱-۱۲۳۴۵۶۷۸" in text
    assert inbox("--format", "json", "contacts", "import", str(out)).json()[0]["state"] == "same"
    assert "VERSION:3.0" in inbox("contacts", "export", "-", "--vcard", "3.0").out
    assert inbox("contacts", "import", str(site / "config.toml")).code != 0


def test_the_table_has_a_column_for_each_field(inbox: Talk, site: Path, tmp_path: Path) -> None:
    declared(site)
    table, out = tmp_path / "in.csv", tmp_path / "out.csv"
    table.write_text("name,addresses,role,field.phone\nLena,lena@acme.example,CFO,021 12345678\n", "utf-8")
    assert inbox("contacts", "import", str(table)).code == 0
    assert inbox("contacts", "export", str(out)).code == 0
    head, lena = out.read_text("utf-8-sig").splitlines()
    assert head.endswith("addresses,role,field.phone")
    assert lena.endswith("CFO,021 12345678")
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("addresses,field.colour\nomid@acme.example,red\n", "utf-8")
    (refused,) = inbox("--format", "json", "contacts", "import", str(wrong)).json()
    assert refused["state"] == "refused"
    assert "colour" in refused["error"]


def test_an_organization_is_added_changed_shown_and_merged(inbox: Talk, site: Path, tmp_path: Path) -> None:
    declared(site)
    table = tmp_path / "in.csv"
    table.write_text("name,addresses\nLena,lena@acme.example\n", "utf-8")
    assert inbox("contacts", "import", str(table)).code == 0
    assert "Acme (#1)" in inbox("organizations", "add", "Acme").out
    changed = inbox(
        "organizations", "change", "Acme", "--domain", "acme.example", "--tag", "partner", "--field", "seats=40"
    )
    assert "1 contacts came to belong" in changed.out
    shown = inbox("organizations", "show", "Acme").out
    for words in ("@acme.example", "seats=40", "Lena", "partner"):
        assert words in shown
    assert "gmail.com" in inbox("organizations", "change", "Acme", "--domain", "gmail.com").err
    assert "is no number" in inbox("organizations", "change", "1", "--field", "seats=many").err
    assert inbox("organizations", "add", "Other").code == 0
    assert "Acme went into Other" in inbox("organizations", "merge", "Acme", "--into", "Other").out
    (other,) = inbox("--format", "json", "organizations", "list").json()
    assert (other["name"], other["people"], other["tags"]) == ("Other", 1, ["partner"])


def test_contacts_are_edited_merged_taken_apart_and_forgotten(inbox: Talk, site: Path, tmp_path: Path) -> None:
    declared(site)
    table = tmp_path / "in.csv"
    table.write_text("name,addresses\nLena Fischer,lena@acme.example\nLena Fischer,lena@home.example\n", "utf-8")
    assert inbox("contacts", "import", str(table)).code == 0
    assert "same name" in inbox("contacts", "duplicates").out
    edited = inbox("contacts", "edit", "1", "--role", "CFO", "--field", "phone=021 12345678", "--organization", "Acme")
    assert edited.code == 0
    assert "#2 went into Lena Fischer (#1)" in inbox("contacts", "merge", "2", "--into", "1").out
    assert "role CFO" in inbox("contacts", "show", "email:lena@home.example").out
    assert "Lena Fischer (#2) is as before" in inbox("contacts", "unmerge", "2").out
    assert inbox("contacts", "apart", "1", "2").code == 0
    assert "Nobody seems" in inbox("contacts", "duplicates").out
    told = inbox("forget", "1", "--dry-run")
    assert "Nothing was removed; without --dry-run" in told.out
    assert inbox("forget", "1").code != 0, "nobody was there to be asked"
    assert "is forgotten" in inbox("forget", "1", "--yes").out
    assert "no contact" in inbox("forget", "email:lena@acme.example", "--yes").err.lower()
