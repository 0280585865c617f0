"""The sources that state when a provider's models end, besides the provider's own list.

They list no models that can be called: what such a source does not name is not gone.
"""

LIST_OF_MANY = "modeldeprecations"
# The platforms of that list: our provider, and its name there. Each has a schedule of its own.
PLATFORMS = {
    "alibaba": "alibaba",
    "anthropic": "anthropic",
    "bedrock": "bedrock",
    "cohere": "cohere",
    "deepseek": "deepseek",
    "gemini": "google",
    "minimax": "minimax",
    "mistral": "mistral",
    "moonshotai": "moonshot",
    "openai": "openai",
    "vertex_ai": "vertex",
    "xai": "xai",
    "xiaomi": "xiaomi",
    "zai": "z-ai",
}
# The providers that publish a page of their own.
PUBLISHERS = frozenset({"anthropic", "cohere", "groq", "openai"})


_PAGE = "-deprecations"


def page_of(provider: str) -> str:
    """The name of the source that reads a provider's own page."""
    return f"{provider}{_PAGE}"


def is_page(source: str) -> bool:
    """Whether a name is one of a page, known or not: no API of a provider is called so."""
    return source.endswith(_PAGE)


def lifecycle_sources(provider: str) -> list[str]:
    """Those that know a provider, its own page first."""
    pages = [page_of(provider)] if provider in PUBLISHERS else []
    lists = [LIST_OF_MANY] if provider in PLATFORMS else []
    return pages + lists


def is_lifecycle_source(source: str) -> bool:
    """Whether a source only states when models end, and lists none that can be called."""
    return source == LIST_OF_MANY or source in {page_of(provider) for provider in PUBLISHERS}
