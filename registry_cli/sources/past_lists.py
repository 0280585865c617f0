"""Old lists of models, as files -> what their sources once listed."""

from collections.abc import Callable, Mapping

from registry_cli.core.statements.observations import Observations
from registry_cli.core.statements.past import PastList
from registry_cli.sources import genai_prices, litellm, model_prices, model_prices_history


def _undated_list(parse: Callable[[bytes], Observations]) -> Callable[[bytes, str], PastList]:
    """Reads a list that says nothing of when it was made: that is the day given."""
    return lambda data, as_of: PastList(parse(data), as_of)


PARSERS: Mapping[str, Callable[[bytes, str], PastList]] = {
    litellm.SOURCE: _undated_list(litellm.parse),
    genai_prices.SOURCE: _undated_list(genai_prices.parse),
    model_prices.SOURCE: model_prices_history.parse,
}
