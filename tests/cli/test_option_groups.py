"""Groups of options: typer reads the fields of a named tuple as it reads the parameters of a function."""

from pathlib import Path
from typing import Annotated, NamedTuple

import pytest
import typer
from typer.main import get_command

from registry_cli.cli import COMMANDS, app
from registry_cli.cli.model_filters import ModelFilters
from registry_cli.cli.option_groups import OptionAlias, build_command
from registry_cli.core.query.criteria import split_criteria
from registry_cli.core.query.filters import CAPABILITY_FLAGS, Filters
from tests.support.random_catalogs import CRITERIA


class PageOptions(NamedTuple):
    limit: Annotated[int, typer.Option("--limit", help="How many.")] = 10
    where: Annotated[Path | None, typer.Option("--where")] = None
    tag: Annotated[list[str] | None, typer.Option("--tag")] = None


@pytest.fixture
def run_command(capsys):
    """`run_command(function, ...)` runs a command and gives its exit code and all of its output."""

    def run(function, *arguments):
        with pytest.raises(SystemExit) as end:
            build_command("example", function, "An example.")(list(arguments))
        return end.value.code, "".join(capsys.readouterr())

    return run


def test_a_group_is_one_parameter(run_command):
    calls = []

    def command(
        name: str,
        *,
        page: PageOptions,
        quiet: Annotated[bool, typer.Option("--quiet")] = False,
    ) -> None:
        calls.append((name, page, quiet))

    run_command(command, "a", "--where", "x/y", "--tag", "one", "--tag", "two", "--quiet")
    run_command(command, "b", "--limit", "3")
    assert calls == [
        ("a", PageOptions(10, Path("x/y"), ["one", "two"]), True),
        ("b", PageOptions(3), False),
    ]


def test_options_stand_where_their_group_stands(run_command):
    def command(
        *, first: Annotated[str, typer.Option()] = "", page: PageOptions, last: Annotated[str, typer.Option()] = ""
    ) -> None:
        """Explain the command."""

    command_names = [param.name for param in build_command("example", command, "").params]
    assert command_names == ["first", "limit", "where", "tag", "last"]
    _, text = run_command(command, "--help")
    assert "Explain the command." in text
    assert "How many." in text
    assert "[default: 10]" in text


def test_a_command_may_give_an_option_another_flag(run_command):
    calls = []

    def command(*, page: Annotated[PageOptions, OptionAlias("limit", "--most")]) -> None:
        calls.append(page.limit)

    run_command(command, "--most", "4")
    run_command(command, "--limit", "5")
    assert calls == [4, 5]
    assert "--limit, --most" in run_command(command, "--help")[1]


def test_a_wrong_value_is_a_usage_error(run_command):
    def command(*, page: PageOptions) -> None: ...

    code, text = run_command(command, "--limit", "many")
    assert code == 2
    assert "--limit" in text


@pytest.mark.parametrize("name", COMMANDS)
def test_no_two_groups_of_a_command_share_a_field_or_a_flag(name):
    params = get_command(app).get_command(None, name).params
    names = [param.name for param in params]
    flags = [flag for param in params for flag in (*param.opts, *param.secondary_opts)]
    assert len(names) == len(set(names))
    assert len(flags) == len(set(flags))


def test_each_option_of_the_filters_changes_a_filter():
    values = {str: "2026", float: 1.5, bool: True, list: ["x"]}
    reached = set()
    for field, annotation in ModelFilters.__annotations__.items():
        kinds = [kind for kind in values if kind.__name__ in str(annotation.__origin__)]
        assert kinds, field
        kind = list if list in kinds else kinds[0]
        filters = ModelFilters(**{field: values[kind]}).to_filters()
        changed = {name for name in Filters._fields if getattr(filters, name) != getattr(Filters(), name)}
        assert len(changed) == 1, field
        reached |= changed
    assert reached == set(Filters._fields) - {"words"}
    assert set(CAPABILITY_FLAGS) <= set(ModelFilters._fields)


def test_notes_name_each_filter_by_an_option_of_query():
    params = get_command(app).get_command(None, "query").params
    flags = {flag for param in params for flag in (*param.opts, *param.secondary_opts)}
    values = {name: values[0] for name, values in CRITERIA.items() if name != "words"}
    options = [criterion.option.split()[0] for criterion in split_criteria(Filters(**values))]
    assert len(options) >= len(values)
    assert set(options) <= flags
