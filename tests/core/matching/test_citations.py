"""Whether a page that a source names for a price is the provider's own."""

import pytest

from registry_cli.core.matching.citations import is_own_page

ACME = {"documentation": "https://docs.acme.example/models", "api": {"base_url": "https://api.acme-cloud.test/v1"}}


@pytest.mark.parametrize(
    ("page", "is_own"),
    [
        ("https://docs.acme.example/pricing", True),
        ("https://www.acme.example/pricing#tokens", True),
        ("https://DOCS.acme.example./pricing", True),
        ("https://pricing.acme-cloud.test/", True),
        ("https://web.archive.org/web/20260816171438/https://docs.acme.example/pricing", True),
        ("https://web.archive.org/web/2026/https://evil.test/?of=https://docs.acme.example/", False),
        ("https://web.archive.org/web/20260816171438/https://evil.test/", False),
        ("https://web.archive.org/", False),
        ("https://acme.example.evil.test/pricing", False),
        ("https://notacme.example/pricing", False),
        ("https://evil.test/?page=https://docs.acme.example/", False),
        ("https://docs.acme.example@evil.test/", False),
        ("https://github.com/acme/prices", False),
        ("docs.acme.example/pricing", False),
        ("ftp://docs.acme.example/pricing", False),
        ("", False),
    ],
)
def test_a_page_is_the_providers_own_by_its_host(page, is_own):
    assert is_own_page("acme", ACME, page) is is_own


@pytest.mark.parametrize(
    ("documentation", "page", "is_own"),
    [
        ("https://github.com/acme/docs", "https://github.com/other/prices", False),
        ("https://acme.github.io/docs", "https://other.github.io/prices", False),
        ("https://docs.acme.co.uk/", "https://www.acme.co.uk/prices", True),
        ("https://docs.acme.co.uk/", "https://evil.co.uk/prices", False),
        ("https://cloud.google.com/acme", "https://docs.google.com/document/d/1", False),
        (None, "https://acme.example/prices", False),
        (5, "https://acme.example/prices", False),
    ],
)
def test_where_strangers_have_pages_nothing_is_the_providers_own(documentation, page, is_own):
    assert is_own_page("acme", {"documentation": documentation}, page) is is_own


@pytest.mark.parametrize(
    ("provider", "page"),
    [
        ("deepseek", "https://api-docs.deepseek.com/quick_start/pricing"),
        ("azure", "https://prices.azure.com/api/retail/prices"),
        ("bedrock", "https://aws.amazon.com/bedrock/pricing/"),
        ("vertex_ai", "https://cloud.google.com/vertex-ai/generative-ai/pricing"),
        ("gemini", "https://ai.google.dev/pricing"),
        ("openai", "https://developers.openai.com/api/docs/pricing"),
        ("moonshotai", "https://platform.kimi.ai/docs/pricing"),
    ],
)
def test_the_reviewed_table_knows_pages_that_addresses_do_not_tell(provider, page):
    assert is_own_page(provider, {}, page)
    assert not is_own_page("acme", {}, page)
