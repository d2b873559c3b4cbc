"""The child that answers one question about template drafts, under limits of memory and CPU time.

python -P -m inbox.runtime.draft_child SECONDS MEMORY_MB: the question comes in as a pickle of its own parent, the answer
goes out as JSON.
"""

import pickle
import sys

from pydantic import TypeAdapter

from inbox.render.drafts import Answer, Fault, answer
from inbox.runtime import bounds


def answers() -> TypeAdapter[Answer]:
    """How an answer is written and read."""
    return TypeAdapter(Answer)


def main() -> None:
    """Answer, and end."""
    seconds, memory_mb = sys.argv[1:]
    write, question = answers(), pickle.load(sys.stdin.buffer)  # from our own parent
    bounds.memory(int(memory_mb))
    bounds.processor(float(seconds))
    try:
        said = write.dump_json(answer(question))
    except (MemoryError, RecursionError) as error:
        said = write.dump_json(Answer((Fault("error", "template.too_much", {"limit": type(error).__name__}),)))
    sys.stdout.buffer.write(said)


if __name__ == "__main__":
    main()
