"""F8: whatever is wrong with the index, the answer is the same."""

import contextlib
import fcntl
import hashlib
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from registry_cli.core.catalog.status import STATUSES
from registry_cli.core.format.fields import RATES
from registry_cli.core.query.filters import MODALITIES, MODES, Selection
from registry_cli.errors import FileError
from registry_cli.store.cache import fingerprint as code_stamp
from registry_cli.store.cache.databases import add_checksum, remove_checksum
from registry_cli.store.cache.directory import CacheDirectory
from registry_cli.store.catalog.bundled import read_schema
from registry_cli.store.catalog.load import Reader
from registry_cli.store.catalog.locate import catalog_fingerprint
from registry_cli.store.index import index as index_module
from registry_cli.store.index.index import index_file, open_index
from registry_cli.store.index.query import fetch_models
from registry_cli.store.index.sql import run_sql
from tests.support.random_catalogs import write_catalog

CATALOG = {
    "acme": {"models": {"big": {"pricing": {"input": 3, "output": 15}}, "small": {"pricing": {"input": 0.5}}}},
    "beta": {"aliases": ["b"], "models": {"tiny": {"capabilities": ["tools"]}}},
}
ANSWER = [("acme/small",), ("acme/big",), ("beta/tiny",)]
DAY = "2026-05-01"
PAGE = 16384


@pytest.fixture
def root(tmp_path):
    return write_catalog(tmp_path / "catalog", CATALOG)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "cache"


def answer(root, folder, overlay=None):
    with open_index(root, overlay, folder and CacheDirectory(folder)) as index:
        return fetch_models(index, ["full_id"], Selection(), DAY)


@pytest.fixture
def made(root, folder):
    """An index that was made and is fresh."""
    assert answer(root, folder) == ANSWER
    return index_file(root, None, CacheDirectory(folder)).path


@pytest.fixture
def no_reading(monkeypatch):
    """No file may be read as YAML: the index must answer alone."""
    monkeypatch.setattr(index_module, "_build_index", lambda *_: pytest.fail("the index was built again"))


def test_f8_absent(root, folder):
    assert answer(root, folder) == ANSWER
    assert index_file(root, None, CacheDirectory(folder)).path.is_file()
    assert [path.name for path in folder.iterdir()] == [index_file(root, None, CacheDirectory(folder)).path.name]


def test_f8_fresh_is_not_built_again(root, folder, made, no_reading):
    assert answer(root, folder) == ANSWER


@pytest.mark.parametrize("size", [0, 50, 100, PAGE, PAGE + 900, 5 * PAGE])
def test_f8_truncated(root, folder, made, size):
    whole = made.read_bytes()
    assert size < len(whole)
    made.write_bytes(whole[:size])
    assert answer(root, folder) == ANSWER
    assert len(made.read_bytes()) >= len(whole) - PAGE


@pytest.mark.parametrize("page", range(1, 12))
def test_f8_corrupt(root, folder, made, page):
    """Pages of nonsense: those that the first look at the index reads, and those that only the question meets."""
    with made.open("rb+") as file:
        file.seek(page * PAGE)
        file.write(b"\xff" * PAGE)
    assert answer(root, folder) == ANSWER


def test_f8_a_flipped_bit_is_never_answered_from(root, folder, made, monkeypatch):
    """Wherever it is: in a value, in a page that no statement reads, in the checksum."""
    whole = made.read_bytes()
    rng = random.Random(12)
    places = [rng.randrange(len(whole)) for _ in range(60)] + [whole.index(b"acme/small"), *range(-4, 0)]
    built, build = [], index_module._build_index
    monkeypatch.setattr(index_module, "_build_index", lambda *arguments: built.append(1) or build(*arguments))
    for number, place in enumerate(places, 1):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << rng.randrange(8)
        made.write_bytes(damaged)
        assert answer(root, folder) == ANSWER
        assert len(built) == number
        assert answer(root, folder) == ANSWER
        assert len(built) == number


def test_f8_a_value_that_changed_on_the_disk(root, folder, made):
    """SQLite itself finds nothing wrong with it."""
    whole = made.read_bytes()
    assert whole.count(b"acme/small") > 1
    made.write_bytes(whole.replace(b"acme/small", b"acme/smalt"))
    assert answer(root, folder) == ANSWER


def test_f8_not_a_database(root, folder, made):
    made.write_bytes(b"not a database at all\n" * 1000)
    assert answer(root, folder) == ANSWER
    assert answer(root, folder) == ANSWER


def test_f8_damage_met_by_a_persons_own_statement(root, folder, made):
    with open_index(root, None, CacheDirectory(folder)) as index:
        with made.open("rb+") as file:
            file.seek(PAGE)
            file.write(b"\xff" * (made.stat().st_size - PAGE))
        statement = "select full_id from models order by 1"
        assert run_sql(index, statement)[1] == [("acme/big",), ("acme/small",), ("beta/tiny",)]


def test_f8_a_folder_in_its_place(root, folder, made):
    made.unlink()
    made.mkdir()
    assert answer(root, folder) == ANSWER


def test_f8_read_only_folder(root, tmp_path):
    """A file where the folder should be: nobody can write there, root neither."""
    (tmp_path / "file").write_text("")
    assert answer(root, tmp_path / "file" / "cache") == ANSWER


def test_f8_read_only_index(root, folder, made, no_reading):
    made.chmod(0o400)
    folder.chmod(0o500)
    try:
        assert answer(root, folder) == ANSWER
    finally:
        folder.chmod(0o700)


def test_f8_disk_full(root, folder, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(index_module, "add_checksum", full)
    assert answer(root, folder) == ANSWER
    assert list(folder.iterdir()) == []


def change(path, *statements):
    """Another content, and no damage."""
    remove_checksum(path)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)
    add_checksum(path)


STALE = "UPDATE models SET full_id = 'stale/' || id"


def test_f8_what_is_changed_with_care_is_believed(root, folder, made):
    """So the tests below fail for their own reasons."""
    change(made, STALE)
    assert answer(root, folder) == [("stale/small",), ("stale/big",), ("stale/tiny",)]


@pytest.mark.parametrize("statement", ["UPDATE meta SET value = 'other'", "DELETE FROM meta", "DROP TABLE meta"])
def test_f8_another_version(root, folder, made, statement):
    change(made, STALE, statement)
    assert answer(root, folder) == ANSWER


def test_f8_another_program(root, folder, made, monkeypatch):
    change(made, STALE)
    monkeypatch.setattr(code_stamp, "__version__", "99")
    assert answer(root, folder) == ANSWER


MAKERS = """
import sys
import registry_cli.core.checks.catalog_checker, registry_cli.core.checks.checker
import registry_cli.store.index.rows, registry_cli.store.catalog.load
print(*(name for name in sys.modules if name.startswith("registry_cli.")))
"""


def test_all_that_makes_an_index_or_a_finding_is_stamped():
    made_by = subprocess.run([sys.executable, "-c", MAKERS], capture_output=True, text=True, check=True).stdout.split()
    stamped = tuple(f"registry_cli.{folder}" for folder in code_stamp.CODE)
    assert len(made_by) > 40
    assert {name for name in made_by if not name.startswith(stamped)} == {"registry_cli.errors", "registry_cli.version"}


@pytest.mark.parametrize(
    "module", ["core/query/filters.py", "core/checks/rules/base.py", "store/catalog/load.py", "yamledit/scalars.py"]
)
def test_a_changed_module_changes_the_stamp(tmp_path, monkeypatch, module):
    package = Path(code_stamp.__file__).parents[2]
    shutil.copytree(package, tmp_path / "registry_cli", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(code_stamp, "__file__", str(tmp_path / "registry_cli" / "store" / "cache" / "fingerprint.py"))
    before = code_stamp.code_stamp()
    os.utime(tmp_path / "registry_cli" / module, (0, 0))
    assert code_stamp.code_stamp() != before


def test_f8_locked_by_another_process(root, folder, made, no_reading):
    other = sqlite3.connect(made, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        assert answer(root, folder) == ANSWER
    finally:
        other.close()


def test_f8_locked_while_stale(root, folder, made):
    (root / "beta.yml").unlink()
    with made.open("rb+") as file:
        fcntl.lockf(file, fcntl.LOCK_EX)
        assert answer(root, folder) == ANSWER[:2]


def test_f8_stale(root, folder, made):
    write_catalog(root, {"beta": {"models": {"new": {"pricing": {"input": 1}}}}, "corp": {"models": {"c": {}}}})
    expected = [("acme/small",), ("beta/new",), ("acme/big",), ("corp/c",)]
    assert answer(root, folder) == expected
    assert answer(root, folder) == expected
    (root / "acme.yml").unlink()
    assert answer(root, folder) == [("beta/new",), ("corp/c",)]
    with open_index(root, None, CacheDirectory(folder)) as index:
        for table in ("rates", "model_capabilities", "modalities", "model_aliases"):
            orphans = f"SELECT count(*) FROM {table} WHERE model NOT IN (SELECT key FROM models)"  # noqa: S608
            assert index.fetch_rows(orphans) == [(0,)]


def test_f8_same_size_and_time(root, folder, made):
    """Only the content counts: a change that keeps size and times is seen."""
    path = root / "acme.yml"
    before = path.stat()
    path.write_text(path.read_text().replace("0.5", "9.5"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert answer(root, folder) == [("acme/big",), ("acme/small",), ("beta/tiny",)]


def test_only_what_changed_is_read_again(root, folder, made, monkeypatch):
    read = []
    provider = Reader.read_provider
    monkeypatch.setattr(Reader, "read_provider", lambda self, files: read.append(files.id) or provider(self, files))
    write_catalog(root, {"beta": {"models": {"new": {}}}})
    assert answer(root, folder) == [("acme/small",), ("acme/big",), ("beta/new",)]
    assert read == ["beta"]


@pytest.fixture
def connections(monkeypatch):
    """Every connection that is opened."""
    opened, connect = [], sqlite3.connect

    def recorded(*arguments, **options):
        opened.append(connect(*arguments, **options))
        return opened[-1]

    monkeypatch.setattr(sqlite3, "connect", recorded)
    return opened


def are_closed(connections):
    for connection in connections:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("SELECT 1")
    return bool(connections)


def test_no_connection_stays_open(root, folder, connections):
    assert answer(root, folder) == answer(root, folder) == answer(root, None) == ANSWER
    (root / "beta.yml").unlink()
    assert answer(root, folder) == ANSWER[:2]  # a stale one
    path = index_file(root, None, CacheDirectory(folder)).path
    with path.open("rb+") as file:
        file.seek(PAGE)
        file.write(b"\xff" * (path.stat().st_size - PAGE))
    assert answer(root, folder) == ANSWER[:2]  # a damaged one
    (root / "beta.yml").write_text("provider: beta\nmodels: [1]\n")
    with pytest.raises(FileError):
        answer(root, folder)
    with pytest.raises(FileError):
        answer(root, None)
    assert are_closed(connections)


@pytest.mark.parametrize(
    "arguments",
    [["query"], ["query", "--count"], ["query", "-p", "none"], ["show", "large-2"], ["show", "large-2#mode"],
     ["compare", "large-1", "large-2"], ["providers"], ["capabilities"], ["default", "acme"], ["sql", "select 1"],
     ["cost", "large-2", "--input", "1"], ["export", "json"]],
)  # fmt: skip
def test_no_command_leaves_a_connection_open(run, connections, arguments):
    run(*arguments)
    assert are_closed(connections)


def test_a_fault_leaves_the_index_alone(root, folder, made):
    before = made.read_bytes()
    (root / "beta.yml").write_text("provider: beta\nmodels: [1]\n")
    with pytest.raises(FileError, match=r"beta\.yml"):
        answer(root, folder)
    assert made.read_bytes() == before


def test_overlay_has_an_index_of_its_own(root, folder, tmp_path):
    overlay = write_catalog(tmp_path / "mine", {"acme": {"models": {"big": {"pricing": {"input": 0.1}}}}})
    assert answer(root, folder, overlay) == [("acme/big",), ("acme/small",), ("beta/tiny",)]
    assert answer(root, folder) == ANSWER
    assert len(list(folder.iterdir())) == 2


def test_many_at_once(root, folder):
    answers, runs = [], [threading.Thread(target=lambda: answers.append(answer(root, folder))) for _ in range(4)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert answers == [ANSWER] * 4


def test_strays_of_killed_runs_are_swept(root, folder):
    (folder / "findings").mkdir(parents=True)
    (folder / "answers").mkdir()
    old = [
        folder / name
        for name in (".index-a.sqlite.1.tmp", "findings/.a.json.1.tmp", "answers/.a.answer.1.tmp", "mine.tmp")
    ]
    young = folder / ".index-b.sqlite.2.tmp"
    for path in (*old, young):
        path.write_text("")
    for path in old:
        os.utime(path, (0, 0))
    assert answer(root, folder) == ANSWER
    assert [path.exists() for path in (*old, young)] == [False, False, False, True, True]


def test_no_link_leads_a_write_elsewhere(root, folder, tmp_path):
    """Whoever can write to the cache folder puts links where a run of any number would write, and over the file."""
    theirs = tmp_path / "theirs"
    theirs.write_text("precious")
    folder.mkdir()
    path = index_file(root, None, CacheDirectory(folder)).path
    for name in (path.name, f".{path.name}.{os.getpid()}.tmp"):
        (folder / name).symlink_to(theirs)
    assert answer(root, folder) == ANSWER
    assert theirs.read_text() == "precious"
    assert path.is_file()
    assert not path.is_symlink()


def test_words_of_the_filters_are_the_schemas():
    definitions = read_schema()["$defs"]
    model = definitions["model"]["properties"]
    assert list(MODES) == model["mode"]["enum"]
    assert list(STATUSES) == model["status"]["enum"]
    assert list(MODALITIES) == definitions["modality"]["enum"]
    assert set(RATES) == set(definitions["rates"]["properties"])


FORBIDDEN = {
    "httpx", "git", "jsonschema", "jsonschema_rs", "ruamel", "importlib.resources", "yaml", "rich", "decimal",
    "registry_cli.core.catalog.models", "registry_cli.store.catalog.load", "importlib.metadata",
}  # fmt: skip
TELL = """
import atexit, sys
atexit.register(lambda: print(*sys.modules, sep="\\n", file=open({path!r}, "w")))
"""


@pytest.mark.parametrize("more", [[], ["--provider", "b"], ["--format", "csv"], ["--count"], ["--quiet"]])
def test_a_query_imports_little(root, folder, made, tmp_path, more):
    """In a pipe with a fresh index, `query` never pays for what it does not use."""
    (tmp_path / "site").mkdir()
    listing = tmp_path / "modules.txt"
    (tmp_path / "site" / "sitecustomize.py").write_text(TELL.format(path=str(listing)))
    shutil.rmtree(tmp_path / "home", ignore_errors=True)
    measured = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}  # it imports, too
    environ = {**measured, "LLMREG_CACHE": str(folder), "PYTHONPATH": str(tmp_path / "site"), "HOME": str(tmp_path)}
    for name in ("XDG_CONFIG_HOME", "LLMREG_OVERLAY"):
        environ.pop(name, None)
    command = [sys.executable, "-c", "from registry_cli.cli import main; main()", "query", "--catalog", str(root)]
    run = subprocess.run([*command, "--max-input", "5", *more], env=environ, capture_output=True, text=True, check=True)
    assert ("1 model left out: input price unknown" in run.stderr) == (more != ["--quiet"])
    loaded = set(listing.read_text().split())
    assert "registry_cli.store.index.query" in loaded
    assert loaded & FORBIDDEN == set()


def test_links_and_faults_are_looked_at_closely(root, tmp_path):
    """A catalog that is hashed in one sweep and one that is not have the same index."""
    other = tmp_path / "linked"
    other.mkdir()
    (other / "acme.yml").write_bytes((root / "acme.yml").read_bytes())
    assert catalog_fingerprint(root) == [
        (file.name, hashlib.sha256(file.read_bytes()).hexdigest()) for file in sorted(root.iterdir())
    ]
    assert catalog_fingerprint(tmp_path / "nowhere") is None
    (other / "b.yml").symlink_to("acme.yml")
    assert catalog_fingerprint(other) is None
    (root / "ACME.yml").write_text("provider: ACME\nmodels: {}\n")
    assert catalog_fingerprint(root) is None


def test_a_link_inside_the_catalog(root, folder):
    (root / "beta.yml").rename(root / "beta.txt")
    (root / "beta.yml").symlink_to("beta.txt")
    assert answer(root, folder) == ANSWER
    first = index_file(root, None, CacheDirectory(folder)).path.stat().st_ino
    assert answer(root, folder) == ANSWER
    assert index_file(root, None, CacheDirectory(folder)).path.stat().st_ino == first
