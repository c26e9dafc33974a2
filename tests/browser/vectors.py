"""Texts that become script, markup, formulas or templates wherever a product trusts what people type."""

from __future__ import annotations

VECTORS = (
    # tags
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script>", "<body onload=alert(1)>", "<iframe src=javascript:alert(1)>",
    '<iframe srcdoc="<script>parent.alert(1)</script>">', "<a href=javascript:alert(1)>x</a>",
    "<details open ontoggle=alert(1)>", "<input autofocus onfocus=alert(1)>", "<video><source onerror=alert(1)>",
    "<object data=javascript:alert(1)>", "<embed src=javascript:alert(1)>", "<math><mtext><img src onerror=alert(1)>",
    "<form action=javascript:alert(1)><button>", "<template shadowrootmode=open><img src=x onerror=alert(1)>",
    "<base href=//evil.example>", "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<link rel=stylesheet href=//evil.example/x>", "<style>*{background:url(//evil.example)}</style>",
    "<img src=//evil.example/x.png>", "<b hx-get=//evil.example hx-trigger=load>", "<b onx=alert(1)>", "<b a=1>",
    # out of what a text stands in: attributes, titles, scripts, JSON, comments
    '"><img src=x onerror=alert(1)>', "'><img src=x onerror=alert(1)>", '" autofocus onfocus=alert(1) x="',
    "' autofocus onfocus=alert(1) x='", '" onmouseover=alert(1) x="', "` onmouseover=alert(1) `",
    "</title><script>alert(1)</script>", "</textarea><script>alert(1)</script>", "</style><script>alert(1)</script>",
    "</script><script>alert(1)</script>", "<!--<script>", "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    '";alert(1);//', "';alert(1);//", '\\";alert(1);//', '");alert(1)//', "\\u003cimg src=x onerror=alert(1)\\u003e",
    "&lt;img src=x onerror=alert(1)&gt;", "&#60;script&#62;alert(1)&#60;/script&#62;",
    # addresses
    "javascript:alert(1)", "JaVaScRiPt:alert(1)//", "data:text/html,<script>alert(1)</script>", "vbscript:msgbox(1)",
    # templates, format strings, labels of charts and of the map
    '{{constructor.constructor("alert(1)")()}}', "{{7*7}}", "${alert(1)}", "#{alert(1)}", "<%=alert(1)%>",
    "{% load x %}", "{0.__class__}", "%(name)s %n", "{b|x}{a}{c}<br>", 'node[id="x"] > #y',
    # formulas, and what turns the direction of writing
    '=HYPERLINK("//evil.example","x")', "=cmd|' /C calc'!A0", "@SUM(1+1)", "+1+1", "\u0627\u0644\u0639 <b>\u05d0</b>",
)  # fmt: skip

EMAIL = '"<svg/onload=alert(1)>"@example.org'
"""An address whose first part may be nearly anything, because it stands in quotation marks."""


def fitting(length: int, start: int) -> str:
    """As many vectors as fit into ``length`` characters, from the one at ``start`` on; the shortest where none does."""
    turned = VECTORS[start % len(VECTORS) :] + VECTORS[: start % len(VECTORS)]
    said = next((one for one in turned if len(one) <= length), "<b>")
    for one in turned:
        if one not in said and len(said) + 1 + len(one) <= length:
            said += f" {one}"
    return said
