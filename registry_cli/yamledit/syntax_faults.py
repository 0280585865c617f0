"""What is wrong with a text that is not YAML, in plain words instead of libyaml's."""

import re

from yaml.error import MarkedYAMLError

from registry_cli.errors import YamlError

# By libyaml's context and problem, or the problem alone.
_WORDS = {
    "found character that cannot start any token": (
        "a tab or a reserved character (@ ` %) cannot start a value: indent with spaces, quote text"
    ),
    "mapping values are not allowed in this context": (
        "a colon where no key can stand: quote a text that holds `: `, and check the indentation"
    ),
    "could not find expected ':'": "a line that is neither a key with its colon nor an item with its dash",
    "did not find expected '-' indicator": "a line that is no item of the list above it: check the indentation",
    "did not find expected key": "a line that is no key of the mapping above it: check the indentation",
    "did not find expected ',' or ']'": "a list in brackets that is not closed, or lacks a comma",
    "did not find expected ',' or '}'": "a mapping in braces that is not closed, or lacks a comma",
    "found unexpected end of stream": "a text in quotes that is not closed",
    "did not find expected alphabetic or numeric character": "an anchor or alias (& *) without a name: quote the text",
    "found unknown escape character": "an escape that YAML does not have: double the backslash",
    "did not find expected hexdecimal number": "an escape without its hexadecimal digits",
    "did not find expected node content": "a bracket or another sign where a value belongs",
    "did not find expected <document start>": "text after the end of the document",
    "found a tab character where an indentation space is expected": "a tab in the indentation: use spaces",
    "found invalid Unicode character escape code": (
        r"an escape of half a character (\ud83d\ude00), which YAML does not have: write the character itself"
    ),
    "found unknown directive name": "a directive (%) that YAML does not have",
}


# The two sides of a merge and a rebase, and what parts them; `=======` alone may underline a heading in a text.
_CONFLICT_MARKER = re.compile(r"^(?:<{7}|>{7}|\|{7}) .*$", re.MULTILINE)
_GIT_LFS_POINTER = "version https://git-lfs.github.com/spec/"


def describe_syntax_fault(error: MarkedYAMLError, text: str) -> YamlError:
    """The fault with its place; what has no words of ours is told in libyaml's."""
    marker = _CONFLICT_MARKER.search(text)
    if marker is not None:
        line = text.count("\n", 0, marker.start()) + 1
        words = f"a merge conflict that is not resolved ({marker[0].rstrip()[:60]}): keep one side, or both"
        return YamlError("yaml-syntax", words, line, 1)
    mark = error.problem_mark or error.context_mark
    problem = " ".join(str(error.problem or error.context or "not YAML").split())
    words = _WORDS.get(problem, "")
    if not words:
        words = f"{problem} ({error.context})" if error.context and error.context not in problem else problem
    return YamlError("yaml-syntax", words, mark.line + 1 if mark else 1, mark.column + 1 if mark else 1)


def refuse_git_lfs_pointer(text: str) -> None:
    """Raises `YamlError` for what Git LFS leaves in place of a file that it has not fetched."""
    if text.startswith(_GIT_LFS_POINTER):
        raise YamlError("yaml-document", "a Git LFS pointer, not the file: run `git lfs pull`", 1, 1)
