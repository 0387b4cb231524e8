"""The quick decorator beside the standard one: the same classes, made of the same lines."""

import copy
import dataclasses
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import record


def a_class(decorator, *, frozen):
    class Frame:
        """A frame."""

        slot: int
        name: str = "x"
        edges: list = dataclasses.field(default_factory=list)
        count: int = dataclasses.field(init=False, repr=False, compare=False)

        def __post_init__(self):
            if self.slot < 0:
                raise ValueError("below 0")
            object.__setattr__(self, "count", len(self.edges))

    return decorator(frozen=frozen, slots=True)(Frame)


OURS, STANDARD = (a_class(decorator, frozen=False) for decorator in (record.dataclass, dataclasses.dataclass))
FROZEN, FROZEN_STANDARD = (a_class(decorator, frozen=True) for decorator in (record.dataclass, dataclasses.dataclass))
PAIRS = pytest.mark.parametrize(
    ("ours", "standard"), [(OURS, STANDARD), (FROZEN, FROZEN_STANDARD)], ids=["", "frozen"]
)


@record.dataclass(frozen=True, slots=True)
class Pair:
    """Two things, as pickle wants them: by a name of the module."""

    one: int
    other: object = None


@record.dataclass(frozen=True, slots=True)
class Single:
    """One thing."""

    one: object


@record.dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing at all."""


@PAIRS
@given(slot=st.integers(-1, 2), name=st.text(max_size=1), other=st.integers(0, 2))
def test_it_is_made_printed_and_compared_as_the_standard_one(ours, standard, slot, name, other):
    def told(cls):
        try:
            made = cls(slot, name=name)
        except ValueError as error:
            return str(error)
        return repr(made), made == cls(slot, name), made == cls(other), made != cls(other), made == 3, made.edges

    assert told(ours) == told(standard)


@PAIRS
def test_fields_replace_asdict_and_match_know_it(ours, standard):
    made = ours(1, edges=[2])
    assert [field.name for field in dataclasses.fields(made)] == ["slot", "name", "edges", "count"]
    assert dataclasses.replace(made, slot=2) == ours(2, edges=[2])
    assert dataclasses.asdict(made) == {"slot": 1, "name": "x", "edges": [2], "count": 1}
    assert ours.__match_args__ == standard.__match_args__
    assert ours.__slots__ == standard.__slots__
    assert not hasattr(made, "__dict__")
    match made:
        case ours(slot, name):
            assert (slot, name) == (1, "x")


@PAIRS
@pytest.mark.parametrize("arguments", [(), (1, 2, 3, 4)])
def test_what_does_not_fit_is_a_type_error(ours, standard, arguments):
    for cls in (ours, standard):
        with pytest.raises(TypeError):
            cls(*arguments)


def test_a_default_that_is_made_is_made_for_each():
    assert OURS(1).edges is not OURS(1).edges


@pytest.mark.parametrize("cls", [FROZEN, FROZEN_STANDARD])
def test_what_is_frozen_cannot_be_changed(cls):
    made = cls(1)
    for name in ("slot", "other"):
        with pytest.raises((dataclasses.FrozenInstanceError, TypeError)):
            setattr(made, name, 2)
    with pytest.raises(dataclasses.FrozenInstanceError):
        del made.slot
    assert made == cls(1)


def test_what_is_frozen_is_a_key_and_what_is_not_is_none():
    assert {Pair(1): "a", Pair(1, 2): "b", Single(1): "c", Nothing(): "d"} == {
        Pair(1): "a",
        Nothing(): "d",
        Single(1): "c",
        Pair(1, 2): "b",
    }
    assert len({Pair(1), Pair(1), Nothing(), Nothing()}) == 2
    with pytest.raises(TypeError):
        hash(OURS(1))


@pytest.mark.parametrize("made", [Pair(1, Single(2)), Nothing(), OURS(3)])
def test_it_is_copied(made):
    for twin in (copy.copy(made), copy.deepcopy(made)):
        assert twin == made
        assert twin is not made


def test_it_is_pickled():
    assert pickle.loads(pickle.dumps(Pair(1, Single(2)))) == Pair(1, Single(2))


def test_a_class_keeps_what_it_says_itself():
    @record.dataclass(frozen=True, slots=True)
    class Told:
        """A class with words of its own."""

        one: int

        def __repr__(self):
            return "told"

        def __hash__(self):
            return 7

    assert (repr(Told(1)), hash(Told(1)), Told(1) == Told(1)) == ("told", 7, True)


def test_without_slots_it_has_a_dictionary():
    @record.dataclass(frozen=True)
    class Loose:
        """A class without slots."""

        one: int = 1

    assert vars(Loose(2)) == {"one": 2}
