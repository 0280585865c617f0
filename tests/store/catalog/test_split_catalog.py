"""Which files are parts of a provider: where they are found, and what is refused."""

import json

import pytest

from registry_cli.errors import FileError
from registry_cli.store.catalog.locate import catalog_fingerprint, read_catalog
from registry_cli.store.catalog.provider_files import catalog_digest, files_digest, provider_files
from registry_cli.store.files import journal
from registry_cli.store.files.transaction import FileChange, lock_for_writing, write_files
from tests.support.findings import findings_in

OWN = "provider: acme\nmodels:\n  small: {}\n"
PART = "models:\n  large: {}\n"


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "models"
    (folder / "acme").mkdir(parents=True)
    (folder / "acme.yml").write_text(OWN)
    (folder / "acme" / "large.yml").write_text(PART)
    return folder


def test_parts_belong_to_the_file_beside_their_directory(root):
    (root / "other").mkdir()
    (root / "other" / "docs.yml").write_text("not: [a provider")  # no other.yml: not the catalog's
    (root / "acme" / "README.md").write_text("notes")
    (root / "acme" / ".hidden.yml").write_text("not: [a provider")
    files, faults = read_catalog(root)
    assert ([(file.stem, file.name) for file in files], faults) == (
        [("acme", "acme.yml"), ("acme/large", "acme/large.yml")], [],
    )  # fmt: skip
    (provider,) = provider_files(root, None)
    assert [file.stem for file in provider.layers] == ["acme/large", "acme"]  # the own file is the highest layer


def test_the_fingerprint_sees_every_part(root):
    first = catalog_fingerprint(root)
    assert catalog_digest(first, []) == files_digest(provider_files(root, None))
    (root / "acme" / "large.yml").write_text(f"{PART}  huge: {{}}\n")
    second = catalog_fingerprint(root)
    (root / "acme" / "more.yml").write_text("models: {}\n")
    assert len({str(first), str(second), str(catalog_fingerprint(root))}) == 3


def test_directories_in_a_part_are_refused_in_one_line(root):
    (root / "acme" / "deeper").mkdir()
    _, (fault,) = read_catalog(root)
    assert str(fault).endswith("models/acme/deeper file-kind a directory; the parts of acme lie in acme/ itself")
    assert catalog_fingerprint(root) is None
    with pytest.raises(FileError, match="deeper file-kind a directory"):
        provider_files(root, None)


@pytest.mark.parametrize("link", ["acme", "acme/large.yml"])
def test_nothing_is_read_through_a_link_that_leads_out(root, tmp_path, link):
    outside = tmp_path / "outside"
    (root / "acme").rename(outside)
    if link == "acme":
        (root / "acme").symlink_to(outside)
    else:
        (root / "acme").mkdir()
        (root / link).symlink_to(outside / "large.yml")
    files, (fault,) = read_catalog(root)
    assert [file.stem for file in files] == ["acme"]
    assert (fault.code, fault.path) == ("file-link", str(root / link))
    with lock_for_writing(root), pytest.raises(FileError):
        write_files(root, [FileChange(root / "acme" / "large.yml", PART.encode(), b"models: {}\n")])
    assert (outside / "large.yml").read_text() == PART


def test_a_change_reaches_parts_and_survives_a_crash(root, monkeypatch):
    changes = [
        FileChange(root / "acme.yml", OWN.encode(), b"provider: acme\nmodels: {}\n"),
        FileChange(root / "acme" / "large.yml", PART.encode(), b"models:\n  huge: {}\n"),
    ]

    def crash(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(journal, "finish_steps", crash)
        with pytest.raises(KeyboardInterrupt), lock_for_writing(root):
            write_files(root, changes)
    assert (root / "acme" / "large.yml").read_text() == PART
    (provider,) = provider_files(root, None)  # a reader finishes the change
    assert [file.data for file in provider.layers] == [change.new for change in reversed(changes)]
    assert list((root / "acme").glob(".*")) == []


@pytest.mark.parametrize(
    "path", ["other/x.yml", "../x.yml", "acme/../x.yml", "acme/deeper/x.yml", "acme/.llmreg-x", "/x.yml"]
)
def test_a_journal_leads_to_parts_alone(root, path):
    step = {"path": path, "temporary": None, "old": "0" * 64, "new": None}
    (root / "other").mkdir()
    content = json.dumps({"version": 1, "files": [step]}).encode()
    assert journal._parse_steps(root, content) is None
    right = json.dumps({"version": 1, "files": [{**step, "path": "acme/large.yml"}]}).encode()
    (found,) = journal._parse_steps(root, right)
    assert found.path == root / "acme" / "large.yml"


def test_a_model_in_two_parts_is_an_error_in_both_places(tmp_path):
    files = {
        "acme.yml": OWN,
        "acme/a.yml": "models:\n  small: {}\n  one: {aliases: [two]}\n",
        "acme/b.yml": "provider: acme\nmodels:\n  two: {}\n",
    }
    found = [(each.path, each.line, each.code, each.message) for each in findings_in(tmp_path, files)]
    assert found == [
        ("acme.yml", 3, "part-collision", "small: 'small' is also in acme/a.yml"),
        ("acme/a.yml", 2, "part-collision", "small: 'small' is also in acme.yml"),
        ("acme/a.yml", 3, "part-collision", "one#aliases: 'two' is also the id or an alias of a model in acme/b.yml"),
        ("acme/b.yml", 3, "part-collision", "two: 'two' is also in acme/a.yml"),
    ]


def test_a_part_states_its_provider_or_nothing(tmp_path):
    files = {
        "acme.yml": OWN,
        "acme/a.yml": "provider: other\nmodels: {}\n",
        "acme/b.yml": "api: {base_url: 'https://x.example'}\nmodels: {}\n",
    }
    found = [(each.path, each.code) for each in findings_in(tmp_path, files)]
    assert found == [("acme/a.yml", "provider-name"), ("acme/b.yml", "part-fact")]
