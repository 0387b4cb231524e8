import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from controller import __version__

ROOT = Path(__file__).parents[2]
DEBIAN_NAMES = {  # Debian's own names; its libgpiod has another version number than the Python binding in it
    "astral": "python3-astral",
    "gpiod": "python3-libgpiod",
    "gpiozero": "python3-gpiozero",
    "pyserial": "python3-serial",
    "segno": "python3-segno",
    "starlette": "python3-starlette",
    "transitions": "python3-transitions",
    "uvicorn": "python3-uvicorn",
}
INSTALL = {
    "backbutton": (ROOT / "debian/install").read_text(encoding="utf-8"),
    "backbutton-page": (ROOT / "debian/backbutton-page.install").read_text(encoding="utf-8"),
}


def control():
    """Return the paragraphs of debian/control: the source's, then each package's by its name."""
    source, *packages = (ROOT / "debian/control").read_text(encoding="utf-8").strip().split("\n\n")
    return source, {re.match(r"Package: (\S+)", text)[1]: text for text in packages}


def test_packages_require_the_same_versions_as_pyproject():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    source, packages = control()
    lists = {"backbutton": project["dependencies"], "backbutton-page": project["optional-dependencies"]["page"]}
    assert packages.keys() == lists.keys()
    for name, lines in lists.items():
        wanted = {
            DEBIAN_NAMES[project]: version
            for project, version in (re.match(r"(\w+)>=([\d.]+)", line).groups() for line in lines)
        }
        assert dict(re.findall(r"^ +(python3-\w+) \(>= ([\d.]+)\)", packages[name], re.MULTILINE)) == wanted
    assert f"X-Python3-Version: {project['requires-python'].replace('>=', '>= ')}\n" in f"{source}\n"


def test_the_page_requires_the_box_in_the_same_version_and_the_box_does_not_require_the_page():
    packages = control()[1]
    assert "Depends: backbutton (= ${binary:Version})," in packages["backbutton-page"]
    assert "backbutton-page" not in re.search(r"^Depends:.*(?:\n .*)*", packages["backbutton"], re.MULTILINE)[0]


def test_packages_install_every_file_of_systemd_once_and_every_folder_of_modules():
    installed = [word for text in INSTALL.values() for word in text.split()]
    files = [path.relative_to(ROOT) for path in (ROOT / "systemd").rglob("*") if path.is_file()]
    times = {
        str(path): sum(path.match(i) or any(p.match(i) for p in path.parents) for i in installed) for path in files
    }
    assert {path: n for path, n in times.items() if n != 1} == {"systemd/README.md": 0}
    assert {"config", "hardware", "controller"} <= set(INSTALL["backbutton"].split())


def test_each_package_has_the_units_of_its_own():
    for path in sorted((ROOT / "systemd").rglob("*page*")):
        assert path.relative_to(ROOT).match(
            next(w for w in INSTALL["backbutton-page"].split() if path.match(f"*{w}"))
        )


def test_the_page_is_in_its_own_package_only():
    assert "controller/page usr/lib/backbutton/controller\n" in INSTALL["backbutton-page"]
    rules = (ROOT / "debian/rules").read_text(encoding="utf-8")
    assert "\trm -r debian/backbutton/usr/lib/backbutton/controller/page\n" in rules


def test_without_its_package_the_page_says_in_one_sentence_what_to_install(tmp_path):
    for name in ("config", "controller", "hardware"):
        left_out = shutil.ignore_patterns("__pycache__", *(["page"] if name == "controller" else []))
        shutil.copytree(ROOT / name, tmp_path / name, ignore=left_out)
    command = [sys.executable, "-S", "-m", "controller.cli", "page"]  # without what else is installed, like ourselves
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    package = f"./dist/backbutton-page_{__version__}_all.deb"
    sentence = f"the page is a package of its own, which is not installed; run: sudo apt install {package}"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"backbutton: {sentence}\n")


def test_command_of_the_package_is_isolated_and_finds_its_own_folder():
    command = (ROOT / "debian/bin/backbutton").read_text(encoding="utf-8")
    assert command.startswith("#!/usr/bin/python3 -I\n")
    assert 'FOLDER = "/usr/lib/backbutton"' in command
    assert "usr/lib/backbutton" in (ROOT / "debian/install").read_text(encoding="utf-8").splitlines()[0].split()[-1]


def test_scripts_of_the_package_delete_only_what_the_units_keep_there():
    postrm = (ROOT / "debian/postrm").read_text(encoding="utf-8")
    assert re.findall(r"rm -rf (.*)", postrm) == ["/var/lib/backbutton /run/backbutton"]
