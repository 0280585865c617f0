"""Bills per second: llmreg's `cost` beside genai-prices' `calc_price`, in one run of one process:

    python benchmarks/bills.py [--rounds 15] [--calls 2000]

Both price the same calls to the models that both know by the same ID, through their public functions: from names,
counts and conditions to a total. Counts, day and service tier differ from call to call, and the calls go through all
models in turn. Every round runs each program once, one after the other, so that a slow moment of the machine touches
both; the ratio is the median of the rounds' own ratios.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from run import ROOT, environment

WANTED = 3  # times as many bills per second
THEIR_NAMES = {"gemini": "google", "bedrock": "aws", "xai": "x-ai"}
TIERS = (None, None, "batch", "flex")


class Call(NamedTuple):
    provider: str
    model: str
    input: int
    cached: int
    output: int
    moment: datetime
    tier: str | None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--calls", type=int, default=2000)
    given = parser.parse_args()
    if "LLMREG_BENCHMARK" in os.environ:
        return compare(given.rounds, given.calls)
    scripts = environment("bills", "genai-prices", str(ROOT))
    variables = {**os.environ, "LLMREG_BENCHMARK": "1", "LLMREG_OVERLAY": ""}
    return subprocess.run([scripts / "python", __file__, *sys.argv[1:]], env=variables, check=False).returncode


def compare(rounds: int, number: int) -> int:
    from registry_cli import Registry  # noqa: PLC0415  # of the environment that `main` makes

    registry = Registry(ROOT / "config" / "models")
    calls = make_calls(shared_models(registry.list_providers(), registry.get_all_models), number)
    programs: dict[str, Callable[[], None]] = {"genai-prices": bill_theirs(calls), "llmreg": bill_ours(registry, calls)}
    times: dict[str, list[float]] = {name: [] for name in programs}
    for bill_all in programs.values():
        bill_all()  # both prepare what they keep
    for _ in range(rounds):
        for name, bill_all in programs.items():
            began = time.perf_counter()
            bill_all()
            times[name].append(time.perf_counter() - began)
    models = len({(call.provider, call.model) for call in calls})
    print(f"bills of {models} models, {number:,} calls, {rounds} rounds")
    for name, taken in times.items():
        print(f"  {name:<14} {number / statistics.median(taken):10,.0f} bills per second")
    pairs = zip(times["genai-prices"], times["llmreg"], strict=True)
    ratio = statistics.median(theirs / ours for theirs, ours in pairs)
    print(f"  {'met' if ratio >= WANTED else 'MISSED'}: {ratio:.2f} times as many, at least {WANTED}")
    return 0


def shared_models(providers: Sequence[str], models_of: Callable[[str], object]) -> list[tuple[str, str]]:
    """Provider and ID of the models that both programs can bill."""
    from genai_prices.data_snapshot import get_snapshot  # noqa: PLC0415  # of the environment that `main` makes

    theirs = {provider.id: {model.id for model in provider.models} for provider in get_snapshot().providers}
    shared = []
    for provider in providers:
        known = theirs.get(THEIR_NAMES.get(provider, provider), set())
        for name, model in models_of(provider).items():
            rates = model.pricing.rates if model.pricing else {}
            if name in known and rates.get("input") is not None and rates.get("output") is not None:
                shared.append((provider, name))
    return [pair for pair in shared if is_billed_by_theirs(*pair)]


def is_billed_by_theirs(provider: str, model: str) -> bool:
    try:
        bill_theirs([Call(provider, model, 10, 0, 1, datetime(2026, 11, 1, tzinfo=UTC), None)])()
    except (LookupError, ValueError):
        return False
    return True


def make_calls(models: Sequence[tuple[str, str]], number: int) -> list[Call]:
    chance = random.Random(1)  # noqa: S311  # the same calls in every run
    start = datetime(2026, 10, 1, tzinfo=UTC)
    calls = []
    for place in range(number):
        sent = chance.randint(1000, 400_000)
        moment = start + timedelta(minutes=chance.randint(0, 60 * 24 * 60))
        counts = (sent, chance.randint(0, sent // 2), chance.randint(1, 5000))
        calls.append(Call(*models[place % len(models)], *counts, moment, chance.choice(TIERS)))
    return calls


def bill_ours(registry: object, calls: Sequence[Call]) -> Callable[[], None]:
    def bill_all() -> None:
        for call in calls:
            registry.cost(  # type: ignore[attr-defined]  # a Registry
                f"{call.provider}/{call.model}",
                tier=call.tier,
                on=call.moment.date(),
                input=call.input,
                cached=call.cached,
                output=call.output,
            )

    return bill_all


def bill_theirs(calls: Sequence[Call]) -> Callable[[], None]:
    from genai_prices import Usage, calc_price  # noqa: PLC0415  # of the environment that `main` makes

    def bill_all() -> None:
        for call in calls:
            calc_price(
                Usage(input_tokens=call.input, cache_read_tokens=call.cached, output_tokens=call.output),
                call.model,
                provider_id=THEIR_NAMES.get(call.provider, call.provider),
                genai_request_timestamp=call.moment,
                price_context={"service_tier": call.tier} if call.tier else None,
            )

    return bill_all


if __name__ == "__main__":
    sys.exit(main())
