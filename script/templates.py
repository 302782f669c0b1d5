#!/usr/bin/env python3
"""Compile templates (templates/README.md) to C while building.

    templates.py OUT.c FOLDER|FILE... [--depfile FILE]   defines `templates[]` (src/web/view.h) from FOLDER/*.mustache
        [--symbol NAME]                                  ... or an array of that name
    templates.py --messages FOLDER                       the messages as C, for xgettext (po/update)
    templates.py --spec OUT.c FILE.json...               the tests of the mustache/spec repository, as `spec_templates[]`

In three steps: parse() makes a tree of Node; Markup follows the HTML of the literal text, so that each value is escaped for its place, and a place
that is not safe does not compile; Writer writes a C function a template, which calls src/web/template.h."""
import argparse
import json
import os
import re
import sys


class Fault(Exception):
    """An error in a template, with FILE:LINE:COLUMN."""
    def __init__(self, template, offset, what):
        before = template.source[:offset]
        line, column = before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
        super().__init__(f"{template.path}:{line}:{column}: {what}")


class Template:
    def __init__(self, name, path, source):
        self.name, self.path, self.source = name, path, source
        self.nodes = None


class Node:
    """kind: text, indent, value, raw, message, partial, section, inverted. An `indent` is where a line of the source begins with a tag."""
    def __init__(self, kind, offset, text="", body=None, at_line=False):
        self.kind, self.offset, self.text, self.body, self.at_line = kind, offset, text, body, at_line


# ---- the language ----

MESSAGE = re.compile(r"\{(\w+(?:\.\w+)*)\}")
NAME = re.compile(r"\.|[^\s.{}]+(\.[^\s.{}]+)*")


def tag_at(template, start, opening, closing):
    """The sigil, content and end of the tag that begins at `start`."""
    source, at = template.source, start + len(opening)
    if source.startswith("_", at) and source[at + 1:at + 2].isspace():
        end = at + 1
        while not source.startswith(closing, end):
            if end >= len(source):
                raise Fault(template, start, "this message is not closed")
            name = MESSAGE.match(source, end)  # {name} may stand right before the closing delimiter
            end = name.end() if name else end + 1
        return "_", " ".join(source[at + 1:end].split()), end + len(closing)
    kind = source[at:at + 1]
    if kind == "{":
        closing = "}" + closing
    elif kind == "=":
        closing = "=" + closing
    end = source.find(closing, at + (kind == "="))
    if end < 0:
        raise Fault(template, start, "this tag is not closed")
    content = source[at:end]
    kind = kind if kind and kind in "#^/>!&{=" else ""
    return kind, content[len(kind):].strip(), end + len(closing)


def parse(template):
    """The tree of a template. A tag alone on its line (sections, partials, comments, delimiters) removes the line."""
    source, opening, closing = template.source, "{{", "}}"
    root, open_sections = [], []
    nodes, at = root, 0

    def text(start, end):
        if start < end:
            nodes.append(Node("text", start, source[start:end], at_line=start == 0 or source[start - 1] == "\n"))

    while True:
        start = source.find(opening, at)
        if start < 0:
            text(at, len(source))
            break
        kind, content, end = tag_at(template, start, opening, closing)
        line = source.rfind("\n", 0, start) + 1
        rest = re.compile(r"[ \t]*(\r?\n|\Z)").match(source, end)
        indent = source[line:start]
        alone = kind in ("#", "^", "/", ">", "!", "=") and not indent.strip(" \t") and rest and at <= line
        text(at, line if alone else start)
        if alone:
            end = rest.end()
        elif start == line:
            nodes.append(Node("indent", start))
        at = end
        if kind in ("", "&", "{", "#", "^", "/") and not NAME.fullmatch(content):
            raise Fault(template, start, f"'{content}' is not a name")
        if kind in ("", "&", "{"):
            nodes.append(Node("raw" if kind else "value", start, content))
        elif kind == "_":
            nodes.append(Node("message", start, content))
        elif kind == ">":
            nodes.append(Node("partial", start, content, body=indent if alone else None))
        elif kind in ("#", "^"):
            nodes.append(Node("section" if kind == "#" else "inverted", start, content, body=[]))
            open_sections.append((nodes, nodes[-1]))
            nodes = nodes[-1].body
        elif kind == "/":
            if not open_sections or open_sections[-1][1].text != content:
                raise Fault(template, start, f"{{{{/{content}}}}} closes nothing" if not open_sections else f"{{{{/{content}}}}} stands where {{{{/{open_sections[-1][1].text}}}}} should")
            nodes = open_sections.pop()[0]
        elif kind == "=":
            opening, closing = content.split()
    if open_sections:
        raise Fault(template, open_sections[-1][1].offset, f"{{{{#{open_sections[-1][1].text}}}}} is not closed")
    template.nodes = root


def messages(nodes):
    for node in nodes:
        if node.kind == "message":
            yield node
        elif node.kind in ("section", "inverted"):
            yield from messages(node.body)


# ---- the markup ----

ADDRESSES = {"href", "action", "formaction", "src", "cite", "poster", "data", "background", "manifest"}
TRANSLATED = {"href", "action", "formaction"}
FORBIDDEN = {"srcdoc", "srcset", "imagesrcset", "ping", "xlink:href", "archive", "codebase", "http-equiv"}
FORBIDDEN_ELEMENTS = {"base", "object", "embed", "applet", "iframe", "frame", "style", "meta"}  # no value stands in their tags
BEGINNING = re.compile(r"(/(?![/\\])|[?#]|https?://|mailto:)", re.I)
SPACE = " \t\r\n\f"


class Markup:
    """The position in the HTML: fed with literal text, and asked about values. `place` is one of
    content, words (in <title>, <textarea>), script, comment, declaration, open (after <), element (its name), tag (between attributes),
    end (right after an attribute: a space, / or > must follow), attribute (its name), named (after it), equals, quoted."""

    def __init__(self, template):
        self.template = template
        self.place, self.element, self.attribute, self.closing = "content", "", "", False
        self.begun = ""  # of an address: the text before, as far as it is known

    def state(self):
        begun = (BEGINNING.match(self.begun) is not None or self.begun == "{}", self.begun == "") if self.place == "quoted" and self.attribute in ADDRESSES else None
        return self.place, self.element if self.place != "content" else "", self.attribute if self.place == "quoted" else "", begun

    def feed(self, text, offset):
        """Follows `text`; returns where in it a path of ours begins, which becomes one of the page's language."""
        paths, i = [], 0
        while i < len(text):
            step = getattr(self, "in_" + self.place)(text, i, offset + i)
            if step == "path":
                paths.append(i)
                step = 1
            i += step or 1
        return paths

    def fault(self, offset, what):
        raise Fault(self.template, offset, what)

    def in_content(self, text, i, offset):
        if text.startswith("<!--", i):
            self.place = "comment"
            return 4
        if text.startswith("<!", i):
            self.place = "declaration"
        elif text[i] == "<":
            self.place, self.element, self.closing = "open", "", False

    def in_comment(self, text, i, offset):
        if text.startswith("-->", i):
            self.place = "content"
            return 3

    def in_declaration(self, text, i, offset):
        if text[i] == ">":
            self.place = "content"

    def in_open(self, text, i, offset):
        if text[i] == "/" and not self.closing:
            self.closing = True
        elif text[i].isascii() and text[i].isalpha():
            self.place, self.element = "element", text[i].lower()
        else:
            self.fault(offset, "an element's name must follow <; write &lt; for the sign itself")

    def in_element(self, text, i, offset):
        if text[i] in SPACE:
            self.place = "tag"
        elif text[i] in "/>":
            return self.in_tag(text, i, offset)
        else:
            self.element += text[i].lower()

    def in_tag(self, text, i, offset):
        c = text[i]
        if c == ">":
            self.leave(offset)
        elif c in "\"'=<":
            self.fault(offset, f"{c} does not belong here; write name=\"value\"")
        elif c not in SPACE + "/":
            self.place, self.attribute = "attribute", c.lower()

    def in_end(self, text, i, offset):
        if text[i] in SPACE:
            self.place = "tag"
        elif text[i] in "/>":
            return self.in_tag(text, i, offset)
        else:
            self.fault(offset, "a space must stand between attributes, and a name must not be put together")

    def in_attribute(self, text, i, offset):
        c = text[i]
        if c == "=":
            self.place = "equals"
        elif c in SPACE:
            self.named(offset)
            self.place = "named"
        elif c in "/>":
            self.named(offset)
            return self.in_tag(text, i, offset)
        else:
            self.attribute += c.lower()

    def in_named(self, text, i, offset):
        if text[i] == "=":
            self.place = "equals"
        elif text[i] not in SPACE:
            return self.in_tag(text, i, offset)

    def in_equals(self, text, i, offset):
        if text[i] in SPACE:
            return
        if text[i] != '"':
            self.fault(offset, f"write {self.attribute}=\"...\", in double quotes")
        self.named(offset)
        self.place, self.begun = "quoted", ""

    def in_quoted(self, text, i, offset):
        if text[i] == '"':
            self.address(offset)
            self.place = "end"
            return
        if self.attribute not in ADDRESSES:
            return
        first = self.begun == ""
        if self.begun != "{}":
            self.begun += text[i]
        if first and text[i] == "/" and self.attribute in TRANSLATED and self.element != "link" and not re.match(r"/(/|\\|assets/|cy(/|\"|\Z))", text[i:]):
            return "path"

    def in_words(self, text, i, offset):
        if text[i:i + 2 + len(self.element)].lower() == "</" + self.element:
            return self.in_content(text, i, offset)

    def in_script(self, text, i, offset):
        if text[i] not in SPACE and not self.in_words(text, i, offset) and self.place == "script":
            self.fault(offset, "a script stands in a file, <script src=...>; the pages' policy forbids it here")

    def leave(self, offset):
        """At the > of a tag."""
        if self.closing or self.element not in ("script", "title", "textarea"):
            self.place = "content"
        else:
            self.place = "script" if self.element == "script" else "words"
        if self.element == "style":
            self.fault(offset, "a style stands in a style sheet; the pages' policy forbids it here")

    def named(self, offset):
        if self.attribute == "style" or self.attribute.startswith("on"):
            self.fault(offset, f"the pages' policy forbids {self.attribute}=")

    def address(self, offset):
        """Checks that the beginning of an address says where it leads."""
        if self.attribute in ADDRESSES and self.begun not in ("", "{}") and not BEGINNING.match(self.begun):
            self.fault(offset, f"an address must begin with /, ?, #, https://, http:// or mailto:, not with '{self.begun}'")

    def boundary(self, offset):
        """Checks that a section does not begin or end within a word of the markup."""
        if self.place in ("attribute", "element"):
            if self.place == "attribute":
                self.named(offset)
            self.place = "end"
        elif self.place == "named":
            self.place = "tag"
        elif self.place in ("open", "equals"):
            self.fault(offset, "a section must not divide a tag here")

    def value(self, offset):
        """The name of how a value is written here (enum template_place)."""
        if self.place in ("content", "words"):
            return "IN_CONTENT" if self.place == "content" else "IN_QUOTES"
        if self.place != "quoted":
            where = {"script": "in a script", "comment": "in a comment", "declaration": "in a declaration", "equals": f"in {self.attribute}= without double quotes"}
            self.fault(offset, f"a value must not stand {where.get(self.place, 'in a tag, outside an attribute in double quotes')}")
        if self.element in FORBIDDEN_ELEMENTS:
            self.fault(offset, f"a value must not stand in a tag <{self.element}>")
        if self.attribute in FORBIDDEN:
            self.fault(offset, f"a value must not stand in {self.attribute}=")
        if self.attribute not in ADDRESSES:
            return "IN_QUOTES"
        self.address(offset)
        if self.begun:
            return "IN_PART"
        self.begun = "{}"
        return "IN_PATH" if self.attribute == "src" or self.element == "link" else "IN_ADDRESS"


# ---- the C ----

def c_string(text):
    out, octets = [], text.encode()
    for i, b in enumerate(octets):
        c = chr(b)
        if c in '"\\':
            out.append("\\" + c)
        elif c == "\n":
            out.append("\\n" + ('"\n    "' if i + 1 < len(octets) else ""))
        elif c == "?":
            out.append("\\?")  # no trigraphs
        elif 32 <= b < 127:
            out.append(c)
        else:
            out.append(f"\\{b:03o}")
    return '"' + "".join(out) + '"'


class Writer:
    def __init__(self, spec=False):
        self.spec, self.names, self.lines = spec, {}, []

    def name(self, path):
        """`name_3, 2`: a dotted name as an array of its parts."""
        parts = [] if path == "." else path.split(".")
        number = self.names.setdefault(path, len(self.names))
        return f"name_{number}, {len(parts)}"

    def template(self, template, number, numbers):
        """`numbers`: the functions of the partials that this template may call."""
        self.at, self.numbers, self.markup = template, numbers, Markup(template)
        self.lines.append(f"static void render_{number}(struct render *r) {{ /* {template.name.replace('*', '')} */")
        self.nodes(template.nodes, "  ")
        self.lines.append("}")
        if not self.spec and self.markup.place != "content":
            raise Fault(template, len(template.source), "the template ends within a tag, a script or a comment")

    def put(self, text, at_line, pad):
        if text:
            self.lines.append(f"{pad}template_put(r, {c_string(text)}, {len(text.encode())}, {'true' if at_line else 'false'});")

    def text(self, node, pad):
        cuts = [] if self.spec else self.markup.feed(node.text, node.offset)
        at = 0
        for cut in cuts:
            self.put(node.text[at:cut], node.at_line and at == 0, pad)
            self.lines.append(f"{pad}template_prefix(r);")
            at = cut
        self.put(node.text[at:], node.at_line and at == 0, pad)

    def place(self, node):
        return "IN_CONTENT" if self.spec else self.markup.value(node.offset)

    def nodes(self, nodes, pad):
        for node in nodes:
            if node.kind == "text":
                self.text(node, pad)
            elif node.kind == "indent":
                self.lines.append(f'{pad}template_put(r, "", 0, true);')
            elif node.kind == "value":
                self.lines.append(f"{pad}template_value(r, {self.name(node.text)}, {self.place(node)});")
            elif node.kind == "raw":
                if not self.spec:
                    raise Fault(self.at, node.offset, "nothing is written unescaped; what is HTML already is given by view_html")
                self.lines.append(f"{pad}template_value(r, {self.name(node.text)}, AS_IT_IS);")
            elif node.kind == "message":
                self.message(node, pad)
            elif node.kind == "partial":
                self.partial(node, pad)
            else:
                self.section(node, pad)

    def message(self, node, pad):
        place, names = self.place(node), sorted(set(MESSAGE.findall(node.text)))
        if place not in ("IN_CONTENT", "IN_QUOTES"):
            raise Fault(self.at, node.offset, "a message must not stand in an address")
        if not node.text or re.search(r"[{}]", MESSAGE.sub("", node.text)):
            raise Fault(self.at, node.offset, "a message holds words and {name}")
        if names:
            rows = ", ".join(f'{{"{name}", {self.name(name)}}}' for name in names)
            self.lines.append(f"{pad}template_message(r, {c_string(node.text)}, (const struct template_named[]){{{rows}}}, {len(names)}, {place});")
        else:
            self.lines.append(f"{pad}template_message(r, {c_string(node.text)}, NULL, 0, {place});")

    def partial(self, node, pad):
        if not self.spec and self.markup.state()[0] != "content":
            raise Fault(self.at, node.offset, "a partial stands in content only")
        if node.text not in self.numbers:
            if not self.spec:
                raise Fault(self.at, node.offset, f"there is no template '{node.text}'")
            return
        indent = node.body if node.body is not None else ""
        self.lines.append(f"{pad}template_partial(r, render_{self.numbers[node.text]}, {c_string(indent)}, {len(indent)}, {'true' if node.body is not None else 'false'});")

    def section(self, node, pad):
        if not self.spec:
            self.markup.boundary(node.offset)
        before = self.markup.state()
        if node.kind == "inverted":
            self.lines.append(f"{pad}if (!template_has(r, {self.name(node.text)})) {{")
            self.nodes(node.body, pad + "  ")
            self.lines.append(pad + "}")
        else:
            frame = f"frame_{len(pad)}"  # do not hide an outer variable
            self.lines.append(f"{pad}{{\n{pad}  struct frame {frame};\n{pad}  for (template_begin(r, &{frame}, {self.name(node.text)}); template_next(r, &{frame});) {{")
            self.nodes(node.body, pad + "    ")
            self.lines.append(f"{pad}  }}\n{pad}}}")
        if self.spec:
            return
        self.markup.boundary(node.offset)
        after = self.markup.state()
        if before != after and not (before[0] == "tag" and after[0] == "end" and before[1] == after[1]):
            raise Fault(self.at, node.offset, f"the section {{{{{'#' if node.kind == 'section' else '^'}{node.text}}}}} must leave the markup as it found it (before: {before[0]}, after: {after[0]})")

    def file(self, symbol, listed):
        out = ['/* Made by script/templates.py. */', '#include "web/template.h"', ""]
        for path, number in self.names.items():
            parts = [] if path == "." else path.split(".")
            rows = ", ".join(f"{{{c_string(p)}, {len(p.encode())}}}" for p in parts)
            out.append(f"static const struct template_name name_{number}[] = {{{rows or '{0, 0}'}}};")
        numbers = sorted({int(n) for n in re.findall(r"^static void render_(\d+)", "\n".join(self.lines), re.M)})
        out += [f"static void render_{number}(struct render *r);" for number in numbers] + self.lines
        out += [f"static const struct template template_{number} = {{{c_string(name)}, render_{number}}};" for name, number in listed]
        out.append(f"extern const struct template *const {symbol}[];")
        out.append(f"const struct template *const {symbol}[] = {{" + "".join(f"&template_{number}, " for _, number in listed) + "0};\n")
        return "\n".join(out)


def read_templates(places):
    """Of files and folders, in order of name."""
    paths = []
    for place in places:
        paths += [os.path.join(place, name) for name in os.listdir(place) if name.endswith(".mustache")] if os.path.isdir(place) else [place]
    found = []
    for path in sorted(paths):
        found.append(Template(os.path.basename(path)[:-len(".mustache")], path, open(path, encoding="utf-8", newline="").read()))
        parse(found[-1])
    return found


def compile_templates(found, symbol):
    writer, numbers = Writer(), {template.name: number for number, template in enumerate(found)}
    for number, template in enumerate(found):
        if numbers[template.name] != number:
            raise Fault(template, 0, f"there is another template '{template.name}'")
    for template in found:
        writer.template(template, numbers[template.name], numbers)
    return writer.file(symbol, list(numbers.items()))


def compile_spec(paths):
    writer, listed, number = Writer(spec=True), [], 0
    for path in paths:
        for test in json.load(open(path, encoding="utf-8"))["tests"]:
            name = os.path.basename(path)[:-len(".json")] + "/" + test["name"]
            listed.append((name, number))
            partials = [Template(p, path, source) for p, source in test.get("partials", {}).items()]
            numbers = {p.name: number + 1 + i for i, p in enumerate(partials)}
            for template in [Template(name, path, test["template"])] + partials:
                parse(template)
                writer.template(template, number, numbers)
                number += 1
    return writer.file("spec_templates", listed)


def print_messages(places):
    for template in read_templates(places):
        for node in messages(template.nodes):
            line = template.source[:node.offset].count("\n") + 1
            print(f'#line {line} "{template.path}"\n/* xgettext:no-c-format{", python-brace-format" if MESSAGE.search(node.text) else ""} */\nSAY({c_string(node.text)})')


def write(path, text):
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def main():
    parser = argparse.ArgumentParser(usage=__doc__, add_help=False)
    parser.add_argument("--messages", action="store_true")
    parser.add_argument("--spec", action="store_true")
    parser.add_argument("--depfile")
    parser.add_argument("--symbol", default="templates")
    parser.add_argument("paths", nargs="+")
    args = parser.parse_intermixed_args()
    if args.messages:
        print_messages(args.paths)
        return
    out, places = args.paths[0], args.paths[1:]
    if args.spec:
        write(out, compile_spec(places))
        return
    found = read_templates(places)
    write(out, compile_templates(found, args.symbol))
    if args.depfile:  # the folder too: adding or removing a template changes it
        write(args.depfile, f"{out}: {' '.join(places + [t.path for t in found])}\n")


if __name__ == "__main__":
    try:
        main()
    except Fault as fault:
        print(fault, file=sys.stderr)
        sys.exit(1)
