"""No file left: told from any other trouble, wherever in what followed from it it stands."""

import errno

import pytest

from inbox.runtime.out_of_files import out_of_files


def raised(first: BaseException) -> BaseException:
    """Another error, raised while the first was being dealt with by somebody who thinks of no cause."""
    error = ValueError("no template")
    error.__context__ = first
    return error


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE])
def test_it_is_known_by_itself_and_behind_another_error(number: int) -> None:
    error = OSError(number, "Too many open files")
    assert out_of_files(error)
    assert out_of_files(raised(error))


def test_any_other_trouble_is_not_it() -> None:
    for error in (OSError(errno.ENOENT, "not there"), ValueError("broken"), None):
        assert not out_of_files(error)
