"""Writes the contracts of specs/001 from the code: ``make contracts``."""

import json
import re
import warnings
from pathlib import Path
from typing import Any

from pydantic.json_schema import PydanticJsonSchemaWarning
from todo_chatbot.app.api import create_api
from todo_chatbot.settings import ApiSettings
from todo_chatbot.tools.offers import tools

REFERENCE = re.compile(r"#/components/schemas/(\w+)")

CONTRACTS = Path(__file__).resolve().parents[1] / "specs" / "001-todo-by-chat" / "contracts"


def contracts() -> dict[str, str]:
    """Return the text of each contract by the name of its file."""
    return {
        "chat.openapi.json": _pretty(_endpoint()),
        "tools.json": _pretty(
            [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in tools()]
        ),
    }


def _endpoint() -> dict[str, Any]:
    """Describe the endpoint; the settings are any, for nothing is connected to."""
    settings = ApiSettings.model_validate(
        {
            "database_url": "postgresql://127.0.0.1/none",
            "better_auth_secret": "only to describe the endpoint by",
            "model_provider": "offline",
        }
    )
    with warnings.catch_warnings():
        # ChatKit's generic types have defaults that JSON Schema cannot express.
        warnings.simplefilter("ignore", PydanticJsonSchemaWarning)
        description = create_api(settings).openapi()
    schemas = description["components"]["schemas"]
    description["components"]["schemas"] = {
        name: schemas[name] for name in sorted(_used(description["paths"], schemas))
    }
    return description


def _used(part: object, schemas: dict[str, Any]) -> set[str]:
    """Return the schemas that ``part`` refers to; FastAPI describes all of ChatKit's as well."""
    names = set(REFERENCE.findall(json.dumps(part)))
    return names.union(*(_used(schemas[name], schemas) for name in names))


def _pretty(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    CONTRACTS.mkdir(exist_ok=True)
    for name, text in contracts().items():
        (CONTRACTS / name).write_text(text, encoding="utf-8")
        print(CONTRACTS / name)
