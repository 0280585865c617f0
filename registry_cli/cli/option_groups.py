"""Options that belong together, declared once and taken by a command as one parameter.

A group is a `NamedTuple` whose fields are annotated as typer annotates the parameters of a command:

    class PageOptions(NamedTuple):
        limit: Annotated[int | None, typer.Option("--limit")] = None
        reverse: Annotated[bool, typer.Option("--reverse")] = False

    def command(name: str, page: PageOptions) -> None: ...

Typer reads the options of a function from its signature. A named tuple is callable and has a signature, so typer reads
the options of a group in the same way; `build_command` puts them where the group stands among the parameters. When the
command runs, it makes the group of the values of its fields and calls the function. A frozen dataclass would do too,
but takes 2 ms to define, which every query would pay.
"""

import inspect
from collections.abc import Callable
from typing import Annotated, Any, NamedTuple, get_args, get_origin

from typer.core import TyperArgument, TyperCommand, TyperOption
from typer.main import get_click_param
from typer.utils import get_params_from_function


class OptionAlias(NamedTuple):
    """Another flag for an option of a group, in one command: `Annotated[Group, OptionAlias("field", "--short")]`."""

    field: str
    flag: str


class _CommandParameters:
    """The parameters of a command as click takes them, and how the arguments of its function are made of them."""

    def __init__(self, function: Callable[..., None]) -> None:
        self.params: list[TyperArgument | TyperOption] = []
        self._function = function
        self._converters: dict[str, Callable[[Any], Any]] = {}
        self._groups: dict[str, type[tuple[Any, ...]]] = {}
        own = get_params_from_function(function)
        for parameter in inspect.signature(function, eval_str=True).parameters.values():
            group, aliases = _split_group(parameter.annotation)
            if group is None:
                self._add_param(own[parameter.name])
                continue
            self._groups[parameter.name] = group
            for field in get_params_from_function(group).values():
                self._add_param(field, [alias.flag for alias in aliases if alias.field == field.name])

    def _add_param(self, declared: Any, more_flags: list[str] | None = None) -> None:
        param, converter = get_click_param(declared)
        param.opts += more_flags or []
        self.params.append(param)
        if converter:
            self._converters[declared.name] = converter

    def run_function(self, **values: Any) -> None:
        """Call the function of the command with the values that click read, by the names of the parameters."""
        for name, converter in self._converters.items():
            values[name] = converter(values[name])
        groups = {}
        for name, group in self._groups.items():
            groups[name] = group(*(values.pop(field) for field in group._fields))  # type: ignore[attr-defined]
        self._function(**groups, **values)


def build_command(name: str, function: Callable[..., None], summary: str) -> TyperCommand:
    """Return a command whose parameters are those of a function, with the fields of its groups in their places.

    The function's docstring is its help; the summary is for the list of commands.
    """
    parameters = _CommandParameters(function)
    return TyperCommand(
        name=name,
        callback=parameters.run_function,
        params=parameters.params,  # type: ignore[arg-type]  # typer's own annotation is narrower than its use
        help=inspect.getdoc(function),
        short_help=summary,
        rich_markup_mode=None,
    )


def _split_group(annotation: Any) -> tuple[type[tuple[Any, ...]] | None, list[OptionAlias]]:
    """Return the group that a parameter is annotated with, or None, and the aliases of its options."""
    aliases: list[OptionAlias] = []
    if get_origin(annotation) is Annotated:
        annotation, *metadata = get_args(annotation)
        aliases = [item for item in metadata if isinstance(item, OptionAlias)]
    is_group = isinstance(annotation, type) and issubclass(annotation, tuple) and hasattr(annotation, "_fields")
    return (annotation if is_group else None), aliases
