"""Keep some of a fuzzing corpus for the normal tests, run by hand:

    python -m tests.fuzz.keep usage /tmp/usage

Writes `corpus/FAMILY.jsonl`: short inputs, drawn by a fixed seed, that llmreg does not crash on.
"""

import json
import random
import sys
from pathlib import Path

from tests.fuzz.targets import FAMILIES

CORPUS = Path(__file__).parent / "corpus"
_MOST = 120  # inputs of a family
_LONGEST = 2_500  # bytes


def main(family: str, folder: Path) -> None:
    inputs = sorted({path.read_bytes() for path in folder.iterdir() if path.stat().st_size <= _LONGEST})
    chosen = sorted(random.Random(family).sample(inputs, min(_MOST, len(inputs))))
    for data in chosen:
        FAMILIES[family].check(data)
    lines = [json.dumps(data.decode("latin-1")) for data in chosen]
    (CORPUS / f"{family}.jsonl").write_text("\n".join(lines) + "\n", encoding="ascii")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
