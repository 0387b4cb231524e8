"""The fast `dataclass` decorator compared with the standard one, on the same classes."""

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
def test_it_is_created_printed_and_compared_like_the_standard_one(ours, standard, slot, name, other):
    def behaviour(cls):
        try:
            instance = cls(slot, name=name)
        except ValueError as error:
            return str(error)
        return (
            repr(instance),
            instance == cls(slot, name),
            instance == cls(other),
            instance != cls(other),
            instance == 3,
            instance.edges,
        )

    assert behaviour(ours) == behaviour(standard)


@PAIRS
def test_fields_replace_asdict_and_match_work_with_it(ours, standard):
    instance = ours(1, edges=[2])
    assert [field.name for field in dataclasses.fields(instance)] == ["slot", "name", "edges", "count"]
    assert dataclasses.replace(instance, slot=2) == ours(2, edges=[2])
    assert dataclasses.asdict(instance) == {"slot": 1, "name": "x", "edges": [2], "count": 1}
    assert ours.__match_args__ == standard.__match_args__
    assert ours.__slots__ == standard.__slots__
    assert not hasattr(instance, "__dict__")
    match instance:
        case ours(slot, name):
            assert (slot, name) == (1, "x")


@PAIRS
@pytest.mark.parametrize("arguments", [(), (1, 2, 3, 4)])
def test_wrong_arguments_are_a_type_error(ours, standard, arguments):
    for cls in (ours, standard):
        with pytest.raises(TypeError):
            cls(*arguments)


def test_a_default_factory_is_called_for_each_object():
    assert OURS(1).edges is not OURS(1).edges


@pytest.mark.parametrize("cls", [FROZEN, FROZEN_STANDARD])
def test_a_frozen_object_cannot_be_changed(cls):
    instance = cls(1)
    for name in ("slot", "other"):
        with pytest.raises((dataclasses.FrozenInstanceError, TypeError)):
            setattr(instance, name, 2)
    with pytest.raises(dataclasses.FrozenInstanceError):
        del instance.slot
    assert instance == cls(1)


def test_only_frozen_objects_are_hashable():
    assert {Pair(1): "a", Pair(1, 2): "b", Single(1): "c", Nothing(): "d"} == {
        Pair(1): "a",
        Nothing(): "d",
        Single(1): "c",
        Pair(1, 2): "b",
    }
    assert len({Pair(1), Pair(1), Nothing(), Nothing()}) == 2
    with pytest.raises(TypeError):
        hash(OURS(1))


@pytest.mark.parametrize("instance", [Pair(1, Single(2)), Nothing(), OURS(3)])
def test_it_can_be_copied(instance):
    for twin in (copy.copy(instance), copy.deepcopy(instance)):
        assert twin == instance
        assert twin is not instance


def test_it_can_be_pickled():
    assert pickle.loads(pickle.dumps(Pair(1, Single(2)))) == Pair(1, Single(2))


def test_a_class_keeps_its_own_methods():
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
