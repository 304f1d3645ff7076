import pytest

from borough.common.words import distance_words, phone_words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("+447700900123", "07700 900 123"),
        ("+442079460123", "020 7946 0123"),
        ("+441134960000", "0113 496 0000"),
        ("+441214960000", "0121 496 0000"),
        ("+441632960001", "01632 960 001"),
        ("+443069990123", "0306 999 0123"),
        ("+33123456789", "+33123456789"),
        ("", ""),
    ],
)
def test_a_phone_number_is_grouped_as_people_read_it_out(number, words):
    assert phone_words(number) == words


@pytest.mark.parametrize(
    ("km", "words"),
    [
        (0, "less than 100 metres"),
        (0.06, "100 metres"),
        (0.949, "900 metres"),
        (0.96, "1.0 km"),
        (1.04, "1.0 km"),
        (12.34, "12.3 km"),
    ],
)
def test_a_distance_is_in_metres_where_it_is_short(km, words):
    assert distance_words(km) == words
