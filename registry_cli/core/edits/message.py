"""The message of a commit that an edit makes: a subject, and trailers that say why and whence."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from registry_cli.core.edits.difference import FieldChange
from registry_cli.core.format.absent import ABSENT
from registry_cli.core.text.exact_json import dumps
from registry_cli.errors import UsageError
from registry_cli.yamledit.escapes import one_line

_LONGEST = 100
_MOST = 100  # lines of changes


def checked_source(source: str | None) -> str | None:
    """Checks the URL of a source. Raises `UsageError` if it is no URL, or has a password."""
    if source is None:
        return None
    try:
        parts = urlsplit(source)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and one_line(source) == source
    except ValueError:
        parts, sound = None, False
    if not sound or " " in source:
        raise UsageError("--source: not an http or https address")
    if parts is not None and parts.password is not None:
        raise UsageError("--source: the address holds a password")
    return source


def commit_message(what: str, reason: str | None, source: str | None, listed: Sequence[FieldChange] = ()) -> str:
    """`what` as the subject, shortened; a line each of the changes that are `listed`; each trailer on one line."""
    subject = shorten_subject(what)
    trailers = trailers_of(reason, source)
    changes = (f"- {each.field}: {_show_value(each.old)} -> {_show_value(each.new)}" for each in listed[:_MOST])
    body = [shorten_subject(change) for change in changes]
    body += [f"- and {len(listed) - _MOST} more"] if len(listed) > _MOST else []
    return "\n\n".join("\n".join(part) for part in ([subject], body, trailers) if part) + "\n"


def trailers_of(reason: str | None, source: str | None) -> list[str]:
    """The lines of a commit's message that say why and whence, each on one line."""
    why = put_on_one_line(reason or "")
    return [f"Llmreg-Reason: {why}"] * bool(why) + [f"Llmreg-Source: {source}"] * bool(source)


def shorten_subject(text: str) -> str:
    text = one_line(text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def subject_of(changes: Sequence[FieldChange]) -> str:
    """`acme/a: pricing.input 2.5 -> 2.0` for one change, the fields' names for several."""
    models = list(dict.fromkeys(change.model for change in changes))
    who = models[0] if len(models) == 1 else f"{len(models)} entries"
    if len(changes) == 1:
        _, field, old, new = changes[0]
        return f"{who}: {field} {_show_value(old)} -> {_show_value(new)}"
    return f"{who}: {', '.join(dict.fromkeys(change.field for change in changes))}"


def _show_value(value: object) -> str:
    if value is ABSENT:
        return "(none)"
    return value if isinstance(value, str) else dumps(value)


def put_on_one_line(text: str) -> str:
    return one_line(" ".join(text.split()))
