"""What each method of the Bot API does here, and what it refuses."""

import json
from typing import Any, Protocol

from tests.rig.bot_call import Mistake as Mistake
from tests.rig.bot_call import Sent as Sent
from tests.rig.bot_group import DESK_METHODS, Group, at_desk
from tests.rig.bot_hook import Hook
from tests.rig.bot_manners import Manners

TEXT = 4096
CAPTION = 1024
DOWNLOAD = 20_000_000


class World(Protocol):
    """As much of the network as the methods need."""

    manners: Manners
    hook: Hook
    files: dict[str, bytes]
    paths: dict[str, str]
    commands: dict[str, list[dict[str, str]]]
    group: Group

    @property
    def kept(self) -> list[dict[str, Any]]: ...

    def number(self, chat: str) -> int: ...


def carried_out(call: Sent, world: World) -> object:
    """The result of a call. Raises Mistake."""
    match call.method:
        case "getMe":
            return call.bot
        case "setWebhook":
            if not call.said("url").startswith("https://"):
                raise Mistake(400, "Bad Request: bad webhook: HTTPS url must be provided for webhook")
            world.hook.url = call.said("url")
            world.hook.secret = call.said("secret_token") if world.manners.hook_secret else ""
            return True
        case "deleteWebhook":
            world.hook.url = ""
            return True
        case "getWebhookInfo":
            return world.hook.info(len(world.kept))
        case "getFile":
            return _file(call, world)
        case "getMyCommands" | "setMyCommands" if world.manners.commands:
            return _commands(call, world)
        case "sendChatAction" | "answerCallbackQuery":
            return True
        case "getChat" | "getChatMember":
            return world.group.about(call)
        case method if method in DESK_METHODS:
            return at_desk(call, world)
        case "sendMediaGroup":
            return [_message(call, world) for _ in json.loads(call.said("media"))]
        case "editMessageReplyMarkup" if not world.manners.stubs:
            world.group.marked(call)
            return _message(call, world) | {"message_id": int(call.said("message_id")), "edit_date": 1_795_500_100}
        case "editMessageReplyMarkup":
            world.group.marked(call)
            return {"message_id": 0, "chat": {"id": 0, "type": "private"}}
        case "editMessageText" if world.manners.stubs:
            world.group.edited(call)
            return {"message_id": 0, "chat": {"id": 0, "type": "private"}}
        case "editMessageText":
            _check(call, world.manners)
            world.group.edited(call)
            return _message(call, world) | {"message_id": int(call.said("message_id")), "edit_date": 1_795_500_100}
        case method if method.startswith("send"):
            return _message(call, world)
    raise Mistake(404, world.manners.unknown_method)


def _commands(call: Sent, world: World) -> object:
    """The commands of a language, as they are kept, or from now on."""
    language = call.said("language_code")
    if call.method == "setMyCommands":
        world.commands[language] = json.loads(call.said("commands"))
        return True
    return world.commands.get(language, [])


def _file(call: Sent, world: World) -> dict[str, Any]:
    name = call.said("file_id")
    if name not in world.files:
        raise Mistake(400, "Bad Request: invalid file_id")
    if len(world.files[name]) > DOWNLOAD:
        raise Mistake(400, "Bad Request: file is too big")
    size, path = len(world.files[name]), world.paths.get(name, name)
    return {"file_id": name, "file_unique_id": name, "file_size": size, "file_path": path}


def _message(call: Sent, world: World) -> dict[str, Any]:
    """What was sent, as the network repeats it."""
    manners, chat = world.manners, call.said("chat_id")
    _check(call, manners)
    where = {"id": int(chat), "type": "private" if int(chat) > 0 else "group"}
    said: dict[str, Any] = {"message_id": world.number(chat), "from": call.bot, "chat": where}
    if manners.dated:
        said["date"] = 1_795_500_000
    if call.said("text"):
        said["text"] = call.said("text").strip()
    if manners.topics and call.said("message_thread_id"):
        world.group.check_topic(call)
        said |= {"message_thread_id": int(call.said("message_thread_id")), "is_topic_message": True}
    if call.method.startswith("send"):
        world.group.sent(call, int(said["message_id"]))
    return said


def _check(call: Sent, manners: Manners) -> None:
    if not call.said("chat_id"):
        raise Mistake(400, "Bad Request: chat_id is empty")
    if call.method in ("sendMessage", "editMessageText"):
        if not call.said("text").strip():
            raise Mistake(400, "Bad Request: message text is empty")
        if _units(call.said("text")) > TEXT:
            raise Mistake(400, "Bad Request: message is too long")
    if _units(call.said("caption")) > CAPTION:
        raise Mistake(400, "Bad Request: message caption is too long")
    if (manners.markdown or call.said("parse_mode")) and call.said("text").count("```") % 2:
        raise Mistake(400, "Bad Request: can't parse entities: can't find end of the entity")


def _units(text: str) -> int:
    """Length as these networks count it: in units of UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
