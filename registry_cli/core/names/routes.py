"""LiteLLM's keys of one price of a model: `azure/eu/gpt-4o`, `hd/1024-x-1792/dall-e-3`, reserved capacity at Bedrock.

ExLLM took them over as ids, so old code and old logs have them.
"""

import re

COMMITMENT = re.compile(r"(?:^|/)[0-9]+-month-commitment/")
REGIONS = {
    "azure": re.compile(r"(eu|us|apac|us-gov|global|global-standard)/(.+)"),
    "bedrock": re.compile(r"([a-z]{2}(?:-gov)?-[a-z]+-[0-9])/(.+)"),
}
KIND_OF_IMAGE = re.compile(
    r"(?:(?P<quality>[a-z]+)/)?(?P<size>[0-9]+-x-[0-9]+|max-x-max)/(?:(?P<steps>[0-9]+|max)-steps/)?(?P<rest>.+)"
)
_RESERVED = re.compile(r"(?:[^/]+/)?[0-9]+-month-commitment/")


def without_route(provider: str, name: str) -> str:
    """The id of the model whose price a name of a provider is; the name itself where it says nothing of a route."""
    rest = _RESERVED.sub("", name.removeprefix(f"{provider}/"), count=1)
    region = REGIONS.get(provider)
    if region and (found := region.fullmatch(rest)):
        rest = found[2]
    if found := KIND_OF_IMAGE.fullmatch(rest):
        rest = found["rest"].removeprefix(f"{provider}/")
    return rest
