"""How a process begins and ends: the `llmreg` script and `python -m registry_cli`.

A command lives for a tenth of a second, much of it start-up. So no garbage is collected, from before the imports on,
and the process ends without taking the interpreter down piece by piece.
"""

import gc

gc.disable()

import os  # noqa: E402  # after the collector
import sys  # noqa: E402
from contextlib import suppress  # noqa: E402
from typing import NoReturn  # noqa: E402


def main() -> NoReturn:
    from registry_cli.cli import main as run  # noqa: PLC0415  # after the collector

    try:
        run()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    with suppress(OSError):  # the reader of our output may have gone away
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
