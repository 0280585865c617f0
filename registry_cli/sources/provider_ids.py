"""How the aggregators spell our providers: the one place where an upstream's provider id becomes the catalog's.

The catalog's id is ExLLM's where ExLLM has the provider, else models.dev's, else LiteLLM's. Two spellings are
the same provider when they name one seller with one price list: a routing name (`bedrock_converse`) is, the
same maker's subscription, gateway or mainland-China site is not (`chatgpt` is not `openai`, `alibaba-cn` is
not `alibaba`, `ollama-cloud` is not `ollama`).
"""

# catalog's id -> the spellings of models.dev, then those of LiteLLM. LiteLLM's `vertex_ai-*` names are a family
# that grows with every publisher, so a rule in `from_litellm` covers them.
_SPELLINGS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "abliteration-ai": ((), ("abliteration",)),
    "alibaba": ((), ("dashscope",)),
    "azure": ((), ("azure_text",)),
    "bedrock": (("amazon-bedrock",), ("bedrock_converse", "bedrock_mantle")),
    "cloudflare": (("cloudflare-workers-ai",), ()),
    "codestral": ((), ("text-completion-codestral",)),
    "cohere": ((), ("cohere_chat",)),
    "digitalocean": ((), ("gradient_ai",)),
    "fireworks_ai": (("fireworks-ai",), ("fireworks_ai-embedding-models",)),
    "friendliai": (("friendli",), ()),
    "gemini": (("google",), ()),
    "github-copilot": ((), ("github_copilot",)),
    "gmicloud": ((), ("gmi",)),
    "inception": ((), ("text-completion-inception",)),
    "meta_llama": (("llama",), ()),
    "moonshotai": ((), ("moonshot",)),
    "nova": ((), ("amazon_nova", "amazon-nova")),
    "novita-ai": ((), ("novita",)),
    "nvidia": ((), ("nvidia_nim",)),
    "openai": ((), ("text-completion-openai",)),
    "opencode-go": ((), ("opencode_go",)),
    "snowflake": (("snowflake-cortex",), ()),
    "together_ai": (("togetherai",), ()),
    "vercel": ((), ("vercel_ai_gateway",)),
    "vertex_ai": (("google-vertex", "google-vertex-anthropic"), ()),
    "xiaomi": ((), ("xiaomi_mimo",)),
    "zhipuai": ((), ("bigmodel",)),
}
_VERTEX_FAMILY = "vertex_ai-"

# ExLLM's names for parts of one provider that no aggregator uses any more.
OLDER_SPELLINGS = {
    "vertex_ai": tuple(
        f"{_VERTEX_FAMILY}{part}"
        for part in ("chat-models", "code-chat-models", "code-text-models", "image-models", "vision-models")
    ),
}

_MODELS_DEV = {spelled: ours for ours, (spellings, _) in _SPELLINGS.items() for spelled in spellings}
_LITELLM = {spelled: ours for ours, (_, spellings) in _SPELLINGS.items() for spelled in spellings}

# OpenRouter's vendors that sell their closed models themselves, at the price that OpenRouter passes on. Not here are
# vendors whose own price differs by region or account (Qwen's by both).
_OPENROUTER = {
    "ai21": "ai21",
    "amazon": "nova",
    "anthropic": "anthropic",
    "cohere": "cohere",
    "deepseek": "deepseek",
    "google": "gemini",
    "inception": "inception",
    "meta": "meta",
    "minimax": "minimax",
    "mistralai": "mistral",
    "moonshotai": "moonshotai",
    "morph": "morph",
    "openai": "openai",
    "perplexity": "perplexity",
    "stepfun": "stepfun",
    "upstage": "upstage",
    "voyageai": "voyage",
    "x-ai": "xai",
    "xiaomi": "xiaomi",
    "z-ai": "zai",
}

# Servers a person runs: nobody sends a bill for them.
LOCAL = frozenset({"atomic-chat", "lemonade", "lmstudio", "ollama"})


def from_models_dev(spelled: str) -> str:
    return _MODELS_DEV.get(spelled, spelled)


def from_litellm(spelled: str) -> str:
    if spelled.startswith(_VERTEX_FAMILY):
        return "vertex_ai"
    return _LITELLM.get(spelled, spelled)


def from_openrouter(spelled: str) -> tuple[str, str] | None:
    """The provider that sells `vendor/model` itself, and its id there; None where that is not known to be so.

    Anthropic writes the version with a dash where OpenRouter has a dot. What follows a colon is OpenRouter's own.
    """
    vendor, _, name = spelled.partition("/")
    if vendor not in _OPENROUTER or not name or ":" in name:
        return None
    return _OPENROUTER[vendor], name.replace(".", "-") if vendor == "anthropic" else name
