"""`providers`, `capabilities` and `default`: what there is besides models."""

from dataclasses import dataclass

from registry_cli.commands.query.find import FoundModel, find_model
from registry_cli.commands.query.open import OpenCatalog
from registry_cli.core.catalog.derived import PROOFS
from registry_cli.core.names.reading_names import resolve_provider_for_reading
from registry_cli.core.query.table import Table
from registry_cli.core.query.wording import describe_standing
from registry_cli.errors import UsageError
from registry_cli.store.index.query import resolve_capability

_COUNTS = frozenset({1, 2, 3})  # columns of `capabilities` that hold numbers


def list_providers(asked: OpenCatalog, day: str) -> Table:
    """Return a table of the providers: models, models with a known price in USD, billing, and the default model."""
    rows = asked.index.fetch_rows(
        "SELECT p.id, p.name, count(m.key), count(coalesce(r.input, r.output)), p.billing, p.default_model"
        " FROM providers p LEFT JOIN models m ON m.provider = p.id"
        " LEFT JOIN rates r ON r.model = m.key AND r.since <= ? AND ? < r.until GROUP BY p.id ORDER BY p.id",
        (day, day),
    )
    return Table(("id", "name", "models", "priced", "billing", "default"), rows, frozenset({2, 3}))


def list_capabilities(asked: OpenCatalog, name: str | None = None) -> Table:
    """Return the vocabulary of capabilities with the numbers of models and providers that have each.

    With a name, only that capability, with its other spellings and the evidence for it. Models whose capability is
    derived are counted too.
    """
    chosen = None if name is None else resolve_capability(asked.index, name)
    rows = asked.index.fetch_rows(
        "SELECT c.name, count(h.full_id), count(h.derived), count(DISTINCT h.provider), c.scope, c.meaning,"
        " (SELECT group_concat(alias, ', ') FROM (SELECT alias FROM capability_aliases"
        " WHERE capability = c.name AND alias <> c.name ORDER BY alias)), c.link"
        " FROM (SELECT name, meaning, link, scope, place FROM capabilities UNION ALL"
        "       SELECT DISTINCT capability, NULL, NULL, NULL, 1000 FROM model_capabilities"
        "       WHERE capability NOT IN (SELECT name FROM capabilities)) c"
        " LEFT JOIN has_capability h ON h.capability = c.name WHERE ? IS NULL OR c.name = ?"
        " GROUP BY c.name ORDER BY c.place, c.name",
        (chosen, chosen),
    )
    if chosen is None:
        return Table(
            ("name", "models", "derived", "providers", "meaning"), [(*row[:4], row[5]) for row in rows], _COUNTS
        )
    proofs = ", ".join(str(proof.evidence) for proof in PROOFS if proof.capability == chosen) or None
    columns = ("name", "models", "derived", "providers", "scope", "meaning", "aliases", "link", "proven_by")
    return Table(columns, [(*row, proofs) for row in rows], _COUNTS)


def capability_matrix(asked: OpenCatalog) -> Table:
    """Return how many models of each provider have each capability, the most frequent capability first."""
    names = [
        name
        for (name,) in asked.index.fetch_rows(
            "SELECT capability FROM model_capabilities GROUP BY capability ORDER BY count(*) DESC, capability"
        )
    ]
    counts = {
        (provider, name): number
        for provider, name, number in asked.index.fetch_rows(
            "SELECT provider, capability, count(*) FROM has_capability GROUP BY provider, capability"
        )
    }
    models = asked.index.fetch_rows(
        "SELECT p.id, count(m.key) FROM providers p LEFT JOIN models m ON m.provider = p.id GROUP BY p.id ORDER BY p.id"
    )
    rows = []
    for provider, total in models:
        by_name = [counts.get((provider, name), 0) for name in names]
        rows.append((provider, total, *by_name))
    return Table(
        ("provider", "models", *names),
        rows,
        frozenset(range(1, len(names) + 2)),
    )


@dataclass(frozen=True, slots=True)
class Default:
    """A provider's default model or its replacement; `notices` are what the user must know before using it."""

    full_id: str
    notices: tuple[str, ...] = ()


def find_default(asked: OpenCatalog, text: str, day: str) -> Default:
    """Return a provider's default model, or the replacement of one that is retired.

    Raises `UsageError` for an unknown provider, for one that states no default, and if the default and all of its
    replacements are retired.
    """
    provider = resolve_provider_for_reading(asked.names, text)
    ((model,),) = asked.index.fetch_rows("SELECT default_model FROM providers WHERE id = ?", (provider,))
    if model is None:
        raise UsageError(f"{provider} states no default model")
    name = asked.names.model(provider, model)
    if name is None:
        raise UsageError(f"the default model of {provider} is {model!r}, which it does not have")
    stated = find_model(asked, f"{provider}/{name}", day)
    found = _follow_replacements(asked, provider, stated, day)
    state = describe_standing(stated.status, {**stated.body, "replacement": None})
    ended = f"the default model of {provider}, {stated.name}, is {state}"
    if found is None:
        raise UsageError(
            f"{ended}, and no replacement of it can be used; to name another, run:"
            f" llmreg set {provider} default_model=MODEL"
        )
    notices = [f"{found.name} is {found.notice}"] if found.notice else []
    if found.name != stated.name:
        notices.insert(0, f"{ended}; using its replacement {found.name}")
    return Default(str(found.name), tuple(notices))


def _follow_replacements(asked: OpenCatalog, provider: str, model: FoundModel, day: str) -> FoundModel | None:
    """Return the model, or the first of its successive replacements that is not retired; None if all are."""
    seen = {model.name}
    while model.status == "retired":
        replacement = model.body.get("replacement")
        name = asked.names.model(provider, replacement) if replacement else None
        if name is None:
            return None
        model = find_model(asked, f"{provider}/{name}", day)
        if model.name in seen:
            return None
        seen.add(model.name)
    return model
