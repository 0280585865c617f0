"""OpenAI's `/v1/models`: ids, when they appeared and who has them, and nothing else."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from registry_cli.core.query.filters import first_day
from registry_cli.core.text.exact_json import dumps
from registry_cli.exports import Exported, Shelf
from registry_cli.exports.facts import Facts, provider_losses


def write(shelves: Sequence[Shelf], _day: str) -> Exported:
    """Models of one provider by their ids, of several by `provider/id`, as gateways list them."""
    losses: Counter[str] = Counter()
    data = []
    for shelf in shelves:
        losses += provider_losses(shelf.provider, set())
        for model in shelf.models:
            facts = Facts(model)
            data.append(
                {
                    "id": model.id if len(shelves) == 1 else model.full_id,
                    "object": "model",
                    "created": unix_time(facts.take("release_date")),
                    "owned_by": model.provider,
                }
            )
            losses += facts.count_left()
    return Exported({"": f"{dumps({'object': 'list', 'data': data}, 1)}\n".encode()}, losses)


def unix_time(date: str | None) -> int:
    """Seconds since 1970 of a day, month or year; 0, as other lists have it, where it is unknown."""
    return int(datetime.fromisoformat(first_day(date)).replace(tzinfo=UTC).timestamp()) if date else 0
