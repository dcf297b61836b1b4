"""A page as a tree, read as strictly as the tests need: every element is closed, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID_ELEMENTS = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"))


@dataclass
class Node:
    tag: str
    attributes: dict[str, str]
    parent: Node | None = None
    children: list[Node | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(each if isinstance(each, str) else each.text for each in self.children)

    def walk(self) -> Iterator[Node]:
        """The element, and all elements in it, in order."""
        yield self
        for each in self.children:
            if isinstance(each, Node):
                yield from each.walk()

    def find_all(self, tag: str, class_: str = "") -> list[Node]:
        return [
            each
            for each in self.walk()
            if tag in ("", each.tag) and (not class_ or class_ in each.attributes.get("class", "").split())
        ]

    def find(self, tag: str, class_: str = "") -> Node:
        (found,) = self.find_all(tag, class_)
        return found

    def ancestors(self) -> Iterator[Node]:
        """The element itself, then those around it."""
        node: Node | None = self
        while node is not None:
            yield node
            node = node.parent


def parse_page(text: str) -> Node:
    """The root of the page. Fails if an element isn't closed, or another one is closed."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert reader.current is reader.root, f"<{reader.current.tag}> is not closed"
    return reader.root


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", {})
        self.current = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice"
        node = Node(tag, {name: value or "" for name, value in attrs}, self.current)
        self.current.children.append(node)
        if tag not in VOID_ELEMENTS:
            self.current = node

    def handle_endtag(self, tag: str) -> None:
        assert self.current.tag == tag, f"</{tag}> closes <{self.current.tag}>"
        assert self.current.parent is not None
        self.current = self.current.parent

    def handle_data(self, data: str) -> None:
        self.current.children.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")
