"""The HTML report in Chromium, without network or scripts: nothing is reported, nothing has to be scrolled sideways, and axe-core finds nothing.

A share of the cases by default, all of them with CAREERKIT_LONG=1. The last tests break a report on purpose.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
from pathlib import Path

import pytest
from browser import A4_INCHES, LETTER_INCHES, Browser, open_browser
from report_samples import LATER, build_full, build_living, plan_case, render, share_case

from faults.hostile_samples import HOSTILE_TEXT
from long_run import take_share
from playbook_cases import Case, list_bundled_ids, list_cases

NARROW, USUAL = 360, 800
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
AXE = CACHE / "careerkit-tests/node_modules/axe-core/axe.min.js"
"""Where `.ci/run` installs axe-core."""
LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänsmützenknopfloch" * 3


def choose_cases():
    """A case of every playbook, and a share of the others."""
    cases = list_cases()
    firsts = [next(each for each in cases if each.playbook_id == name) for name in list_bundled_ids()]
    rest = [each for each in cases if each not in firsts]
    return [*firsts, *take_share(rest, one_in=20)]


CASES = {str(each): each for each in choose_cases()}
SAMPLES = {
    **{name: lambda case=case: render(plan_case(case)) for name, case in CASES.items()},
    "living": lambda: render(build_living(), now=LATER),
    "everything": lambda: render(build_full("A few words that a person wrote", people=30), now=LATER),
    "hostile": lambda: render(build_full(HOSTILE_TEXT), now=LATER),
    "long-words": lambda: render(build_full(LONG_WORD), now=LATER),
    "right-to-left": lambda: render(build_full("אני אדבר איתה מחר, לפני 10:00 (בטלפון)"), now=LATER),
    "for-others": lambda: render(share_case(next(iter(CASES.values()))), for_others=True),
}


@pytest.fixture(scope="module")
def started():
    """The browser, once it was started."""
    with contextlib.ExitStack() as running:
        yield running, []


@pytest.fixture
def browser(started, need_tool) -> Browser:
    running, browsers = started
    if not browsers:
        browsers.append(running.enter_context(open_browser(need_tool("chromium"))))
    return browsers[0]


@pytest.fixture
def axe(do_without) -> str:
    if not AXE.exists():
        do_without(f"axe-core is not installed: npm install --prefix {AXE.parents[2]} axe-core")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture
def write_page(tmp_path):
    def write(text: str) -> Path:
        page = tmp_path / "report.html"
        page.write_text(text, encoding="utf-8")
        return page

    return write


@pytest.mark.parametrize("name", SAMPLES)
def test_a_report_is_quiet_and_fits_a_phone(name, browser, write_page):
    page = write_page(SAMPLES[name]())
    for scheme in ("light", "dark"):
        browser.load(page, width=NARROW, scheme=scheme)
        assert browser.messages == []
        assert {url for url in browser.requests if not url.startswith("data:")} == {page.as_uri()}
    browser.unfold()
    assert browser.find_overflow() == []


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_core_finds_nothing(name, scheme, browser, axe, write_page):
    browser.load(write_page(SAMPLES[name]()), width=USUAL, scheme=scheme, with_scripts=True)
    assert browser.messages == [], "no script is refused, because there is none"
    browser.unfold()
    assert browser.run_axe(axe) == []


def test_a_click_selects_a_draft_as_it_was_written(browser, write_page):
    planned = plan_case(Case("path/choose", "acting-head"))
    browser.load(write_page(render(planned)), width=USUAL)
    browser.click("blockquote")
    assert browser.evaluate("getSelection().toString()") == planned.entry.outcome.drafts[0].text

    browser.click("details.draft > summary")
    browser.click("details.draft blockquote")
    assert browser.evaluate("getSelection().toString()") == planned.entry.outcome.drafts[1].text


@pytest.mark.parametrize("paper", [A4_INCHES, LETTER_INCHES], ids=["A4", "Letter"])
def test_a_report_prints_on_few_pages_with_what_is_folded(paper, browser, write_page, need_tool, tmp_path):
    planned = plan_case(Case("crisis/start", "li"))
    browser.load(write_page(render(planned)), width=USUAL, scheme="dark")
    pdf = tmp_path / "report.pdf"
    pdf.write_bytes(browser.print_to_pdf(paper))

    command = [need_tool("pdftotext"), "-layout", pdf, "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    words = " ".join(text.split())

    assert text.count("\f") <= 2
    assert all(each.title in words for each in planned.entry.outcome.drafts)
    assert "Thank you for your time today." in words, "a draft that is folded on the screen"
    assert "Who must hear it from you first? My manager" in words, "a reason"
    assert "Xiangyang career counsellors" in words, "a source"
    assert "Click a draft" not in words


def test_a_printed_page_is_black_on_white_also_on_a_dark_screen(browser, write_page):
    browser.load(write_page(render(build_full())), width=USUAL, scheme="dark")
    assert browser.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 25, 28)"
    browser.emulate_print(scheme="dark")
    assert browser.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


# ------------------------------------------------------------ the checks find what they are for


def inject(into: str, *, before: str, what: str) -> str:
    assert before in into
    return into.replace(before, what + before, 1)


def test_a_script_is_refused_and_reported(browser, write_page):
    text = inject(render(build_full()), before="</body>", what="<script>document.title = 'run'</script>")
    browser.load(write_page(text), width=NARROW, with_scripts=True)

    assert any("Content Security Policy" in each for each in browser.messages)
    assert browser.evaluate("document.title") != "run"


@pytest.mark.parametrize(
    "what",
    [
        "<img src='https://example.org/x.png' alt=''>",
        "<p style='color: red'>words</p>",
        "<link rel=stylesheet href='x.css'>",
    ],
)
def test_what_would_be_loaded_or_styled_is_refused_and_reported(what, browser, write_page):
    browser.load(write_page(inject(render(build_full()), before="</body>", what=what)), width=NARROW)

    assert browser.messages


def test_a_wide_element_is_found(browser, write_page):
    wide = '<svg width="500" height="5" aria-hidden="true"></svg>'
    browser.load(write_page(inject(render(build_full()), before="</main>", what=wide)), width=NARROW)

    assert "the page scrolls" in browser.find_overflow()


@pytest.mark.parametrize(
    ("rule", "left_out"),
    [
        ("svg-img-alt", r"<title id=.*?</title>"),
        ("document-title", r"<title>.*?</title>"),
        ("html-has-lang", r'(?<=<html) lang="en"'),
    ],
)
def test_axe_core_finds_what_is_missing(rule, left_out, browser, axe, write_page):
    text, count = re.subn(left_out, "", render(build_full()))
    browser.load(write_page(text), width=USUAL, with_scripts=True)
    browser.unfold()

    assert count
    assert rule in {each.partition(":")[0] for each in browser.run_axe(axe)}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_core_finds_low_contrast(scheme, browser, axe, write_page, monkeypatch):
    from careerkit.export import html_page

    pale = html_page.STYLES.replace("--quiet: #56616a", "--quiet: #c0c0c0").replace(
        "--quiet: #a9b4bc", "--quiet: #404040"
    )
    monkeypatch.setattr(html_page, "STYLES", pale)
    browser.load(write_page(render(build_full())), width=USUAL, scheme=scheme, with_scripts=True)

    assert "color-contrast" in {each.partition(":")[0] for each in browser.run_axe(axe)}
