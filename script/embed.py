#!/usr/bin/env python3
"""Compile files into the program: embed.py OUT.c SYMBOL FILE...

OUT.c defines `const struct embedded_file SYMBOL[]`, ended by a null name; names are the files' base names (base/embedded.h)."""
import os, sys

out, symbol, files = sys.argv[1], sys.argv[2], sys.argv[3:]
with open(out, "w") as f:
    f.write('#include "base/embedded.h"\n')
    for i, path in enumerate(files):
        data = open(path, "rb").read()
        f.write(f"static const unsigned char file_{i}[] = {{")
        f.write(",".join(str(b) for b in data + b"\0"))
        f.write("};\n")
    f.write(f"const struct embedded_file {symbol}[] = {{\n")
    for i, path in enumerate(files):
        f.write(f'  {{"{os.path.basename(path)}", (const char *)file_{i}, sizeof file_{i} - 1}},\n')
    f.write("  {0, 0, 0}};\n")
