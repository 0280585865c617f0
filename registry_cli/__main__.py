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
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us (`>&-`)
            setattr(sys, name, open(os.devnull, "w"))  # noqa: PTH123, SIM115  # for the life of the process
    try:
        from registry_cli.cli import main as run  # noqa: PLC0415  # after the collector

        run()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except KeyboardInterrupt:  # while importing, before anybody else listens
        code = 130
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # the reader may have gone away
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
