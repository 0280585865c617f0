"""Every error llmreg raises on purpose, and the exit code each ends the process with.

    LlmregError
      RefusedError     1   an edit that would make the catalog wrong
      UsageError       2   a wrong option or argument
        UnknownNameError    2   no model or provider has the name
        AmbiguousNameError  2   several models or providers have it
      UpstreamError    4   a source's answer cannot be used
      GitError         5   git cannot do what it was asked
      ForgeError       5   the forge (GitHub) refuses what it was asked, or gives no answer
      FileError        6   a file cannot be read or written
        YamlError      6   the text is not YAML that llmreg reads (1 from `validate`, where it is a finding)
        EntryError     6   YAML, but not a provider file (`validate` explains it better)
        ChangedError   6   the file is no longer the one that was read
        ReadOnlyError  6   the user may not write to the file or its directory
      LockedError     75   another run is writing to this catalog

Codes 1 (a check found something) and 3 (changes are held) are otherwise results, not errors. Any other exception is
a bug in llmreg and ends with 70: one line that says where it was raised, and the traceback with `--debug`. A signal
ends with 128 and its number: 130 for Ctrl-C, 143 for SIGTERM.
"""

import errno
from typing import ClassVar

INTERNAL_ERROR = 70  # EX_SOFTWARE of sysexits.h
# Replaces the words of libc that are unclear.
_REASONS = {errno.ELOOP: "a symbolic link that is not followed, or links that lead in a circle"}


def describe_os_error(error: OSError) -> str:
    """Return why the operating system refused, in its usual words, such as "Read-only file system"."""
    return _REASONS.get(error.errno or 0) or error.strerror or str(error) or type(error).__name__


class LlmregError(Exception):
    """An error with one line for the user."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class RefusedError(LlmregError):
    """The findings that an edit would cause, a line each after the first. Nothing was written."""


class UsageError(LlmregError):
    """A wrong option or argument."""

    exit_code = 2


class UnknownNameError(UsageError):
    """No model or provider has the name; the message names the nearest ones."""


class AmbiguousNameError(UsageError):
    """Several models or providers have the name; the message names them."""


class UpstreamError(LlmregError):
    """A source's answer cannot be used."""

    exit_code = 4

    def message_about(self, source: str) -> str:
        """The message without the name of the source, for where another place names it."""
        return self.message.removeprefix(f"{source}: ")


class GitError(LlmregError):
    """Git cannot do what it was asked: there is no such past, or no repository."""

    exit_code = 5


class ForgeError(LlmregError):
    """The forge refuses what it was asked, or gives no answer."""

    exit_code = 5


class FileError(LlmregError):
    """An error in a file: `line` and `column` count from 1, and are None where the whole file is meant."""

    exit_code = 6
    code: ClassVar[str] = "file"

    def __init__(self, path: str, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.path = path
        self.line = line
        self.column = column

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)
        if not self.path and self.line is not None:  # a text that is in no file
            place = f"line {self.line}, column {self.column}"
        return f"{place}: {self.message}" if self.code == FileError.code else f"{place} {self.code} {self.message}"


class InexactEditError(FileError):
    """An edit of one model that cannot be made without changing something else: nothing was written."""

    def __init__(self, path: str, message: str, model: str | None) -> None:
        super().__init__(path, message)
        self.model = model  # its id, None where it is no model that is edited


class YamlError(FileError):
    """The text breaks a rule of reading; `code` says which one (`docs/rules.md` has a section for each)."""

    def __init__(self, code: str, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__("", message, line, column)
        self.code = code  # type: ignore[misc]  # one class for all errors of reading; the code tells them apart


class EntryError(FileError):
    """YAML, but not a provider file."""

    code = "schema"


class ChangedError(FileError):
    """The file is no longer the one that was read."""

    code = "file-changed"


class ReadOnlyError(FileError):
    """The user may not write there. A reader can often go on."""


class LockedError(LlmregError):
    """Another run is writing to this catalog."""

    exit_code = 75


class CatalogWarning(UserWarning):
    """Something in a catalog, or a plug-in, that llmreg leaves alone and reads past.

    It is given with `warnings.warn`; the command line prints it on stderr.
    """

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path
        self.message = message
