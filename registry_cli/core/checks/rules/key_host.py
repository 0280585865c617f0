from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule
from registry_cli.core.format.layers import provider_of
from registry_cli.core.text.pointer import Pointer
from registry_cli.core.trust.decision import Destination, why_trusted
from registry_cli.core.trust.hosts import host_in, is_internal, is_link_local
from registry_cli.core.trust.known import is_known_variable, known_hosts
from registry_cli.core.trust.lookalikes import known_host_like
from registry_cli.core.trust.routes import destination_of, homes_of
from registry_cli.core.trust.variables import key_names

CODE = "key-host"
_ADDRESS = ("api", "base_url")


def check(file: ProviderFile) -> Iterator[Problem]:
    api = file.value.get("api") or {}
    sources = _sources_of(file)
    known = known_hosts().addresses
    address = api.get("base_url") or next((known[name] for name in sources if name in known), None)
    destination = destination_of(address) if address else None
    if destination is None or _is_near(destination):
        return
    variables = _variables_of(api, sources)
    if fault := _fault_of_host(destination, names_key=bool(variables)):
        yield Problem(_ADDRESS, fault)
        return
    for variable, pointer in variables.items():
        if is_known_variable(variable) and why_trusted(destination, variable, {}) is None:
            homes = homes_of(variable)
            known_for = f"is known for {' and '.join(homes)}" if homes else "is known for something else"
            yield Problem(pointer, f"{variable} {known_for}, not for {destination.place}", severity="warning")


def fault_of_address(api: Mapping[str, Any]) -> str | None:
    """Explain what is wrong with the host of an address, whichever key it gets; None if nothing is."""
    destination = destination_of(str(api.get("base_url") or ""))
    if destination is None or _is_near(destination):
        return None
    return _fault_of_host(destination, names_key=bool(key_names(api.get("key_env") or ())))


def may_get_key(destination: Destination) -> bool:
    """Return whether a destination can get a key if trusted: not with a user name, nor a public host over http."""
    is_secure = not destination.written.startswith("http://") or is_internal(host_in(destination.place))
    return is_secure and not destination.has_user


def _is_near(destination: Destination) -> bool:
    host = host_in(destination.place)
    return is_internal(host) and not is_link_local(host) and "$" not in host


def _fault_of_host(destination: Destination, *, names_key: bool) -> str | None:
    """Explain what is wrong with the host itself, whichever key it gets; None if nothing is."""
    host = host_in(destination.place)
    if destination.has_user:
        return f"a user name stands before the host, which is {host}"
    written = urlsplit(destination.written).hostname or ""
    like = known_host_like(host)
    if not written.isascii():
        return f"the host has letters that are not ASCII: it is {host}" + (f", and looks like {like}" if like else "")
    if like:
        return f"{host} looks like {like}, and is another host"
    if names_key and not may_get_key(destination):
        return f"a key is not sent to {host} over http: write https"
    return None


def _sources_of(file: ProviderFile) -> Sequence[str]:
    """Return the names of the sources that sync asks for a file."""
    written = (file.value.get("sync") or {}).get("sources") or (provider_of(file.stem),)
    return [next(iter(item)) if isinstance(item, Mapping) else item for item in written]


def _variables_of(api: Mapping[str, Any], sources: Sequence[str]) -> dict[str, Pointer]:
    """Return the variables whose value the file would send, each with its place in the file."""
    named = api.get("key_env") or ()
    found: dict[str, Pointer] = {name: ("api", "key_env", named.index(name)) for name in key_names(named)}
    if api.get("base_url"):
        for source in sources:
            for name in known_hosts().variables.get(source, ()):
                found.setdefault(name, _ADDRESS)
    return found


RULE = Rule(
    code=CODE,
    severity="error",
    summary="An address would send a key to a host that is not the key's own.",
    why="""\
`api.base_url` and `api.key_env` say where llmreg would send which key, so one changed line could send a key to
somebody else. It is an error where a user name stands before the host (`https://api.openai.com@evil.example`), where
the host looks like one that llmreg knows (`api.0penai.com`), where it has letters that are not ASCII, and where a key
would go to a public host over http. It is a warning where a variable that is known for one host is named for another;
under `--new-since` that is an error too. Hosts of this machine and its network, and pairs of host and variable that
are built in or that you trust (`llmreg trust`), are not reported. Ignoring the rule silences the report alone: a key is
never sent to a host that is not trusted with it (see [security](security.md#where-keys-go)).""",
    fix="""\
Write the provider's own address, or name a variable of its own. If the host is right, trust it: `llmreg trust
HOST=NAME`.""",
    bad="""\
# acme.yml
provider: acme
api:
  base_url: https://api.openai.com@gateway.example/v1 # <-
  key_env: [ACME_API_KEY]
models: {}
# openai.yml
provider: openai
api:
  base_url: https://api.0penai.com/v1 # <-
models: {}
# zenith.yml
provider: zenith
api:
  base_url: http://api.zenith.example/v1 # <-
  key_env: [ZENITH_API_KEY]
models: {}
""",
    good="""\
# acme.yml
provider: acme
api:
  base_url: https://gateway.example/v1
  key_env: [ACME_API_KEY]
models: {}
# box.yml
provider: box
api:
  base_url: http://gpu-box:8000/v1
  key_env: [OPENAI_API_KEY]
models: {}
# openai.yml
provider: openai
api:
  base_url: https://api.openai.com/v1
  key_env: [OPENAI_API_KEY]
models: {}
""",
    check=check,
)
