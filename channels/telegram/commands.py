"""The commands that a bot's menu knows, told to the network so that people's programs show them."""

from collections.abc import Mapping

from channels.telegram.line import Line
from channels.telegram.request import Refused
from inbox.domain.problems import Problem

Commands = Mapping[str, tuple[tuple[str, str], ...]]
PRIVATE = {"type": "all_private_chats"}
"""Where they are shown: in groups a bot has no menu."""


async def tell_commands(line: Line, commands: Commands) -> None:
    """Each language its own; under an empty name those of all others. What is told already is not told again; a network that does
    not take them leaves the menu as it is, so nothing is raised."""
    for language, known in commands.items():
        wanted = [{"command": word, "description": what} for word, what in known]
        where = {"scope": PRIVATE, **({"language_code": language} if language else {})}
        try:
            if await line.ask("getMyCommands", where) != wanted:
                await line.ask("setMyCommands", {**where, "commands": wanted})
        except (Refused, Problem):
            return
