"""The token that the GitHub CLI (`gh`) keeps."""

import os
import subprocess
from collections.abc import Mapping


def gh_token(host: str, environ: Mapping[str, str]) -> str | None:
    """Return what `gh auth token` prints for a host; None where `gh` is missing, or has no token."""
    command = ["gh", "auth", "token", "--hostname", host]
    try:
        done = subprocess.run(  # noqa: S603  # a fixed command; the host is one argument
            command, env=dict(environ), capture_output=True, timeout=10, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return os.fsdecode(done.stdout).strip() or None if done.returncode == 0 else None
