"""`--pr` of the commands that edit: a contribution is one command."""

import json
from pathlib import Path

import pytest

from registry_cli.commands.propose.branch_names import EditIdentity, edit_branch_of
from registry_cli.store.git.remote import Remote
from tests.support.cli import CliResult
from tests.support.pull_request_workspace import PullRequestWorkspace

SOURCE = "https://acme.example/pricing"
SET_PRICE = ("set", "acme/large", "pricing.input=2.5")


@pytest.fixture
def catalog(workspace: PullRequestWorkspace) -> PullRequestWorkspace:
    return workspace


def edit(workspace: PullRequestWorkspace, *arguments: str, code: int = 0) -> CliResult:
    """An edit with `--pr`, and that the user's checkout stays what it was."""
    before = workspace.checkout()
    ran = workspace.run(*arguments, "--pr")
    assert ran.code == code, ran.text
    assert "Traceback" not in ran.text
    assert workspace.checkout() == before
    return ran


def opened(workspace: PullRequestWorkspace) -> list[dict]:
    return workspace.github.open()


def branches(workspace: PullRequestWorkspace) -> list[str]:
    return workspace.remote("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads").splitlines()


def test_an_edit_becomes_one_commit_and_one_pull_request(catalog) -> None:
    ran = edit(catalog, *SET_PRICE, "--reason", "The invoice of May", "--source", SOURCE)
    (pull,) = opened(catalog)
    branch = pull["head"]["ref"]
    assert branch.startswith("llmreg/set-acme-large-pricing.input-")
    assert pull["title"] == "acme/large: pricing.input 3.0 -> 2.5"
    assert pull["body"].startswith(
        "**1 changed fact of 1 model**\n\nReason: The invoice of May\n\n"
        f"Source: [`{SOURCE}`](<{SOURCE}>)\n\n## Changed (1)\n\n"
        "| model | field | old | new | change |\n| --- | --- | --- | --- | --- |\n"
        "| `acme/large` | `pricing.input` | 3 | 2.5 | -16.7 % |\n"
    )
    assert f"acme/large: pricing.input 3.0 -> 2.5: opened {pull['html_url']}" in ran.err
    assert "+      input: 2.5" in ran.out
    assert catalog.remote("rev-list", "--count", f"main..{branch}") == "1"
    assert catalog.remote("diff", "--name-only", "main", branch) == "config/models/acme.yml"
    assert "# what we use" in catalog.remote("show", f"{branch}:config/models/acme.yml")
    assert catalog.remote("log", "-1", "--format=%B", branch).startswith(
        "acme/large: pricing.input 3.0 -> 2.5\n\n- acme/large: pricing.input 3.0 -> 2.5\n\n"
        f"Llmreg-Reason: The invoice of May\nLlmreg-Source: {SOURCE}\nLlmreg-Edit: set-acme-large-pricing.input-"
    )


def test_the_same_edit_of_another_day_changes_nothing(catalog) -> None:
    edit(catalog, *SET_PRICE)
    tip = catalog.tip(opened(catalog)[0]["head"]["ref"])
    catalog.github.asked.clear()
    catalog.at("2026-11-24")
    assert "unchanged" in edit(catalog, *SET_PRICE).err
    assert "unchanged" in edit(catalog, "set", "large", "pricing.input=2.5").err  # by another name
    assert catalog.tip(opened(catalog)[0]["head"]["ref"]) == tip
    assert catalog.github.writes == []


def test_another_value_or_reason_updates_the_same_pull_request(catalog) -> None:
    edit(catalog, *SET_PRICE)
    assert "updated" in edit(catalog, "set", "acme/large", "pricing.input=2").err
    (pull,) = opened(catalog)
    assert pull["title"] == "acme/large: pricing.input 3.0 -> 2"
    assert catalog.remote("rev-list", "--count", f"main..{pull['head']['ref']}") == "1"
    edit(catalog, "set", "acme/large", "pricing.input=2", "--reason", "By phone")
    (pull,) = opened(catalog)
    assert "Reason: By phone" in pull["body"]


def test_edits_that_differ_have_pull_requests_of_their_own(catalog) -> None:
    edit(catalog, *SET_PRICE)
    edit(catalog, "set", "acme/large", "context_window=100000")
    edit(catalog, "set", "acme/large", "capabilities+=vision")
    edit(catalog, "set", "acme/large", "capabilities+=streaming")
    edit(catalog, "set", "acme", "name=Acme")
    texts = [catalog.remote("show", f"{pull['head']['ref']}:config/models/acme.yml") for pull in opened(catalog)]
    assert len(texts) == 5
    assert ["input: 2.5" in text for text in texts] == [True, False, False, False, False]
    assert ["streaming" in text for text in texts] == [False, False, False, True, False]


@pytest.mark.parametrize(
    ("arguments", "title", "branch"),
    [
        (("add", "acme/new", "context_window=9"), "acme/new: added", "add-acme-new"),
        (("unset", "acme/large", "pricing.output"), "acme/large: pricing.output 15.0 -> (none)",
         "unset-acme-large-pricing.output"),
        (("deprecate", "acme/large", "--on", "2027-01-01"), "acme/large: deprecated", "deprecate-acme-large"),
        (("remove", "acme/small"), "acme/small: removed", "remove-acme-small"),
        (("rename", "acme/small", "tiny"), "acme/small: renamed to tiny", "rename-acme-small"),
        (("alias", "acme/large", "big"), 'acme/large: aliases (none) -> ["big"]', "alias-acme-large-big"),
    ],
)  # fmt: skip
def test_every_command_that_edits(catalog, arguments, title, branch) -> None:
    edit(catalog, *arguments)
    (pull,) = opened(catalog)
    assert pull["title"] == title
    assert pull["head"]["ref"].startswith(f"llmreg/{branch}-")
    assert "unchanged" in edit(catalog, *arguments).err


def test_the_base_counts_and_not_the_files_here(catalog) -> None:
    other = catalog.another()
    text = (catalog.models / "acme.yml").read_text()
    catalog.write("config/models/acme.yml", text.replace("# by hand", "# by another hand"), at=other)
    catalog.git("commit", "--quiet", "--all", "--message", "Elsewhere", at=other)
    catalog.git("push", "--quiet", "origin", "HEAD:main", at=other)
    catalog.git("fetch", "--quiet")
    edit(catalog, *SET_PRICE)
    (pull,) = opened(catalog)
    assert "# by another hand" in catalog.remote("show", f"{pull['head']['ref']}:config/models/acme.yml")


def test_an_edit_that_changes_nothing_makes_no_branch(catalog) -> None:
    ran = edit(catalog, "set", "acme/large", "pricing.input=3")
    assert (ran.out, ran.err) == ("", "nothing to change on the branch main\n")
    assert (branches(catalog), opened(catalog)) == (["main"], [])


def test_the_value_of_the_base_closes_the_pull_request(catalog) -> None:
    edit(catalog, *SET_PRICE)
    ran = edit(catalog, "set", "acme/large", "pricing.input=3")
    assert "closed, for nothing is left" in ran.err
    assert (branches(catalog), opened(catalog)) == (["main"], [])
    edit(catalog, *SET_PRICE)
    assert [pull["number"] for pull in opened(catalog)] == [2]


def test_one_that_was_merged_leaves_nothing_to_do(catalog) -> None:
    edit(catalog, *SET_PRICE)
    catalog.merge(1)
    catalog.git("fetch", "--quiet")
    assert "nothing to change on the branch main" in edit(catalog, *SET_PRICE).err
    edit(catalog, "set", "acme/large", "pricing.input=2")
    assert [pull["number"] for pull in opened(catalog)] == [2]


def test_a_dry_run_shows_branch_title_body_and_diff_and_touches_nothing(catalog) -> None:
    ran = edit(catalog, *SET_PRICE, "--dry-run")
    assert ran.out.startswith("branch: llmreg/set-acme-large-pricing.input-")
    assert "\nwould be: opened\ntitle: acme/large: pricing.input 3.0 -> 2.5\n\n**1 changed fact" in ran.out
    assert "\n--- a/config/models/acme.yml\n" in ran.out
    assert ran.err == "nothing was written (--dry-run)\n"
    assert (catalog.github.writes, branches(catalog)) == ([], ["main"])


def test_json_has_the_changes_and_the_pull_request(catalog) -> None:
    document = json.loads(edit(catalog, *SET_PRICE, "--format", "json").out)
    assert document["changes"] == [{"model": "acme/large", "field": "pricing.input", "old": 3.0, "new": 2.5}]
    (told,) = document["pull_requests"]
    assert (told["action"], told["number"], told["providers"]) == ("opened", 1, ["acme"])


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("set", "acme/large", "context_window=-1"), 2, "context_window"),
        (("set", "acme/larg", "context_window=1"), 2, "did you mean acme/large"),
        (("add", "acme/large"), 2, "exists already"),
        (("set", "acme/large", "pricing.input=2", "--source", "https://a:b@acme.example/"), 2, "holds a password"),
        (("set", "acme/large", "pricing.input=2", "--commit"), 2, "two ways"),
        (("set", "acme/large", "pricing.input=2", "--overlay"), 2, "leave out --pr"),
        (("set", "acme/large", "pricing.input=2", "--base", "nowhere"), 5, "no branch nowhere"),
        (("set", "acme/large", "replacement=acme/none"), 1, "nothing was written"),
    ],
)
def test_a_refused_edit_makes_no_branch(catalog, arguments, code, said) -> None:
    ran = edit(catalog, *arguments, code=code)
    assert said in ran.err
    assert str(catalog.folder) not in ran.err
    assert (catalog.github.writes, branches(catalog)) == ([], ["main"])


def test_options_of_a_pull_request_need_one(catalog) -> None:
    ran = catalog.run(*SET_PRICE, "--draft")
    assert (ran.code, ran.err.endswith("go with --pr\n")) == (2, True)
    assert "add --commit or --pr" in catalog.run(*SET_PRICE, "--reason", "why").err


def test_options_of_a_pull_request_reach_it(catalog) -> None:
    edit(catalog, *SET_PRICE, "--draft", "--label", "llmreg,prices", "--assignee", "ann", "--reviewer", "bob,acme/team")
    (pull,) = opened(catalog)
    assert pull["draft"] is True
    assert pull["labels"] == {"labels": ["llmreg", "prices"]}
    assert pull["assignees"] == {"assignees": ["ann"]}
    assert pull["requested_reviewers"] == {"reviewers": ["bob"], "team_reviewers": ["team"]}


def test_two_bases_share_no_branch(catalog) -> None:
    catalog.git("push", "--quiet", "origin", "main:release/1")
    edit(catalog, *SET_PRICE)
    edit(catalog, *SET_PRICE, "--base", "release/1")
    heads = {pull["base"]["ref"]: pull["head"]["ref"] for pull in opened(catalog)}
    assert heads["release/1"] == heads["main"].replace("llmreg/", "llmreg/release/1/")


def test_a_branch_that_ends_in_a_persons_commit_is_not_touched(catalog) -> None:
    edit(catalog, *SET_PRICE)
    branch = opened(catalog)[0]["head"]["ref"]
    other = catalog.another()
    catalog.git("checkout", "--quiet", branch, at=other)
    catalog.write("notes.txt", "mine", at=other)
    catalog.git("add", ".", at=other)
    catalog.git("commit", "--quiet", "--message", "Mine", at=other)
    catalog.git("push", "--quiet", "origin", branch, at=other)
    tip = catalog.tip(branch)
    ran = edit(catalog, "set", "acme/large", "pricing.input=2", code=5)
    assert f"the branch {branch} ends in a commit that llmreg did not make ({tip[:9]} by Other)" in ran.err
    assert catalog.tip(branch) == tip


def test_a_branch_that_moves_meanwhile_is_looked_at_again(catalog, monkeypatch) -> None:
    push = Remote.push_commit
    late = iter([True])

    def push_late(self, oid, branch, *, expected=None):
        if next(late, False):  # another run makes the same branch
            push(self, oid, branch, expected=expected)
        push(self, oid, branch, expected=expected)

    monkeypatch.setattr(Remote, "push_commit", push_late)
    edit(catalog, *SET_PRICE)
    assert len(opened(catalog)) == 1


def test_without_a_token_the_branch_is_pushed_and_the_page_is_told(catalog, monkeypatch) -> None:
    monkeypatch.delenv("GH_TOKEN")
    ran = edit(catalog, *SET_PRICE)
    (branch,) = set(branches(catalog)) - {"main"}
    assert f"pushed {catalog.github.url}/acme/catalog/compare/main...{branch}?expand=1" in ran.err
    assert catalog.github.asked == []


def test_a_remote_that_is_no_github_is_pushed_to(catalog, monkeypatch) -> None:
    monkeypatch.delenv("GITHUB_REPOSITORY")
    assert "origin is no GitHub repository that llmreg knows" in edit(catalog, *SET_PRICE).err
    assert len(branches(catalog)) == 2


def test_the_token_is_never_shown(catalog) -> None:
    catalog.over_http()
    token = catalog.github.token
    shown = edit(catalog, *SET_PRICE).text
    catalog.github.interfere = lambda *_: (401, {}, {"message": f"Bad credentials {token}"})
    shown += edit(catalog, *SET_PRICE, code=5).text
    assert token not in shown
    assert token not in (catalog.work / ".git" / "config").read_text()


def test_one_that_a_person_closed_is_not_opened_again(catalog) -> None:
    edit(catalog, *SET_PRICE)
    catalog.github.close_by_hand(1)
    assert "not opened again" in edit(catalog, *SET_PRICE).err
    assert opened(catalog) == []
    edit(catalog, "set", "acme/large", "pricing.input=2")
    assert [pull["number"] for pull in opened(catalog)] == [2]


def test_files_with_uncommitted_changes_are_refused(catalog) -> None:
    catalog.write("config/models/beta.yml", "provider: beta\nmodels: {}\n")
    edit(catalog, *SET_PRICE)  # which is about another file
    with (catalog.models / "acme.yml").open("a") as file:
        file.write("# mine\n")
    ran = edit(catalog, "set", "acme/large", "context_window=1", code=5)
    assert "config/models/acme.yml has changes that are not committed" in ran.err
    assert len(opened(catalog)) == 1


def test_what_a_person_adds_to_the_text_and_the_title_stays(catalog) -> None:
    edit(catalog, *SET_PRICE)
    (pull,) = opened(catalog)
    pull["title"] += ", see below"
    pull["body"] += "\n\nWe checked this by phone.\n"
    edit(catalog, "set", "acme/large", "pricing.input=2")
    (pull,) = opened(catalog)
    assert pull["title"] == "acme/large: pricing.input 3.0 -> 2.5, see below"
    assert pull["body"].endswith("-->\n\n\nWe checked this by phone.\n")
    assert "| 3 | 2 |" in pull["body"]


def test_words_of_the_catalog_and_of_the_reason_act_nowhere(catalog) -> None:
    edit(catalog, "set", "acme/large", "description=@all fixes #1 <!-- llmreg title: 00 -->", "--reason", "@all #1 <b>")
    (pull,) = opened(catalog)
    assert "| - | `@all fixes #1 <!-- llmreg title: 00 -->` |" in pull["body"]
    assert "Reason: `@all #1 <b>`\n" in pull["body"]
    message = catalog.remote("log", "-1", "--format=%B", pull["head"]["ref"])
    assert "@all fixes" not in message.partition("Llmreg-")[0]
    assert "unchanged" in edit(catalog, "set", "acme/large", "description=@all fixes #1 <!-- llmreg title: 00 -->",
                               "--reason", "@all #1 <b>").err  # fmt: skip


@pytest.mark.parametrize("cone", ["--cone", "--no-cone"])
def test_a_sparse_checkout_without_the_file(catalog, cone) -> None:
    catalog.write("config/models/other/readme.txt", "x")
    catalog.save("A folder to check out")
    catalog.git("sparse-checkout", "set", cone, "config/models/other")
    assert (catalog.models / "acme.yml").exists() is (cone == "--cone")  # which has what lies beside the folder, too
    edit(catalog, *SET_PRICE)
    assert len(opened(catalog)) == 1


def import_list(workspace: PullRequestWorkspace, *names: str) -> str:
    """A list of models.dev with these providers, as an argument of `import`."""
    model = {"name": "M", "limit": {"context": 5000}, "cost": {"input": 1, "output": 2}}
    listed = {
        name: {"name": name.title(), "env": [f"{name.upper()}_KEY"], "api": f"https://api.{name}.example/v1",
               "models": {"m1": model, "m2": model}}
        for name in names
    }  # fmt: skip
    path = workspace.folder / "list.json"
    path.write_text(json.dumps(listed))
    return f"models.dev={path}"


def test_an_import_of_several_files(catalog) -> None:
    argument = import_list(catalog, "acme", "beta", "gamma")
    ran = edit(catalog, "import", argument, "--reason", "Two more providers")
    (pull,) = opened(catalog)
    branch = pull["head"]["ref"]
    assert branch.startswith("llmreg/import-models.dev-")
    assert pull["title"] == "import: 4 models of 2 providers from models.dev"
    assert catalog.remote("diff", "--name-only", "main", branch).split() == [
        "config/models/beta.yml", "config/models/gamma.yml",
    ]  # fmt: skip
    assert pull["body"].startswith("**2 new API hosts, 4 new models**\n\nReason: Two more providers\n")
    assert "## Where keys go (2)" in pull["body"]
    assert "| `beta/m1` | `chat` | 5,000 |  | 1 / 2 |" in pull["body"]
    assert "config/models/acme.yml: exists, left alone" in ran.err.splitlines()
    catalog.at("2026-11-24")
    assert "unchanged" in edit(catalog, "import", argument, "--reason", "Two more providers").err
    assert "updated" in edit(catalog, "import", import_list(catalog, "beta")).err
    assert catalog.remote("diff", "--name-only", "main", branch) == "config/models/beta.yml"
    catalog.merge(1)
    catalog.git("fetch", "--quiet")
    assert "nothing to change on the branch main" in edit(catalog, "import", argument).err


def test_a_dry_run_of_an_import(catalog) -> None:
    ran = edit(catalog, "import", import_list(catalog, "beta"), "--dry-run")
    assert "title: import: 2 models of 1 provider from models.dev" in ran.out
    assert "+++ b/config/models/beta.yml" in ran.out
    assert "would write 1 of 1 providers" in ran.err
    assert (catalog.github.writes, branches(catalog)) == ([], ["main"])


def test_imports_of_two_lists_share_no_branch(catalog) -> None:
    argument = import_list(catalog, "beta")
    edit(catalog, "import", argument)
    other = catalog.folder / "other" / "list.json"
    other.parent.mkdir()
    other.write_text(Path(argument.partition("=")[2]).read_text().replace("beta", "gamma"))
    edit(catalog, "import", f"models.dev={other}")
    assert len(opened(catalog)) == 2
    assert all("list.json" not in pull["body"] + pull["head"]["ref"] for pull in opened(catalog))


def test_an_import_into_a_directory_that_is_not_there(catalog) -> None:
    ran = edit(catalog, "import", import_list(catalog, "beta"), "--to", "config/none", code=2)
    assert "--to: config/none is not a directory" in ran.err


def test_an_import_says_why_only_in_a_pull_request(catalog) -> None:
    ran = catalog.run("import", import_list(catalog, "beta"), "--reason", "why")
    assert (ran.code, "go with --pr" in ran.err) == (2, True)


NAMES = [
    ("set", "acme/large", ("pricing.input",)),
    ("set", "acme/large", ("pricing.output",)),
    ("set", "acme/Large", ("pricing.input",)),
    ("set", "acme/large-pricing.input", ()),
    ("set", "acme/large.lock", ()),
    ("set", "acme/..a@{b}~^:?*[\\ \n/", ("x" * 300,)),
    ("unset", "acme/large", ("pricing.input",)),
    ("set", "é", ()),
]


def test_names_of_branches_differ_and_git_takes_them(catalog) -> None:
    named = set()
    for command, target, about in NAMES:
        for folder in ("config/models", "team/models"):
            name = EditIdentity(command, target, about).name_in(folder)
            for base in ("", "release/1"):
                named.add(edit_branch_of(name, command, base))
    for branch in named:
        catalog.git("check-ref-format", f"refs/heads/{branch}")
    assert len({branch.lower() for branch in named}) == 4 * len(NAMES)


def test_the_order_of_fields_makes_no_other_edit() -> None:
    one, other = (EditIdentity("set", "a/b", fields) for fields in (("x", "y"), ("y", "x")))
    assert one.name_in("config/models") == other.name_in("config/models")


def test_models_that_were_listed_once(settled) -> None:
    entry = {"litellm_provider": "acme", "mode": "chat", "max_input_tokens": 1000, "input_cost_per_token": 7e-6}
    path = settled.folder / "older.json"
    path.write_text(json.dumps({"old": entry}))
    arguments = ("import", "--past", f"litellm={path}", "--recorded-on", "litellm=2026-03-01")
    assert "acme: 1 added" in edit(settled, *arguments).err
    (pull,) = opened(settled)
    assert pull["title"] == "import: 1 model of 1 provider from litellm"
    assert settled.remote("diff", "--name-only", "main", pull["head"]["ref"]).split() == [
        "config/models/acme.yml", "config/upstream/acme.jsonl",
    ]  # fmt: skip
    settled.at("2026-11-25")
    assert "unchanged" in edit(settled, *arguments).err


def test_an_edit_of_several_files_is_one_commit(catalog) -> None:
    catalog.write("config/models/beta.yml", "provider: beta\nmodels:\n  b: {replacement: acme/small}\n")
    catalog.save("A reference")
    edit(catalog, "rename", "acme/small", "tiny")
    (pull,) = opened(catalog)
    assert catalog.remote("diff", "--name-only", "main", pull["head"]["ref"]).split() == [
        "config/models/acme.yml", "config/models/beta.yml",
    ]  # fmt: skip
    assert "| `beta/b` | `replacement` | `acme/small` | `acme/tiny` |" in pull["body"]
    with (catalog.models / "beta.yml").open("a") as file:
        file.write("# mine\n")
    assert "beta.yml has changes that are not committed" in edit(catalog, "rename", "acme/small", "minute", code=5).err


def test_a_base_that_moved_in_the_same_file_moves_the_branch(catalog) -> None:
    edit(catalog, *SET_PRICE)
    branch = opened(catalog)[0]["head"]["ref"]
    tip = catalog.tip(branch)
    catalog.write("notes.txt", "unrelated")
    catalog.save("Notes")
    edit(catalog, *SET_PRICE)
    assert catalog.tip(branch) == tip
    text = (catalog.models / "acme.yml").read_text()
    catalog.write("config/models/acme.yml", text.replace("what we use", "what we all use"))
    catalog.save("Words")
    edit(catalog, *SET_PRICE)
    assert "what we all use" in catalog.remote("show", f"{branch}:config/models/acme.yml")
    assert catalog.remote("merge-base", "main", branch) == catalog.remote("rev-parse", "main")


def test_no_options_but_the_settings(catalog) -> None:
    catalog.write("config/llmreg.yml", "sync: {pull_request: true, labels: [llmreg], draft: true}\n")
    catalog.save("Settings")
    edit(catalog, *SET_PRICE)
    (pull,) = opened(catalog)
    assert (pull["draft"], pull["labels"]) == (True, {"labels": ["llmreg"]})
    catalog.run("set", "acme/large", "context_window=1")  # without --pr an edit is written here, whatever they say
    assert (len(opened(catalog)), catalog.git("status", "--porcelain")) == (1, " M config/models/acme.yml")
