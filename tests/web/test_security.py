import pytest

TOKEN = "geheim-1234"


@pytest.mark.parametrize("path", ["/", "/docs", "/healthz", "/v1/models", "/nothing-here"])
def test_every_answer_carries_the_security_headers(client, path):
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer ü"]
)
def test_without_the_token_nothing_is_read_or_told(open_client, png, header):
    client = open_client(token=TOKEN)
    headers = {} if header is None else {"Authorization": header.encode()}
    for method, path in [("POST", "/v1/digit"), ("GET", "/v1/corrections"), ("GET", "/v1/models"), ("GET", "/metrics")]:
        answer = client.request(method, path, content=png, headers=headers)
        assert answer.status_code == 401, path
        assert answer.headers["www-authenticate"] == "Bearer"


def test_with_the_token_it_reads(open_client, png):
    client = open_client(token=TOKEN)
    for scheme in ("Bearer", "bearer"):
        assert client.post("/v1/digit", content=png, headers={"Authorization": f"{scheme} {TOKEN}"}).status_code == 200


def test_the_page_and_the_health_are_open_without_the_token(open_client):
    client = open_client(token=TOKEN)
    for path in ("/", "/static/main.js", "/docs", "/openapi.json", "/healthz", "/readyz"):
        assert client.get(path).status_code == 200, path


def test_an_empty_token_asks_for_none(open_client):
    assert open_client(token="").get("/v1/models").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "http://testserver:81"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_pages_of_other_sites_may_not_send(open_client, tmp_path, png, headers):
    client = open_client(corrections=tmp_path / "c.sqlite")
    for method, path in [
        ("POST", "/v1/digit"),
        ("POST", "/v1/corrections?correction=1"),
        ("DELETE", "/v1/corrections"),
    ]:
        assert client.request(method, path, content=png, headers=headers).status_code == 403
    assert client.get("/v1/corrections").json()["count"] == 0


def test_its_own_page_may_send(client, png):
    assert client.post("/v1/digit", content=png, headers={"Origin": "http://testserver"}).status_code == 200


def test_other_sites_read_nothing_unless_named(open_client, png):
    site = {"Origin": "https://school.example"}
    closed, open_ = open_client(), open_client(cors_origins="https://school.example, https://other.example")
    assert "access-control-allow-origin" not in closed.get("/v1/models", headers=site).headers
    answer = open_.post("/v1/digit", content=png, headers=site)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "https://school.example"
    asked = {**site, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    assert open_.options("/v1/digit", headers=asked).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8000", ""])
def test_a_foreign_name_that_leads_here_is_refused(open_client, host):
    client = open_client(allowed_hosts="localhost,127.0.0.1,[::1]")
    assert client.get("/v1/models", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:8000", "[::1]:8000", "[::1]"])
def test_its_own_names_are_served(open_client, host):
    client = open_client(allowed_hosts="localhost,127.0.0.1,[::1]")
    assert client.get("/v1/models", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("path", ["/static/../app.py", "/static/%2e%2e/app.py", "/swagger/../core.py", "/static/"])
def test_no_other_file_is_served(client, path):
    assert client.get(path).status_code == 404
