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
    assert len(operations) == 13
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
