"""What a condition asks: a question put to a reading of the facts, and the builder that makes it of a value in a rule file."""

from collections.abc import Callable

from inbox.rulebook.names import Names
from inbox.rulebook.reading import Reading

Answer = tuple[bool, str]
"""Whether the condition holds, and the phrase or value that decided; empty where there is nothing short to show."""
Question = Callable[[Reading], Answer]
Builder = Callable[[str, object, Names], Question]
"""From the free name in the key (of `header.<name>`), the value and the site's names; raises `values.Unfit`."""
