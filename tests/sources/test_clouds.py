"""Lists of the clouds: Vertex AI, Azure, Databricks, Cloudflare, watsonx, Heroku."""

from decimal import Decimal

from registry_cli.commands.sync.targets import find_target
from registry_cli.core.statements.answers import Failure
from registry_cli.sources.base import Page
from registry_cli.sources.registry import find_source
from tests.support.source_answers import first, following, read


def facts(models):
    return {name: dict(model.facts) for name, model in models.items()}


def asked(source, environ, base_url=None):
    found = find_target(find_source(source), source, {"base_url": base_url} if base_url else {}, environ)
    return found.message if isinstance(found, Failure) else find_source(source).first_request(found)


class TestVertex:
    def row(self, name, publisher="google", **more):
        return {"name": f"publishers/{publisher}/models/{name}", "versionId": "default", "launchStage": "GA", **more}

    def test_ids_are_spelled_as_calls_spell_them(self):
        pages = [
            {"publisherModels": [self.row("gemini-9"), self.row("gemini-9-exp", launchStage="EXPERIMENTAL")]},
            {"publisherModels": [self.row("claude-9", "anthropic", versionId="20260101")]},
            {"publisherModels": [self.row("llama-9-maas", "meta", versionId="001"), self.row("llama-9", "meta")]},
            {},
            Page(b""),  # a publisher that there is not
        ]
        models, notes = read("vertex_ai", *pages)
        assert facts(models) == {
            "gemini-9": {},
            "gemini-9-exp": {"status": "preview"},
            "claude-9@20260101": {},
            "meta/llama-9-maas": {},
        }
        assert models["claude-9@20260101"].spelled == "publishers/anthropic/models/claude-9"
        assert notes == []

    def test_each_publisher_is_asked_once_and_page_by_page(self):
        request = first("vertex_ai")
        more = find_source("vertex_ai").next_requests(request, b'{"publisherModels": [], "nextPageToken": "a/b"}')
        assert more[0].url.endswith("/publishers/google/models?pageSize=100&pageToken=a%2Fb")
        assert {each.url.split("/")[-2] for each in more[1:]} == {
            "anthropic", "mistralai", "meta", "deepseek-ai", "qwen",
        }  # fmt: skip
        assert all(each.optional for each in more[1:])
        for page in more:
            assert find_source("vertex_ai").next_requests(page, b"{}" if "Token" in page.url else b"") == []

    def test_a_token_and_who_pays(self):
        request = asked("vertex_ai", {"GOOGLE_OAUTH_ACCESS_TOKEN": "t", "GOOGLE_CLOUD_PROJECT": "mine"})
        assert (request.key.variable, request.headers) == ("GOOGLE_OAUTH_ACCESS_TOKEN", {"x-goog-user-project": "mine"})
        assert asked("vertex_ai", {}) == "GOOGLE_OAUTH_ACCESS_TOKEN not set"


class TestAzure:
    def row(self, name, *, life="generally-available", ends=4102358400, **capabilities):
        has = {"inference": True, "chat_completion": False, "embeddings": False, "fine_tune": False, **capabilities}
        return {
            "id": name,
            "object": "model",
            "created_at": 1691712000,
            "status": "succeeded",
            "lifecycle_status": life,
            "capabilities": has,
            "deprecation": {"inference": ends, "fine_tune": 1},
        }

    def test_lifecycle_and_kinds(self):
        rows = [
            self.row("talks", chat_completion=True, fine_tune=True),
            self.row("ends", ends=1790812800, chat_completion=True),
            self.row("young", life="preview", ends=1790812800),
            self.row("old", life="deprecated", ends=1737936000, embeddings=True),
            self.row("never", ends=4083955200),
            self.row("base-of-tunes", inference=False, fine_tune=True),
        ]
        models, notes = read("azure", {"data": rows})
        assert facts(models) == {
            "talks": {"mode": "chat", "capabilities": ["fine_tuning"]},
            "ends": {"mode": "chat", "retirement_date": "2026-10-01"},
            "young": {"status": "preview"},
            "old": {"mode": "embedding", "status": "deprecated", "retirement_date": "2025-01-27"},
            "never": {},
        }
        assert notes == []
        assert not any(model.denies for model in models.values())

    def test_ids_that_are_there_twice(self):
        again = {**self.row("a"), "created_at": 1}
        models, notes = read("azure", {"data": [self.row("a"), again, self.row("b"), self.row("b", ends=1790812800)]})
        assert (list(models), notes) == (["a"], ["listed more than once, with different facts"])

    def test_the_endpoint_is_the_resources(self):
        key = {"AZURE_API_KEY": "k"}
        assert asked("azure", key) == "AZURE_OPENAI_ENDPOINT not set, which its address needs"
        for endpoint in ("https://mine.openai.azure.com/", "mine.openai.azure.com"):
            request = asked("azure", key | {"AZURE_OPENAI_ENDPOINT": endpoint})
            assert request.url == "https://mine.openai.azure.com/openai/v1/models?api-version=preview"
            assert (request.key_header, request.key_prefix) == ("api-key", "")


class TestDatabricks:
    def test_names_and_tasks(self):
        model = {"name": "llama", "display_name": "Llama 9", "description": "x"}
        served = {"config": {"served_entities": [{"foundation_model": model}]}, "task": "llm/v1/chat"}
        rows = [{"name": "databricks-llama-9", **served}, {"name": "our-own", "config": {"served_entities": []}}]
        models, _ = read("databricks", {"endpoints": rows})
        assert facts(models) == {"databricks-llama-9": {"name": "Llama 9", "mode": "chat"}, "our-own": {}}
        assert [model.private for model in models.values()] == [False, True]

    def test_the_workspace(self):
        there = "https://${DATABRICKS_HOST}/ai-gateway/mlflow/v1"
        for host in ("https://dbc-1.example/", "dbc-1.example"):
            request = asked("databricks", {"DATABRICKS_TOKEN": "k", "DATABRICKS_HOST": host}, there)
            assert request.url == "https://dbc-1.example/api/2.0/serving-endpoints:foundation-models"
        assert "DATABRICKS_HOST not set" in asked("databricks", {"DATABRICKS_TOKEN": "k"})


class TestCloudflare:
    def row(self, name, task="Text Generation", **properties):
        listed = [{"property_id": key, "value": value} for key, value in properties.items()]
        return {"id": "uuid", "name": name, "task": {"name": task}, "properties": listed}

    def test_a_kind_of_model_that_the_catalog_does_not_have(self):
        listed = [self.row("@cf/x/detects", "Object Detection"), self.row("@cf/x/chats")]
        models, reasons = read("cloudflare", {"result": listed})
        assert list(models) == ["@cf/x/chats"]
        assert reasons == ["not a kind of model that the catalog has; left out"]

    def test_numbers_and_booleans_are_text(self):
        price = [
            {"unit": "per M input tokens", "price": 0.35, "currency": "USD"},
            {"unit": "per M output tokens", "price": 0.75, "currency": "USD"},
            {"unit": "per step", "price": 9, "currency": "USD"},
            {"unit": "per M cached input tokens", "price": 9, "currency": "EUR"},
        ]
        rows = [
            self.row(
                "@cf/maker/talks",
                context_window="131072",
                price=price,
                function_calling="true",
                reasoning="false",
                lora="true",
                beta="true",
                planned_deprecation_date="2027-01-31",
            ),
            self.row("@cf/maker/draws", "Text-to-Image", price=[{"unit": "per step", "price": 1, "currency": "USD"}]),
            self.row("my-tune"),
        ]
        models, notes = read("cloudflare", {"success": True, "errors": [], "result": rows})
        assert facts(models) == {
            "@cf/maker/talks": {
                "mode": "chat",
                "status": "preview",
                "context_window": 131072,
                "pricing": {"input": Decimal("0.35"), "output": Decimal("0.75")},
                "capabilities": ["function_calling", "fine_tuning"],
                "retirement_date": "2027-01-31",
            },
            "@cf/maker/draws": {"mode": "image_generation"},
            "my-tune": {"mode": "chat"},
        }
        assert models["@cf/maker/talks"].denies == {"reasoning"}
        assert [model.private for model in models.values()] == [False, False, True]
        assert notes == []

    def test_pages(self):
        url = first("cloudflare", "https://api.cloudflare.com/client/v4/accounts/a/ai").url
        assert url.endswith("/ai/models/search?per_page=100")
        body = {"result": [], "result_info": {"page": 1, "total_pages": 3}}
        request = first("cloudflare")
        for page in (2, 3):
            (request,) = find_source("cloudflare").next_requests(request, b'{"result_info": {"total_pages": 3}}')
            assert request.url.endswith(f"/models/search?per_page=100&page={page}")
        assert following("cloudflare", request, body) == []

    def test_the_account(self):
        environ = {"CLOUDFLARE_API_TOKEN": "k", "CLOUDFLARE_ACCOUNT_ID": "acc"}
        there = "https://api.cloudflare.com/client/v4/accounts/${CLOUDFLARE_ACCOUNT_ID}/ai/v1"
        for request in (asked("cloudflare", environ), asked("cloudflare", environ, there)):
            assert request.url == "https://api.cloudflare.com/client/v4/accounts/acc/ai/models/search?per_page=100"
        del environ["CLOUDFLARE_ACCOUNT_ID"]
        assert asked("cloudflare", environ) == "CLOUDFLARE_ACCOUNT_ID not set, which its address needs"


class TestWatsonx:
    def test_limits_and_stages(self):
        row = {
            "model_id": "ibm/granite-9",
            "label": "granite-9",
            "functions": [{"id": "text_chat"}, {"id": "text_generation"}],
            "model_limits": {"max_sequence_length": 131072, "max_output_tokens": 8192},
            "lifecycle": [
                {"id": "available", "start_date": "2025-01-01"},
                {"id": "deprecated", "start_date": "2026-03-01", "alternative_model_ids": ["ibm/granite-10"]},
                {"id": "withdrawn", "start_date": "2026-06-01"},
            ],
        }
        models, _ = read(
            "watsonx", {"resources": [row, {"model_id": "ibm/vector", "functions": [{"id": "embedding"}]}]}
        )
        assert facts(models) == {
            "ibm/granite-9": {
                "mode": "chat",
                "context_window": 131072,
                "max_output_tokens": 8192,
                "deprecation_date": "2026-03-01",
                "retirement_date": "2026-06-01",
                "replacement": "ibm/granite-10",
            },
            "ibm/vector": {"mode": "embedding"},
        }

    def test_pages_and_region(self):
        request = asked("watsonx", {"WATSONX_URL": "https://eu-de.ml.cloud.ibm.com"})
        assert request.url.startswith("https://eu-de.ml.cloud.ibm.com/ml/v1/foundation_model_specs?version=20")
        href = "https://eu-de.ml.cloud.ibm.com/ml/v1/foundation_model_specs?start=x"
        assert following("watsonx", request, {"resources": [], "next": {"href": href}}) == [href]
        assert following("watsonx", request, {"resources": []}) == []


def test_heroku():
    rows = [
        {
            "model_id": "old",
            "regions": ["us"],
            "state": "deprecated",
            "type": ["text-to-text"],
            "deprecation_date": "2026-05-12T00:00:00Z",
            "eol_date": "2026-06-12T00:00:00Z",
            "replacement_model": "new",
        },
        {"model_id": "ranks", "regions": ["eu"], "state": "active", "type": ["text-to-score"]},
    ]
    models, _ = read("heroku", rows)
    assert facts(models) == {
        "old": {
            "mode": "chat",
            "status": "deprecated",
            "deprecation_date": "2026-05-12",
            "retirement_date": "2026-06-12",
            "replacement": "new",
        },
        "ranks": {"mode": "rerank"},
    }
