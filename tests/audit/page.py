#!/usr/bin/env python3
"""Reads an HTML report as a browser would and says what it holds; a fault ends with code 1.

    page.py PAGE.html
"""

import html.parser
import pathlib
import sys

VOID = {"meta", "line", "circle", "rect", "path", "br", "img"}
OPTIONAL = {"td", "th", "tr", "li", "dt", "dd", "p"}  # whose end HTML lets go without saying
FORBIDDEN = {"script", "img", "iframe", "link", "object", "embed", "base", "form"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.faults, self.ids, self.links, self.counts, self.csp = [], [], set(), set(), {}, False

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.counts[tag] = self.counts.get(tag, 0) + 1
        self.faults += [f"<{tag}>"] if tag in FORBIDDEN else []
        self.faults += [f"{name} in <{tag}>" for name in given if name.startswith("on")]
        self.csp |= "default-src 'none'" in (given.get("content") or "")
        if "id" in given:
            self.faults += [f"id {given['id']} twice"] if given["id"] in self.ids else []
            self.ids.add(given["id"])
        link = given.get("href")
        if link is not None:
            self.faults += [] if link.startswith("#") else [f"link to {link}"]
            self.links.add(link[1:])
        if tag == "svg" and not given.get("aria-label"):
            self.faults.append("a picture without a label")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        while self.open and self.open[-1] != tag and self.open[-1] in OPTIONAL:
            self.open.pop()
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> does not end what is open, line {self.getpos()[0]}")


def main():
    data = pathlib.Path(sys.argv[1]).read_bytes()
    text = data.decode()  # UTF-8, or a fault
    page = Page()
    page.feed(text)
    page.close()
    faults = page.faults + [f"<{tag}> is not closed" for tag in page.open if tag not in OPTIONAL]
    faults += [f"no target for #{link}" for link in sorted(page.links - page.ids)]
    faults += [] if page.csp else ["no content security policy"]
    faults += [] if "prefers-color-scheme:dark" in text else ["no dark colours"]
    faults += ["a number that is none"] if "nan" in text.split("</style>")[1].replace("anan", "").split() else []
    counts = ", ".join(f"{page.counts.get(tag, 0)} {tag}" for tag in ("section", "tr", "svg"))
    print(f"{counts}; {'under' if len(data) < 5_000_000 else 'over'} 5 MB")
    for fault in faults[:20]:
        print("fault:", fault)
    sys.exit(bool(faults))


main()
