"""How upstreams and people spell our providers: the one place where another's provider id becomes the catalog's.

The catalog's id is ExLLM's where ExLLM has the provider, else models.dev's, else LiteLLM's. Two spellings are
the same provider when they name one seller with one price list: a routing name (`bedrock_converse`) is, the
same maker's subscription, gateway or mainland-China site is not (`chatgpt` is not `openai`, `alibaba-cn` is
not `alibaba`, `ollama-cloud` is not `ollama`). What looks alike and is not joined, with the reason, is in `APART`.
"""

# catalog's id -> the spellings of models.dev, then those of LiteLLM. LiteLLM's `vertex_ai-*` names are a family
# that grows with every publisher, so a rule in `from_litellm` covers them.
_SPELLINGS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "abliteration-ai": ((), ("abliteration",)),
    "alibaba": ((), ("dashscope", "qwencloud")),
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
    "kimi-for-coding": (("kimi-code-plan-cn",), ()),
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

GENAI_PRICES = {
    "bedrock": "aws", "fireworks_ai": "fireworks", "gemini": "google", "novita-ai": "novita", "together_ai": "together",
    "voyage": "voyageai", "xai": "x-ai",
}  # fmt: skip
LLM_PRICES = {"bedrock": "amazon", "gemini": "google", "moonshotai": "moonshot-ai"}

# What people call a provider, where no aggregator does.
_EVERYDAY = {
    "azure": ("azure-openai",),
    "bedrock": ("aws",),
    "fireworks_ai": ("fireworks",),
    "gemini": ("google-ai-studio",),
    "github-copilot": ("copilot",),
    "huggingface": ("hf",),
    "mistral": ("mistralai",),
    "moonshotai": ("kimi",),
    "together_ai": ("together",),
    "vertex_ai": ("vertex", "vertexai"),
    "voyage": ("voyageai",),
    "xai": ("x-ai",),
    "zai": ("z-ai",),
    "zhipuai": ("zhipu",),
}

# Pairs whose price lists or addresses look like one and are two.
APART = {
    ("alibaba", "alibaba-cn"): "mainland China has an address and prices of its own",
    ("alibaba-cn", "qwen_ai_platform"): "one site, but LiteLLM has the international prices under its name",
    ("azure", "azure_ai"): "the same prices by another endpoint, under deployment names of another kind",
    ("azure", "azure-cognitive-services"): "the same prices by another resource with an address and a key of its own",
    ("chatgpt", "openai"): "a subscription",
    ("codestral", "mistral"): "an address and a key of its own, free of charge",
    ("github-copilot", "github-models"): "two products of one maker",
    ("meta", "meta_llama"): "two APIs of one maker",
    ("minimax", "minimax-cn"): "mainland China has an address and prices of its own",
    ("moonshotai", "moonshotai-cn"): "mainland China has an address and prices of its own",
    ("ollama", "ollama-cloud"): "one's own machine, and a service",
    ("opencode", "opencode-go"): "by use, and a subscription",
    ("perplexity", "perplexity-agent"): "one key; the second lists what the first resells through another endpoint",
    ("siliconflow", "siliconflow-cn"): "mainland China has an address and prices of its own",
    ("stepfun", "stepfun-ai"): "by use, and a plan",
    ("tencent", "tencent-tokenhub"): "the international address and the Chinese one",
    ("zai", "zhipuai"): "the international address and the Chinese one",
}

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

# Servers that the user runs, which are not billed.
LOCAL = frozenset({"atomic-chat", "lemonade", "lmstudio", "ollama"})


def from_models_dev(spelled: str) -> str:
    return _MODELS_DEV.get(spelled, spelled)


def from_litellm(spelled: str) -> str:
    if spelled.startswith(_VERTEX_FAMILY):
        return "vertex_ai"
    return _LITELLM.get(spelled, spelled)


def everyday_names(provider: str) -> tuple[str, ...]:
    """The aliases a provider's file should have besides the spellings that its sources use."""
    return (*_EVERYDAY.get(provider, ()), *OLDER_SPELLINGS.get(provider, ()))


def from_openrouter(spelled: str) -> tuple[str, str] | None:
    """The provider that sells `vendor/model` itself, and the model's id there; None if no such provider is known.

    Anthropic writes the version with a dash where OpenRouter has a dot. What follows a colon is OpenRouter's own.
    """
    vendor, _, name = spelled.partition("/")
    if vendor not in _OPENROUTER or not name or ":" in name:
        return None
    return _OPENROUTER[vendor], name.replace(".", "-") if vendor == "anthropic" else name
