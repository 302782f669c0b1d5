#include "rules/page.h"

static const char page_style[] =
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color:#1a1a1a}\n"
    "details,p.parameter{margin:.25rem 0 .25rem .5rem;padding-left:.75rem;"
    "border-left:2px solid #b8c4ce}\n"
    "summary{cursor:pointer}\n"
    "pre{background:#f3f5f7;padding:.5rem;overflow-x:auto;white-space:pre-wrap}\n"
    "small{color:#4a5560}\n"
    "figure{margin:0 0 2rem}\n"
    "figcaption,caption{font-weight:600;text-align:left}\n"
    "svg{width:100%;height:auto}\n"
    ".line{stroke:#d5dce2;fill:none}\n"
    ".curve{stroke:#0b5cad;stroke-width:2;fill:none}\n"
    "text{font-size:12px;fill:#3c4650}\n"
    ".up{text-anchor:end}\n"
    ".across{text-anchor:middle}\n"
    "table{border-collapse:collapse;width:100%}\n"
    "td,th{text-align:right;padding:.2rem .5rem;border-bottom:1px solid #d5dce2;"
    "font-variant-numeric:tabular-nums}\n";

void rules_page_begin(struct text *out, const char *title, const char *heading) {
  text_add(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
  text_add_html(out, span_of(title));
  text_addf(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n<main>\n<h1>", page_style);
  text_add_html(out, span_of(heading));
  text_add(out, "</h1>\n");
}

void rules_page_end(struct text *out) { text_add(out, "</main>\n</body>\n</html>\n"); }
