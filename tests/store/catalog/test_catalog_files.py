"""Which catalog is meant, and which of its files may be read."""

import os
import shlex
from pathlib import Path

import pytest

from registry_cli.errors import FileError, UsageError
from registry_cli.store.catalog import locate as catalog_files
from registry_cli.store.catalog.bundled import bundled_data
from registry_cli.store.catalog.locate import MAX_FILE_SIZE, find_catalog, find_overlay, read_catalog, read_file
from tests.support.cli import run_llmreg


def codes(folder: Path) -> dict[str, str]:
    """The faults of a folder: file name -> code."""
    return {Path(fault.path).name: fault.code for fault in read_catalog(folder)[1]}


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    root = tmp_path / "config" / "models"
    root.mkdir(parents=True)
    (root / "acme.yml").write_text("provider: acme\nmodels: {}\n")
    return root


def test_the_option_comes_before_the_environment_before_the_folder(catalog: Path, tmp_path: Path) -> None:
    other, third = tmp_path / "other", tmp_path / "third"
    other.mkdir()
    third.mkdir()
    deep = catalog / "deep" / "er"
    deep.mkdir(parents=True)
    environ = {"LLMREG_CATALOG": str(third)}
    assert find_catalog(other, cwd=deep, environ=environ).root == other
    assert find_catalog(None, cwd=deep, environ=environ).root == third
    assert find_catalog(None, cwd=deep, environ={}).root == catalog
    assert find_catalog(None, cwd=tmp_path, environ={}).origin == "folder"


def test_without_a_catalog_the_bundled_one_answers(tmp_path: Path) -> None:
    place = find_catalog(None, cwd=tmp_path, environ={})
    assert (place.root, place.origin) == (bundled_data() / "config" / "models", "bundled")


@pytest.mark.parametrize("named", ["missing", "config/models/acme.yml"])
def test_a_catalog_that_is_no_folder_is_refused(catalog: Path, tmp_path: Path, named: str) -> None:
    with pytest.raises(UsageError, match="--catalog"):
        find_catalog(tmp_path / named, cwd=tmp_path, environ={})
    with pytest.raises(UsageError, match="LLMREG_CATALOG"):
        find_catalog(None, cwd=tmp_path, environ={"LLMREG_CATALOG": str(tmp_path / named)})


READING = (
    "query", "show m1", "providers", "capabilities", "compare a b", "deprecations", "cost m1 --input 1k",
    "export litellm", "default acme", "sql 'select 1'", "validate", "fmt --check", "explain m1", "doctor", "audit",
    "history m1", "blame m1", "changelog", "validate --new-since HEAD", "query --at HEAD",
)  # fmt: skip


@pytest.mark.parametrize("command", READING)
@pytest.mark.parametrize("named", ["option", "variable", "found"])
def test_a_catalog_without_provider_files_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, named: str
) -> None:
    empty = tmp_path / "config" / "models"
    empty.mkdir(parents=True)
    (empty / "README.md").touch()
    monkeypatch.chdir(tmp_path if named == "found" else "/")
    if named == "variable":
        monkeypatch.setenv("LLMREG_CATALOG", str(empty))
    ran = run_llmreg(*shlex.split(command), *(("--catalog", empty) if named == "option" else ()))
    assert (ran.code, ran.out) == (2, "")
    assert f"{empty} has no provider files (*.yml)" in ran.err


@pytest.mark.parametrize("command", [*READING, "sync --all", "diff acme", "add acme/m1", "import --past x=y", "audit"])
@pytest.mark.parametrize("named", ["option", "variable"])
def test_a_catalog_that_is_missing_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, named: str
) -> None:
    if named == "variable":
        monkeypatch.setenv("LLMREG_CATALOG", str(tmp_path / "nothing"))
    option = {"import": "--to"}.get(command.split(maxsplit=1)[0], "--catalog")
    ran = run_llmreg(*shlex.split(command), *((option, tmp_path / "nothing") if named == "option" else ()))
    assert (ran.code, ran.out) == (2, "")
    assert not (tmp_path / "nothing").exists()


def test_settings_mark_a_new_catalog(tmp_path: Path) -> None:
    empty = tmp_path / "config" / "models"
    empty.mkdir(parents=True)
    (tmp_path / "config" / "llmreg.yml").write_text("validate: {strict: true}\n")
    assert run_llmreg("query", "--count", "--catalog", empty).out == "0\n"
    assert run_llmreg("validate", "--catalog", empty).code == 0


def test_an_edit_may_begin_a_catalog_in_an_empty_folder(tmp_path: Path) -> None:
    ran = run_llmreg("add", "acme/m1", "context_window=1000", "--new-provider", "--catalog", tmp_path)
    assert (ran.code, (tmp_path / "acme.yml").exists()) == (0, True), ran.err
    (tmp_path / "acme.yml").unlink()
    listed = tmp_path / "listed.json"
    listed.write_text('{"acme": {"name": "Acme", "models": {"m1": {"name": "M", "limit": {"context": 1000}}}}}')
    ran = run_llmreg("sync", "acme", "--from", f"models.dev={listed}", "--catalog", tmp_path)
    assert (ran.code, (tmp_path / "acme.yml").exists()) == (0, True), ran.err


@pytest.mark.parametrize("how", ["option", "variable", "path"])
def test_the_root_of_a_repository_means_its_catalog(
    catalog: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    (tmp_path / "mkdocs.yml").write_text("site_name: Docs\n")
    if how == "variable":
        monkeypatch.setenv("LLMREG_CATALOG", str(tmp_path))
    ran = run_llmreg("validate", *{"option": ("--catalog", tmp_path), "path": (tmp_path,)}.get(how, ()))
    assert (ran.code, "1 files" in ran.err or "1 file" in ran.err) == (0, True), ran.err
    (tmp_path / ".llmreg").mkdir()  # which makes the folder itself a catalog, that of a repository's top
    assert find_catalog(tmp_path, cwd=tmp_path, environ={}).root == tmp_path


def test_a_folder_of_other_things_is_no_catalog_to_validate(tmp_path: Path) -> None:
    ran = run_llmreg("validate", tmp_path)
    assert (ran.code, "has no provider files" in ran.err) == (2, True)


def test_a_repository_s_catalog_is_no_link_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "root" / "config").mkdir(parents=True)
    (tmp_path / "root" / "config" / "models").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="symbolic link out of"):
        find_catalog(tmp_path / "root", cwd=tmp_path, environ={})


def test_the_overlay(tmp_path: Path) -> None:
    mine = tmp_path / "llmreg" / "models"
    assert find_overlay({"XDG_CONFIG_HOME": str(tmp_path)}) is None
    mine.mkdir(parents=True)
    assert find_overlay({"XDG_CONFIG_HOME": str(tmp_path)}) == mine
    assert find_overlay({"XDG_CONFIG_HOME": str(tmp_path), "LLMREG_OVERLAY": ""}) is None
    assert find_overlay({"LLMREG_OVERLAY": str(tmp_path)}) == tmp_path
    assert find_overlay({"LLMREG_OVERLAY": str(tmp_path / "missing")}) is None
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="is not a directory"):
        find_overlay({"LLMREG_OVERLAY": str(tmp_path / "file")})


def test_files_come_in_the_order_of_their_names(catalog: Path) -> None:
    for name in ("zeta.yml", "beta.yaml", ".hidden.yml", "notes.md", "acme.yml.bak"):
        (catalog / name).write_text("{}")
    files, faults = read_catalog(catalog)
    assert [file.stem for file in files] == ["acme", "beta", "zeta"]
    assert faults == []


def test_y9_a_huge_file_is_rejected_before_it_is_opened(catalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    huge = catalog / "huge.yml"
    with huge.open("wb") as file:
        file.truncate(100_000_000)  # sparse: takes no room
    opened = []

    def noted(path: str, *arguments: object, **options: object) -> object:
        opened.append(Path(path).name)
        return Path(path).open(*arguments, **options)

    monkeypatch.setattr(catalog_files, "open", noted, raising=False)
    files, faults = read_catalog(catalog)
    assert opened == ["acme.yml"]
    assert [file.stem for file in files] == ["acme"]
    assert [(fault.code, Path(fault.path).name) for fault in faults] == [("file-size", "huge.yml")]
    assert "100 MB" in faults[0].message


def test_y9_a_file_of_the_largest_size_is_read(catalog: Path) -> None:
    (catalog / "large.yml").write_bytes(b" " * MAX_FILE_SIZE)
    assert codes(catalog) == {}


def test_y19_names_that_differ_only_by_case(catalog: Path) -> None:
    (catalog / "Acme.yml").write_text("{}")
    if len(list(catalog.iterdir())) == 1:
        pytest.skip("this file system ignores case")
    (catalog / "acme.yaml").write_text("{}")
    _, faults = read_catalog(catalog)
    assert [(fault.code, Path(fault.path).name) for fault in faults] == [
        ("file-case", "acme.yaml"),
        ("file-case", "acme.yml"),
    ]
    assert all("Acme.yml" in fault.message for fault in faults)


def test_y19_a_link_that_leaves_the_catalog(catalog: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.yml"
    outside.write_text("provider: outside\n")
    (catalog / "outside.yml").symlink_to(outside)
    (catalog / "inside.yml").symlink_to("acme.yml")
    files, faults = read_catalog(catalog)
    assert [file.stem for file in files] == ["acme", "inside"]
    assert [(fault.code, Path(fault.path).name) for fault in faults] == [("file-link", "outside.yml")]


def test_y19_links_that_lead_nowhere_or_in_a_ring(catalog: Path) -> None:
    (catalog / "gone.yml").symlink_to("nothing.yml")
    (catalog / "ring.yml").symlink_to("ring.yml")
    assert codes(catalog) == {"gone.yml": "file-unreadable", "ring.yml": "file-unreadable"}


def test_something_that_is_no_regular_file(catalog: Path) -> None:
    (catalog / "folder.yml").mkdir()
    os.mkfifo(catalog / "pipe.yml")
    assert codes(catalog) == {"folder.yml": "file-kind", "pipe.yml": "file-kind"}


def test_a_file_that_cannot_be_read(catalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_options: object) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(
        catalog_files, "open", refuse, raising=False
    )  # the tests may run as root, who may read anything
    _, faults = read_catalog(catalog)
    assert [(fault.code, fault.message) for fault in faults] == [("file-unreadable", "Permission denied")]


def test_a_file_without_an_ending_is_named_by_its_whole_name(tmp_path: Path) -> None:
    (tmp_path / "acme").write_text("{}")
    assert read_file(tmp_path / "acme").stem == "acme"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    files, faults = read_catalog(tmp_path / "missing")
    assert files == []
    assert [fault.code for fault in faults] == ["file-unreadable"]


def test_a_fault_is_one_line_with_its_path(catalog: Path) -> None:
    with pytest.raises(FileError) as caught:
        read_file(catalog / "missing.yml")
    assert str(caught.value) == f"{catalog / 'missing.yml'} file-unreadable No such file or directory"
