"""What is built is what is shipped: the wheel and the sdist hold the playbooks and run."""

import os
import subprocess
import sys
import tarfile
import zipfile

import pytest

from playbook_cases import REPOSITORY, list_bundled_ids


def build(source, kind, target):
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(target)],
        cwd=source,
        check=True,
        capture_output=True,
    )
    return next(target.glob("*.whl" if kind == "wheel" else "*.tar.gz"))


def unpack_wheel(wheel, target):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


@pytest.fixture(scope="module")
def from_wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    return unpack_wheel(build(REPOSITORY, "wheel", folder), folder / "unpacked")


@pytest.fixture(scope="module")
def from_sdist(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(build(REPOSITORY, "sdist", folder)) as archive:
        archive.extractall(folder, filter="data")
    source = next(path for path in folder.iterdir() if path.is_dir())
    return unpack_wheel(build(source, "wheel", folder / "built"), folder / "unpacked")


@pytest.mark.parametrize("built", ["from_wheel", "from_sdist"])
def test_what_is_built_has_all_playbooks_and_runs_without_the_checkout(built, request, home):
    folder = request.getfixturevalue(built)
    env = {**home.env, "PYTHONPATH": str(folder)}
    say = "import careerkit, sys; sys.stderr.write(careerkit.__file__)"
    assert subprocess.run(
        [sys.executable, "-c", say], env=env, capture_output=True, cwd=home.folder
    ).stderr.decode() == os.fspath(folder / "careerkit" / "__init__.py")
    ended = home.run_process("playbook", "list", "--json", env={"PYTHONPATH": str(folder)})
    assert ended.code == 0
    assert [each["id"] for each in ended.json["playbooks"]] == list_bundled_ids()


def test_the_wheel_is_typed_and_licensed_and_holds_nothing_else(from_wheel):
    names = {path.relative_to(from_wheel).parts[0].split("-")[0] for path in from_wheel.rglob("*") if path.is_file()}
    assert names == {"careerkit"}
    assert (from_wheel / "careerkit" / "py.typed").exists()
    checked = [path.name for path in (from_wheel / "careerkit" / "checked").iterdir()]
    assert len([name for name in checked if "-clean-" in name]) == len(checked) / 2 == len(list_bundled_ids())
    assert list(from_wheel.glob("*.dist-info/licenses/LICENSE"))
