#!/usr/bin/env python3
"""Make the portal's pages of help from share/help/LANGUAGE/NAME.md while building.

    help.py FOLDER SOURCE.c TEMPLATE.mustache...

writes a template for each LANGUAGE and NAME (`help-en-NAME.mustache`, for script/templates.py) and `help_pages[]` (src/web/pages/help.h), in the order
of the templates named. The Markdown of help is headings (`#`, `##`), paragraphs of one line, lists (`- `, `1. `), **bold** and [links](/path); anything
else ends the build with its file and line. So does a page that its other language does not match: block by block, with the same links."""
import html
import os
import re
import sys

from c_text import quoted

LANGUAGES = "en", "cy"
LINK = re.compile(r"\[([^\[\]]+)\]\((/[a-z0-9/-]*)\)")
BOLD = re.compile(r"\*\*([^*]+)\*\*")
STRANGE = re.compile(r"[\[\]*`_<>{}|\\~]|!\[|https?:")
HEADINGS = {"# ": ("h1", "govuk-heading-l"), "## ": ("h2", "govuk-heading-m")}
LISTS = {"- ": ("ul", "govuk-list--bullet"), "1. ": ("ol", "govuk-list--number")}


class Fault(Exception):
    pass


def inline(text, where):
    """The HTML of a line's words; what is left beside links and bold must be plain."""
    strange = STRANGE.search(BOLD.sub(r"\1", LINK.sub(r"\1", text)))
    if strange:
        raise Fault(f"{where}: '{strange.group()}' is not of the Markdown of help: headings, paragraphs, lists, links within the portal and bold")
    text = LINK.sub(r'<a class="govuk-link" href="\2">\1</a>', html.escape(text, quote=False))
    return BOLD.sub(r"<strong>\1</strong>", text)


def block_of(line):
    """The kind of a line, and its words."""
    kind = re.match(r"#+ |- |\d+\. ", line)
    if not kind:
        return "p", line
    return ("1. " if kind.group()[0].isdigit() else kind.group()), line[kind.end():]


class Page:
    def __init__(self, path):
        self.path, self.title, self.shape, self.out = path, None, [], []
        self.list = None
        with open(path, encoding="utf-8") as source:
            lines = source.read().split("\n")
        for number, line in enumerate(lines, 1):
            self.add(line, f"{path}:{number}")
        self.end_list()
        if not self.title:
            raise Fault(f"{path}:1: a page of help begins with its title: '# Words'")

    def end_list(self):
        if self.list:
            self.out.append(f"</{LISTS[self.list][0]}>")
        self.list = None

    def add(self, line, where):
        if not line:
            self.end_list()
            return
        kind, words = block_of(line)
        if kind not in ("p", *HEADINGS, *LISTS) or line[0].isspace() or not words.strip():
            raise Fault(f"{where}: '{line}' is not of the Markdown of help: headings (# and ##), paragraphs, lists, links and bold")
        if (kind == "# ") != (not self.shape):
            raise Fault(f"{where}: a page of help has one title, '# Words', in its first line")
        said = inline(words, where)
        self.shape.append((kind, tuple(path for _, path in LINK.findall(words)), where))
        if kind in LISTS:
            if self.list != kind:
                self.end_list()
                self.list = kind
                self.out.append(f'<{LISTS[kind][0]} class="govuk-list {LISTS[kind][1]}">')
            self.out.append(f"<li>{said}</li>")
            return
        self.end_list()
        if kind == "p":
            self.out.append(f'<p class="govuk-body">{said}</p>')
            return
        element, look = HEADINGS[kind]
        self.out.append(f'<{element} class="{look}">{said}</{element}>')
        if element == "h1":
            self.title = words


def hold_alike(pages):
    first, other = pages
    for a, b in zip(first.shape, other.shape):
        if a[:2] != b[:2]:
            raise Fault(f"{b[2]}: the other language has something else here ({a[2]}): the pages of a name have the same blocks with the same links")
    if len(first.shape) != len(other.shape):
        raise Fault(f"{other.path}: it has {len(other.shape)} blocks, and {first.path} has {len(first.shape)}")


def main(folder, source, *templates):
    names, made = [], {}
    for path in templates:
        language, name = re.fullmatch(r"help-(en|cy)-(.+)\.mustache", os.path.basename(path)).groups()
        made[language, name] = Page(os.path.join(folder, language, name + ".md"))
        if name not in names:
            names.append(name)
        with open(path, "w", encoding="utf-8") as out:
            out.write("\n".join(made[language, name].out) + "\n")
    for language in LANGUAGES:
        for file in sorted(os.listdir(os.path.join(folder, language))):
            if file.removesuffix(".md") not in names:
                raise Fault(f"{os.path.join(folder, language, file)}:1: name it in help_names of src/meson.build, or remove it")
    rows = []
    for name in names:
        pages = [made[language, name] for language in LANGUAGES]
        hold_alike(pages)
        titles = ", ".join(quoted(page.title) for page in pages)
        files = ", ".join(quoted(f"help-{language}-{name}") for language in LANGUAGES)
        rows.append(f"  {{{quoted(name)}, {{{titles}}}, {{{files}}}}},\n")
    with open(source, "w", encoding="utf-8") as out:
        out.write('#include "web/pages/help.h"\n\nconst struct help_page help_pages[] = {\n' + "".join(rows) + "  {0}};\n")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Fault as fault:
        print(fault, file=sys.stderr)
        sys.exit(1)
