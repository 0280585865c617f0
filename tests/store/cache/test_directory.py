"""The cache directory knows every file that llmreg writes there, and no other."""

import os
from pathlib import Path

import pytest

from registry_cli.store.cache import directory as directory_module
from registry_cli.store.cache.answers import AnswerCache
from registry_cli.store.cache.directory import CacheDirectory, CacheKind
from registry_cli.store.cache.findings import FindingsCache
from tests.store.cache.test_cache_damage import catalog
from tests.support.cli import run_llmreg

__all__ = ["catalog"]
NOW = "2026-11-22T06:00:00Z"
COMMANDS = (
    "query", "query --list-prices", "query --at HEAD", "show acme/one", "validate", "history acme/one", "changelog",
    "history --all-parents", "set acme/one context_window=2000", "fmt", "sql 'select 1'", "cost acme/one --input 1",
    "sync acme --from models.dev=md.json", "diff acme --from models.dev=md.json", "restore acme/one --at HEAD", "list",
)  # fmt: skip
OLDER_NAMES = (
    f"findings/{'a1' * 16}.json", f"findings/settings-{'b2' * 16}.json", f"records/{'c3' * 16}.json",
    f"answers/{'d4' * 16}.answer", f"index-of-past-{'e5' * 16}.sqlite",
)  # fmt: skip


@pytest.fixture
def cache(catalog, tmp_path, monkeypatch) -> CacheDirectory:
    """A cache after many commands, in which each kind of file is."""
    monkeypatch.setenv("LLMREG_CACHE", str(tmp_path / "scratch"))
    (catalog.parent / "llmreg.yml").write_text("validate: {strict: true}\nprices: {acme: {multiply: 0.5}}\n")
    Path("md.json").write_text('{"acme":{"name":"Acme","models":{"one":{"name":"one","limit":{"context":1000}}}}}')
    for command in COMMANDS:
        run_llmreg(*command.replace("'", "").split(" ", 1 if command.startswith("sql") else -1))
    directory = CacheDirectory(tmp_path / "scratch")
    AnswerCache(directory).write_value("a local model", {}, 0.0)  # no command here asks a server
    FindingsCache(catalog, "2026-11-22", os.environ).write_all({})
    return directory


def test_one_module_knows_where_the_cache_is():
    """So every writer goes through a `CacheFile`, which has a kind."""
    package = Path(directory_module.__file__).parents[2]
    users = {path for path in package.rglob("*.py") if "cache_directory" in path.read_text()}
    assert users == {Path(directory_module.__file__), package / "store" / "files" / "user_directories.py"}


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir())


def test_info_and_clear_know_every_file_that_commands_write(cache):
    written = files_in(cache.path)
    assert {kind for kind in CacheKind if any(cache.finished_files(kind))} == {*CacheKind}
    listed = run_llmreg("cache", "info", "--format", "csv").out.splitlines()[1:]
    assert [line.partition(",")[0] for line in listed] == written
    assert f"removed {len(written)} files" in run_llmreg("cache", "clear").err
    assert not cache.path.exists()


@pytest.mark.parametrize("kind", CacheKind)
def test_each_kind_finds_its_own_files_and_no_others(kind, tmp_path):
    directory = CacheDirectory(tmp_path)
    for other in CacheKind:
        for identity in ("a", "b", "c"):
            directory.cache_file(other, identity).write(lambda temporary: temporary.write_text("x"))
    assert len([*directory.finished_files(kind)]) == 3
    assert len(directory.all_files()) == len(CacheKind) * 3


@pytest.mark.parametrize("kind", CacheKind)
def test_a_file_that_is_not_finished_is_listed_and_cleared(kind, tmp_path):
    directory = CacheDirectory(tmp_path)
    seen: list[Path] = []
    with pytest.raises(ZeroDivisionError):
        directory.cache_file(kind, "x").write(lambda temporary: (seen.extend(directory.all_files()), 1 // 0, temporary))
    assert len(seen) == 1
    seen[0].write_text("as a killed run leaves it")
    assert directory.remove_all() == 1
    assert not tmp_path.exists()


def test_files_of_other_people_stay(tmp_path):
    directory = CacheDirectory(tmp_path)
    others = ["findings/notes.json", "records/README", "index-mine.sqlite", "settings.json", "mine.tmp"]
    for name in (*others, *OLDER_NAMES):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert [*directory.file_sizes()] == sorted(OLDER_NAMES)
    assert directory.remove_all() == len(OLDER_NAMES)
    assert files_in(tmp_path) == sorted(others)


def test_files_that_were_used_last_are_kept(tmp_path):
    directory = CacheDirectory(tmp_path)
    for age in range(6):
        file = directory.cache_file(CacheKind.PAST_INDEX, str(age))
        file.write(lambda temporary: temporary.write_text("x"))
        os.utime(file.path, (1000 - age, 1000 - age))
    directory.remove_oldest(CacheKind.PAST_INDEX, 4)
    kept = {directory.cache_file(CacheKind.PAST_INDEX, str(age)).path for age in range(4)}
    assert {*directory.finished_files(CacheKind.PAST_INDEX)} == kept


@pytest.mark.parametrize("identity", ["/srv/\udcff", "\ud800", "", "a" * 10_000])
def test_any_text_names_a_file(identity, tmp_path):
    directory = CacheDirectory(tmp_path)
    directory.cache_file(CacheKind.ANSWERS, identity).write(lambda temporary: temporary.write_text("x"))
    assert len(directory.all_files()) == 1
