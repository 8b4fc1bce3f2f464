"""Cleaning: what harms goes, no word does, and equal bodies are equal strings."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.richtext import SCHEMA, TooLong, sanitise

ID = "abcdefghijklmno"


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ("", ""),
        ("<p></p>", ""),
        (f'<p data-line="{ID}"></p>', f'<p data-line="{ID}"></p>'),
        ('<p data-line="not an id">a</p>', "<p>a</p>"),
        # text outside paragraphs, other blocks
        ("a <b>b</b><div>c</div>", "<p>a <strong>b</strong></p><p>c</p>"),
        ("<h2>a <i>b</i></h2>", "<p><strong>a <em>b</em></strong></p>"),
        (f'<h3 data-line="{ID}">a</h3>', f'<p data-line="{ID}"><strong>a</strong></p>'),
        (f'<div data-line="{ID}">a</div>b', f'<p data-line="{ID}">a</p><p>b</p>'),
        ("<blockquote><p>a</p>b</blockquote>c", "<p>a</p><p>b</p><p>c</p>"),
        ("<dl><dt>a</dt><dd>b</dd></dl>", "<p>a</p><p>b</p>"),
        ("<pre>a\nb</pre>", "<p>a<br>b</p>"),
        ("a<hr>b", "<p>a</p><p>b</p>"),
        ("<select><option>a<option>b</select>", "<p>a</p><p>b</p>"),
        # formatting
        ("<p><b>a</b><strong>b</strong></p>", "<p><strong>ab</strong></p>"),
        ("<p><em><strong>a</strong></em></p>", "<p><strong><em>a</em></strong></p>"),
        ("<p><u>a</u><span style='color:red'>b</span></p>", "<p>ab</p>"),
        ("<b><p>a</p><p>b</p></b>", "<p><strong>a</strong></p><p><strong>b</strong></p>"),
        ("<p><strong></strong>a</p>", "<p>a</p>"),
        ("<p>a<br>b</p>", "<p>a<br>b</p>"),
        # links
        ('<a href="https://a.fi/?b&c">d</a>', '<p><a href="https://a.fi/?b&amp;c">d</a></p>'),
        ('<a href="mailto:a@b.fi" target="_blank">c</a>', '<p><a href="mailto:a@b.fi">c</a></p>'),
        ('<a href="java&#10;script:a()">b</a>', "<p>b</p>"),
        ('<a href="data:text/html,a">b</a>', "<p>b</p>"),
        ('<a href="/x">b</a><a href="//x.fi">c</a>', "<p>bc</p>"),
        # white space: what one types stays, line breaks of the source go
        ("<p>a  b </p>", "<p>a  b </p>"),
        ("<p>\n  a\n  b\n</p>\n<p>c</p>", "<p>a b</p><p>c</p>"),
        ("<p>a&nbsp;b\tc</p>", "<p>a\xa0b c</p>"),
        # lists
        ("<ul>\n<li>a</li>\n</ul>", "<ul><li><p>a</p></li></ul>"),
        (
            "<ul><li>a<ul><li>b</ul>c</ul>",
            "<ul><li><p>a</p><ul><li><p>b</p></li></ul><p>c</p></li></ul>",
        ),
        (
            "<ul><li>a</li><ul><li>b</li></ul></ul>",
            "<ul><li><p>a</p><ul><li><p>b</p></li></ul></li></ul>",
        ),
        (
            "<ul><li><ol><li>a</ol></ul>",
            "<ul><li><p></p><ol><li><p>a</p></li></ol></li></ul>",
        ),
        ("<ul>a<p>b</p></ul>", "<ul><li><p>a</p><p>b</p></li></ul>"),
        ("<ul></ul><li>a</li>", "<p>a</p>"),
        ("<ol type=1 start=1><li>a</ol>", "<ol><li><p>a</p></li></ol>"),
        (
            '<ol type="A" start="3"><li>a</ol>',
            '<ol type="a" start="3"><li><p>a</p></li></ol>',
        ),
        ('<ol data-type="lower-roman"><li>a</ol>', '<ol type="i"><li><p>a</p></li></ol>'),
        ('<ol type="x" start="-1"><li>a</ol>', "<ol><li><p>a</p></li></ol>"),
        (
            "<ul><li>a</ul><ul><li>b</ul>",
            "<ul><li><p>a</p></li></ul><ul><li><p>b</p></li></ul>",
        ),
        # tables
        (
            "<table><caption>a</caption><thead><tr><th scope=col>b</thead></table>",
            '<p>a</p><table><tbody><tr><th scope="col"><p>b</p></th></tr></tbody></table>',
        ),
        (
            "<table><tr><td colspan=2>a<td rowspan=1></table>",
            '<table><tbody><tr><td colspan="2"><p>a</p></td><td><p></p></td></tr></tbody></table>',
        ),
        (
            '<table style="width:9px"><colgroup><col></colgroup><tr><td rowspan=x></table>',
            "<table><tbody><tr><td><p></p></td></tr></tbody></table>",
        ),
        (
            "<table><tr><td>a<table><tr><td>b<td>c</table></table>",
            "<table><tbody><tr><td><p>a</p><p>b</p><p>c</p></td></tr></tbody></table>",
        ),
        ("<table><tr></tr></table>", ""),
        # language
        ('<p lang="sv-FI">a</p><p lang="de">b</p>', '<p lang="sv">a</p><p>b</p>'),
        ('<div lang="en"><p>a</p><p lang="fi">b</p></div>', '<p lang="en">a</p><p lang="fi">b</p>'),
        # what harms, and what no one can store
        ("<script>a</script><style>b</style><p onclick='c'>d</p>", "<p>d</p>"),
        ("<p>a&#1;b\x00c\ufffe</p>", "<p>abc</p>"),
        ("<p>\ud800</p>", "<p>\ufffd</p>"),
        ("<svg><text>a</text></svg><template><p>b</p></template>", "<p>a</p><p>b</p>"),
        ("<iframe>a<p>b</p></iframe><textarea>c</textarea>", "<p>a</p><p>b</p><p>c</p>"),
        ("<p>a<o:p></o:p>b</p>", "<p>ab</p>"),
        ("<p>&lt;b&gt; &amp;amp;</p>", "<p>&lt;b&gt; &amp;amp;</p>"),
    ],
)
def test_canonical_form(html: str, clean: str) -> None:
    assert sanitise(html) == clean
    assert sanitise(clean) == clean


def test_lists_deeper_than_five_go_on_at_the_fifth_level_in_order() -> None:
    html = "".join(f"<ul><li>{n}" for n in range(1, 8)) + "</ul>x</ul>y" + "</ul>" * 5

    clean = sanitise(html)

    deep = "".join(f"<ul><li><p>{n}</p>" for n in range(1, 6))
    assert clean == (f"{deep}</li><li><p>6</p></li><li><p>7</p><p>x</p><p>y</p>" + "</li></ul>" * 5)


def test_too_long_is_refused_before_and_after() -> None:
    with pytest.raises(TooLong):
        sanitise("<p>" + "a" * 1_000_001)
    with pytest.raises(TooLong):
        sanitise("<p>" + "ä" * 500_001)
    with pytest.raises(TooLong):
        sanitise("<ul>" + "<li>" * 100_000)  # short as written, long in canonical form
    with pytest.raises(TooLong):
        sanitise("&" * 900_000)
    assert len(sanitise("<p>" + "a" * 900_000)) == 900_007


def test_deep_nesting_is_no_trouble() -> None:
    assert sanitise("<ul><li>" * 20_000 + "a").count("<p>a</p>") == 1


words = st.from_regex(r"[a-zäö]{1,6}", fullmatch=True)
tags = st.sampled_from(
    "p div h1 ul ol li table tr td th thead caption strong em b i a span u br hr section "
    "blockquote pre font article label input button option dl dt svg text math "
    "mi template title textarea iframe".split()
)
attributes = st.sampled_from(
    ["", ' lang="sv"', ' type="a"', ' colspan="3"', ' href="https://a.fi"', f' data-line="{ID}"']
)
soup = st.lists(
    st.one_of(
        words.map(lambda word: f" {word} "),
        st.builds("<{}{}>".format, tags, attributes),
        st.builds("</{}>".format, tags),
        st.sampled_from(["\n", "&amp;", "&nbsp;", "<", "&", "<!-- -->"]),
    ),
    max_size=40,
).map("".join)


class Schema(HTMLParser):
    """Fails on what the schema does not allow."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            assert re.fullmatch(SCHEMA[tag][name], value or "")
        assert tag in SCHEMA


@given(soup)
def test_no_word_is_lost_and_cleaning_twice_is_cleaning_once(html: str) -> None:
    clean = sanitise(html)

    assert sanitise(clean) == clean
    Schema().feed(clean)
    typed = re.sub(r"<!-- -->|<[^<>]*>|&\w+;", " ", html)
    left = re.sub(r"<[^<>]*>|&\w+;", " ", clean)
    assert sorted(re.findall(r"\w+", left)) == sorted(re.findall(r"\w+", typed))
