#!/usr/bin/env python3
"""The portal's own style sheet: scope_css.py OUT.css PORTAL.css DOCUMENT.css

PORTAL.css as it is, then the rules of documents (assets/document.css, which is also the style of a document that stands alone) held to `.document`, so that a
document looks the same within a page of the portal and changes nothing around it: each selector gets `.document` in front; `html` is the element itself; rules of the
page around a document (body, header, main, @page) are left out. A document alone sets the size of `rem`, a page's is the portal's, so `rem` becomes a variable."""
import re
import sys

OURS = ".document"


def selector(one):
    one = one.strip()
    if one == "html":
        return OURS
    return None if re.match(r"(body|header|main)\b", one) else f"{OURS} {one}"


def rule(selectors, declarations):
    kept = [s for s in map(selector, selectors.split(",") if ":not(" not in selectors else split_outside(selectors)) if s]
    if not kept:
        return ""
    if kept == [OURS]:
        size = re.search(r"font(?:-size)?:([\d.]+(?:rem|pt))", declarations)
        return f"{OURS}{{{declarations}{';--rem:' + size.group(1) if size else ''}}}\n"
    return ",".join(kept) + "{" + re.sub(r"([\d.]+)rem\b", r"calc(\1*var(--rem))", declarations) + "}\n"


def split_outside(text):
    """At the commas that stand outside parentheses."""
    return re.findall(r"(?:[^,(]|\([^)]*\))+", text)


def scope(text):
    out, at = [], 0
    for found in re.finditer(r"(@media[^{]*)\{|(@page)[^}]*\}|([^{}@]+)\{([^}]*)\}|\}", text):
        media, page, selectors, declarations = found.groups()
        if text[at:found.start()].strip():
            sys.exit(f"scope_css.py: this is not understood: {text[at:found.start()].strip()[:60]}")
        at = found.end()
        if media:
            out.append(media + "{\n")
        elif selectors:
            out.append(rule(selectors.strip(), declarations))
        elif not page:
            out.append("}\n")
    return "".join(out)


def without_comments(path):
    return re.sub(r"/\*(?!!).*?\*/\s*", "", open(path, encoding="utf-8").read(), flags=re.S)


portal, document = map(without_comments, sys.argv[2:4])
with open(sys.argv[1], "w", encoding="utf-8") as f:
    f.write(portal + scope(document))
