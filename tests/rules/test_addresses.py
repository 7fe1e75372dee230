import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.addresses import addresses, host_of


def certain(text: str) -> list[tuple[str, str]]:
    """Host and place of what is an address for sure."""
    return [(each.host, text[slice(*each.span)]) for each in addresses(text) if each.certain]


@pytest.mark.parametrize(
    ("text", "host", "place"),
    [
        ("看看 baidu.com/x?y=z.com 吧", "baidu.com", "baidu.com"),
        ("http://baidu.com看看", "baidu.com", "http://baidu.com"),
        ("HTTPS://WWW.Baidu.COM", "www.baidu.com", "HTTPS://WWW.Baidu.COM"),
        ("ｗｗｗ．ｂａｉｄｕ．ｃｏｍ", "www.baidu.com", "ｗｗｗ．ｂａｉｄｕ．ｃｏｍ"),
        ("ⓑⓐⓘⓓⓤ.com", "baidu.com", "ⓑⓐⓘⓓⓤ.com"),
        ("b\u200baidu.com", "baidu.com", "b\u200baidu.com"),
        ("http：／／evil．com", "evil.com", "http：／／evil．com"),
        ("hxxp://evil.com", "evil.com", "hxxp://evil.com"),
        ("baidu点com", "baidu.com", "baidu点com"),
        ("baidu 点 com", "baidu.com", "baidu 点 com"),
        ("go to example dot com now", "example.com", "example dot com"),
        ("example[.]com", "example.com", "example[.]com"),
        ("example(dot)com", "example.com", "example(dot)com"),
        ("baidu。com", "baidu.com", "baidu。com"),
        ("baidu . com", "baidu.com", "baidu . com"),
        ("www.baidu.com。Apple 发布", "www.baidu.com", "www.baidu.com"),
        ("看这个...baidu.com吧", "baidu.com", "baidu.com"),
        ("t.me/abc", "t.me", "t.me"),
        ("http://例子.公司/", "例子.公司", "http://例子.公司"),
        ("http://xn--fsqu00a.com/", "例子.com", "http://xn--fsqu00a.com"),
        ("раураl.com", "раураl.com", "раураl.com"),
        ("http://paypal.com@evil.com/", "evil.com", "http://paypal.com@evil.com"),
        ("http://8.8.8.8/x", "8.8.8.8", "http://8.8.8.8"),
        ("http://134744072/x", "8.8.8.8", "http://134744072"),
        ("8.8.8.8:80/x", "8.8.8.8", "8.8.8.8"),
        ("baidu.com(百度)", "baidu.com", "baidu.com"),
        ("evil.com@", "evil.com", "evil.com"),
    ],
)
def test_found(text: str, host: str, place: str):
    """An address is found however it is written, with its host in one form."""
    assert [(host, place)] == certain(text)


@pytest.mark.parametrize(
    "text",
    [
        "3.5",
        "2.0.1",
        "v2.0.1",
        "config.yaml",
        "README.md",
        "main.py",
        "models.py/views.py",
        "node.js",
        "ASP.NET",
        "com.example.app",
        "console.info(x)",
        "等.的.省略",
        "等等...的",
        "今天。Apple来了",
        "我在上海.公司在浦东",
        "1.app 闪退 2.网页慢",
        "到10点cc来",
        "the dot com bubble",
        "U.S.A",
        "3.30 p.m.",
        "a.b@example.com",
        "写信到 foo.bar@example.com 谢谢",
        "192.168.1.1",
        "8.8.8.8",
        "http://127.0.0.1:8000/",
        "http://localhost:3000/x",
        "http://[::1]/",
        "",
    ],
)
def test_not_an_address(text: str):
    """Numbers, versions, files, abbreviations, e-mail and what leads nowhere outside are none."""
    assert [] == certain(text)


def test_several():
    """Every address is found, also one that hides in another's path."""
    assert ["a.com", "evil.com", "b.cn"] == [
        host for host, _ in certain("http://a.com/x,http://evil.com 和 b.cn")
    ]


@pytest.mark.parametrize(
    ("link", "host"),
    [
        ("https://mp.weixin.qq.com/s?__biz=1", "mp.weixin.qq.com"),
        ("mp.weixin.qq.com/s", "mp.weixin.qq.com"),
        ("HTTP://EXAMPLE.COM:8080", "example.com"),
        ("pages/index/index.html", ""),
        ("", ""),
        ("http://", ""),
        ("http://[", ""),
    ],
)
def test_host_of(link: str, host: str):
    """The host that a card leads to; none where it leads to no host."""
    assert host == host_of(link)


PIECES = st.sampled_from(
    [
        "http://",
        "www.",
        ".com",
        ".cn",
        "点",
        "。",
        " dot ",
        "[.]",
        "@",
        ":80",
        "/",
        "xn--",
        "1.2.3.4",
    ]
)


@given(st.lists(PIECES | st.text(max_size=4), max_size=15).map("".join))
def test_hostile_texts(text: str):
    """Whatever is written, no exception, and every place lies in the text and holds something."""
    for each in addresses(text):
        assert each.host
        assert 0 <= each.span[0] < each.span[1] <= len(text)
    host_of(text)


@pytest.mark.parametrize("piece", ["a.", "http://", "a@", "点a", "[.]a", "http://a.", "a-", "."])
def test_long_texts_are_read_once(piece: str):
    """Half a million characters made to be read again and again are read once."""
    found = [*addresses(piece * (500_000 // len(piece)) + "(")]

    assert all(len(each.host) <= 253 for each in found)
