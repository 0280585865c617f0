from collections.abc import Iterator, Mapping
from typing import Any

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule
from registry_cli.core.text.pointer import Pointer

_KINDS = ("", "_audio", "_image", "_video")


def check(file: ProviderFile) -> Iterator[Problem]:
    for entry, pricing in file.priced():
        at = (*entry.pointer, "pricing")
        yield from _check_rates(pricing, pricing, at)
        for index, variant in enumerate(pricing.get("variants") or ()):
            yield from _check_rates(variant, pricing, (*at, "variants", index))


def _check_rates(prices: Mapping[str, Any], base: Mapping[str, Any], at: Pointer) -> Iterator[Problem]:
    for kind in _KINDS:
        read = prices.get(f"cache_read{kind}")
        if read:
            fresh = prices.get(f"input{kind}", base.get(f"input{kind}"))
            if fresh is not None and read > fresh:
                yield Problem(
                    (*at, f"cache_read{kind}"), f"{read} for cached input is more than {fresh} for input{kind}"
                )


RULE = Rule(
    code="cache-read-dearer",
    severity="warning",
    summary="Input from the cache costs more than fresh input.",
    why="""\
Providers sell cached input at a discount. A higher price usually means that cache reads and cache writes were
exchanged, or that one of the prices was not updated with the other.""",
    fix="""\
Compare with the provider's price list; `cache_write` is the one that may be above `input`.""",
    bad="""\
provider: acme
models:
  acme-large:
    pricing:
      input: 3.0
      cache_read: 3.75 # <-
      cache_write: 0.3
""",
    good="""\
provider: acme
models:
  acme-large:
    pricing:
      input: 3.0
      cache_read: 0.3
      cache_write: 3.75
""",
    check=check,
)
