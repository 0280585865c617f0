"""Which catalog is meant, and which of its files may be read."""

import os
from pathlib import Path

import pytest

from registry_cli.errors import FileError, UsageError
from registry_cli.store.catalog import locate as catalog_files
from registry_cli.store.catalog.bundled import bundled_data
from registry_cli.store.catalog.locate import MAX_FILE_SIZE, find_catalog, find_overlay, read_catalog, read_file


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
