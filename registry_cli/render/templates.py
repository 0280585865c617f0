"""Fill templates with gaps such as `<<name>>`, and write the jobs of the workflow that syncs a catalog."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import indent

_GAP = re.compile(r"<<([a-z_]+)>>")
_OF_JOB, _OF_STEP = " " * 10, " " * 12
_ONLY_ONE = """\
if [ -n "$PROVIDER" ]; then
  providers=("$PROVIDER")
fi
"""
_ALL_OTHERS = """\
llmreg providers --format ids > "$RUNNER_TEMP/providers"
mapfile -t providers < <(grep --invert-match --line-regexp --fixed-strings "$HAVE_JOBS" "$RUNNER_TEMP/providers")
"""
_NOTHING_TO_DO = """\
if [ "${#providers[@]}" -eq 0 ]; then
  exit 0
fi
"""


@dataclass(frozen=True, slots=True)
class KeyJob:
    """One job of the workflow: the providers that share a key, or those of a group with all of their keys."""

    keys: tuple[str, ...]
    providers: tuple[str, ...]
    variables: tuple[str, ...] = ()  # that the addresses and headers need, which are no secrets
    groups: tuple[str, ...] = ()  # the groups with all their providers in the job


def fill_template(text: str, **values: str) -> str:
    """Return the text with every gap filled. Raises `KeyError` for a gap without a value."""
    return _GAP.sub(lambda gap: values[gap[1]], text)


def sync_workflow(workflow: str, job: str, keys: Sequence[KeyJob]) -> str:
    """Return the sync workflow: a job for each of `keys`, and one for all other providers.

    `workflow` and `job` are the templates. Provider ids go unquoted into a shell script and into GitHub's expressions,
    so they may only hold letters, digits, dots, dashes and underscores.
    """
    jobs = [fill_template(job, **_with_key(key)) for key in keys] + [fill_template(job, **_without_key(keys))]
    return fill_template(workflow, jobs="\n".join(jobs).removesuffix("\n"))


def _with_key(key: KeyJob) -> dict[str, str]:
    secrets = [f"{name}: ${{{{ secrets.{name} }}}}" for name in key.keys]
    variables = [f"{name}: ${{{{ vars.{name} }}}}" for name in key.variables]
    return {
        "id": _job_id(key),
        "name": f"{', '.join(key.keys)} ({', '.join(key.providers)})",
        "condition": f"!inputs.provider || {_is_among((*key.providers, *key.groups))}",
        "environment": _environment_lines(*secrets, *variables),
        "choose": _indent_script(f"providers=({' '.join(key.providers)})\n", _ONLY_ONE),
    }


def _job_id(key: KeyJob) -> str:
    """A unique id. The id of a group's job differs from the id of every key's job."""
    if len(key.keys) == 1:
        return key.keys[0].lower().replace("_", "-")
    return f"group_{key.groups[0].replace('.', '__')}"


def _without_key(keys: Sequence[KeyJob]) -> dict[str, str]:
    with_keys = [provider for key in keys for provider in key.providers]
    groups = [group for key in keys for group in key.groups]
    listed = indent("\n".join(with_keys), _OF_STEP)
    return {
        "id": "without-key",
        "name": "all others",
        "condition": f"!inputs.provider || !{_is_among([*with_keys, *groups])}",
        "environment": _environment_lines(f"HAVE_JOBS: |-\n{listed}" if with_keys else 'HAVE_JOBS: ""'),
        "choose": _indent_script(_ALL_OTHERS, _ONLY_ONE, _NOTHING_TO_DO),
    }


def _is_among(providers: Sequence[str]) -> str:
    names = ", ".join(f'"{name}"' for name in providers)
    return f"contains(fromJSON('[{names}]'), inputs.provider)"


def _environment_lines(*lines: str) -> str:
    return "\n".join(f"{_OF_JOB}{line}" for line in ("PROVIDER: ${{ inputs.provider }}", *lines))


def _indent_script(*parts: str) -> str:
    return indent("".join(parts), _OF_JOB).removesuffix("\n")
