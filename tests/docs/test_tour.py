"""The pictures of the tour are those that careerkit shows, and need nothing from anywhere."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

DOCS = Path(__file__).parents[2] / "docs"
sys.path.append(str(DOCS))  # its makers are scripts beside the pages
import make_tour  # noqa: E402

KEPT = {path.name: path.read_text(encoding="utf-8") for path in (DOCS / "tour").glob("*.svg")}
PAGES = [(DOCS / "tour.md"), (DOCS.parent / "README.md")]


def test_the_kept_pictures_are_those_of_a_passage_now():
    taken = make_tour.pictures()

    assert list(taken) == [f"{name}.svg" for name in make_tour.ALT_TEXTS]
    changed = sorted(name for name in {*taken, *KEPT} if taken.get(name) != KEPT.get(name))
    assert not changed, f"other than careerkit shows them now: {', '.join(changed)}. `make tour` takes them anew"


@pytest.mark.parametrize("name", KEPT)
def test_a_picture_fetches_nothing_and_says_in_words_what_is_to_be_seen(name):
    picture = ET.fromstring(KEPT[name])
    title = picture.find("{http://www.w3.org/2000/svg}title")

    assert not re.search(r"href|url\(|@import|@font-face|<script|<style", KEPT[name])
    assert picture.get("role") == "img"
    assert picture.get("aria-labelledby") == title.get("id")
    assert title.text == make_tour.ALT_TEXTS[name.removesuffix(".svg")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_shows_only_pictures_that_are_there_and_says_what_is_to_be_seen(page):
    shown = re.findall(r"!\[(.*?)\]\((\S+?\.svg)\)", page.read_text(encoding="utf-8"), re.DOTALL)

    assert shown
    for told, link in shown:
        name = Path(link).stem
        assert (page.parent / link).is_file()
        assert " ".join(told.split()) == make_tour.ALT_TEXTS[name]


def test_the_tour_shows_every_picture_in_its_order():
    links = re.findall(r"\((?:tour/)(\S+)\.svg\)", PAGES[0].read_text(encoding="utf-8"))

    assert links == list(make_tour.ALT_TEXTS)
