"""What both kinds of tests have in common."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Write into the report which requirements a test proves: `make spec` reads it there."""
    for item in items:
        for marker in item.iter_markers("requirement"):
            item.user_properties += [("requirement", one) for one in marker.args]
