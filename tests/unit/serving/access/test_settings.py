import pytest

from creditscore.errors import ParameterError
from creditscore_serving.access.settings import AccessSettings

GOOD = (
    "tokens:\n  issuer: https://login.example.com/\n  audience: creditscore\n  jwks: https://login.example.com/keys\n"
)

DESCRIBED = GOOD.partition("  jwks:")[0]


@pytest.fixture
def read(place):
    def of(text):
        place.access_settings.write_text(text)
        return AccessSettings.of(place)

    return of


def test_without_a_file_the_defaults_hold(place):
    assert AccessSettings.of(place) == AccessSettings()


def test_an_empty_file_says_nothing(read):
    assert read("") == AccessSettings()


def test_the_administrators_permission_is_never_given_by_default(read):
    tokens = read(GOOD).tokens
    assert "admin" not in tokens.scopes
    assert tokens.scopes["scores:read"] == ("scores:read",)


def test_an_issuer_may_tell_itself_where_its_keys_are(read):
    assert read(DESCRIBED).tokens.jwks is None


def test_a_file_elsewhere_is_named_by_the_environment(place, tmp_path, monkeypatch):
    (tmp_path / "mine.yaml").write_text("limits: {rate: 7/s}")
    monkeypatch.setenv("CREDITSCORE_ACCESS", str(tmp_path / "mine.yaml"))
    assert AccessSettings.of(place).limits.rate == "7/s"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (GOOD + "  algorithms: [none]", "tokens.algorithms.0"),
        (GOOD + "  algorithms: [HS256]", "tokens.algorithms.0"),
        (GOOD + "  algorithms: []", "tokens.algorithms"),
        (GOOD + "  scopes: {reader: [everything]}", "tokens.scopes.reader.0"),
        (GOOD + "  units_claims: {colour: x}", "tokens.units_claims.colour"),
        (GOOD.replace("https://login.example.com/keys", "http://login.example.com/keys"), "tokens.jwks"),
        (GOOD.replace("https://login.example.com/keys", "http://127.0.0.1.evil.example/keys"), "tokens.jwks"),
        (DESCRIBED.replace("https:", "http:"), "tokens"),
        (DESCRIBED.replace("https://login.example.com/", "login"), "tokens"),
        (GOOD.replace("  audience: creditscore\n", ""), "tokens.audience"),
        ("limits: {rate: fast}", "rate"),
        ("limits: {body_bytes: 0}", "limits.body_bytes"),
        ("limit: {}", "limit"),
        ("[", "no YAML"),
        ("7", "access.yaml"),
    ],
)
def test_a_wrong_setting_is_refused_by_its_name(read, text, named):
    with pytest.raises(ParameterError, match=named.replace(".", r"\.")) as refused:
        read(text)
    assert "docs/security.md" in str(refused.value) or named == "rate"
