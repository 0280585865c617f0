"""`ABSENT` is one object, wherever it goes."""

import copy
import pickle

from registry_cli.core.format.absent import ABSENT


def test_absent_stays_itself_in_copies_and_other_processes():
    assert pickle.loads(pickle.dumps(ABSENT)) is ABSENT  # noqa: S301  # made here
    assert copy.deepcopy({"input": ABSENT})["input"] is ABSENT
    assert repr(ABSENT) == "ABSENT"
