"""A mail as the one JSON object that `inbox parse` prints, reports included."""

from collections.abc import Iterable

from channels.email.letter import Letter
from inbox.domain.happenings import Address


def described(letter: Letter) -> dict[str, object]:
    """The object: plain values only, keys in a fixed order; `date` is ISO 8601 UTC or None."""
    report = letter.report
    return {
        "message_id": letter.message_id,
        "in_reply_to": list(letter.in_reply_to),
        "references": list(letter.references),
        "from": _person(letter.sender),
        "to": _people(letter.to),
        "cc": _people(letter.cc),
        "reply_to": _people(letter.reply_to),
        "subject": letter.subject,
        "date": letter.sent_at.isoformat().replace("+00:00", "Z") if letter.sent_at else None,
        "text": letter.content.text,
        "html": letter.content.html,
        "reply_text": letter.reply_text,
        "attachments": [
            {
                "filename": one.filename,
                "content_type": one.content_type,
                "size": one.size,
                "content_id": one.content_id,
                "inline": one.inline,
            }
            for one in letter.content.attachments
        ],
        "auto": letter.automatic,
        "bounce": {"recipient": report.recipient, "status": report.status, "permanent": report.permanent}
        if report is not None and report.kind == "bounce"
        else None,
        "defects": list(letter.defects),
    }


def _person(one: Address) -> dict[str, str]:
    return {"name": one.name, "address": one.address}


def _people(some: Iterable[Address]) -> list[dict[str, str]]:
    return [_person(one) for one in some]
