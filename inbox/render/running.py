"""Running a template: what it may say and cost, whatever its loops and parts do."""

from dataclasses import dataclass
from typing import Any

from jinja2 import Template, TemplateError, Undefined
from jinja2.runtime import Context
from jinja2.utils import pass_context
from markupsafe import Markup

from inbox.domain.problems import Misconfigured

OUTPUT_CAP = 256 * 1024
"""Characters that one file of a template may render."""
LOOP_CAP = 10_000
"""Turns of all loops and parts of one rendering together; a long one counts for several, as `weight` says."""
TURNS = " turns"  # no template can spell a name with a space
PARTS = " parts"


@dataclass(frozen=True, slots=True)
class Part:
    """A compiled part of templates, and how many turns it counts for."""

    template: Template
    weight: int


def run(template: Template, values: dict[str, Any]) -> str:
    """The words of one file. `values` hold TURNS and PARTS too. Raises Misconfigured with file and line."""
    chunks: list[str] = []
    size = 0
    try:
        for chunk in template.root_render_func(template.new_context(values)):
            chunks.append(chunk)
            size += len(chunk)
            if size > OUTPUT_CAP:
                raise Misconfigured("template.too_long", where=str(template.filename), limit=OUTPUT_CAP // 1024)
    except (TemplateError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise _failed(template, error) from error
    return "".join(chunks)


def weight(nodes: int) -> int:
    """How many turns something of so many nodes counts for."""
    return 1 + nodes // 10


def spend(context: Context, turns: int) -> None:
    """Take turns from what is left. Raises TypeError where that is too little."""
    left = context[TURNS]
    left[0] -= turns
    if left[0] < 0:
        raise TypeError(f"more than {LOOP_CAP} turns of its loops")


@pass_context
def listed(context: Context, value: Any, weight: int = 1) -> tuple[Any, ...]:
    """What a loop runs over: a list that was handed in (never a text), as long as the turns last."""
    if not isinstance(value, tuple):
        raise TypeError("a loop runs over a list that the template was given")
    spend(context, len(value) * weight)
    return value


@pass_context
def part(context: Context, name: str) -> str:
    """What stands where a part is included: it sees the facts, and not what a loop named."""
    chosen: Part = context[PARTS][name]
    spend(context, chosen.weight)
    words = run(chosen.template, context.parent)
    return Markup(words) if context.eval_ctx.autoescape else words


def plain(value: Any) -> Any:
    """What a template prints must be words: an instant or a yes/no printed as it is would be a computer's word."""
    if isinstance(value, str | Undefined) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise TypeError(f"a value of kind {type(value).__name__} needs a filter that puts it into words")


def _failed(template: Template, error: Exception) -> Misconfigured:
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == template.filename:
            line = template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return Misconfigured("template.failed", where=f"{template.filename}:{line}", reason=str(error))
