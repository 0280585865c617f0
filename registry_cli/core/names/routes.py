"""LiteLLM's keys for one price of a model: `azure/eu/gpt-4o`, `hd/1024-x-1792/dall-e-3`, reserved capacity at Bedrock.

ExLLM used them as IDs, so old code and old logs contain them.
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
    """Return the ID of the model that a key prices at a provider; a name without a route stays as it is."""
    rest = _RESERVED.sub("", name.removeprefix(f"{provider}/"), count=1)
    region = REGIONS.get(provider)
    if region and (found := region.fullmatch(rest)):
        rest = found[2]
    if found := KIND_OF_IMAGE.fullmatch(rest):
        rest = found["rest"].removeprefix(f"{provider}/")
    return rest
