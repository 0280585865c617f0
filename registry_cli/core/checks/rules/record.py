from registry_cli.core.checks.rules.base import Rule

RULE = Rule(
    code="record",
    severity="error",
    summary="A line of the record that sync keeps beside the catalog cannot be read.",
    why="""\
`config/upstream/<provider>.jsonl` holds what each source last said. sync, explain and audit stop at a line that is
none, such as the marks of a merge, and a time that is no time makes facts look older or newer than they are.""",
    fix="""\
Restore the file from git. After a merge with conflicts take either side's file whole: the next sync notes anew what
it lacks.""",
)
