"""The patterns of a payload, taken off its struct: what its texts have to match, to be asked once a distinct text."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta, Struct

_REMEMBERED = 16_384


class Form:
    """What a text has to match; those that do are remembered, for most of them come again."""

    def __init__(self, matches: Callable[[str], object]) -> None:
        self._matches = matches
        self._good: set[str | None] = {None}

    def doubtful(self, texts: Iterable[str | None]) -> set[str | None]:
        """Return the texts that do not match; a missing one does."""
        new = set(texts) - self._good
        bad: set[str | None] = {text for text in new if text is not None and not self._matches(text)}
        if len(self._good) > _REMEMBERED:
            self._good = {None}
        self._good |= new - bad
        return bad


@dataclass(frozen=True)
class Check:
    """Texts of a payload that have to match one pattern."""

    texts: Callable[[Any], Iterable[str | None]]
    form: Form


def loosened(kind: type[Struct]) -> type[Struct]:
    """Return the struct without the patterns of its fields; it encodes to the same text."""
    fields: list[tuple[str, Any] | tuple[str, Any, Any]] = []
    hints = get_type_hints(kind, include_extras=True)
    for each in msgspec.structs.fields(kind):
        given = (each.name, _without_patterns(hints[each.name]))
        default = msgspec.field(default_factory=list) if each.default_factory is list else each.default
        fields.append(given if each.required else (*given, default))
    return msgspec.defstruct(kind.__name__, fields, frozen=True, kw_only=True, omit_defaults=True, gc=False)


def _without_patterns(annotation: Any) -> Any:  # noqa: ANN401  an annotation has no type
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        kept = [Meta(**_limits(each)) for each in annotation.__metadata__ if _limits(each)]
        return Annotated[(inner[0], *kept)] if kept else inner[0]
    if origin in (Union, UnionType):
        return Union[tuple(_without_patterns(each) for each in inner)]  # noqa: UP007  made here
    if origin is list:
        return list[_without_patterns(inner[0])]  # type: ignore[misc]
    return loosened(annotation) if isinstance(annotation, type) and issubclass(annotation, Struct) else annotation


def _limits(meta: Meta) -> dict[str, Any]:
    names = ("gt", "ge", "lt", "le", "multiple_of", "min_length", "max_length", "tz")
    return {name: value for name in names if (value := getattr(meta, name)) is not None}


def checks(kind: type[Struct]) -> list[Check]:
    """Return what the patterns of the struct's fields ask."""
    single = defaultdict[str, list[str]](list)
    found: list[Check] = []
    for name, annotation in get_type_hints(kind, include_extras=True).items():
        options = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
        for option in options:
            if get_origin(option) is list:
                found += _checks_of_items(name, get_args(option)[0])
            elif pattern := _pattern(option):
                single[pattern].append(name)
    # Of one name, attrgetter would give the bare text; a name may stand twice.
    found += (Check(attrgetter(*names, names[0]), _form(pattern)) for pattern, names in single.items())
    return found


def _checks_of_items(name: str, item: Any) -> Iterator[Check]:  # noqa: ANN401  an annotation has no type
    items = attrgetter(name)
    if pattern := _pattern(item):
        yield Check(items, _form(pattern))
    if isinstance(item, type) and issubclass(item, Struct):
        for each in checks(item):
            yield Check(_through(items, each.texts), each.form)


def _through(
    items: Callable[[Any], Iterable[Any]], texts: Callable[[Any], Iterable[str | None]]
) -> Callable[[Any], list[str | None]]:
    return lambda data: [text for item in items(data) for text in texts(item)]


@functools.cache
def _form(pattern: str) -> Form:
    return Form(re.compile(pattern).search)


def _pattern(annotation: Any) -> str | None:  # noqa: ANN401  an annotation has no type
    metadata = annotation.__metadata__ if get_origin(annotation) is Annotated else ()
    return next((each.pattern for each in metadata if isinstance(each, Meta) and each.pattern), None)
