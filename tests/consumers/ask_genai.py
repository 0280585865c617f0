"""Runs where genai-prices is installed: prices the calls on stdin with our data, answers on stdout.

stdin: {"data": path, "day": ..., "calls": [[provider, model, counts, context], ...]}; stdout: a list of texts, each the
total or `error: ...`.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from genai_prices import data_snapshot, types

work = json.load(sys.stdin)
providers = types._providers_from_raw(json.loads(Path(work["data"]).read_text(), parse_float=str))
snapshot = data_snapshot.DataSnapshot(providers=providers, from_auto_update=False)
moment = datetime.fromisoformat(work["day"]).replace(hour=12, tzinfo=UTC)
answers = []
for provider, model, counts, context in work["calls"]:
    try:
        usage = types.Usage(**counts)
        found = snapshot.calc(usage, model, provider, None, moment, context)
        answers.append(f"{found.total_price:f}" if found.model.id == model else f"error: found {found.model.id}")
    except Exception as error:  # noqa: BLE001  # whatever it is, it is the answer
        answers.append(f"error: {type(error).__name__}: {error}")
json.dump(answers, sys.stdout)
