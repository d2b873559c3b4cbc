"""What conversations are about: each in one group, the largest first, by words before tags before departments before teams."""

from inbox.domain.ids import ConversationId, TeamId
from inbox.pipeline.articles_grouped import MOST_GROUPS, grouped
from inbox.store.articles_uncovered import Uncovered


def asked(
    number: int, words: str, *tags: str, team: int | None = None, department: str = "", language: str = "en"
) -> Uncovered:
    return Uncovered(
        ConversationId(number), f"R{number}", words, language, tags, TeamId(team) if team else None, department
    )


def told(*matters: Uncovered) -> list[tuple[str, str, int]]:
    teams = {TeamId(1): "Care", TeamId(2): "Orders"}
    return [(group.kind, group.about, group.count) for group in grouped(matters, teams)]


def test_words_come_first_with_their_endings_and_as_they_were_written() -> None:
    found = told(
        asked(1, "سلام، گارانتی آسیاب چند سال است؟", "warranty", language="fa"),
        asked(2, "گارانتی آسیاب‌های برقی", "warranty", language="fa"),
        asked(3, "Refunds for my order"),
        asked(4, "When is it refunded?"),
        asked(5, "Opening hours", team=1),
    )
    assert found == [("word", "گارانتی آسیاب", 2), ("word", "Refunds", 2), ("team", "Care", 1)]


def test_tags_and_departments_gather_what_no_word_does_and_teams_the_rest() -> None:
    found = told(
        asked(1, "Grinder", "gift", department="sales"),
        asked(2, "Kettle", "gift"),
        asked(3, "Filter", department="sales"),
        asked(4, "Beans", department="sales"),
        asked(5, "Cups", team=2),
        asked(6, "Spoon", team=2),
        asked(7, "Water"),
    )
    assert found == [
        ("department", "sales", 3),
        ("team", "Orders", 2),
        ("rest", "", 2),
    ]


def test_a_word_that_nearly_all_share_tells_nothing() -> None:
    few = [asked(n, f"Order {'invoice' if n % 5 == 0 else ''}") for n in range(30)]
    assert told(*few)[0] == ("word", "invoice", 6)


def test_there_is_an_end_to_groups() -> None:
    letters = "bcdfghjklmnpqrstvwxz"
    many = [asked(n, f"{letters[n // 2 % 20]}ork{letters[n // 2 % 20]}") for n in range(40)]
    found = told(*many)
    assert len(found) == MOST_GROUPS + 1
    assert sum(count for _, _, count in found) == 40
    assert told() == []


def test_nobodys_address_or_number_names_a_group() -> None:
    found = told(asked(1, "lena@example.org 48205"), asked(2, "lena@example.org 48205"))
    assert found == [("rest", "", 2)]
