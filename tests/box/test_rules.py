"""`make rules` removes each rule of a release from its text in the code: that text has to be there, once."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def rules():
    spec = importlib.util.spec_from_file_location("rules_removed", Path(__file__).with_name("rules_removed.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.RULES


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)
def test_the_text_of_a_rule_is_in_the_code_once(rule):
    assert (ROOT / rule.file).read_text().count(rule.text) == 1
