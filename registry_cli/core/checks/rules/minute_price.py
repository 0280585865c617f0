from collections.abc import Iterator

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule, known_rates
from registry_cli.core.pricing.doubtful_rates import is_price_of_a_minute, takes_audio


def check(file: ProviderFile) -> Iterator[Problem]:
    for entry, pricing in file.priced_models():
        if pricing.get("currency", "USD") != "USD" or not takes_audio(entry.body):
            continue
        for name, rate in known_rates(pricing).items():
            if is_price_of_a_minute(name, rate):
                message = f"{rate:f} is a price of a minute rather than of 1M tokens: write it under `per`"
                yield Problem((*entry.pointer, "pricing", name), message)


RULE = Rule(
    code="minute-price",
    severity="warning",
    summary="A model that takes audio has a token price as low as the price of a minute.",
    why="""\
Providers sell transcription by the minute or the second, for less than a cent. In the place of a token price such a
figure makes a million tokens nearly free; known token prices of models that take audio begin at 0.02 US dollars.""",
    fix="""\
Divide the price of a minute by 60 and write it as `per: {input_audio_second: ...}`.""",
    bad="""\
provider: acme
models:
  acme-hears:
    modalities: {input: [text, audio], output: [text]}
    pricing:
      input: 0.0023 # <-
      output: 0.0023 # <-
""",
    good="""\
provider: acme
models:
  acme-hears:
    modalities: {input: [text, audio], output: [text]}
    pricing:
      per: {input_audio_second: 0.00004}
""",
    check=check,
)
