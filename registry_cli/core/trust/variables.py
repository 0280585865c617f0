"""Variables of the environment: which hold a key, which may stand in an address, and which no source ever gets."""

import re
from collections.abc import Callable, Iterable

# The whole list of what `${NAME}` in an address may name: parts of built-in addresses and of the shipped catalog's.
# A name that merely sounds like a part of an address is not enough: any of the user's variables might be called so.
ADDRESS_VARIABLES = frozenset({
    "AWS_DEFAULT_REGION", "AWS_REGION", "AZURE_OPENAI_ENDPOINT", "CLOUDFLARE_ACCOUNT_ID", "DATABRICKS_HOST",
    "INFOMANIAK_PRODUCT_ID", "NEON_AI_GATEWAY_BASE_URL", "SNOWFLAKE_ACCOUNT",
})  # fmt: skip
# Secrets of other programs, which have names like keys of models.
FOREIGN_SECRETS = frozenset({
    "DOCKERHUB_TOKEN", "NODE_AUTH_TOKEN", "NPM_TOKEN", "PYPI_API_TOKEN", "PYPI_TOKEN", "SENTRY_AUTH_TOKEN",
    "SLACK_BOT_TOKEN", "SSH_PRIVATE_KEY", "STRIPE_API_KEY", "STRIPE_SECRET_KEY", "TWINE_PASSWORD", "VAULT_TOKEN",
})  # fmt: skip
# What a forge, its runners and llmreg are given may push to repositories.
_OF_FORGES = re.compile(r"(?:GH|GITHUB|ACTIONS|RUNNER|CI|LLMREG)_.*", re.IGNORECASE)
_SECRET = re.compile(r".*(?:KEY|TOKEN|PAT|SECRET|PASSWORD|CREDENTIALS?)|" + _OF_FORGES.pattern, re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\$\{([A-Za-z0-9_,]+)\}")  # `${NAME}`, or `${NAME,OTHER}`: the first that is set


def is_of_forge(variable: str) -> bool:
    """Return whether a variable belongs to a forge or its runners, whose tokens are keys at GitHub's models alone."""
    return _OF_FORGES.fullmatch(variable) is not None


def is_secret(variable: str) -> bool:
    """Return whether a variable's name says that its value is not to be shown."""
    return _SECRET.fullmatch(variable) is not None


def key_names(variables: Iterable[str]) -> tuple[str, ...]:
    """Return the variables that hold a key to send, not a region, a name or half of a signature."""
    return tuple(name for name in variables if name.endswith(("KEY", "TOKEN", "PAT")) and not name.startswith("AWS_"))


def parts_in(address: str) -> list[tuple[str, ...]]:
    """Return the parts that an address takes from the environment, each as the variables of which one will do."""
    return [tuple(names.split(",")) for names in _PLACEHOLDER.findall(address)]


def names_in(address: str) -> tuple[str, ...]:
    """Return the variables that an address takes parts from."""
    return tuple(name for names in parts_in(address) for name in names)


def fill_address(address: str, value_of: Callable[[tuple[str, ...]], str]) -> str:
    """Return an address with each `${NAME}` or `${NAME,OTHER}` replaced by what `value_of` has for the names."""
    return _PLACEHOLDER.sub(lambda found: value_of(tuple(found[1].split(","))), address)
