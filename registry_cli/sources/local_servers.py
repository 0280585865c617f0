"""vLLM and llama.cpp: the list, in OpenAI's shape, of a server that the user runs.

The window is the one that the server was started with: `max_model_len` in vLLM's list, `meta.n_ctx` in llama.cpp's,
beside which `n_ctx_train` is what the model could. llama.cpp's answer also has a list in Ollama's shape, which says
less. These sources are where such servers usually are; under another name and at another address a file with an
`api.base_url` is read in the same way.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from registry_cli.core.statements.observations import Observations
from registry_cli.sources import compatible
from registry_cli.sources.base import Page, Source


def _parse_local(name: str, pages: Sequence[Page], provider: str) -> Observations:
    seen = compatible.parse(name, compatible.ANY, pages, provider)
    local = tuple(replace(each, facts={**each.facts, "billing": "local"}) for each in seen.providers)
    return replace(seen, providers=local)


def _local_source(name: str, docs: str, base_url: str, key_variable: str) -> Source:
    return Source(
        name=name,
        docs=docs,
        base_url=base_url,
        path="/models",
        parse=partial(_parse_local, name),
        key="optional",
        key_variables=(key_variable,),
        suffixes=("/chat/completions", "/models"),
        local=True,
    )


VLLM = _local_source(
    "vllm",
    "https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html",
    "http://127.0.0.1:8000/v1",
    "VLLM_API_KEY",
)
LLAMA_CPP = replace(
    _local_source(
        "llamacpp",
        "https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md",
        "http://127.0.0.1:8080/v1",
        "LLAMA_API_KEY",
    ),
    verified=True,
)
