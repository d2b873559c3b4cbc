"""A group as a server keeps it: topics, what stands in them, what is pinned, and the signs under messages."""

import json
from dataclasses import dataclass, field
from typing import Any, Protocol

from tests.rig.bot_call import Mistake, Sent
from tests.rig.bot_manners import Manners

DESK_METHODS = (
    "createForumTopic",
    "editForumTopic",
    "pinChatMessage",
    "setMessageReaction",
    "deleteMessage",
)
REACTIONS = frozenset("👍👎❤🔥🎉👀✍🤔😢🙏👌")
"""Some of those that a bot may use."""
NO_RIGHTS = "Bad Request: not enough rights to manage topics"
Place = tuple[str, int]


@dataclass(slots=True)
class Group:
    """All groups of a network. `forums` None: every group has topics; `rights`: those of the bot."""

    topics: dict[Place, str] = field(default_factory=dict)
    standing: dict[Place, tuple[str, str]] = field(default_factory=dict)
    """What stands there: its words and its buttons, by chat and number."""
    inside: dict[Place, str] = field(default_factory=dict)
    """The topic that it stands in."""
    pinned: set[Place] = field(default_factory=set)
    signs: dict[Place, str] = field(default_factory=dict)
    forum: bool = True
    rights: dict[str, bool] = field(default_factory=lambda: {"can_manage_topics": True, "can_pin_messages": True})
    status: str = "administrator"

    def about(self, call: Sent) -> dict[str, Any]:
        """What is told of a group, or of a member."""
        if call.method == "getChatMember":
            return {"status": self.status, "user": call.bot, **self.rights}
        return {"id": int(call.said("chat_id")), "type": "supergroup", "title": "Desk", "is_forum": self.forum}

    def sent(self, call: Sent, number: int) -> None:
        """Something stands there from now on."""
        place = (call.said("chat_id"), number)
        self.standing[place] = (call.said("text") or call.said("caption"), call.said("reply_markup"))
        self.inside[place] = call.said("message_thread_id")

    def edited(self, call: Sent) -> None:
        """Raises Mistake where nothing stands there, or the same does."""
        place = (call.said("chat_id"), int(call.said("message_id")))
        if place not in self.standing:
            raise Mistake(400, "Bad Request: message to edit not found")
        said = (call.said("text"), call.said("reply_markup"))
        if self.standing[place] == said:
            raise Mistake(400, "Bad Request: message is not modified: specified new message content is the same")
        self.standing[place] = said

    def marked(self, call: Sent) -> None:
        """Other buttons stand under it. Raises Mistake where nothing stands there, or the same do."""
        place = (call.said("chat_id"), int(call.said("message_id")))
        if place not in self.standing:
            raise Mistake(400, "Bad Request: message to edit not found")
        said = (self.standing[place][0], call.said("reply_markup"))
        if self.standing[place] == said:
            raise Mistake(400, "Bad Request: message is not modified: specified new message content is the same")
        self.standing[place] = said

    def check_topic(self, call: Sent) -> None:
        """Raises Mistake where there is no such topic."""
        if (call.said("chat_id"), int(call.said("message_thread_id"))) not in self.topics:
            raise Mistake(400, "Bad Request: message thread not found")

    def loses(self, chat: str, topic: int) -> None:
        """Somebody deleted a topic with all that stood in it."""
        del self.topics[chat, topic]
        for place in [one for one, inside in self.inside.items() if inside == str(topic) and one[0] == chat]:
            del self.standing[place], self.inside[place]

    def texts(self, chat: str, topic: int | str = "") -> list[str]:
        """What stands in a topic, in order."""
        return [
            said
            for (where, number), (said, _) in sorted(self.standing.items(), key=lambda one: one[0][1])
            if where == chat and self.inside[where, number] == str(topic)
        ]


class World(Protocol):
    """As much of the network as groups need."""

    manners: Manners
    group: Group

    def number(self, chat: str) -> int: ...


def at_desk(call: Sent, world: World) -> object:
    """The result of a call about a group. Raises Mistake."""
    group, chat = world.group, call.said("chat_id")
    if call.method in ("createForumTopic", "editForumTopic", "setMessageReaction") and not world.manners.topics:
        raise Mistake(404, world.manners.unknown_method)
    match call.method:
        case "createForumTopic":
            return _created(call, world)
        case "editForumTopic":
            topic = (chat, int(call.said("message_thread_id")))
            if topic not in group.topics:
                raise Mistake(400, "Bad Request: TOPIC_ID_INVALID")
            if group.topics[topic] == call.said("name"):
                raise Mistake(400, "Bad Request: TOPIC_NOT_MODIFIED")
            group.topics[topic] = call.said("name")
            return True
    place = (chat, int(call.said("message_id")))
    match call.method:
        case "pinChatMessage":
            if place not in group.standing:
                raise Mistake(400, "Bad Request: message to pin not found")
            group.pinned.add(place)
        case "setMessageReaction":
            _reacted(call, group, place)
        case "deleteMessage":
            if group.standing.pop(place, None) is None:
                raise Mistake(400, "Bad Request: message to delete not found")
            group.inside.pop(place, None)
    return True


def _created(call: Sent, world: World) -> dict[str, Any]:
    chat, name = call.said("chat_id"), call.said("name")
    if not world.group.forum:
        raise Mistake(400, "Bad Request: the chat is not a forum")
    if not world.group.rights["can_manage_topics"]:
        raise Mistake(400, NO_RIGHTS)
    if not 1 <= len(name) <= 128:
        raise Mistake(400, "Bad Request: TOPIC_TITLE_EMPTY")
    number = world.number(chat)
    world.group.topics[chat, number] = name
    return {"message_thread_id": number, "name": name, "icon_color": 7322096}


def _reacted(call: Sent, group: Group, place: Place) -> None:
    signs = json.loads(call.said("reaction") or "[]")
    if any(one["emoji"] not in REACTIONS for one in signs):
        raise Mistake(400, "Bad Request: REACTION_INVALID")
    group.signs[place] = "".join(one["emoji"] for one in signs)
