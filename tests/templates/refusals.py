#!/usr/bin/env python3
"""Templates that must not compile, and where the compiler reports the error: refusals.py TEMPLATES.py"""
import os
import subprocess
import sys
import tempfile

# A template, then LINE:COLUMN of the complaint and a word of it; None: it compiles.
CASES = [
    ("<p>{{x}}</p>", None),
    ('<p title="{{x}}"{{#on}} hidden{{/on}} class="a{{#b}} b{{/b}}">', None),
    ('<a href="/x/{{y}}?z={{z}}">', None),
    ('<a href="{{x}}{{#q}}?q={{q}}{{/q}}">', None),
    ('<a href="{{#x}}/x{{/x}}{{^x}}/y{{/x}}">', "1:10: the section"),
    ("<p>{{{x}}}</p>", "1:4: nothing is written unescaped"),
    ("\n <p>{{&x}}</p>", "2:5: nothing is written unescaped"),
    ("<{{x}}>", "1:2: "),
    ("<p {{x}}>", "1:4: a value must not stand in a tag"),
    ("<p {{x}}=\"a\">", "1:4: a value"),
    ("<p title={{x}}>", "1:10: a value must not stand in title= without double quotes"),
    ("<p title='{{x}}'>", "1:10: write title="),
    ("<p title=a>", "1:10: write title="),
    ('<p style="color:{{x}}">', "1:10: the pages' policy forbids style="),
    ('<p onclick="go()">', "1:12: the pages' policy forbids onclick="),
    ('<p {{#a}}on{{/a}}click="{{x}}">', "1:4: the pages' policy forbids on="),
    ("<p OnClick>", "1:11: the pages' policy forbids onclick="),
    ('<p {{#a}}sr{{/a}}c="{{x}}">', "1:18: a space must stand"),
    ('<p {{#a}}sr{{/a}}{{#b}}c="{{x}}"{{/b}}>', "1:24: a space must stand"),
    ('<p {{#a}}title="{{/a}}{{x}}">', "1:4: the section {{#a}} must leave the markup as it found it"),
    ("{{#a}}<script>{{/a}}", "1:1: the section"),
    ("<script>let a = 1</script>", "1:9: a script stands in a file"),
    ("<script>{{x}}</script>", "1:9: a value must not stand in a script"),
    ('<script src="{{x}}" defer></script>', None),
    ("<style>p{}</style>", "1:7: a style stands in a style sheet"),
    ("<style media=\"{{x}}\">", "1:15: a value must not stand in a tag <style>"),
    ("<!-- {{x}} -->", "1:6: a value must not stand in a comment"),
    ("<!DOCTYPE {{x}}>", "1:11: a value must not stand in a declaration"),
    ('<meta http-equiv="refresh" content="{{x}}">', "1:37: a value must not stand in a tag <meta>"),
    ('<base href="{{x}}">', "1:13: a value must not stand in a tag <base>"),
    ('<iframe src="{{x}}">', "1:14: a value must not stand in a tag <iframe>"),
    ('<img srcset="{{x}}">', "1:14: a value must not stand in srcset="),
    ('<a href="java{{x}}">', "1:14: an address must begin with"),
    ('<a href="javascript:go()">', "1:25: an address must begin with"),
    ('<a href="//{{x}}">', "1:12: an address must begin with"),
    ('<a href="{{_ Words}}">', "1:10: a message must not stand in an address"),
    ("{{_ Words {x}}}", None),
    ("{{_ Words { x }}}", "1:1: a message holds words and {name}"),
    ("{{_ Words", "1:1: this message is not closed"),
    ("{{x", "1:1: this tag is not closed"),
    ("{{x y}}", "1:1: 'x y' is not a name"),
    ("{{}}", "1:1: '' is not a name"),
    ("{{#a}}", "1:1: {{#a}} is not closed"),
    ("a\n{{/a}}", "2:1: {{/a}} closes nothing"),
    ("{{#a}}{{/b}}", "1:7: {{/b}} stands where {{/a}} should"),
    ("{{>nothing}}", "1:1: there is no template 'nothing'"),
    ('<p title="{{>t}}">', "1:11: a partial stands in content only"),
    ("<p", "1:3: the template ends within a tag"),
    ("a < b", "1:4: an element's name must follow <"),
    ("<textarea>{{x}}</textarea><p>{{x}}</p>", None),
    ("<textarea>{{>t}}</textarea>", "1:11: a partial stands in content only"),
]

failed = 0
for source, expected in CASES:
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "t.mustache")
        open(path, "w").write(source)
        ran = subprocess.run([sys.executable, sys.argv[1], os.path.join(folder, "out.c"), folder], capture_output=True, text=True)
    right = ran.returncode == 0 and not ran.stderr if expected is None else ran.returncode == 1 and ran.stderr.startswith(f"{path}:{expected}")
    if not right:
        failed += 1
        print(f"{source!r}: expected {expected or 'that it compiles'}, found {ran.stderr.strip() or 'that it compiles'}")
print(f"{len(CASES)} templates, {failed} wrong")
sys.exit(1 if failed else 0)
