from registry_cli.core.checks.rules.base import Rule

RULE = Rule(
    code="record-future",
    severity="error",
    summary="A record says that a source answered at a time that is still to come.",
    why="""\
`checked` in `config/upstream/<provider>.jsonl` is when a source last confirmed a line. A time more than a day ahead
comes from a wrong clock or from an edit. It would make old facts look fresh, so `sync` ignores it, and writes the right
time when the source answers again. One day is allowed for clocks and time zones that differ.""",
    fix="""\
Restore the file from git, or run `llmreg sync PROVIDER` on a machine whose clock is right.""",
)
