"""A text as C has it: what script/fold-table, script/help.py and script/personal write their tables with."""


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
