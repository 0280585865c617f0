from collections.abc import Iterator, Mapping
from typing import Any

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule


def check(file: ProviderFile) -> Iterator[Problem]:
    for entry in file.entries:
        if "status" in entry.body:
            message = _find_contradiction(entry.body, file.on)
            if message:
                yield Problem((*entry.pointer, "status"), message)


def _find_contradiction(body: Mapping[str, Any], today: str) -> str | None:
    status = body["status"]
    deprecation, retirement = body.get("deprecation_date"), body.get("retirement_date")
    if retirement and retirement <= today and status not in ("retired", "unlisted"):
        return f"{status}, but retired since {retirement}"
    if retirement and retirement > today and status == "retired":
        return f"retired, but the retirement is only on {retirement}"
    if deprecation and deprecation <= today and status in ("preview", "active"):
        return f"{status}, but deprecated since {deprecation}"
    if deprecation and deprecation > today and status == "deprecated":
        return f"deprecated, but the deprecation is only on {deprecation}"
    return None


RULE = Rule(
    code="status-date",
    severity="warning",
    summary="A model's status and its dates say different things.",
    why="""\
Both say where a model is in its life. llmreg takes the later stage of the two, so a stale `status` does no harm to
its own answers, but people read the file. `--on` sets the day to judge by.""",
    fix="""\
Bring `status` up to date, or delete it and let the dates speak: they need no edit when their day comes.""",
    bad="""\
provider: acme
models:
  acme-1:
    status: active # <-
    deprecation_date: '2024-01-15'
""",
    good="""\
provider: acme
models:
  acme-1:
    status: deprecated
    deprecation_date: '2024-01-15'
""",
    check=check,
)
