"""What is installed from a wheel works in an empty folder, with no checkout around."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from support import SEEDS, Database

from pfocr_db import __version__, schema
from pfocr_db.settings import DATABASE_VARIABLE

ROOT = Path(__file__).parent.parent
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([*PIP, "wheel", "--no-deps", "--wheel-dir", folder, ROOT], check=True)
    (built,) = folder.iterdir()
    return built


@dataclass(frozen=True)
class Installed:
    """An environment of its own, and an empty folder to work in."""

    environment: Path
    folder: Path

    def run(self, program: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
        kept = {key: value for key, value in os.environ.items() if key not in (DATABASE_VARIABLE, "PYTHONPATH")}
        command = [self.environment / "bin" / program, *words]
        return subprocess.run(command, cwd=self.folder, env=kept, capture_output=True, text=True, check=False)


@pytest.fixture
def installed(wheel: Path, tmp_path: Path) -> Installed:
    """The dependencies are those of the tests; pfocr-db itself comes from the wheel."""
    environment, folder = tmp_path / "environment", tmp_path / "empty"
    folder.mkdir()
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    python = environment / "bin" / "python"
    subprocess.run([*PIP, "--python", python, "install", "--no-deps", "--no-index", wheel], check=True)
    (site,) = environment.glob("lib/python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return Installed(environment, folder)


def test_the_installed_program_works_in_an_empty_folder(installed: Installed) -> None:
    code = "import pfocr_db.migrate; print(pfocr_db.__file__, pfocr_db.migrate.scripts())"
    places = [Path(place) for place in installed.run("python", "-c", code).stdout.split()]
    assert len(places) == 2
    assert all(place.is_relative_to(installed.environment) for place in places)
    loaded = installed.run("pfocr-db", "load", SEEDS)
    assert (loaded.returncode, loaded.stderr) == (0, "")
    assert "5 figures" in loaded.stdout
    status = installed.run("pfocr-db", "db", "status")
    assert (status.returncode, status.stderr) == (0, "")
    assert "current" in status.stdout
    upgraded = installed.run("pfocr-db", "db", "upgrade")
    assert (upgraded.returncode, upgraded.stderr) == (0, "")
    assert "nothing to do" in upgraded.stdout
    checked = installed.run("python", "-m", "pfocr_db", "db", "check")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert [each.name for each in installed.folder.iterdir()] == ["pfocr.db"]
    assert Database(str(installed.folder / "pfocr.db")).count(schema.gene_mentions) == 198


def test_the_wheel_has_the_package_and_its_migrations_and_nothing_else(wheel: Path) -> None:
    assert wheel.name == f"pfocr_db-{__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    inside = {name for name in names if ".dist-info/" not in name}
    expected = {*sources("pfocr_db"), *(f"pfocr_db/{name}" for name in sources("migrations"))}
    assert inside == expected
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def sources(folder: str) -> Iterator[str]:
    for file in sorted((ROOT / folder).rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            yield str(file.relative_to(ROOT))
