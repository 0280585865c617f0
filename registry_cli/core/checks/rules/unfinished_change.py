from registry_cli.core.checks.rules.base import Rule

RULE = Rule(
    code="unfinished-change",
    severity="error",
    summary="A journal or temporary file of llmreg that this machine did not write.",
    why="""\
llmreg keeps `.llmreg-*` files in a catalog while it changes several files at once, and finishes its own after a crash.
A file of that name that another machine wrote, or that somebody committed, may be an attempt to change the catalog
where no diff shows it. llmreg never acts on it, and refuses to write to the catalog while it is there.""",
    fix="""\
`llmreg recover` shows what the change would do; `llmreg recover --discard` deletes the files. If they are committed,
remove them from the repository.""",
)
