from registry_cli.core.checks.rules.base import Rule

RULE = Rule(
    code="record-edited",
    severity="warning",
    summary="A change edits a record that only sync writes.",
    why="""\
With `--new-since REV`: a commit after REV changes `config/upstream/<provider>.jsonl`, and its message does not say that
`llmreg sync` made it (trailer `Llmreg-Sync`; where there is a `Llmreg-Tree` too, it must name the commit's own tree).
What a record says of a source is evidence for later syncs, and nobody but the source can confirm it. Changes that are
not committed are not looked at. Trailers can be forged: this warns the reviewer, and proves nothing.""",
    fix="""\
Take the change of the record out, and let the next sync write it: `git checkout REV -- config/upstream`. To commit what
a sync wrote, use `llmreg sync --commit` or `--pr`.""",
)
