"""`core.names.names.Names` answered by the index."""

from collections.abc import Iterable

from registry_cli.core.names.names import ModelName, sole_claimant
from registry_cli.store.index.index import Index


class IndexNames:
    """An id beats an alias, as in `CatalogNames`."""

    def __init__(self, index: Index) -> None:
        self._rows = index.fetch_rows

    def provider(self, name: str) -> str | None:
        found = self._rows("SELECT id FROM providers WHERE id = ?", (name,)) or self._rows(
            "SELECT provider FROM provider_aliases WHERE alias = ?", (name,)
        )
        return sole_claimant(name, [provider for (provider,) in found])

    def model(self, provider: str, name: str) -> str | None:
        found = self._rows("SELECT id FROM models WHERE provider = ? AND id = ?", (provider, name)) or self._rows(
            "SELECT m.id FROM model_aliases a JOIN models m ON m.key = a.model"
            " WHERE a.alias = ? AND m.provider = ? ORDER BY m.key DESC LIMIT 1",
            (name, provider),
        )
        return found[0][0] if found else None

    def hosts(self, name: str) -> list[ModelName]:
        found = self._rows(
            "SELECT provider FROM models WHERE id = ?"
            " UNION SELECT m.provider FROM model_aliases a JOIN models m ON m.key = a.model WHERE a.alias = ?"
            " ORDER BY 1",
            (name, name),
        )
        return [ModelName(provider, self.model(provider, name) or name) for (provider,) in found]

    def all_providers(self) -> Iterable[str]:
        return [provider for (provider,) in self._rows("SELECT id FROM providers ORDER BY id")]

    def all_models(self, provider: str | None) -> Iterable[ModelName]:
        chosen = "" if provider is None else " WHERE provider = ?"
        rows = self._rows(
            f"SELECT provider, id FROM models{chosen} ORDER BY full_id", () if provider is None else (provider,)
        )
        return (ModelName(*row) for row in rows)

    def spelled_like(self, provider: str | None, pattern: str) -> list[ModelName]:
        folded = "replace(replace(lower({}), '.', '-'), '_', '-') GLOB ?"
        chosen, parameters = ("", [pattern]) if provider is None else (" AND m.provider = ?", [pattern, provider])
        rows = self._rows(
            f"SELECT m.provider, m.id FROM models m WHERE {folded.format('m.id')}{chosen}"
            " UNION SELECT m.provider, m.id FROM model_aliases a JOIN models m ON m.key = a.model"
            f" WHERE {folded.format('a.alias')}{chosen}"
            " AND NOT EXISTS (SELECT 1 FROM models o WHERE o.provider = m.provider AND o.id = a.alias)"
            " ORDER BY 1, 2",
            parameters * 2,
        )
        return [ModelName(*row) for row in rows]

    def base_model(self, name: ModelName) -> str | None:
        rows = self._rows("SELECT base_model FROM models WHERE provider = ? AND id = ?", name)
        return rows[0][0] if rows else None
