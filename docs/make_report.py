"""Make the pictures of docs/exports.md: the report in Chromium, and as pages of paper. `make report-pictures` runs it.

Needs chromium, and pdftoppm of poppler-utils.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
sys.path += [str(REPOSITORY / "tests"), str(REPOSITORY / "tests/export")]

from browser import A4_INCHES, LETTER_INCHES, Browser, open_browser  # noqa: E402 - the path is set above
from report_samples import LATER, build_living, plan_case, render  # noqa: E402 - likewise

from playbook_cases import Case  # noqa: E402 - likewise

PICTURES = REPOSITORY / "docs/report"
DOTS_PER_INCH = 70
SCALE = 0.65
"""Of the whole pages, to keep the files small."""
PHONE_HEIGHT = 900


def main() -> None:
    """Write the pictures."""
    chromium, pdftoppm = find_tool("chromium"), find_tool("pdftoppm")
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, open_browser(chromium) as browser:
        living = Path(folder) / "living.html"
        living.write_text(render(build_living(), now=LATER), encoding="utf-8")
        decision = Path(folder) / "decision.html"
        decision.write_text(render(plan_case(Case("path/choose", "drained"))), encoding="utf-8")
        crisis = Path(folder) / "crisis.html"
        crisis.write_text(render(plan_case(Case("crisis/start", "li"))), encoding="utf-8")
        browser.load(living, width=800, scheme="light")
        (PICTURES / "light.png").write_bytes(browser.take_screenshot(scale=SCALE))
        browser.load(decision, width=800, scheme="dark")
        (PICTURES / "dark.png").write_bytes(browser.take_screenshot(scale=SCALE))
        browser.load(crisis, width=360, scheme="light")
        (PICTURES / "phone.png").write_bytes(browser.take_screenshot(max_height=PHONE_HEIGHT))
        print_pages(browser, pdftoppm, PICTURES / "a4", A4_INCHES, pages=2)
        print_pages(browser, pdftoppm, PICTURES / "letter", LETTER_INCHES, pages=1)


def print_pages(browser: Browser, pdftoppm: str, target: Path, paper: tuple[float, float], *, pages: int) -> None:
    """Write the first pages of what is printed as `target`-1.png and so on."""
    document = browser.print_to_pdf(paper)
    options = ["-r", str(DOTS_PER_INCH), "-png", "-l", str(pages), "-", str(target)]
    subprocess.run([pdftoppm, *options], input=document, check=True)  # noqa: S603 - a fixed program


def find_tool(name: str) -> str:
    """The path of a program. Ends the script if it is missing."""
    found = shutil.which(name)
    if found is None:
        sys.exit(f"{name} is not installed.")
    return found


if __name__ == "__main__":
    main()
