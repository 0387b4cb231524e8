"""Writes the bash completion of `backbutton` from the table of its commands and options, and the list of cameras.

What stands in the script is known when the package is built, so that Tab starts no Python: on a small Pi that would
take a second. The box's own profiles are found by their files.
"""

import re
import textwrap
from collections.abc import Iterable, Iterator

from config.cameras import profile_ids
from config.model_search import find_model
from config.models import Model, all_models
from config.presets import BUILT_IN, FOLDER
from config.schema import FIELDS
from controller.cli.options import CONFIG
from docs.command_line import Command, Option, commands

_WIDTH = 118
_INDENT = 8 * " "
# What completes a value, by its placeholder: functions of the script.
VALUES = {
    "FILE": "_backbutton_files -f",
    "DIR": "_backbutton_files -d",
    "DEVICE": "_backbutton_files -f",
    "CAMERA": "_backbutton_cameras",
    "NAME": "_backbutton_cameras",
    "PRESET": "_backbutton_presets",
    "KEY=VALUE": "_backbutton_keys",
    # Numbers, and what only its owner knows.
    **dict.fromkeys(("BAUD", "DATE", "HOST", "N", "PORT", "RUN", "TIME"), ""),
}
_SCRIPT = r"""# bash completion for backbutton, generated from the code by `make docs`: change the code, not this file

_backbutton_starting() { # the words in $2 ... that start with $1, in any case
    local start=${1,,} each
    shift
    for each; do
        [[ ${each,,} != "$start"* ]] || COMPREPLY+=("$each")
    done
}

_backbutton_stems() { # adds the names of the .toml files in folder $1 to the array $2
    local -n stems=$2
    local file
    for file in "$1"/*.toml; do
        [[ ! -e $file ]] || { file=${file##*/} stems+=("${file%.toml}"); }
    done
}

_backbutton_cameras() {
    local ids=(
@IDS@
    )
    local names=(
@NAMES@
    )
    _backbutton_stems @OWN_CAMERAS@ ids
    [[ -n $word ]] || names=() # too many to list
    _backbutton_starting "$word" "${ids[@]}" "${names[@]}"
}

_backbutton_presets() {
    local presets=(@PRESETS@)
    _backbutton_stems @OWN_PRESETS@ presets
    _backbutton_starting "$word" "${presets[@]}"
}

_backbutton_keys() {
    local keys=(
@KEYS@
    )
    _backbutton_starting "$word" "${keys[@]}"
    COMPREPLY=("${COMPREPLY[@]/%/=}")
    compopt -o nospace 2>/dev/null
}

_backbutton_files() {
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen "$1" -- "$word")
}

_backbutton() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command= options= assigned= each
    COMPREPLY=()
    if [[ $word == "=" ]]; then # after --body= bash takes the = for a word of its own
        word= assigned=yes
    elif [[ $before == "=" ]]; then
        before=${COMP_WORDS[COMP_CWORD - 2]} assigned=yes
    fi
    for each in "${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
        [[ $each == -* ]] || { command=$each && break; }
    done
    case $command in
@CASES@
    *) return ;;
    esac
    [[ -n $assigned ]] || _backbutton_starting "$word" $options --help
}

complete -F _backbutton backbutton
"""


def bash_completion() -> str:
    """Return the script."""
    every = tuple(commands())
    names = " ".join(command.name for command in every)
    parts = {
        "@OWN_CAMERAS@": str(CONFIG.with_name("cameras")),
        "@OWN_PRESETS@": f"/var/lib/backbutton/{FOLDER}",
        "@PRESETS@": " ".join(BUILT_IN),
        "@IDS@": _listed(profile_ids()),
        "@NAMES@": _listed(camera_words()),
        "@KEYS@": _listed(FIELDS),
        "@CASES@": "\n".join((f'    "") options="{names} --version" ;;', *(_case(command) for command in every))),
    }
    script = _SCRIPT
    for mark, part in parts.items():
        script = script.replace(mark, part)
    return script


def camera_words() -> tuple[str, ...]:
    """Return a word for each name of each body: what is printed on it, with dashes for blanks.

    The lookup ignores dashes and case. A name that several bodies share has its brand before it.
    """
    words: dict[str, str] = {}
    for model in all_models():
        for name in (model.name, *model.aliases):
            word = next(filter(None, (_word(text, model) for text in (name, f"{model.brand} {name}"))), "")
            words.setdefault(word.replace("-", "").lower(), word)
    return tuple(sorted(filter(None, words.values()), key=str.lower))


def _word(name: str, model: Model) -> str:
    """Return the name as one word, or an empty string if it is not that of this body alone."""
    word = re.sub(r"[^\w.+-]", "", name.replace(" ", "-").replace("\N{GREEK SMALL LETTER ALPHA}", "a"))
    return word if find_model(word).exact == (model,) else ""


def _case(command: Command) -> str:
    """Return the lines of the script for one command."""
    options = [option for option in command.options if option.names]
    lines = [f"    {command.name})", f'        options="{" ".join(option.names[-1] for option in options)}"']
    valued = [(option.names[-1], _values_of(option)) for option in options if option.value]
    if valued:
        lines.append("        case $before in")
        lines += [f"        {name}) {values or ':'}; return ;;" for name, values in valued]
        lines.append("        esac")
    lines += [f"        [[ $word == -* ]] || {_values_of(place)}" for place in _places(command)]
    return "\n".join((*lines, "        ;;"))


def _places(command: Command) -> Iterator[Option]:
    """Yield the arguments without a name whose values can be completed."""
    yield from (option for option in command.options if not option.names and _values_of(option))


def _values_of(option: Option) -> str:
    if option.choices:
        return f'_backbutton_starting "$word" {" ".join(option.choices)}'
    return VALUES.get(option.value, "")


def _listed(words: Iterable[str]) -> str:
    return textwrap.fill(
        " ".join(words), _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT, break_on_hyphens=False
    )
