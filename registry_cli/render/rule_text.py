"""The documentation of rules as Markdown, for `--explain`, `docs/rules.md` and SARIF."""

from collections.abc import Sequence

from registry_cli.core.checks.rules.base import Rule

_HEAD = """\
# The rules of `llmreg validate`

Made from the rules themselves by `llmreg validate --explain all > docs/rules.md`; edit
`registry_cli/core/checks/rules/`.

An error is a contradiction or a fault that makes the entry unusable, a warning is likely one. `validate` exits with 1
on errors, with `--strict` on warnings too. `--select` and `--ignore` choose rules by their codes, `--explain CODE`
prints a section of this page, and `--on DATE` judges as of another day than today. In the examples `# <-` marks what
is reported.
"""


def rules_page(rules: Sequence[Rule]) -> str:
    """The text of `docs/rules.md`."""
    rows = "".join(f"| [{rule.code}](#{rule.code}) | {rule.severity} | {rule.summary} |\n" for rule in rules)
    table = f"| code | severity | what it finds |\n|---|---|---|\n{rows}"
    return "\n".join([_HEAD, table, *map(rule_section, rules)])


def rule_section(rule: Rule) -> str:
    parts = [f"## {rule.code}\n\n{rule.summary} ({rule.severity.capitalize()}.)\n\n{rule.why}\n"]
    if rule.bad:
        parts.append(f"Reported:\n\n```yaml\n{rule.bad}```\n\nRight:\n\n```yaml\n{rule.good}```\n")
    return "\n".join([*parts, f"To fix it: {rule.fix[0].lower()}{rule.fix[1:]}\n"])
