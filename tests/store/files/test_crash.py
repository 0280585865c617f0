"""Whatever the disk, the kernel or a person does to a writer, the files are the old ones or the new ones, whole."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from registry_cli.errors import FileError
from registry_cli.store.files import durable, transaction
from registry_cli.store.files.names import JOURNAL
from registry_cli.store.files.recovery import read_settled
from registry_cli.store.files.transaction import FileChange, lock_for_writing, write_files
from tests.support.faults.breakable_catalogs import (
    BEFORE,
    SCENARIOS,
    Scenario,
    files_under,
    leave_git,
    make_git_directory,
    notes_under,
    visible,
)
from tests.support.faults.power_cut import cuts
from tests.support.faults.system_calls import (
    ERRNOS,
    LOOKS,
    Call,
    disk,
    failing,
    healthy,
    in_child,
    signalled,
    start_child,
)
from tests.support.paths import ROOT

KILLED = -signal.SIGKILL
scenarios = pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS.keys())


def scenarios_by(name: str, values: Sequence[Any], ids: Callable[[Any], str] | None = None) -> pytest.MarkDecorator:
    """Every scenario with every value; in the normal group each meets one, so that each value is met, too."""
    cases = [
        pytest.param(scenario, value, marks=() if number % len(values) == place else pytest.mark.slow,
                     id=f"{ids(value) if ids else value}-{title}")
        for number, (title, scenario) in enumerate(SCENARIOS.items())
        for place, value in enumerate(values)
    ]  # fmt: skip
    return pytest.mark.parametrize(("scenario", name), cases)


def calls_of(scenario: Scenario, folder: Path) -> list[Call]:
    root = scenario.build(folder)
    with disk(healthy) as calls:
        scenario.write(root)
    assert files_under(folder) == scenario.expected()
    return calls


def moments(scenario: Scenario, folder: Path) -> list[int]:
    """The numbers of the calls that change something or could."""
    return [at for at, (name, _) in enumerate(calls_of(scenario, folder / "healthy")) if name not in LOOKS]


def recovered(root: Path) -> dict[str, bytes]:
    with lock_for_writing(root):
        pass
    return files_under(root.parent)


def is_torn(scenario: Scenario, files: dict[str, bytes]) -> bool:
    """Whether some file is neither the old one nor the new one."""
    after = scenario.expected()
    return any(files.get(path) not in (BEFORE.get(path), after.get(path)) for path in BEFORE.keys() | after.keys())


@scenarios_by("code", ERRNOS, os.strerror)
def test_f1_any_call_fails(scenario, code, tmp_path):
    calls = calls_of(scenario, tmp_path / "healthy")
    unharmed = set()
    for at, (name, arguments) in enumerate(calls):
        root = scenario.build(tmp_path / str(at))
        fault = None
        with disk(failing(at, code)):
            try:
                scenario.write(root)
            except FileError as error:
                fault = error
        files = files_under(root.parent)
        assert not is_torn(scenario, files)
        if fault is None:
            is_note = arguments and "journals" in str(arguments[0])
            unharmed.add("unlock" if at == len(calls) - 1 else f"{name} a note" if is_note else name)
            assert files == scenario.expected()
            continue
        assert fault.exit_code == 6
        # What cannot be told to be a link is taken for a file, and then found to be none.
        assert os.strerror(code) in fault.message or (name == "lstat" and fault.message == "not a regular file")
        assert fault.path.startswith(str(tmp_path / str(at)))
        if "next run" in fault.message:
            assert recovered(root) == scenario.expected()
        elif "in place" in fault.message:
            assert files == scenario.expected()
        else:
            assert files == BEFORE  # and so nothing hidden is left either
    # Without a list of the directory, parts of split providers are not looked into; these catalogs have none.
    assert unharmed <= {"lstat", "scandir", "stat", "stat a note", "unlink a note", "unlock"}


@scenarios_by("code", ERRNOS, os.strerror)
def test_f1_the_disk_fails_for_good(scenario, code, tmp_path):
    for at in range(len(calls_of(scenario, tmp_path / "healthy"))):
        root = scenario.build(tmp_path / str(at))
        with disk(failing(at, code, for_good=True)), contextlib.suppress(FileError):
            scenario.write(root)
        assert not is_torn(scenario, files_under(root.parent))
        assert recovered(root) in (BEFORE, scenario.expected())


@scenarios_by("when", ["before", "after"])
def test_f2_killed_at_any_call(scenario, when, tmp_path):
    seen = set()
    for at in moments(scenario, tmp_path):
        root = scenario.build(tmp_path / str(at))
        assert in_child(lambda root=root: scenario.write(root), signalled(at, signal.SIGKILL, when)) == KILLED
        left = files_under(root.parent)
        assert not is_torn(scenario, left)
        assert not any(path.endswith(".yml") for path in left.keys() - BEFORE.keys() - scenario.expected().keys())
        files = recovered(root)
        assert files in (BEFORE, scenario.expected())
        seen.add((files == BEFORE, visible(left) == left))
    assert {old for old, _ in seen} == {True, False}


def test_f2_killed_at_any_call_in_no_repository(tmp_path):
    """The notes lie in the user's state directory."""
    scenario = SCENARIOS["several"]
    root = scenario.build(tmp_path / "healthy")
    leave_git(root.parent)
    with disk(healthy) as calls:
        scenario.write(root)
    seen = set()
    for at in (at for at, (name, _) in enumerate(calls) if name in ("write", "replace", "unlink", "fsync")):
        root = scenario.build(tmp_path / str(at))
        leave_git(root.parent)
        assert in_child(lambda root=root: scenario.write(root), signalled(at, signal.SIGKILL, "after")) == KILLED
        noted, named = bool(notes_under(root.parent)), (root / JOURNAL).exists()
        files = recovered(root)
        assert files in (BEFORE, scenario.expected())
        seen.add((noted, named, files == BEFORE))
    assert seen >= {(False, False, True), (True, False, True), (True, True, False), (True, False, False)}


def test_a_note_that_a_killed_run_left_goes_with_the_next_change(tmp_path):
    """It was killed after it had removed the journal, or before it named it."""
    scenario = SCENARIOS["several"]
    calls = calls_of(scenario, tmp_path / "healthy")
    left = set()
    for at in (at for at, call in enumerate(calls) if call[0] in ("unlink", "replace")):
        root = scenario.build(tmp_path / str(at))
        assert in_child(lambda root=root: scenario.write(root), signalled(at, signal.SIGKILL, "after")) == KILLED
        files = recovered(root)
        left.add(len(notes_under(root.parent)))
        changes = [
            FileChange(root / name, files[f"models/{name}"], b"later\n") for name in ("acme.yml", "borealis.yml")
        ]
        write_files(root, changes)
        assert notes_under(root.parent) == []
    assert left == {0, 1}


def test_f2_killed_in_the_middle_of_a_write(tmp_path):
    scenario = SCENARIOS["several"]
    calls = calls_of(scenario, tmp_path / "healthy")
    writes = [at for at, (name, _) in enumerate(calls) if name == "write"]
    assert len(writes) == 6  # the key, three temporary files, the journal and its note
    for at in writes:
        root = scenario.build(tmp_path / str(at))

        def half(number, call, do, at=at):
            if number == at:
                descriptor, data = call[1]
                os.pwrite(descriptor, bytes(data)[: len(data) // 2], 0)
                os.kill(os.getpid(), signal.SIGKILL)
            return do()

        assert in_child(lambda root=root: scenario.write(root), half) == KILLED
        assert (len(files_under(root.parent)) > len(BEFORE)) == (at != writes[0])
        assert recovered(root) == BEFORE
        assert notes_under(root.parent) == []


def kill_while_recovering(folder: Path, *, ignored: set[str]) -> int:
    """Kills a writer after each call from the commit on, and then each recovery after each call; counts the latter."""
    scenario = SCENARIOS["several"]
    calls = calls_of(scenario, folder / "healthy")
    names = [name for name, _ in calls]
    commit = next(at for at, call in enumerate(calls) if call[0] == "replace" and call[1][1].name == JOURNAL)
    deaths = 0
    for first in (at for at in range(commit, len(calls)) if names[at] not in ignored):
        left = folder / f"{first}"
        root = scenario.build(left)
        assert in_child(lambda root=root: scenario.write(root), signalled(first, signal.SIGKILL, "after")) == KILLED
        shutil.copytree(left, folder / "trace", symlinks=True)
        with disk(healthy) as recovery:
            assert recovered(folder / "trace" / "models") == scenario.expected()
        for second in (at for at, (name, _) in enumerate(recovery) if name not in ignored):
            root = folder / f"{first}-{second}" / "models"
            shutil.copytree(left, root.parent, symlinks=True)
            ended = in_child(lambda root=root: recovered(root), signalled(second, signal.SIGKILL, "after"))
            assert ended == KILLED
            assert recovered(root) == scenario.expected()
            deaths += 1
        shutil.rmtree(folder / "trace")
    return deaths


def test_f2_killed_while_recovering(tmp_path):
    assert kill_while_recovering(tmp_path, ignored={*LOOKS, "open", "close", "fsync"}) > 10


@pytest.mark.slow
def test_f2_killed_at_any_call_of_any_recovery(tmp_path):
    assert kill_while_recovering(tmp_path, ignored=LOOKS) > 100


@scenarios_by("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_f7_interrupted_at_any_call(scenario, sent, tmp_path):
    """Without any recovery, the files are all old or all new."""
    for at in moments(scenario, tmp_path):
        root = scenario.build(tmp_path / str(at))
        ended = in_child(lambda root=root: scenario.write(root), signalled(at, sent, "before"))
        assert ended == (130 if sent == signal.SIGINT else -sent)
        files = files_under(root.parent)
        assert visible(files) in (BEFORE, scenario.expected())
        assert JOURNAL not in {Path(path).name for path in files}
        if sent == signal.SIGINT:
            assert visible(files) == files
        assert recovered(root) == visible(files)


@pytest.mark.parametrize(
    ("scenario", "leave"),
    [*((scenario, lambda _: None) for scenario in SCENARIOS.values()), (SCENARIOS["several"], leave_git)],
    ids=[*SCENARIOS, "several in no repository"],
)
def test_the_power_fails_at_any_call(scenario, leave, tmp_path):
    """What was not synced may be lost in any combination; what `write_files` returned from is there."""
    root = scenario.build(tmp_path / "trace")
    leave(root.parent)
    seen = set()
    for number, (returned, survivors) in enumerate(cuts(root.parent, lambda: scenario.write(root))):
        survivors.build(tmp_path / str(number))
        leave(tmp_path / str(number))
        files = recovered(tmp_path / str(number) / "models")
        assert files in ((scenario.expected(),) if returned else (BEFORE, scenario.expected()))
        seen.add(files == BEFORE)
    assert seen == {True, False}


def test_the_power_fails_during_the_next_change(tmp_path):
    """A journal that was removed must not come back to files that have moved on."""
    scenario, last = SCENARIOS["several"], b'{"later": true}\n'
    root = scenario.build(tmp_path / "trace")
    records = root.parent / "upstream" / "acme.jsonl"

    def both() -> None:
        scenario.write(root)
        write_files(root, [FileChange(records, records.read_bytes(), last)])

    after = scenario.expected()
    for number, (returned, survivors) in enumerate(cuts(root.parent, both)):
        survivors.build(tmp_path / str(number))
        files = recovered(tmp_path / str(number) / "models")
        assert files in ([] if returned else [BEFORE, after]) + [{**after, "upstream/acme.jsonl": last}]


@pytest.mark.parametrize("of", ["the catalog", "the notes"])
def test_the_model_of_power_notices_a_missing_sync(tmp_path, monkeypatch, of):
    scenario, sync_folder = SCENARIOS["several"], durable.sync_folder
    if of == "the catalog":
        monkeypatch.setattr(transaction, "sync_folder", lambda folder: None)
    else:
        monkeypatch.setattr(durable, "sync_folder", lambda each: None if each.name == "journals" else sync_folder(each))
    root = scenario.build(tmp_path / "trace")
    outcomes = []
    for number, (_, survivors) in enumerate(cuts(root.parent, lambda: scenario.write(root))):
        survivors.build(tmp_path / str(number))
        try:
            files = recovered(tmp_path / str(number) / "models")
            outcomes.append("whole" if files in (BEFORE, scenario.expected()) else "mixed")
        except FileError:
            outcomes.append("stuck")
    assert {"mixed", "stuck"} & set(outcomes)


GENERATED = ("models/acme.yml", "models/borealis.yml", "upstream/acme.jsonl")


def generation(number: int) -> bytes:
    return b"generation: %d\n%send: %d\n" % (number, b"# filler\n" * (number * 7919 % 3000), number)


def number_of(content: bytes) -> int:
    """The generation of a file's content, which must be whole."""
    number = int(content.split(b"\n", 1)[0].removeprefix(b"generation: "))
    assert content == generation(number)
    return number


def write_generations(root: Path, pause: float = 0.0) -> None:
    while True:
        with lock_for_writing(root):
            old = (root.parent / GENERATED[0]).read_bytes()
            new = generation(number_of(old) + 1)
            write_files(root, [FileChange(root.parent / path, old, new) for path in GENERATED])
        time.sleep(pause)


def first_generation(folder: Path) -> Path:
    make_git_directory(folder)
    for path in GENERATED:
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(generation(0))
    return folder / "models"


def kill_at_random(root: Path, kills: int, longest: float) -> dict[str, int]:
    """Kills a writer at random moments; counts what the kills left behind."""
    rng = random.Random(20260115)
    left = {"committed": 0, "noted": 0, "strays": 0, "nothing": 0, "generations": 0}
    for _ in range(kills):
        child = start_child(lambda: write_generations(root))
        time.sleep(rng.uniform(0, longest))
        os.kill(child, signal.SIGKILL)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == KILLED
        found = files_under(root.parent)
        hidden = found.keys() - GENERATED
        committed = f"models/{JOURNAL}" in hidden
        noted = hidden and notes_under(root.parent)
        left["committed" if committed else "noted" if noted else "strays" if hidden else "nothing"] += 1
        for path in GENERATED:
            number_of(found[path])
        files = recovered(root)
        assert files.keys() == set(GENERATED)
        (number,) = {number_of(content) for content in files.values()}
        assert number >= left["generations"]
        left["generations"] = number
    return left


def test_f2_killed_at_random(tmp_path):
    kill_at_random(first_generation(tmp_path), 20, 0.03)


@pytest.mark.slow
@pytest.mark.parametrize("leave", [lambda _: None, leave_git], ids=["in a repository", "in none"])
def test_f2_killed_at_random_a_thousand_times(tmp_path, leave):
    root = first_generation(tmp_path)
    leave(tmp_path)
    left = kill_at_random(root, 1000, 0.05)
    print(left)  # shown by -s, and where the test fails
    assert all(left[kind] > 0 for kind in ("committed", "noted", "strays", "generations"))
    assert len(notes_under(tmp_path)) <= 1


def fail_at_random(folder: Path, tries: int) -> dict[str, int]:
    """Lets a random call of a random change fail, or it and all that follow; counts what that came to."""
    rng = random.Random(20260116)
    counts = {"refused": 0, "finished later": 0, "written": 0}
    lengths = {title: len(calls_of(scenario, folder / title)) for title, scenario in SCENARIOS.items()}
    for number in range(tries):
        title = rng.choice([*SCENARIOS, "several"])
        scenario, root = SCENARIOS[title], SCENARIOS[title].build(folder / str(number))
        fault = failing(rng.randrange(lengths[title]), rng.choice(ERRNOS), for_good=rng.random() < 1 / 3)
        with disk(fault), contextlib.suppress(FileError):
            scenario.write(root)
        at_once = files_under(root.parent)
        assert not is_torn(scenario, at_once)
        files = recovered(root)
        assert files in (BEFORE, scenario.expected())
        kind = "refused" if files == BEFORE else "written" if visible(at_once) == files else "finished later"
        counts[kind] += 1
    return counts


def test_f1_errors_at_random(tmp_path):
    fail_at_random(tmp_path, 10)


@pytest.mark.slow
def test_f1_a_thousand_errors_at_random(tmp_path):
    counts = fail_at_random(tmp_path, 1000)
    print(counts)
    assert all(counts.values())


def test_readers_beside_a_writer(tmp_path):
    root = first_generation(tmp_path)
    child = start_child(lambda: write_generations(root, pause=0.002))
    try:
        alone, together = set(), set()
        until = time.monotonic() + 2
        while time.monotonic() < until:
            alone |= {number_of((tmp_path / path).read_bytes()) for path in GENERATED}
            contents = read_settled(root, lambda: [(tmp_path / path).read_bytes() for path in GENERATED])
            (number,) = {number_of(content) for content in contents}
            together.add(number)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    assert len(alone) > 3
    assert len(together) > 3


WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from tests.support.faults.breakable_catalogs import SCENARIOS
SCENARIOS["several"].write(Path(sys.argv[2]))
"""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
@pytest.mark.parametrize("action", ["error=ENOSPC", "error=EIO", "error=EROFS", "error=EACCES", "signal=KILL"])
def test_f1_the_kernel_injects_faults(action, tmp_path):
    """The same without our own layer: calls that a starting Python does not make, failed or fatal by `strace`."""
    scenario = SCENARIOS["several"]
    outcomes = {}
    for call in ("fsync", "rename", "unlink", "fchmod", "flock"):
        for at in range(1, 100):
            root = scenario.build(tmp_path / f"{call}-{at}")
            log = tmp_path / "log"
            run = subprocess.run(
                ["strace", "-f", "-o", log, "-e", f"trace={call}", "-e", f"inject={call}:{action}:when={at}",
                 sys.executable, "-c", WRITER, str(ROOT), root],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            if "INJECTED" not in log.read_text() and "SIGKILL" not in log.read_text():
                break
            assert not is_torn(scenario, files_under(root.parent))
            files = recovered(root)
            if run.returncode == 0:  # at most the note outlived its journal
                assert (call, files) == ("unlink", scenario.expected())
                assert len(notes_under(root.parent)) <= 1
            assert files in (BEFORE, scenario.expected())
            outcomes[call, at] = files == BEFORE
    assert {call for call, _ in outcomes} >= {"fsync", "rename", "unlink", "flock"}
    assert set(outcomes.values()) == {True, False}
