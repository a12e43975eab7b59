"""Fewer bytes, the same document: what is left out, and what must not be."""

from __future__ import annotations

import pytest

from verify.report.lean import lean


def body(text: str) -> str:
    return lean(f"<body>{text}</body>").removeprefix("<body>").removesuffix("</body>")


@pytest.mark.parametrize(
    "text, shorter",
    [
        ("<div><p>x</p>\n<p>y</p></div>", "<div><p>x<p>y</div>"),
        ("<ul><li><p>x</p></li>\n  <li>y</li></ul>", "<ul><li><p>x<li>y</ul>"),
        (
            "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>",
            "<table><thead><tr><th>a<tbody><tr><td>b</table>",
        ),
        ('<a class="x" href="#lemma-1/a" title="two words">', '<a class=x href=#lemma-1/a title="two words">'),
        ('<rect x="1" rx="2"/>', "<rect x=1 rx=2 />"),
    ],
)
def test_what_a_parser_puts_back_is_left_out(text: str, shorter: str) -> None:
    assert body(text) == shorter


@pytest.mark.parametrize(
    "text",
    [
        "<p>x</p> and words after it",
        "<a><p>x</p></a>",
        "<p>x</p><span>y</span>",
        '<a title="">',
        '<a title="a=b">',
        '<a title="it\'s">',
        '<a title="a&gt;b">',
        "<math><mtd><mn>1</mn></mtd></math>",
        "<pre>1 0\n0 1</pre>",
    ],
)
def test_what_it_would_not_is_left_alone(text: str) -> None:
    assert body(text) == text


def test_head_and_script_are_left_alone() -> None:
    page = '<meta name="a"><body><p class="x">y</p></div><script>if (a <b && c> "d") f("e")</script></body>'
    assert lean(page) == page.replace('class="x"', "class=x").replace("</p>", "")
