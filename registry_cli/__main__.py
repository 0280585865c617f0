"""The entry point of the `llmreg` script and of `python -m registry_cli`.

A command takes about a tenth of a second, much of it start-up. So garbage collection is off from before the imports,
and the process ends without the clean-up of the interpreter.
"""

import gc

gc.disable()

import os  # noqa: E402  # after the collector
import sys  # noqa: E402
from contextlib import suppress  # noqa: E402
from typing import NoReturn  # noqa: E402


def main() -> NoReturn:
    _open_closed_streams()
    try:
        from registry_cli.cli import main as run  # noqa: PLC0415  # after the collector

        run()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except KeyboardInterrupt:  # while importing, before `run` handles it
        code = 130
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # the reader may have gone away
            stream.flush()
    os._exit(code)


def _open_closed_streams() -> None:
    """Open standard streams that are closed (`>&-`), so that no other file gets the number of one.

    Standard output still cannot be written to, which is an error like any failed write.
    """
    for name, flags in (("stdin", os.O_RDONLY), ("stdout", os.O_RDONLY), ("stderr", os.O_WRONLY)):
        if getattr(sys, name) is None:
            stream = open(os.open(os.devnull, flags), "r" if name == "stdin" else "w")  # noqa: PTH123, SIM115  # for the life of the process
            setattr(sys, name, stream)


if __name__ == "__main__":
    main()
