from registry_cli.core.checks.rules.base import Rule

RULE = Rule(
    code="stale",
    severity="warning",
    summary="No source has confirmed a model's facts for longer than `--max-age` allows.",
    why="""\
Prices and limits change without notice. The record that sync keeps beside the catalog says when each source was last
seen to list a model; only `validate --max-age 90d` looks at it. A model that is retired or unlisted is never stale.""",
    fix="""\
Run `llmreg sync PROVIDER --confirm`, which notes today's confirmation even where nothing changed. Where no
source lists the model any more, check it by hand, or retire it.""",
)
