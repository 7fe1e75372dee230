import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from rules.domains import Domain, canonical, listed, resembled, skeleton

DOMAIN = TypeAdapter(Domain)


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("Example.COM", "example.com"),
        ("ｅｘａｍｐｌｅ．ｃｏｍ", "example.com"),
        ("example。com.", "example.com"),
        ("xn--fsqu00a.com", "例子.com"),
        ("BÜCHER.de", "bücher.de"),
        ("xn--bcher-kva.de", "bücher.de"),
        ("%65xample.com", "example.com"),
        ("xn--\u00e9.com", "xn--é.com"),
        ("xn--999999999.com", "xn--999999999.com"),
    ],
)
def test_one_form(written: str, host: str):
    """However a host is written, it has one form; what cannot be read stays."""
    assert host == canonical(written)


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("a.com", "a.com"),
        ("x.y.a.com", "a.com"),
        ("b.a.com", "b.a.com"),
        ("nota.com", None),
        ("a.com.cn", None),
        ("", None),
    ],
)
def test_listed(host: str, found: str | None):
    """Subdomains are included, the narrowest counts, and an ending of a name is no domain."""
    assert found == listed(host, frozenset({"a.com", "b.a.com"}))


@pytest.mark.parametrize(
    ("host", "like"),
    [
        ("раураl.com", "paypal.com"),
        ("paypa1.com", "paypal.com"),
        ("www.paypaI.com".lower(), "paypal.com"),
        ("päypal.com", "paypal.com"),
        ("login.раураl.com", "paypal.com"),
        ("paypal.com", None),
        ("www.paypal.com", None),
        ("example.com", None),
    ],
)
def test_resembled(host: str, like: str | None):
    """A host that looks like a listed one is told, the real one and its subdomains are not."""
    assert like == resembled(host, {skeleton("paypal.com"): "paypal.com"})


@pytest.mark.parametrize(
    "wrong",
    ["", "com", "http://a.com", "a.com/b", "*.a.com", "a..com", "a b.com", "-", "a" * 64 + ".com"],
)
def test_no_domain(wrong: str):
    """What is no domain is refused with a sentence in both languages."""
    with pytest.raises(ValueError, match=r"[\u4e00-\u9fff].*[a-z]{4}"):
        DOMAIN.validate_python(wrong)


@pytest.mark.parametrize(
    "fine", ["example.com", "例子.公司", "t.cn", "8.8.8.8", "foo_bar.com", "[::1]"]
)
def test_domains(fine: str):
    """Names in any script and addresses are domains, in one form."""
    assert canonical(fine.strip("[]")) == DOMAIN.validate_python(fine)


@given(st.text(max_size=30) | st.text(st.sampled_from("xn-.aé例%1"), max_size=30))
def test_hostile_hosts(host: str):
    """Nothing is raised, whatever somebody calls a host."""
    skeleton(canonical(host))
