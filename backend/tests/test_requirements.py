"""Specs and tests name the same requirements, each exactly once in its spec."""

from collections import Counter

import spec


def test_each_requirement_has_a_test() -> None:
    assert sorted(set(spec.required()) - spec.proved().keys()) == []


def test_each_test_names_requirements_that_exist() -> None:
    unknown = {
        name: sorted(files) for name, files in spec.proved().items() if name not in spec.required()
    }

    assert unknown == {}


def test_no_requirement_is_numbered_twice() -> None:
    assert [name for name, count in Counter(spec.required()).items() if count > 1] == []
