"""A page without what every HTML parser puts back: quotes around plain values, ends of elements that another tag ends.

The rules are those of the HTML standard (WHATWG, sections 13.1.2.3 and 13.1.2.4). Only the body is rewritten, and in it
only tags: every text of the page is escaped, so whatever looks like a tag is one.
"""

from __future__ import annotations

import re

BLOCK = (
    "address|article|aside|blockquote|details|div|dl|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|main|nav|ol"
    "|p|pre|section|table|ul"
)
PARENT = "article|blockquote|body|details|div|figcaption|figure|footer|header|li|main|section|td|th"
"""Whose end ends a paragraph as well."""
NEEDLESS_END = re.compile(
    rf"</p>(?=<(?:{BLOCK})\b|</(?:{PARENT})>)"
    r"|</li>(?=<li\b|</[ou]l>)"
    r"|</t[dh]>(?=<t[dh]\b|</tr>|<tr\b|</t(?:head|body|able)>)"
    r"|</tr>(?=<tr\b|</t(?:head|body|able)>)"
    r"|</thead>(?=<tbody\b)"
    r"|</tbody>(?=</table>)"
)
IDLE = re.compile(rf"\n\s*(?=</?(?:{BLOCK}|li|summary|tr|td|th|thead|tbody|svg)\b)")
"""Line ends before the tag of a block, which draw nothing; there are tens of thousands."""
TAG = re.compile(r"<[a-z][^<>]*>")
QUOTED = re.compile(r'="([^\s"\'=<>`&]+)"(/?)')


def lean(page: str) -> str:
    """The same document in fewer bytes; without a body, the text as it is."""
    head, start, rest = page.partition("<body>")
    body, script, tail = rest.rpartition("<script>")
    if not script:
        body, tail = rest, ""
    body = IDLE.sub("", body)
    # An end that can go may stand before one that goes: inner ends first.
    while (shorter := NEEDLESS_END.sub("", body)) != body:
        body = shorter
    return head + start + TAG.sub(_unquoted, body) + script + tail


def _unquoted(tag: re.Match[str]) -> str:
    # A slash right after a bare value would belong to it.
    return QUOTED.sub(lambda value: f"={value[1]}{' /' if value[2] else ''}", tag[0])
