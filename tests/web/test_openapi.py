import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from inkdigits import Reader
from inkdigits.web.app import create_app
from inkdigits.web.settings import Settings

pytestmark = pytest.mark.slow

CHECKS = (
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)


def test_whatever_the_document_allows_is_answered_as_it_says(tmp_path):
    app = create_app(Reader(), Settings(corrections=tmp_path / "c.sqlite"))
    operations = [found.ok() for found in schemathesis.openapi.from_asgi("/openapi.json", app).get_all_operations()]
    assert len(operations) == 16
    for operation in operations:

        @settings(
            max_examples=40,
            derandomize=True,  # the same requests each time
            deadline=None,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def send(case):
            case.call_and_validate(checks=CHECKS)

        send()


def test_every_endpoint_and_its_errors_are_documented(client):
    document = client.get("/openapi.json").json()
    paths = set(document["paths"])
    assert {"/v1/digit", "/v1/digits", "/v1/read", "/v1/models", "/healthz", "/readyz", "/metrics"} <= paths
    assert {"413", "415", "422", "429"} <= set(document["paths"]["/v1/read"]["post"]["responses"])
    body = document["paths"]["/v1/read"]["post"]["requestBody"]["content"]
    assert body["multipart/form-data"]["schema"]["required"] == ["file"]


def operations_of(document):
    return {(path, method): each for path, methods in document["paths"].items() for method, each in methods.items()}


def test_every_operation_has_a_summary_that_says_more_than_its_name(client):
    operations = operations_of(client.get("/openapi.json").json())
    summaries = [each["summary"] for each in operations.values()]
    assert len(set(summaries)) == len(summaries)
    assert [s for s in summaries if len(s.split()) < 3 or s.endswith(".")] == []
    assert all(each["description"] for each in operations.values())


def test_the_token_is_asked_for_in_the_document_where_the_server_asks_for_it(open_client):
    document = open_client().get("/openapi.json").json()
    assert "securitySchemes" not in document["components"]
    assert not any("security" in each or "401" in each["responses"] for each in operations_of(document).values())
    client = open_client(token="secret")
    document = client.get("/openapi.json").json()
    for (path, method), operation in operations_of(document).items():
        is_asked_for = client.request(method, path.replace("{id}", "1")).status_code == 401
        assert ("security" in operation, "401" in operation["responses"]) == (is_asked_for, is_asked_for), path
