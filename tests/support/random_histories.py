"""Random histories of a catalog, made in one go by `git fast-import`, and what is true of each commit."""

import json
import random
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from registry_cli.core.catalog.build import build_provider
from registry_cli.core.catalog.models import Catalog
from registry_cli.core.format.layers import provider_of, sort_layers
from registry_cli.core.format.vocabulary import Vocabulary
from registry_cli.errors import YamlError
from registry_cli.yamledit.document import load_value

Texts = dict[str, str]  # file's name -> text
BROKEN = "provider: x\nmodels: [\n"


@dataclass
class Moment:
    """One commit: its parents' numbers, the folder of the catalog and its files."""

    parents: list[int]
    folder: str
    texts: Texts


@dataclass
class World:
    """`line` are the first-parent commits, the oldest first."""

    moments: list[Moment] = field(default_factory=list)
    line: list[int] = field(default_factory=list)

    def readable(self) -> Iterator[Texts]:
        """The files of each commit of the line; where one is broken, as it was last not."""
        held: Texts = {}
        for number in self.line:
            now = self.moments[number].texts
            held = {name: text if text != BROKEN else held[name] for name, text in now.items()
                    if text != BROKEN or name in held}  # fmt: skip
            yield held

    def stream(self) -> bytes:
        parts = []
        for number, moment in enumerate(self.moments):
            parts.append(f"commit refs/heads/main\nmark :{number + 1}\n")
            parts.append(f"committer Ann <ann@example.org> {1_700_000_000 + number * 86_400} +0000\n")
            parts.append(f"data {len(str(number))}\n{number}\n")
            first, *others = [f":{parent + 1}" for parent in moment.parents] or [""]
            parts.append(f"from {first}\n" if first else "")
            parts += [f"merge {other}\n" for other in others]
            parts.append("deleteall\n")
            for name, text in {**moment.texts, "notes.txt": str(number)}.items():
                parts.append(f"M 100644 inline {moment.folder}/{name}\ndata {len(text.encode())}\n{text}\n")
        return "".join(parts).encode()

    def make(self, top: Path) -> Path:
        """The repository, checked out; gives the catalog's folder."""
        top.mkdir()
        subprocess.run(["git", "-C", str(top), "init", "--quiet", "--initial-branch=main"], check=True)
        subprocess.run(["git", "-C", str(top), "fast-import", "--quiet", "--force"], input=self.stream(), check=True)
        subprocess.run(["git", "-C", str(top), "reset", "--hard", "--quiet", "main"], check=True)
        return top / self.moments[self.line[-1]].folder


def world(seed: int, *, end_broken: bool = True) -> World:
    chance = random.Random(seed)
    made = World()
    folder, texts = "config/models", {"acme.yml": _file(chance, "acme")}
    _commit(made, [], folder, texts)
    for _ in range(chance.randint(4, 14)):
        here = made.line[-1]
        if chance.random() < 0.2:  # a branch and its merge
            side = here
            there = dict(texts)
            for _ in range(chance.randint(1, 2)):
                there = _changed(chance, made, there)
                made.moments.append(Moment([side], folder, there))
                side = len(made.moments) - 1
            if chance.random() < 0.5:
                texts = _changed(chance, made, texts)
                _commit(made, [here], folder, texts)
            texts = {**texts, **there} if chance.random() < 0.7 else _changed(chance, made, there)
            _commit(made, [made.line[-1], side], folder, texts)
            continue
        if chance.random() < 0.07:
            folder = chance.choice(["config/models", "models", "catalog/llm"])
        else:
            texts = _changed(chance, made, texts)
        _commit(made, [here], folder, texts)
    if not end_broken and BROKEN in texts.values():
        last = next(reversed([*made.readable()]))
        _commit(made, [made.line[-1]], folder, last or {"acme.yml": _file(chance, "acme")})
    return made


def typed(texts: Texts, vocabulary: Vocabulary) -> Catalog:
    """The catalog of some files, by the way that every other command reads them."""
    providers: dict[str, list[str]] = {}
    for name in texts:
        providers.setdefault(provider_of(name.rpartition(".")[0]), []).append(name)
    return Catalog({
        provider: build_provider(provider, [_value(texts[name]) for name in sort_layers(names)], None, vocabulary)
        for provider, names in sorted(providers.items())
    })  # fmt: skip


def _value(text: str) -> dict:
    value = load_value(text)
    if not isinstance(value, dict):
        raise YamlError("schema", "no mapping")
    return {key: item for key, item in value.items() if key != "provider"}


def _commit(made: World, parents: list[int], folder: str, texts: Texts) -> None:
    made.moments.append(Moment(parents, folder, texts))
    made.line.append(len(made.moments) - 1)


def _changed(chance: random.Random, made: World, texts: Texts) -> Texts:
    """Other files than these, by one or two of the things that happen."""
    for _ in range(chance.randint(1, 2)):
        texts = dict(texts)
        name = chance.choice(sorted(texts)) if texts else "acme.yml"
        what = chance.random()
        if what < 0.45 and texts.get(name, BROKEN) != BROKEN:
            texts[name] = _edited(chance, texts[name])
        elif what < 0.6:
            new = chance.choice(["acme", "acme-2", "umbrella", "acme_capabilities", "hooli"])
            texts[f"{new}.{'yaml' if chance.random() < 0.1 and new == 'hooli' else 'yml'}"] = _file(chance, new)
            if "hooli.yml" in texts and "hooli.yaml" in texts:  # no catalog has both
                del texts["hooli.yml"]
        elif what < 0.68 and len(texts) > 1:
            del texts[name]
        elif what < 0.76 and name in texts:
            other = chance.choice(["acme.yml", "umbrella.yml", "stark.yml"])
            texts[other] = texts.pop(name)
        elif what < 0.88:
            texts[name] = BROKEN
        else:
            texts = dict(made.moments[chance.randrange(len(made.moments))].texts) or texts
    return texts


def _edited(chance: random.Random, text: str) -> str:
    value = load_value(text)
    assert isinstance(value, dict)
    key = "model_capabilities" if "model_capabilities" in value else "models"
    models = value.get(key)
    assert isinstance(models, dict)
    what, name = chance.random(), chance.choice(sorted(models)) if models else ""
    if not models or what < 0.25:
        models[f"m{chance.randint(0, 9)}"] = _body(chance)
    elif what < 0.65:
        held = models[name] or {}
        fresh = _body(chance) or {}
        models[name] = {**held, **dict(chance.sample(sorted(fresh.items()), min(len(fresh), 2)))}
        if held and chance.random() < 0.4:
            models[name].pop(chance.choice(sorted(held)), None)
    elif what < 0.75:
        del models[name]
    elif what < 0.95:
        new = f"n{chance.randint(0, 9)}"
        body = dict(models[name] or {})
        if chance.random() < 0.5:
            body["aliases"] = [*(body.get("aliases") or []), name]
        value[key] = {new if each == name else each: body if each == name else item for each, item in models.items()
                      if each != new}  # fmt: skip
    else:
        value["default_model"] = name
    return written(value)


def _file(chance: random.Random, stem: str) -> str:
    key = "model_capabilities" if stem.endswith("_capabilities") else "models"
    numbers = sorted(chance.sample(range(10), chance.randint(0, 4)))
    models = {f"m{number}": _body(chance) for number in numbers}
    value = {"provider": provider_of(stem), "name": stem.title(), key: models}
    if chance.random() < 0.2:
        value["aliases"] = [f"old-{stem}"]
    return written(value)


def _body(chance: random.Random) -> dict | None:
    facts = {
        "name": chance.choice(["One", "Two: 2", "yes"]),
        "context_window": chance.choice([1000, 2000, 4000]),
        "pricing": _pricing(chance),
        "capabilities": chance.choice([
            ["vision"], ["tools", "streaming"], [], {"vision": True, "audio_input": False}, None,
            [{"web_search": {"status": "beta"}}, {"vision": {"supported": False}}],
        ]),
        "modalities": {"input": chance.choice([["text"], ["text", "image"]])},
        "supported_modalities": ["text"],
        "supported_output_modalities": ["text"],
        "model_info": {"owner": chance.choice(["a", "b"]), "dotted.key": 1},
        "metadata": {"deep": {"er": chance.randint(1, 3)}},
        "status": chance.choice(["active", "preview", None]),
        "deprecation_date": chance.choice(["2026-01-01", "2026-05-05"]),
        "reasoning": {"budget_tokens": {"min": chance.choice([1, 2])}, "effort": ["low"]},
        "updated_at": f"2026-01-0{chance.randint(1, 9)}T00:00:00Z",
    }  # fmt: skip
    if chance.random() < 0.1:
        return None
    return dict(chance.sample(sorted(facts.items(), key=lambda item: item[0]), chance.randint(0, 6)))


def _pricing(chance: random.Random) -> dict | None:
    if chance.random() < 0.1:
        return None
    pricing: dict = {
        "input": chance.choice([1, 2.5, 3.0, 0, None]),
        "effective_date": f"2026-0{chance.randint(1, 9)}-01",
    }
    if chance.random() < 0.4:
        variants = [
            {"when": {"service_tier": "batch"}, "multiply": 0.5},
            {"when": {"region": "eu", "input_tokens_above": 200000}, "input": 4, "per": {"page": 0.1}},
            {"when": {"service_tier": "flex"}},
        ]  # fmt: skip
        pricing["variants"] = chance.sample(variants, chance.randint(0, 3))
        if chance.random() < 0.1:
            pricing["variants"] = [*pricing["variants"], {"input": 9}]
    if chance.random() < 0.3:
        pricing["per"] = {"request": chance.choice([0.01, 0.02])}
    return pricing


def written(value: dict) -> str:
    """Block style down to the facts of a model, which are in flow style."""
    lines = []
    for key, item in value.items():
        if key in ("models", "model_capabilities"):
            lines.append(f"{key}:" if item else f"{key}: {{}}")
            for name, body in item.items():
                lines.append(f"  {name}:")
                lines += [f"    {fact}: {json.dumps(said, default=float)}" for fact, said in (body or {}).items()]
        else:
            lines.append(f"{key}: {json.dumps(item)}")
    return "\n".join(lines) + "\n"
