"""A table is filled with all rows and no others, however many go in one statement."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from borough.common.bulk import (
    FEWEST_ROWS_TOGETHER,
    ROOM,
    ROWS_AT_A_TIME,
    VALUES_TOGETHER,
    fill_table,
    room_for_pages,
)


def filled(count: int) -> list[tuple[int, str | None]]:
    rows = [(number, None if number % 3 else f"row {number}") for number in range(count)]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE filled (number bigint, words varchar(20))")
        assert fill_table("filled", ("number", "words"), iter(rows)) == count
        cursor.execute("SELECT number, words FROM filled ORDER BY number")
        found: list[tuple[int, str | None]] = cursor.fetchall()
        cursor.execute("DROP TABLE filled")
    assert found == rows
    return found


@pytest.mark.django_db
@pytest.mark.parametrize(
    "count",
    [
        0,
        1,
        FEWEST_ROWS_TOGETHER - 1,
        FEWEST_ROWS_TOGETHER,
        FEWEST_ROWS_TOGETHER + VALUES_TOGETHER // 2 + 1,
        ROWS_AT_A_TIME + 1,
    ],
)
def test_rows_arrive_whatever_their_number(count: int) -> None:
    assert len(filled(count)) == count


@pytest.mark.django_db
@pytest.mark.sqlite
def test_many_rows_take_few_statements_and_few_take_one() -> None:
    taken: list[int] = []

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if many:
            params = list(params)
            taken.append(len(params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        filled(FEWEST_ROWS_TOGETHER - 1)
        filled(ROWS_AT_A_TIME)
    assert taken == [FEWEST_ROWS_TOGETHER - 1, ROWS_AT_A_TIME * 2 // VALUES_TOGETHER]


def held() -> dict[str, int]:
    with connection.cursor() as cursor:
        return {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ROOM}


@pytest.mark.sqlite
@pytest.mark.django_db
def test_there_is_more_room_meanwhile_and_afterwards_as_much_as_before() -> None:
    before = held()
    with pytest.raises(ZeroDivisionError), room_for_pages():
        assert held() == ROOM
        raise ZeroDivisionError
    assert held() == before
