"""Groups that change while pull requests are open: what another branch took over does not stay open for ever."""

from tests.support.pull_request_workspace import BRANCH, PullRequestWorkspace, listed

ANSWER = listed(2.5) | listed(provider="beta")
BETA, BOTH = "llmreg/sync-beta", "llmreg/sync-both"
GROUPED = "sync: {groups: {both: [acme, beta]}}\n"


def regroup(workspace: PullRequestWorkspace, text: str) -> None:
    workspace.write("config/models/beta.yml", "provider: beta\nmodels:\n  large: {}\n")
    workspace.write("config/llmreg.yml", text)
    workspace.save("Groups")


def branches(workspace: PullRequestWorkspace) -> set[str]:
    shop_branches = {each["head"]["ref"] for each in workspace.github.open()}
    assert shop_branches == set(workspace.remote("branch", "--format=%(refname:short)", "--list", "llmreg/*").split())
    return shop_branches


def test_a_provider_that_moves_into_a_group(settled):
    regroup(settled, "{}\n")
    settled.pr(ANSWER, providers=("--all",))
    assert branches(settled) == {BRANCH, BETA}
    regroup(settled, GROUPED)
    assert (
        f"branch: {BETA}\nwould be: closed, for its providers"
        in settled.pr(ANSWER, "--dry-run", providers=("acme",)).out
    )
    assert branches(settled) == {BRANCH, BETA}
    ran = settled.pr(ANSWER, providers=("acme",))
    assert branches(settled) == {BOTH}
    (new,) = settled.github.open()
    assert settled.github.comments == [
        (number, f"The groups in the settings changed; this goes on in #{new['number']}.") for number in (2, 3)
    ]
    assert f"beta: closed, for its providers have another branch now {settled.github.pulls[2]['html_url']}" in ran.err
    settled.github.asked.clear()
    settled.pr(ANSWER, providers=("acme",))
    assert settled.github.writes == []


def test_a_provider_that_moves_out_again(settled):
    """The group's branch goes once all that it is about has a branch of its own."""
    regroup(settled, GROUPED)
    settled.pr(ANSWER, providers=("--all",))
    regroup(settled, "{}\n")
    settled.pr(ANSWER, providers=("acme",))
    assert branches(settled) == {BOTH, BRANCH}
    settled.pr(ANSWER, providers=("beta",))
    assert branches(settled) == {BETA, BRANCH}
    regroup(settled, GROUPED)
    settled.pr(ANSWER, providers=("beta",))  # what llmreg closed itself may come again
    assert branches(settled) == {BOTH}


def test_a_branch_that_a_person_went_on_with_stays(settled):
    regroup(settled, "{}\n")
    settled.pr(ANSWER, providers=("beta",))
    other = settled.another()
    settled.git("checkout", "--quiet", BETA, at=other)
    settled.write("config/models/beta.yml", (other / "config/models/beta.yml").read_text() + "# mine\n", at=other)
    settled.git("commit", "--quiet", "--all", "--message", "Mine", at=other)
    settled.git("push", "--quiet", "origin", BETA, at=other)
    tip = settled.tip(BETA)
    regroup(settled, GROUPED)
    settled.pr(ANSWER, providers=("beta",))
    assert (settled.tip(BETA), settled.github.comments) == (tip, [])
    assert branches(settled) == {BETA, BOTH}


def test_a_branch_stays_where_the_new_one_could_not_be_made(settled):
    regroup(settled, "{}\n")
    settled.pr(ANSWER, providers=("beta",))
    regroup(settled, GROUPED)
    settled.github.interfere = lambda method, *_: (422, {}, {"message": "No"}) if method == "POST" else None
    settled.sync(ANSWER, "--pr", providers=("beta",))
    settled.github.interfere = lambda *_: None
    assert BETA in {each["head"]["ref"] for each in settled.github.open()}
    settled.pr("{", code=4, providers=("beta",))
    assert BETA in {each["head"]["ref"] for each in settled.github.open()}


def test_branches_of_others_stay(settled):
    """Of a provider that is new on its branch, and of one that the catalog has no more."""
    regroup(settled, "{}\n")
    settled.pr(ANSWER | listed(provider="new"), providers=("beta", "new"))
    (settled.models / "beta.yml").unlink()
    settled.save("No beta")
    settled.pr(ANSWER, providers=("--all",))
    assert branches(settled) == {BRANCH, BETA, "llmreg/sync-new"}
