"""Runs where litellm is installed, with our map as its own: prices the calls on stdin, answers on stdout.

stdin: {"data": path, "calls": [[key, provider, counts, tier], ...]}; stdout: a list of a total or a text `error: ...`.
"""

import json
import os
import sys
from pathlib import Path

answers_to, sys.stdout = sys.stdout, sys.stderr  # litellm prints hints
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
import litellm  # noqa: E402  # reads the variable
from litellm.cost_calculator import batch_cost_calculator  # noqa: E402
from litellm.types.utils import CompletionTokensDetailsWrapper, PromptTokensDetailsWrapper, Usage  # noqa: E402

work = json.load(sys.stdin)
ours = json.loads(Path(work["data"]).read_text())
litellm.model_cost.clear()
litellm.model_cost.update(ours)
litellm.add_known_models(ours)


def usage_of(counts):
    sent, made = counts.get("input", 0), counts.get("output", 0)
    return Usage(
        prompt_tokens=sent,
        completion_tokens=made,
        total_tokens=sent + made,
        prompt_tokens_details=PromptTokensDetailsWrapper(
            cached_tokens=counts.get("cached", 0), cache_creation_tokens=counts.get("cache_write", 0)
        ),
        completion_tokens_details=CompletionTokensDetailsWrapper(reasoning_tokens=counts.get("reasoning", 0)),
    )


answers = []
for key, provider, counts, tier in work["calls"]:
    try:
        info = litellm.get_model_info(model=key, custom_llm_provider=provider)
        if info["key"] != key:
            answers.append(f"error: found {info['key']}")
        elif tier == "batch":
            answers.append(sum(batch_cost_calculator(usage_of(counts), key, provider)))
        else:
            response = litellm.ModelResponse(model=key, usage=usage_of(counts))
            answers.append(
                litellm.completion_cost(
                    completion_response=response, model=key, custom_llm_provider=provider, service_tier=tier
                )
            )
    except Exception as error:  # noqa: BLE001  # whatever it is, it is the answer
        answers.append(f"error: {type(error).__name__}: {error}"[:300])
json.dump(answers, answers_to)
