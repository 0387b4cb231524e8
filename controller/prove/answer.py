"""An answer: what the owner saw. What he left out he does not know."""

from config.record import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """How many pictures are new, whether the lens moved, and so on; None where he does not know.

    With `cannot` the camera has no such setting, and nothing was pressed. `lags_ns` are the lags that a flash contact
    measured.
    """

    pictures: int | None = None
    moved: bool | None = None
    late: bool | None = None
    is_long: bool | None = None
    lit: bool | None = None
    cannot: bool = False
    lags_ns: tuple[int, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing."""
        said = (self.pictures, self.moved, self.late, self.is_long, self.lit)
        return not (self.cannot or self.lags_ns or any(each is not None for each in said))
