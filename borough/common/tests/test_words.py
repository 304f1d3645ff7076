import pytest

from borough.common.words import phone_words


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
