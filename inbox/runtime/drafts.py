"""Questions about template drafts, each answered by a child of its own: whatever was written, nobody else waits or suffers."""

import pickle
import subprocess
import sys
from dataclasses import dataclass

from pydantic import ValidationError

from inbox.render.drafts import Answer, Fault, Look, Try
from inbox.runtime.draft_child import answers


@dataclass(frozen=True, slots=True)
class Limits:
    """For one question: seconds of CPU, and a little more than twice as many on the clock; megabytes of address space."""

    seconds: float = 4.0
    memory_mb: int = 192


def ask(question: Look | Try, limits: Limits | None = None) -> Answer:
    """The answer; a child that died or took too long leaves a fault in its place. Blocks for as long as the limits allow."""
    bounds = limits or Limits()
    command = [sys.executable, "-P", "-m", "inbox.runtime.draft_child", str(bounds.seconds), str(bounds.memory_mb)]
    try:
        # In a group of its own: what interrupts us at a terminal must not make it complain there.
        done = subprocess.run(
            command,
            input=pickle.dumps(question),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=bounds.seconds * 2 + 5,
            check=True,
            process_group=0,
        )
        return answers().validate_json(done.stdout)
    except (subprocess.SubprocessError, ValidationError):
        return Answer((Fault("error", "template.died", {"seconds": f"{bounds.seconds:g}"}),))
