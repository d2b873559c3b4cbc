"""Whether something failed because no file could be opened any more: then it is nobody's fault, and goes well later."""

import errno

NONE_LEFT = frozenset({errno.EMFILE, errno.ENFILE})
"""Of this process, and of the machine."""


def out_of_files(error: BaseException | None) -> bool:
    """Of an error, or of what it was raised from: whoever tells of the first trouble needs a file for that, too."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in NONE_LEFT:
            return True
        error = error.__cause__ or error.__context__
    return False
