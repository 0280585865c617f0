"""Fixtures that several tests share, and for every test a place of its own."""

import itertools
import os
import signal

import pytest
from hypothesis import settings

from tests.support.isolation import isolate
from tests.support.small_catalog import run

__all__ = ["run"]

# The normal group is for every change of the code: LLMREG_TEST_EXAMPLES=1000 is for a night.
# It tries the same cases every time, so that a change is judged by what it changes.
EXAMPLES = os.environ.get("LLMREG_TEST_EXAMPLES")
settings.register_profile("llmreg", max_examples=int(EXAMPLES or "30"), deadline=None, derandomize=EXAMPLES is None)
settings.load_profile("llmreg")

# A shell that starts the tests in the background, and nohup, have them ignore signals, which the programs that tests
# start would inherit.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

_numbers = itertools.count()


@pytest.fixture(autouse=True, scope="session")
def _session_alone(tmp_path_factory: pytest.TempPathFactory):
    """For fixtures that are made once for many tests."""
    with pytest.MonkeyPatch.context() as patch:
        isolate(patch, tmp_path_factory.mktemp("session"))
        yield


@pytest.fixture(autouse=True)
def _alone(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch):
    handler = signal.getsignal(signal.SIGTERM)  # which `main` takes, for a process that it thinks its own
    isolate(monkeypatch, tmp_path_factory.getbasetemp() / "alone" / str(next(_numbers)))  # made by whoever needs it
    yield
    signal.signal(signal.SIGTERM, handler)
