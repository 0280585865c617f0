"""Texts with gaps, `<<name>>`, and the jobs of the workflow that syncs a catalog."""

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
    """The providers that are asked with one key, or those of a group with all of theirs: one branch is one job's.
    `variables` are what else their addresses and headers need, and no secrets; `groups` the names of the groups that
    are whole in the job."""

    keys: tuple[str, ...]
    providers: tuple[str, ...]
    variables: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


def fill(text: str, **values: str) -> str:
    """The text with every gap filled. A gap without a value is a `KeyError`."""
    return _GAP.sub(lambda gap: values[gap[1]], text)


def sync_workflow(workflow: str, job: str, keys: Sequence[KeyJob]) -> str:
    """`workflow` and `job` are the templates. One job for each of `keys`, and one for every provider that is in none.

    Names of providers go into a shell's and GitHub's expressions as they are: letters, digits, dots, dashes and
    underscores alone.
    """
    jobs = [fill(job, **_with_key(key)) for key in keys] + [fill(job, **_without_key(keys))]
    return fill(workflow, jobs="\n".join(jobs).removesuffix("\n"))


def _with_key(key: KeyJob) -> dict[str, str]:
    secrets = [f"{name}: ${{{{ secrets.{name} }}}}" for name in key.keys]
    variables = [f"{name}: ${{{{ vars.{name} }}}}" for name in key.variables]
    return {
        "id": _id(key),
        "name": f"{', '.join(key.keys)} ({', '.join(key.providers)})",
        "condition": f"!inputs.provider || {_is_among((*key.providers, *key.groups))}",
        "environment": _environment(*secrets, *variables),
        "choose": _script(f"providers=({' '.join(key.providers)})\n", _ONLY_ONE),
    }


def _id(key: KeyJob) -> str:
    """No two jobs share one, and no job of a group is called like that of a key."""
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
        "environment": _environment(f"HAVE_JOBS: |-\n{listed}" if with_keys else 'HAVE_JOBS: ""'),
        "choose": _script(_ALL_OTHERS, _ONLY_ONE, _NOTHING_TO_DO),
    }


def _is_among(providers: Sequence[str]) -> str:
    names = ", ".join(f'"{name}"' for name in providers)
    return f"contains(fromJSON('[{names}]'), inputs.provider)"


def _environment(*lines: str) -> str:
    return "\n".join(f"{_OF_JOB}{line}" for line in ("PROVIDER: ${{ inputs.provider }}", *lines))


def _script(*parts: str) -> str:
    return indent("".join(parts), _OF_JOB).removesuffix("\n")
