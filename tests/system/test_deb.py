import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
DEBIAN_NAMES = {  # Debian's own names; its libgpiod has another version number than the Python binding in it
    "astral": "python3-astral",
    "gpiod": "python3-libgpiod",
    "gpiozero": "python3-gpiozero",
    "pyserial": "python3-serial",
    "transitions": "python3-transitions",
}


def test_package_requires_the_same_versions_as_pyproject():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {
        DEBIAN_NAMES[name]: version
        for name, version in (re.match(r"(\w+)>=([\d.]+)", line).groups() for line in project["dependencies"])
    }
    control = (ROOT / "debian/control").read_text(encoding="utf-8")
    assert dict(re.findall(r"^ +(python3-\w+) \(>= ([\d.]+)\)", control, re.MULTILINE)) == wanted
    assert f"X-Python3-Version: {project['requires-python'].replace('>=', '>= ')}\n" in control


def test_package_installs_every_file_of_systemd_and_every_folder_of_modules():
    installed = (ROOT / "debian/install").read_text(encoding="utf-8").split()
    files = [path.relative_to(ROOT) for path in (ROOT / "systemd").rglob("*") if path.is_file()]
    whole = {path: (path, *path.parents) for path in files}  # a folder is installed with what is in it
    missing = [str(p) for p, parts in whole.items() if not any(part.match(i) for i in installed for part in parts)]
    assert missing == ["systemd/README.md"]
    assert {"config", "hardware", "controller"} <= set(installed)


def test_command_of_the_package_is_isolated_and_finds_its_own_folder():
    command = (ROOT / "debian/bin/backbutton").read_text(encoding="utf-8")
    assert command.startswith("#!/usr/bin/python3 -I\n")
    assert 'FOLDER = "/usr/lib/backbutton"' in command
    assert "usr/lib/backbutton" in (ROOT / "debian/install").read_text(encoding="utf-8").splitlines()[0].split()[-1]


def test_scripts_of_the_package_delete_only_what_the_units_keep_there():
    postrm = (ROOT / "debian/postrm").read_text(encoding="utf-8")
    assert re.findall(r"rm -rf (.*)", postrm) == ["/var/lib/backbutton /run/backbutton"]
