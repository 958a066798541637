"""The contracts in specs/ are the ones that the code keeps."""

import pytest
from contracts import CONTRACTS, contracts


@pytest.mark.requirement("001/FR-001", "001/FR-040")
@pytest.mark.parametrize("name", ["chat.openapi.json", "tools.json"])
def test_the_contract_is_what_the_code_does(name: str) -> None:
    written = (CONTRACTS / name).read_text(encoding="utf-8")

    assert written == contracts()[name], "run `make contracts` and read what changed"
