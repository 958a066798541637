"""The commands, done once more on what they installed."""

import pytest

from live.conftest import deploy
from live.system import COMPONENTS, System


@pytest.mark.requirement("005/FR-070", "005/FR-073", "005/FR-038")
def test_doing_it_again_restarts_nothing(system: System) -> None:
    def pods() -> set[str]:
        return {
            pod["metadata"]["uid"]
            for component in (*COMPONENTS, "postgres", "migrations")
            for pod in system.pods(component)
        }

    before = pods()
    deploy(system.cluster)

    assert pods() == before
