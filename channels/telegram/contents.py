"""What one chat message holds beside its frame: words, and files that only the network has."""

from dataclasses import dataclass

from channels.telegram.said import Said
from inbox.domain.happenings import Attachment
from inbox.text.cleaning import clean_header, strip_controls
from inbox.text.filenames import safe_filename

# Field, name of a file that has none, type of a file that says none.
_FILES = (
    ("document", "file", "application/octet-stream"),
    ("voice", "voice.ogg", "audio/ogg"),
    ("audio", "audio.mp3", "audio/mpeg"),
    ("video", "video.mp4", "video/mp4"),
    ("video_note", "video-note.mp4", "video/mp4"),
)


def _known(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


_SERVICE = _known(
    "new_chat_members left_chat_member new_chat_title new_chat_photo delete_chat_photo group_chat_created pinned_message",
    "supergroup_chat_created channel_chat_created message_auto_delete_timer_changed users_shared chat_shared",
    "connected_website write_access_allowed proximity_alert_triggered boost_added chat_background_set video_chat_started",
    "forum_topic_created forum_topic_edited forum_topic_closed forum_topic_reopened general_forum_topic_hidden",
    "general_forum_topic_unhidden video_chat_scheduled video_chat_ended video_chat_participants_invited web_app_data",
    "migrate_from_chat_id checklist_tasks_done checklist_tasks_added direct_message_price_changed",
    "suggested_post_approved suggested_post_declined giveaway_created giveaway_completed",
)
_FRAME = _known(
    "message_id from chat date edit_date sender_chat message_thread_id is_topic_message reply_to_message quote",
    "external_reply forward_origin forward_from forward_from_chat forward_sender_name forward_date forward_signature",
    "forward_from_message_id is_automatic_forward via_bot has_protected_content has_media_spoiler media_group_id",
    "reply_markup link_preview_options effect_id author_signature is_from_offline sender_boost_count entities",
    "caption_entities show_caption_above_media business_connection_id sender_business_bot",
)


@dataclass(frozen=True, slots=True)
class Content:
    """What a person sent. `defects` name what of it cannot be shown."""

    text: str
    files: tuple[Attachment, ...] = ()
    defects: tuple[str, ...] = ()


def content(message: Said, largest: int) -> Content | None:
    """What a message holds; None where no person says anything in it: somebody joined, a title changed.

    A file of more than `largest` bytes is a stub: it is told of, and `gone` from the beginning.
    """
    files = tuple(_files(message, largest))
    text = strip_controls(message.text("text") or message.text("caption")) or _described(message)
    defects = ("file-too-large",) if any(one.state == "gone" for one in files) else ()
    if text or files:
        return Content(text, files, defects)
    if any(name in message for name in _SERVICE):
        return None
    unknown = sorted(name for name in message.fields if name not in _FRAME)
    return Content("", (), tuple(f"not-shown:{clean_header(name)[:40]}" for name in unknown[:3]) or ("empty",))


def _described(message: Said) -> str:
    """What is no text, in words that need no language: a place, a person's number, a sticker, a question."""
    if place := message.part("venue") or message.part("location"):
        point = place.part("location") or place
        names = [clean_header(place.text("title")), clean_header(place.text("address"))]
        found = f"geo:{point.real('latitude'):.6f},{point.real('longitude'):.6f}"  # RFC 5870
        return "\n".join([*filter(None, names), found])
    if contact := message.part("contact"):
        names = [contact.text("first_name"), contact.text("last_name"), contact.text("phone_number")]
        return " ".join(filter(None, map(clean_header, names)))
    if poll := message.part("poll"):
        return "\n".join(strip_controls(one) for one in (poll.text("question"), *_options(poll)))
    return clean_header(message.part("sticker").text("emoji") or message.part("dice").text("emoji"))


def _options(poll: Said) -> list[str]:
    return [f"- {option.text('text')}" for option in poll.parts("options")]


def _files(message: Said, largest: int) -> list[Attachment]:
    found = [_file(message.part(field), name, kind, largest) for field, name, kind in _FILES if message.part(field)]
    if sizes := message.parts("photo"):
        best = max(sizes, key=lambda one: (one.number("file_size"), one.number("width") * one.number("height")))
        found.append(_file(best, "photo.jpg", "image/jpeg", largest))
    if sticker := message.part("sticker"):
        found.append(_file(sticker, *_sticker(sticker), largest))
    return found


def _sticker(sticker: Said) -> tuple[str, str]:
    if sticker.true("is_video"):
        return "sticker.webm", "video/webm"
    return ("sticker.tgs", "application/gzip") if sticker.true("is_animated") else ("sticker.webp", "image/webp")


def _file(said: Said, name: str, kind: str, largest: int) -> Attachment:
    """One file. `remote` is the network's name for it, by which it is collected."""
    size, remote = max(0, said.number("file_size")), said.text("file_id")
    gone = size > largest or not remote
    return Attachment(
        safe_filename(said.text("file_name") or name),
        clean_header(said.text("mime_type")) or kind,
        size,
        state="gone" if gone else "wanted",
        remote="" if gone else remote,
    )
