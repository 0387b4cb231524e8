"""The source distribution: what runs, and no fragment of the tests."""

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUILD = "from setuptools.build_meta import build_sdist; build_sdist('dist')"


def test_it_has_the_packages_and_no_tests(tmp_path):
    pytest.importorskip("setuptools", minversion="77", reason="pip builds with a newer one of its own")
    for name in ("config", "hardware", "controller", "tests"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "rig"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "MANIFEST.in"):
        shutil.copy(ROOT / name, tmp_path / name)
    subprocess.run([sys.executable, "-c", BUILD], cwd=tmp_path, check=True, capture_output=True, text=True)
    (archive,) = (tmp_path / "dist").iterdir()
    with tarfile.open(archive) as sdist:
        names = [name.partition("/")[2] for name in sdist.getnames()]
    assert {"controller/cli/__main__.py", "config/cameras/canon-e3.toml", "README.md"} <= set(names)
    assert [name for name in names if name.startswith("tests")] == []
