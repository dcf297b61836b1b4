import pickle

import pytest

from careerkit.core.frozen import frozen, get_field_names, replace


@frozen
class Point:
    """A point."""

    x: int
    y: int = 0

    @property
    def sum(self) -> int:
        return self.x + self.y


@frozen
class Other:
    x: int
    y: int = 0


def test_a_record_takes_its_fields_by_position_and_by_name_with_defaults():
    assert (Point(1).y, Point(1, 2).y, Point(y=3, x=1).sum) == (0, 2, 4)
    with pytest.raises(TypeError):
        Point()
    with pytest.raises(TypeError):
        Point(1, z=2)


def test_a_record_cannot_be_changed():
    with pytest.raises(AttributeError):
        Point(1).x = 2
    with pytest.raises(AttributeError):
        del Point(1).x
    with pytest.raises((AttributeError, TypeError)):
        Point(1).z = 2


def test_records_of_equal_class_and_values_are_equal_and_hash_alike():
    assert Point(1, 2) == Point(1, 2)
    assert Point(1, 2) != Point(2, 1)
    assert Point(1, 2) != Other(1, 2)
    assert len({Point(1, 2), Point(1, 2), Other(1, 2)}) == 2


def test_a_record_has_a_repr_matches_patterns_and_keeps_its_name():
    assert repr(Point(1, 2)) == "Point(x=1, y=2)"
    assert (Point.__name__, Point.__doc__, Point.__module__) == ("Point", "A point.", __name__)
    match Point(1, 2):
        case Point(x=1, y=found):
            assert found == 2


def test_replace_makes_a_changed_copy():
    point = Point(1, 2)
    assert (replace(point, y=5), point) == (Point(1, 5), Point(1, 2))
    with pytest.raises(TypeError):
        replace(point, z=1)


def test_only_records_have_fields():
    assert get_field_names(Point(1)) == ("x", "y")
    assert get_field_names("text") == ()
    assert get_field_names(Point) == ()


def test_a_record_survives_being_copied_and_pickled():
    import copy

    assert copy.deepcopy(Point(1, 2)) == Point(1, 2)
    assert pickle.loads(pickle.dumps(Point(1, 2))) == Point(1, 2)
