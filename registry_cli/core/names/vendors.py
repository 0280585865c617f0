"""Creators of models: their spellings, the names of their models, and how providers rename the models they serve.

This is plain data for `core.names.identity`. A creator without a row has no identities; to add one, add a row.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Vendor:
    """One creator of models.

    `homes` are the providers of the catalog that the creator itself runs, `orgs` the other spellings of its name
    before a slash or dot. `names` is a pattern of its trademarks; if it is empty, an ID must have the creator's name.
    `vague` matches names that mean different models at different providers: moving pointers, and open weights that do
    not say whether they follow instructions. With `dated` an undated name means the dated model if there is only one.
    """

    id: str
    names: str = ""
    homes: tuple[str, ...] = ()
    orgs: tuple[str, ...] = ()
    vague: str = ""
    dated: bool = False


VENDORS = (
    Vendor(
        "openai",
        r"gpt-|chatgpt-|o[134](-|$)|text-embedding-(3|ada)|whisper|tts-1|dall-e|davinci-0|babbage-0|codex-mini"
        r"|computer-use-preview|omni-moderation|sora-",
        homes=("openai",),
        dated=True,
    ),
    Vendor("anthropic", r"claude-", homes=("anthropic",), dated=True),
    Vendor(
        "google",
        r"gemini-|gemma-?[0-9]|gemma-|codegemma|medgemma|imagen-|veo-|lyria-",
        homes=("gemini", "vertex_ai"),
        vague=r"gemma-?[0-9](\.[0-9])?n?-(e?[0-9]+b)(-a[0-9]+b)?",
        dated=True,
    ),
    Vendor("nvidia", r"(nvidia-)?(llama-[0-9._-]+-)?nemotron-", homes=("nvidia",)),
    Vendor(
        "meta",
        r"(meta-)?llama-?v?[0-9]|(meta-)?llama-guard|code-?llama|muse-",
        homes=("meta_llama", "meta"),
        orgs=("meta-llama", "meta-models"),
        vague=r"(meta-)?(code-?)?llama-?v?[0-9](\.[0-9])?-[0-9]+b|llama-4-(scout|maverick)",
    ),
    Vendor(
        "mistral",
        r"(open-)?(mistral|mixtral|ministral|codestral|devstral|magistral|pixtral|voxtral|mathstral)\b",
        homes=("mistral", "codestral"),
        orgs=("mistralai", "mistral-ai"),
        vague=r"(open-)?(mistral|ministral|codestral|devstral|magistral|pixtral|voxtral)"
        r"(-(tiny|small|medium|large|mini|saba|nemo|embed|ocr|moderation|mamba|7b))?|mixtral(-8x[0-9]+b)?",
    ),
    Vendor(
        "deepseek",
        r"deepseek-",
        homes=("deepseek",),
        orgs=("deepseek-ai",),
        vague=r"deepseek-(chat|reasoner|coder|flash|pro)",
    ),
    Vendor(
        "qwen",
        r"qwen|qwq|qvq|wan-?[0-9]|happyhorse-",
        homes=("alibaba", "alibaba-cn"),
        orgs=("alibaba",),
        vague=r"qwen-(max|plus|turbo|flash|long|coder|vl|vl-max|vl-plus|image|omni-turbo)"
        r"|qwen-?[12](\.5)?-(coder-|math-|vl-)?[0-9.]+b",
    ),
    Vendor("moonshotai", r"kimi-|moonshot-v1", homes=("moonshotai", "moonshotai-cn"), orgs=("moonshot", "kimi")),
    Vendor("zai", r"glm-[0-9z]|cogview-", homes=("zai", "zhipuai"), orgs=("z-ai", "zai-org", "zhipuai")),
    Vendor("minimax", r"minimax-", homes=("minimax", "minimax-cn"), orgs=("minimaxai",)),
    Vendor("xai", r"grok-", homes=("xai",), orgs=("x-ai",)),
    Vendor(
        "cohere",
        r"command-(a|r|nightly)|c4ai-|aya-|(cohere-)?(embed|rerank)-(english|multilingual|v[0-9])",
        homes=("cohere",),
        orgs=("coherelabs",),
        vague=r"command(-(r|r-plus|a|light|nightly))?",
    ),
    Vendor("amazon", r"nova-(2-)?(lite|micro|pro|premier|sonic|canvas|reel)|titan-", homes=("nova", "bedrock")),
    Vendor("microsoft", r"phi-[0-9]|mai-|wizardlm-"),
    Vendor("perplexity", r"sonar|pplx-|r1-1776", homes=("perplexity",)),
    Vendor("xiaomi", r"mimo-", homes=("xiaomi",), orgs=("xiaomimimo",)),
    Vendor("stepfun", r"step-[0-9]", homes=("stepfun", "stepfun-ai"), orgs=("stepfun-ai",)),
    Vendor(
        "bytedance",
        r"doubao-|seed-oss|seedance-|seedream-",
        homes=("volcengine",),
        orgs=("bytedance-seed", "volcengine"),
    ),
    Vendor("tencent", r"hunyuan|hy[0-9]", homes=("tencent",)),
    Vendor("baidu", r"ernie-"),
    Vendor("ai21", r"jamba-|j2-", homes=("ai21",), orgs=("ai21-labs",)),
    Vendor("ibm", r"granite-", homes=("watsonx",), orgs=("ibm-granite",)),
    Vendor("voyage", r"voyage-", homes=("voyage",), orgs=("voyageai",)),
    Vendor("inception", r"mercury", homes=("inception",)),
    Vendor("upstage", r"solar-(mini|pro)", homes=("upstage",)),
    Vendor("inclusionai", r"(ling|ring)-[0-9ml]"),
    Vendor("meituan", r"longcat-"),
    Vendor("arcee-ai", r"trinity-", orgs=("arcee_ai",)),
    Vendor("allenai", r"olmo-"),
    Vendor("nousresearch", r"hermes-[0-9]"),
    Vendor("liquid", r"lfm-?[0-9]", orgs=("liquidai",)),
    Vendor("poolside", r"laguna-", homes=("poolside",)),
    Vendor("black-forest-labs", r"flux[.-]", homes=("black_forest_labs",), orgs=("bfl",)),
    Vendor("baai", r"bge-"),
    Vendor("jina", r"jina-", homes=("jina_ai",), orgs=("jinaai",)),
    Vendor("nomic", r"nomic-embed", orgs=("nomic-ai",)),
    Vendor("sarvam", r"sarvam-", homes=("sarvam",)),
    Vendor("deepcogito", r"cogito-"),
    Vendor("kwaipilot", r"kat-"),
    Vendor("writer", r"palmyra-"),
    Vendor("rekaai", r"reka-"),
    Vendor("sakana", r"fugu", homes=("sakana",)),
    Vendor("thedrummer"),
    Vendor("sao10k"),
    Vendor("aion-labs", r"aion-"),
    Vendor("intfloat", r"multilingual-e5"),
)


def homes_of(creator: str) -> tuple[str, ...]:
    """Return the providers that are a creator's own list, the first one first; without a row it is its own provider."""
    return next((vendor.homes for vendor in VENDORS if vendor.id == creator), (creator,))


# Segments of an id that say how a model is reached, not who made it.
ROUTES = frozenset({
    "accounts", "fireworks", "models", "publishers", "workers-ai", "@cf", "@hf", "hf:", "tee", "route", "ps", "pro",
    "claude_platform", "openrouter", "replicate", "vercel", "azure",
})  # fmt: skip

# The text that a provider puts around a model's name, and its replacement.
HOST_WORDS: dict[str, tuple[tuple[str, str], ...]] = {
    "azure_ai": ((r"^fw-", ""),),
    "cerebras": ((r"^(llama-?[0-9.]+-[0-9]+b)$", r"\1-instruct"),),
    "databricks": ((r"^databricks-", ""), (r"^meta-(llama)", r"\1")),
    "deepinfra": ((r"-turbo$", ""),),
    "digitalocean": ((r"^(?:anthropic|openai|alibaba|mistral|nvidia)-", ""),),
    "fireworks_ai": ((r"(-[0-9]+b)p", r"\1-"),),
    "groq": ((r"-(?:versatile|instant)$", "-instruct"),),
    "nebius": ((r"-fast$", ""),),
    "opencode": ((r"-free$", ""),),
    "sap-ai-core": ((r"^[a-z]+--", ""),),
    "together_ai": ((r"-(?:turbo|lite|tput)$", ""),),
}

# `us.anthropic.claude-...`: Bedrock and Oracle part the maker's name by a dot, before which a region may stand.
DOTTED = frozenset({"bedrock", "oci"})
REGION = re.compile(r"^(?:us|eu|apac|global|jp|au|ca|in|us-gov)\.(?=[a-z0-9]+\.)")
