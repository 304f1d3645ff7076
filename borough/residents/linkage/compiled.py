"""SQL expressions over one row, compiled to one Python function.

The sets go through DuckDB, the one record that somebody looks up through here, and both run the same text: what a
standard value, a level or a weight is stands in SQL and nowhere else. What cannot be translated is an error when it is
compiled, never a guess.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from borough.residents.linkage.translation import Translator, local_name, parse

Row = tuple[Any, ...]


def compile_columns(
    columns: Mapping[str, str], given: Sequence[Sequence[str]], lookups: Mapping[str, Callable[[str], Any]] = {}
) -> Callable[..., Row]:
    """A function that works out `columns` (name: SQL), in their order; each may use those before it.

    The function takes one tuple for each list of names in `given`, and returns the columns as one tuple. `lookups`
    are further SQL functions of one argument, which may answer None. Raises Problem on what cannot be compiled.
    """
    translator = Translator(lookups)
    trees = {name: parse(sql) for name, sql in columns.items()}
    translator.count_costly(trees.values())
    for names in given:
        for name in names:
            translator.know(name)
    lines = [translator.assign(name, tree) for name, tree in trees.items()]
    head = ", ".join(f"row{place}" for place in range(len(given)))
    unpacked = [
        f"{''.join(f'{local_name(name)}, ' for name in names)}= row{place}"
        for place, names in enumerate(given)
        if names
    ]
    unset = [f"{cache} = None" for cache in translator.caches.values()]
    result = "".join(f"{local_name(name)}, " for name in columns)
    body = "\n    ".join([*unpacked, *unset, *lines, f"return ({result})"])
    namespace = dict(translator.namespace)
    # The text is made from our own SQL; what is written in it stands as literals.
    exec(compile(f"def compiled({head}):\n    {body}\n", "<sql>", "exec"), namespace)  # noqa: S102
    made: Callable[..., Row] = namespace["compiled"]
    return made
