"""`sync --pr` from the first pull request to the last: one branch, one pull request, nothing without a reason."""

import json
from itertools import count

import pytest

from registry_cli.commands.propose import groups as proposals
from tests.support.pull_request_workspace import BRANCH, PullRequestWorkspace, listed

NEW = {"new": {"name": "New", "limit": {"context": 5000}, "cost": {"input": 1, "output": 2}}}


def bodies(workspace: PullRequestWorkspace) -> list[str]:
    return [each["body"] for each in workspace.github.open()]


def test_a_difference_becomes_one_commit_and_one_pull_request(settled):
    ran = settled.pr(listed(2.5, **NEW))
    (pull,) = settled.github.open()
    assert pull["title"] == "acme: 1 new model, 1 price change"
    assert "| `acme/large` | `pricing.input` | 3 | 2.5 | -16.7 % | `models.dev` |" in pull["body"]
    assert "| `acme/new` | `chat` | 5,000 |  | 1 / 2 | `streaming` | `models.dev` |" in pull["body"]
    assert f"acme: 1 new model, 1 price change: opened {pull['html_url']}" in ran.err
    assert settled.remote("rev-list", "--count", f"main..{BRANCH}") == "1"
    assert settled.remote("diff", "--name-only", "main", BRANCH).split() == [
        "config/models/acme.yml", "config/upstream/acme.jsonl",
    ]  # fmt: skip
    assert settled.remote("log", "-1", "--format=%B", BRANCH).startswith(
        "acme: 1 new model, 1 price change\n\n- acme/large: pricing.input 3.0 -> 2.5\n- new: acme/new\n\n"
        "Llmreg-Sync: acme\nLlmreg-Source: models.dev answered at 2026-11-23T06:00:00Z\nLlmreg-Tree: "
    )


def test_an_equal_run_of_another_day_changes_nothing(settled):
    settled.pr(listed(2.5, **NEW))
    tip = settled.tip()
    settled.github.asked.clear()
    for day in range(24, 28):
        settled.at(f"2026-11-{day}")
        ran = settled.pr(listed(2.5, **NEW))
        assert "unchanged" in ran.err
    assert settled.tip() == tip
    assert settled.github.writes == []


def test_a_fact_keeps_its_day_while_others_come(settled):
    settled.pr(listed(2.5))
    settled.at("2026-11-24")
    settled.pr(listed(2.5, **NEW))
    assert [each["title"] for each in settled.github.open()] == ["acme: 1 new model, 1 price change"]
    text = settled.remote("show", f"{BRANCH}:config/models/acme.yml")
    assert "updated_at: '2026-11-23T06:00:00Z'\n\n  new:" in text  # of large, whose price came a day before
    assert "discovered_at: '2026-11-24T06:00:00Z'" in text
    assert settled.remote("rev-list", "--count", f"main..{BRANCH}") == "1"


def test_a_base_that_moved_elsewhere_moves_no_branch(settled):
    settled.pr(listed(2.5))
    tip = settled.tip()
    settled.write("notes.txt", "unrelated")
    settled.save("Notes")
    assert "unchanged" in settled.pr(listed(2.5)).err
    assert settled.tip() == tip


def test_a_base_that_moved_in_the_same_file_moves_the_branch(settled):
    settled.pr(listed(2.5))
    tip = settled.tip()
    text = (settled.models / "acme.yml").read_text()
    settled.write("config/models/acme.yml", text.replace("what we use", "what we all use"))
    settled.save("Words")
    settled.pr(listed(2.5))
    assert settled.tip() != tip
    assert "what we all use" in settled.remote("show", f"{BRANCH}:config/models/acme.yml")
    assert settled.remote("merge-base", "main", BRANCH) == settled.remote("rev-parse", "main")


def test_what_a_person_adds_to_the_text_and_the_title_stays(settled):
    settled.pr(listed(2.5))
    (pull,) = settled.github.open()
    pull["title"] += ", see below"
    pull["body"] += "\r\n\r\nWe checked this by phone.\r\n"
    settled.github.asked.clear()
    assert "unchanged" in settled.pr(listed(2.5)).err
    assert settled.github.writes == []
    settled.pr(listed(2.6))
    (pull,) = settled.github.open()
    assert "| 3 | 2.6 |" in pull["body"]
    assert pull["body"].endswith("-->\n\n\nWe checked this by phone.\n")
    assert pull["title"] == "acme: 1 price change, see below"


def test_g15_the_difference_has_vanished(settled):
    settled.pr(listed(2.5))
    ran = settled.pr(listed())
    assert "closed, for nothing is left" in ran.err
    assert (settled.tip(), settled.github.open()) == ("", [])
    assert [number for number, _ in settled.github.comments] == [2]
    settled.github.asked.clear()
    settled.pr(listed())
    assert [method for method, _, _ in settled.github.asked] == ["GET"]
    settled.pr(listed(2.5))  # it comes back: llmreg itself had closed the earlier one
    assert [each["number"] for each in settled.github.open()] == [3]


def test_g14_a_person_closed_it(settled):
    settled.pr(listed(2.5))
    settled.github.close_by_hand(2)
    settled.github.asked.clear()
    for day in (24, 25):
        settled.at(f"2026-11-{day}")
        assert "not opened again" in settled.pr(listed(2.5)).err
    settled.git("push", "--quiet", "origin", f":{BRANCH}")
    assert "not opened again" in settled.pr(listed(2.5)).err
    assert (settled.github.writes, settled.tip(), settled.github.open()) == ([], "", [])
    settled.pr(listed(2))
    assert [each["number"] for each in settled.github.open()] == [3]


def test_what_was_merged_may_come_again(settled):
    settled.pr(listed(2.5))
    settled.merge(2)
    settled.git("pull", "--quiet", "origin", "main")
    settled.pr(listed())
    settled.merge(3)
    settled.git("pull", "--quiet", "origin", "main")
    settled.pr(listed(2.5))
    assert [each["number"] for each in settled.github.open()] == [4]


def test_held_changes_are_told_with_the_command_that_accepts_them(settled):
    settled.pr(listed(context=100000))
    (body,) = bodies(settled)
    assert "## Held for a person (1)" in body
    assert "`llmreg sync acme --accept 'acme/large#context_window'`" in body
    settled.pr(listed(context=100000), "--fail-on", "held", code=3)


def test_a_decision_holds_until_the_branch_is_merged(settled):
    settled.pr(listed(context=100000), "--accept", "acme/large#context_window")
    tip = settled.tip()
    assert "context_window: 100000" in settled.remote("show", f"{BRANCH}:config/models/acme.yml")
    assert "Llmreg-Accept: acme/large#context_window" in settled.remote("log", "-1", "--format=%B", BRANCH)
    settled.at("2026-11-24")
    assert "unchanged" in settled.pr(listed(context=100000)).err
    assert settled.tip() == tip
    settled.pr(listed(context=100000), "--keep", "acme/large#context_window")
    assert "context_window: 200000" in settled.remote("show", f"{BRANCH}:config/models/acme.yml")


def test_accept_all_decides_about_what_was_seen_alone(settled):
    settled.pr(listed(context=100000), "--accept", "all")
    said = settled.remote("log", "-1", "--format=%(trailers:key=Llmreg-Accept,valueonly)", BRANCH)
    assert [each.partition(" of ")[0] for each in said.splitlines()] == ["acme/large#context_window"]
    settled.pr(listed(price=300, context=100000))
    assert "pricing.input" in bodies(settled)[0].partition("## Held")[2]


def test_hand_edits_and_models_not_seen_are_told(settled):
    text = (settled.models / "acme.yml").read_text()
    settled.write("config/models/acme.yml", text.replace("input: 3.0", "input: 3.5"))
    settled.save("By hand")
    answer = listed(**{f"m{number}": NEW["new"] for number in range(9)})
    settled.pr(answer)
    assert "## Kept: edited here (1)" in bodies(settled)[0]
    settled.merge(2)
    settled.git("pull", "--quiet", "origin", "main")
    del answer["acme"]["models"]["m1"]
    settled.pr(answer)
    assert "## Not seen upstream (1)" in bodies(settled)[0]


def test_a_source_that_failed_takes_nothing_from_the_branch(settled):
    settled.pr(listed(2.5))
    tip = settled.tip()
    ran = settled.pr("{", code=4)
    assert "models.dev did not answer, so the branch stays as it is" in ran.err
    assert (settled.tip(), len(settled.github.open())) == (tip, 1)


def test_a_dry_run_shows_branch_title_and_body_and_writes_nothing(settled):
    settled.github.asked.clear()
    ran = settled.pr(listed(2.5), "--dry-run")
    assert ran.out.startswith(
        f"branch: {BRANCH}\nwould be: opened\ntitle: acme: 1 price change\n\n"
        "**1 changed fact of 1 model**\n\n## Changed (1)\n"
    )
    assert (settled.github.writes, settled.tip()) == ([], "")
    settled.pr(listed(2.5))
    tip = settled.tip()
    assert "would be: updated" in settled.pr(listed(2), "--dry-run").out
    assert "would be: closed" in settled.pr(listed(), "--dry-run").out
    assert (settled.tip(), len(settled.github.open())) == (tip, 1)


def test_a_dry_run_says_who_did_not_answer(settled):
    settled.write("config/models/beta.yml", "provider: beta\nsync: {sources: [xai]}\nmodels:\n  large: {}\n")
    settled.write("config/llmreg.yml", "sync: {groups: {both: [acme, beta]}}\n")
    settled.save("A group")
    ran = settled.pr(listed(2.5), "--dry-run", code=4)
    assert "beta: no source answered" in ran.err.splitlines()


def test_json_has_the_pull_requests(settled):
    document = json.loads(settled.pr(listed(2.5), "--format", "json").out)
    (told,) = document["pull_requests"]
    assert (told["action"], told["branch"], told["number"]) == ("opened", BRANCH, 2)
    assert document["changes"][0]["field"] == "pricing.input"


def test_options_of_a_pull_request_reach_it_once(settled):
    settled.pr(listed(2.5), "--draft", "--label", "llmreg,prices", "--assignee", "ann", "--reviewer", "bob,acme/team")
    (pull,) = settled.github.open()
    assert pull["draft"] is True
    assert pull["labels"] == {"labels": ["llmreg", "prices"]}
    assert pull["assignees"] == {"assignees": ["ann"]}
    assert pull["requested_reviewers"] == {"reviewers": ["bob"], "team_reviewers": ["team"]}
    settled.github.asked.clear()
    settled.pr(listed(2), "--label", "llmreg")
    assert [path for _, path, _ in settled.github.writes] == ["/pulls/2"]


def test_a_label_that_fails_is_a_warning(settled):
    settled.github.interfere = lambda _, path, __: (403, {}, {"message": "No"}) if path.endswith("/labels") else None
    ran = settled.pr(listed(2.5), "--label", "llmreg")
    assert "the pull request has no labels: 127.0.0.1: POST" in ran.err
    assert len(settled.github.open()) == 1


def test_another_base(settled):
    settled.git("push", "--quiet", "origin", "main:release")
    settled.pr(listed(2.5), "--base", "release")
    assert [each["base"]["ref"] for each in settled.github.open()] == ["release"]
    settled.pr(listed(2.5))
    assert [each["base"]["ref"] for each in settled.github.open()] == ["release", "main"]
    assert "no branch nowhere: --base names another" in settled.pr(listed(2.5), "--base", "nowhere", code=5).err


def test_without_a_token_the_branch_is_pushed_and_the_page_is_told(settled, monkeypatch):
    monkeypatch.delenv("GH_TOKEN")
    ran = settled.pr(listed(2.5))
    assert f"{settled.github.url}/acme/catalog/compare/main...{BRANCH}?expand=1" in ran.err
    assert settled.tip()
    assert settled.github.asked == []
    settled.pr(listed())
    assert settled.tip() == ""


def test_a_remote_that_is_no_github_is_pushed_to(settled, monkeypatch):
    monkeypatch.delenv("GITHUB_REPOSITORY")
    ran = settled.pr(listed(2.5))
    assert "origin is no GitHub repository that llmreg knows" in ran.err
    assert settled.tip()
    assert settled.github.asked == []


def several(workspace: PullRequestWorkspace, *names: str) -> dict:
    """A catalog of more providers, and a list that has a new model of each."""
    answer = {}
    for name in names:
        workspace.write(f"config/models/{name}.yml", f"provider: {name}\nmodels:\n  large: {{}}\n")
        answer |= listed(provider=name)
    workspace.save("More providers")
    return answer


def test_several_providers_have_a_pull_request_each(settled):
    answer = several(settled, "beta", "gamma") | listed(2.5)
    settled.pr(answer, providers=("acme", "beta", "gamma"))
    branches = {each["head"]["ref"] for each in settled.github.open()}
    assert branches == {f"llmreg/sync-{name}" for name in ("acme", "beta", "gamma")}


def test_a_group_has_one_branch_whoever_of_it_is_named(settled):
    answer = several(settled, "beta", "gamma") | listed(2.5)
    settled.write("config/llmreg.yml", "sync: {groups: {both: [beta, gamma]}}\n")
    settled.save("Groups")
    settled.pr(answer, providers=("--all",))
    assert {each["head"]["ref"] for each in settled.github.open()} == {BRANCH, "llmreg/sync-both"}
    tips = settled.tip("llmreg/sync-both"), settled.tip()
    for wanted in (("gamma",), ("both",), ("beta", "gamma")):
        settled.pr(answer, providers=wanted)
    assert (settled.tip("llmreg/sync-both"), settled.tip()) == tips


def test_a_groups_pattern_takes_those_of_the_catalog_that_it_matches(settled):
    answer = several(settled, "a-gateway", "b-gateway", "beta") | listed(2.5)
    settled.write("config/llmreg.yml", "sync: {groups: {gateways: ['*-gateway', beta], b: ['b*'], none: ['z*']}}\n")
    settled.save("Groups")
    settled.pr(answer, providers=("b-gateway",))
    (pull,) = settled.github.open()
    assert pull["head"]["ref"] == "llmreg/sync-gateways"
    written = settled.remote("diff", "--name-only", "main", "llmreg/sync-gateways").split()
    assert [name for name in written if name.endswith(".yml")] == [
        f"config/models/{name}.yml" for name in ("a-gateway", "b-gateway", "beta")
    ]
    for empty in ("b", "none"):
        ran = settled.pr(answer, code=2, providers=(empty,))
        assert f"no provider of the catalog is in the group {empty}" in ran.err


def test_a_new_provider_is_in_the_group_whose_pattern_matches_it(settled):
    settled.write("config/llmreg.yml", "sync: {groups: {gateways: ['*-gateway']}}\n")
    settled.save("Groups")
    settled.pr(listed(provider="new-gateway"), providers=("new-gateway",))
    assert [each["head"]["ref"] for each in settled.github.open()] == ["llmreg/sync-gateways"]


def test_a_run_opens_only_so_many(settled, monkeypatch):
    monkeypatch.setattr(proposals, "MOST_NEW", 2)
    monkeypatch.setattr("registry_cli.commands.propose.pull_request.MOST_NEW", 2)
    names = ("beta", "gamma", "delta")
    answer = several(settled, *names) | listed()
    ran = settled.pr(answer, providers=("--all",))
    assert len(settled.github.open()) == 2
    assert "1 wait for the next run (this run has opened" in ran.err
    settled.pr(answer, providers=("--all",))
    assert len(settled.github.open()) == 3
    assert "wait" not in settled.pr(answer, "--quiet", providers=("--all",)).err


def test_one_that_fails_does_not_stop_the_others(settled):
    answer = several(settled, "beta", "gamma")
    numbers = count()

    def first_fails(method, path, _content):
        if (method, path) == ("POST", "/pulls") and next(numbers) == 0:
            return 422, {}, {"message": "Validation Failed", "errors": [{"message": "GitHub is not amused"}]}
        return None

    settled.github.interfere = first_fails
    ran = settled.pr(answer, providers=("beta", "gamma"), code=5)
    assert "beta: 2 other changes: failed" in ran.err or "beta: failed" in ran.err
    assert "GitHub is not amused" in ran.err
    assert [each["head"]["ref"] for each in settled.github.open()] == ["llmreg/sync-gamma"]


def test_a_faulty_file_of_the_base_branch_is_named_with_its_place(settled):
    settled.write("config/models/acme.yml", "provider: acme\nmodels:\n  large: {context_windw: 1}\n")
    settled.save("A slip")
    ran = settled.pr(listed(2.5), code=6)
    assert "llmreg: main:config/models/acme.yml:3:11 schema large#context_windw: unknown key" in ran.err
    assert settled.tip() == ""


def test_a_recorded_answer_that_is_not_there_is_no_file_of_the_base_branch(settled):
    for path in ("/nowhere/answer.json", "nowhere.json"):
        ran = settled.run("sync", "acme", "--pr", "--from", f"models.dev={path}")
        assert (ran.code, ran.err) == (6, f"llmreg: {path}: No such file or directory\n")


def test_an_unknown_provider_and_no_provider_are_slips(settled):
    assert "did you mean acme" in settled.pr(listed(2.5), code=2, providers=("acm",)).err
    assert "name providers, or --all" in settled.pr(listed(2.5), code=2, providers=()).err


# Who says that it is to be a pull request


def test_the_settings_make_the_bare_command_open_one_in_ci(settled, monkeypatch):
    monkeypatch.setenv("CI", "true")
    settled.write("config/llmreg.yml", "sync: {pull_request: true, labels: [llmreg], draft: true}\n")
    settled.save("Settings")
    before = settled.checkout()
    assert settled.sync(listed(2.5)).code == 0
    assert settled.checkout() == before
    (pull,) = settled.github.open()
    assert (pull["draft"], pull["labels"]) == (True, {"labels": ["llmreg"]})
    settled.sync(listed(2.5), "--no-pr")
    assert settled.git("status", "--porcelain").split() == [
        "M",
        "config/models/acme.yml",
        "M",
        "config/upstream/acme.jsonl",
    ]


def test_check_never_opens_one(settled):
    settled.write("config/llmreg.yml", "sync: {pull_request: true}\n")
    settled.save("Settings")
    assert settled.sync(listed(2.5), "--check").code == 1
    assert settled.github.open() == []


@pytest.fixture
def wanting(settled, monkeypatch):
    """Its settings want pull requests."""
    settled.write("config/llmreg.yml", "sync: {pull_request: true}\n")
    settled.save("Settings")
    settled.git("push", "--quiet", "origin", "main")
    return settled


@pytest.mark.parametrize("variable", [None, "", "false"])
def test_without_a_terminal_and_ci_the_settings_open_none_and_sync_says_so(wanting, monkeypatch, variable):
    if variable is not None:
        monkeypatch.setenv("CI", variable)
    ran = wanting.sync(listed(2.5))
    assert wanting.github.open() == []
    assert ran.err.splitlines()[-2:] == [
        "sync.pull_request is true, but nobody was asked and CI is not set; --pr opens a pull request",
        "wrote config/models/acme.yml and config/upstream/acme.jsonl",
    ]
    assert "sync.pull_request" not in wanting.sync(listed(2.5)).err  # nothing to open one for


@pytest.mark.parametrize(("typed", "opened"), [("", 1), ("w", 0), ("n", 0)])
@pytest.mark.parametrize("arguments", [(), ("--format", "json"), ("--quiet",)])
def test_on_a_terminal_the_settings_make_it_the_default_answer(wanting, monkeypatch, typed, opened, arguments):
    monkeypatch.setattr("registry_cli.cli.proposing.is_terminal", lambda: True)
    monkeypatch.setattr("typer.prompt", lambda _, default, value_proc, **__: value_proc(typed or default))
    ran = wanting.sync(listed(2.5), *arguments)
    assert (ran.code, len(wanting.github.open())) == (0, opened)
    is_written = typed == "w"
    assert ("input: 2.5" in (wanting.models / "acme.yml").read_text()) is is_written
    if "json" in arguments:
        document = json.loads(ran.out)
        assert document["written"]["files"] == (["config/models/acme.yml"] if is_written else [])
        assert [each["action"] for each in document.get("pull_requests", ())] == ["opened"] * opened
    if not opened and not arguments:
        ending = "wrote config/models/acme.yml and config/upstream/acme.jsonl" if is_written else "nothing was written"
        assert ran.err.splitlines()[-1] == ending
    assert "would" not in ran.err


def test_on_a_terminal_without_a_remote_it_writes_the_files_and_says_so(wanting, monkeypatch):
    monkeypatch.setattr("registry_cli.cli.proposing.is_terminal", lambda: True)
    monkeypatch.setattr("typer.prompt", lambda *_, **__: pytest.fail("asked"))
    wanting.git("remote", "remove", "origin")
    assert wanting.sync(listed(2.5)).err.splitlines()[-2:] == [
        "sync.pull_request is true, but there is no remote repository to open a pull request in",
        "wrote config/models/acme.yml and config/upstream/acme.jsonl",
    ]


def test_a_dry_run_asks_nothing(wanting, monkeypatch):
    monkeypatch.setattr("registry_cli.cli.proposing.is_terminal", lambda: True)
    monkeypatch.setattr("typer.prompt", lambda *_, **__: pytest.fail("asked"))
    assert "a sync would write config/models/acme.yml" in wanting.sync(listed(2.5), "--dry-run").err
    monkeypatch.setenv("CI", "1")
    assert "llmreg/sync-acme" in wanting.sync(listed(2.5), "--dry-run").out
    assert wanting.github.open() == []


@pytest.mark.parametrize(("answered", "opened"), [("p", 1), ("w", 0), ("n", 0)])
def test_a_terminal_is_offered_one_after_the_plan(settled, monkeypatch, answered, opened):
    asked = []
    monkeypatch.setattr("registry_cli.cli.proposing.is_terminal", lambda: True)
    monkeypatch.setattr("typer.prompt", lambda text, value_proc, **_: asked.append(text) or value_proc(answered))
    settled.sync(listed(2.5))
    assert len(asked) == 1
    assert len(settled.github.open()) == opened
    assert ("input: 2.5" in (settled.models / "acme.yml").read_text()) is (answered == "w")
    for quiet in (("--quiet",), ("--no-pr",)):
        settled.git("checkout", "--quiet", ".")
        settled.sync(listed(2.4), *quiet)
    assert len(asked) == 1


def test_a_pipe_is_offered_nothing(settled):
    assert settled.sync(listed(2.5)).code == 0
    assert settled.github.open() == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--commit", "--pr"), "two ways"),
        (("--branch", "x"), "go with --commit"),
        (("--push",), "go with --commit"),
        (("--no-pr", "--draft"), "leaves nothing"),
        (("--pr", "--fail-on", "hold"), "is not held"),
    ],
)
def test_options_that_contradict_each_other_are_refused(settled, arguments, said):
    ran = settled.sync(listed(2.5), *arguments)
    assert (ran.code, settled.github.open()) == (2, [])
    assert said in ran.err


def test_a_split_provider_is_one_pull_request(settled):
    models = settled.work / "config" / "models"
    text = (models / "acme.yml").read_text()
    head, _, small = text.partition("\n  small:")
    own, _, large = head.partition("models:\n")
    settled.write("config/models/acme.yml", f"{own}models:\n  small:{small}")
    settled.write("config/models/acme/large.yml", f"models:\n{large}\n")
    settled.save("split")
    ran = settled.pr(listed(2.5, **NEW))
    assert ran.code == 0, ran.err
    assert settled.remote("diff", "--name-only", "main", BRANCH).split() == [
        "config/models/acme.yml", "config/models/acme/large.yml", "config/upstream/acme.jsonl",
    ]  # fmt: skip
    assert "  new:" in settled.remote("show", f"{BRANCH}:config/models/acme.yml")
    assert "input: 2.5" in settled.remote("show", f"{BRANCH}:config/models/acme/large.yml")
    tip = settled.tip()
    settled.at("2026-11-24")
    assert "unchanged" in settled.pr(listed(2.5, **NEW)).err
    assert settled.tip() == tip
