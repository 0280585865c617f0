"""The command line's root: which commands there are, and how a process ends."""

import importlib
import signal
import sys
from typing import Any, NoReturn

import typer

from registry_cli.cli.ending import Ended, InternalError, report_error, show_warnings
from registry_cli.cli.option_groups import build_command
from registry_cli.cli.output import guarded_output
from registry_cli.errors import FileError, describe_os_error
from registry_cli.version import __version__

# A command's module is imported when it is called, so that each pays only for itself; the line is its help.
SECTIONS: dict[str, dict[str, tuple[str, str]]] = {
    "Ask": {
        "query": ("query", "Find models by capability, price, limits, provider and date."),
        "show": ("show", "Show one model, or one field of it."),
        "compare": ("compare", "Lay models side by side and mark what differs."),
        "providers": ("providers", "List the providers."),
        "capabilities": ("capabilities", "List the vocabulary of capabilities and who has them."),
        "default": ("default", "Print a provider's default model."),
        "cost": ("cost", "What calls cost, exactly, at one model or several."),
        "sql": ("sql", "Ask the catalog in SQL, read-only."),
    },
    "Keep true": {
        "sync": ("sync", "Ask providers what they offer now, and edit exactly what changed."),
        "diff": ("diff", "Show what sync would do now, and write nothing."),
        "explain": ("explain", "What each source says of a model, and why one wins."),
        "deprecations": ("deprecations", "List models that are retired, deprecated or about to be."),
        "audit": ("audit", "Where the sources of a fact disagree."),
        "doctor": ("doctor", "Which sources have what they need."),
        "trust": ("trust", "Say which hosts may get which keys."),
        "validate": ("validate", "Check provider files against the schema and the rules."),
        "schema": ("schema", "Print the schema of a provider file."),
    },
    "Change": {
        "set": ("set", "Set fields of a model or a provider."),
        "unset": ("unset", "Take fields away."),
        "add": ("add", "Add a model, or a copy of one."),
        "remove": ("remove", "Remove a model."),
        "rename": ("rename", "Give a model another id; the old one stays as an alias."),
        "deprecate": ("deprecate", "Put a model on its way out."),
        "alias": ("alias", "Give a model other ids, or take some away."),
        "fmt": ("fmt", "Lay files out in the canonical order and style."),
    },
    "Look back": {
        "history": ("history", "What changed in a model, when, and who changed it."),
        "changelog": ("changelog", "What changed between two times, by provider."),
        "blame": ("blame", "Each field of a model with its last commit."),
        "restore": ("restore", "Put back what the catalog said at another time."),
    },
    "Fill": {
        "import": ("import_", "Make provider files from other programs' lists."),
        "export": ("export", "Write models in other programs' formats."),
    },
    "Manage": {
        "init": ("init", "Make a new catalog repository, with workflows that keep it true."),
        "recover": ("recover", "Finish or discard a change that was left unfinished."),
        "cache": ("cache", "Show or clear what llmreg remembers between runs."),
    },
}
COMMANDS = {name: entry for section in SECTIONS.values() for name, entry in section.items()}


class LazyGroup(typer.core.TyperGroup):
    """The commands of `COMMANDS`. Contexts and commands are click's, whose copy is private to some typers."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  # click's signature
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002  # click's signature
        if cmd_name not in COMMANDS:
            return None
        module, summary = COMMANDS[cmd_name]
        function = importlib.import_module(f"registry_cli.cli.{module}").command
        return build_command(cmd_name, function, summary)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in COMMANDS:
            from difflib import get_close_matches  # noqa: PLC0415  # only for a slip

            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            ctx.fail(f"No such command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002  # click's signature
        for title, commands in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name, summary) for name, (_, summary) in commands.items()])

    def invoke(self, ctx: Any) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except KeyboardInterrupt:
            raise Ended(128 + signal.SIGINT) from None  # click says "Aborted!" and ends with 1
        except EOFError as error:
            raise InternalError from error  # click says "Aborted!" and ends with 1
        except OSError as error:
            if error.filename is None:
                raise InternalError from error  # click would end with 1 and no word where it is a broken pipe
            raise FileError(str(error.filename), describe_os_error(error)) from error
        return result


app = typer.Typer(
    cls=LazyGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(show: bool) -> None:
    if show:
        typer.echo(f"llmreg {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: bool = typer.Option(
        False, "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
    ),
    debug: bool = typer.Option(False, "--debug", help="Show a traceback with an error."),
) -> None:
    """A catalog of LLM models as YAML in git: validated, queried, kept true."""


def main() -> NoReturn:
    """Runs one command and ends the process with the exit code of `registry_cli.errors`."""
    signal.signal(signal.SIGTERM, _end_on_signal)
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]  # it may stand anywhere
    with guarded_output(), show_warnings():
        try:
            app(args=arguments)
        except SystemExit:
            raise
        except Ended as end:
            sys.exit(end.exit_code)
        except BaseException as error:  # noqa: BLE001  # the last line of defence
            sys.exit(report_error(error, debug=len(arguments) < len(sys.argv) - 1))
    sys.exit(0)


def _end_on_signal(_signal: int, _frame: object) -> NoReturn:
    raise Ended(128 + signal.SIGTERM)
