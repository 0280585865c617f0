"""Documentation of the findings that reading a file and the schema give. The checks themselves are in `yamledit`,
`store` and `core.format.schema`."""

from registry_cli.core.checks.rules.base import Rule

_FILE = "provider: acme\nmodels:\n  acme-1:\n"

RULES = (
    Rule(
        code="schema",
        severity="error",
        summary="A value is not what the schema asks for.",
        why="""\
`schema/provider.schema.json` says which keys a file has and what each may hold. A value of another kind cannot be
used, and the rules below do not look at it.""",
        fix="""\
The message says what is expected. An unknown value is left out, one that does not apply is `null`.""",
        bad=_FILE + "    context_window: 128k # <-\n",
        good=_FILE + "    context_window: 128000\n",
    ),
    Rule(
        code="unknown-key",
        severity="error",
        summary="A key that the schema does not know.",
        why="""\
Commands that answer questions ignore a key that they do not know, with a warning, so that the catalog of a newer
llmreg can be read. The fact under a misspelt key is lost to them. Edits and `sync` refuse the file.""",
        fix="""\
Use the key that the message suggests. What has no key of its own goes under `metadata`, where anything is allowed.""",
        bad=_FILE + "    contxt_window: 128000 # <-\n",
        good=_FILE + "    context_window: 128000\n",
    ),
    Rule(
        code="misread-scalar",
        severity="warning",
        summary="A text without quotes that other YAML readers take for something else.",
        why="""\
llmreg reads YAML 1.2. To a reader of YAML 1.1, such as PyYAML, `no` is false, `1:30` is 90 and `2026-01-15` is a
date.""",
        fix="""\
Put it in quotes; to llmreg the value stays the same.""",
        bad=_FILE + "    release_date: 2026-01-15 # <-\n",
        good=_FILE + "    release_date: '2026-01-15'\n",
    ),
    Rule(
        code="duplicate-key",
        severity="error",
        summary="A mapping has the same key twice.",
        why="""\
YAML forbids it. Readers that let it pass keep one of the two values, and not all the same one.""",
        fix="""\
Merge the two entries; the message names both lines.""",
        bad=_FILE + "    context_window: 128000\n    context_window: 200000 # <-\n",
        good=_FILE + "    context_window: 200000\n",
    ),
    Rule(
        code="number-form",
        severity="error",
        summary="A number that readers disagree about.",
        why="""\
`012` is ten to one YAML reader and twelve to another; `0o17`, `0x1F` and `1_000` are numbers to some and text to
others.""",
        fix="""\
Write the plain number that the message gives, or quote it if it is text.""",
        bad=_FILE + "    context_window: 128_000 # <-\n",
        good=_FILE + "    context_window: 128000\n",
    ),
    Rule(
        code="number-range",
        severity="error",
        summary="A number that is infinite, not a number, or has far too many digits.",
        why="""\
Prices and limits are finite. Numbers beyond 1e30, or with more than 40 digits, are slips or attacks.""",
        fix="""\
Write the number that is meant; leave an unknown one out.""",
        bad=_FILE + "    pricing:\n      input: .inf # <-\n",
        good=_FILE + "    pricing:\n      input: 3.0\n",
    ),
    Rule(
        code="key-type",
        severity="error",
        summary="A key that is not text.",
        why="""\
Without quotes, `4` is a number, `true` a boolean and `null` nothing. Ids are text.""",
        fix="""\
Put the key in quotes.""",
        bad="provider: acme\nmodels:\n  4: {} # <-\n",
        good="provider: acme\nmodels:\n  '4': {}\n",
    ),
    Rule(
        code="control-character",
        severity="error",
        summary="A character that cannot be seen.",
        why="""\
Control characters can rewrite a terminal, and characters that turn the direction of text make a line read otherwise
than it is stored. U+0085, U+2028 and U+2029 are line breaks to YAML but not to editors.""",
        fix="""\
Delete the character that the message names; it usually comes from copying.""",
        bad='provider: acme\nmodels:\n  acme-1:\n    name: "Acme\\e[31m" # <-\n',
        good="provider: acme\nmodels:\n  acme-1:\n    name: Acme\n",
    ),
    Rule(
        code="encoding",
        severity="error",
        summary="The file is not UTF-8.",
        why="""\
Bytes that are not UTF-8 have no certain meaning, and UTF-16 is read by some programs only.""",
        fix="""\
Save the file as UTF-8. A byte order mark at its start is allowed.""",
    ),
    Rule(
        code="yaml-syntax",
        severity="error",
        summary="The text is not YAML.",
        why="""\
Nothing after the fault can be trusted, so nothing of the file is used.""",
        fix="""\
Look at the line named and the one above it: usually a missing colon or quote, or a tab used to indent.""",
        bad="provider: acme\nmodels:\n\tacme-1: {} # <-\n",
        good="provider: acme\nmodels:\n  acme-1: {}\n",
    ),
    Rule(
        code="yaml-document",
        severity="error",
        summary="The file is empty or holds more than one document.",
        why="""\
A file is one provider. A second document after `---` would be passed over by many readers.""",
        fix="""\
Write one file for each provider.""",
        bad="provider: acme\nmodels: {}\n--- # <-\nprovider: initech\nmodels: {}\n",
        good="provider: acme\nmodels: {}\n",
    ),
    Rule(
        code="yaml-version",
        severity="error",
        summary="A `%YAML` directive other than 1.2.",
        why="""\
The directive changes what plain values mean: under 1.1 `no` is false.""",
        fix="""\
Delete the directive.""",
        bad="%YAML 1.1 # <-\n---\nprovider: acme\nmodels: {}\n",
        good="provider: acme\nmodels: {}\n",
    ),
    Rule(
        code="yaml-tag",
        severity="error",
        summary="A tag such as `!!python/object` or `!env`.",
        why="""\
Tags ask the reader to build something, up to running code. A catalog is plain data.""",
        fix="""\
Delete the tag and write the plain value.""",
        bad=_FILE + "    name: !secret acme # <-\n",
        good=_FILE + "    name: acme\n",
    ),
    Rule(
        code="yaml-alias",
        severity="error",
        summary="An alias that names nothing, contains itself, or expands without bound.",
        why="""\
A few bytes of aliases can stand for billions of values. Ordinary anchors and aliases are fine.""",
        fix="""\
Write out what the alias stands for.""",
        bad="provider: acme\nmodels:\n  acme-1: {}\n  acme-2: *nowhere # <-\n",
        good="provider: acme\nmodels:\n  acme-1: &same {}\n  acme-2: *same\n",
    ),
    Rule(
        code="yaml-depth",
        severity="error",
        summary="Values nested more than 64 deep.",
        why="""\
The format needs fewer than ten levels. Very deep nesting brings down programs that read it.""",
        fix="""\
Look for brackets or dashes that were repeated by mistake.""",
    ),
    Rule(
        code="file-case",
        severity="error",
        summary="Two files whose names differ only by case or ending.",
        why="""\
On file systems that ignore case, one of them overwrites the other at checkout.""",
        fix="""\
Merge them into one file named as the provider's id.""",
    ),
    Rule(
        code="file-link",
        severity="error",
        summary="A symbolic link that leads out of the catalog.",
        why="""\
What lies elsewhere is not under review with the catalog, and may be any file of the machine.""",
        fix="""\
Put the file itself into the catalog.""",
    ),
    Rule(
        code="file-kind",
        severity="error",
        summary="Something that is no regular file has the name of one.",
        why="""\
A folder, a pipe or a device named `*.yml` cannot be read as a provider.""",
        fix="""\
Rename or remove it.""",
    ),
    Rule(
        code="file-size",
        severity="error",
        summary="A file of more than 10 MB.",
        why="""\
The largest known provider is a few hundred kilobytes. A larger file is not opened.""",
        fix="""\
Check what was written there.""",
    ),
    Rule(
        code="file-unreadable",
        severity="error",
        summary="A file cannot be read.",
        why="""\
The system refused it; the message says why.""",
        fix="""\
Check its owner and permissions.""",
    ),
)  # fmt: skip
