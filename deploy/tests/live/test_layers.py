"""What lies in the layers of the images, also where a later layer hides it."""

import json
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops import images
from ops.shell import run

WASTE = re.compile(
    r"^root/\.|^var/lib/apt/lists/.*_|^var/cache/apt/|^app/(tests?|node_modules|\.git)/"
    r"|(^|/)\.(env|npmrc|git|dockerignore)$|\.venv/bin/pip"
    r"|(^|/)s?bin/(gcc|cc|g\+\+|ld|make|strip|git|curl)$|^app/.*\.(map|ts|whl)$|\.deb$"
)
"""Caches, lists, sources of what was built, programs that build, and settings of this machine."""

SECRET = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----\n|\bsk-[A-Za-z0-9_-]{20,}")
LABELS = ("title", "description", "source", "version", "revision")


@pytest.fixture(scope="module", params=images.NAMES)
def image(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return images.build(name)


def files(image: str, folder: Path) -> Iterator[tuple[str, bytes]]:
    """Give each file of each layer of an image with what is in it."""
    run(["docker", "save", "--output", str(folder / "image.tar"), image])
    with tarfile.open(folder / "image.tar") as saved:
        [manifest] = json.loads(_read(saved, "manifest.json"))
        for number, name in enumerate(manifest["Layers"]):
            path = folder / f"{number}.tar"
            path.write_bytes(_read(saved, name))
            with tarfile.open(path) as layer:
                for one in layer:
                    if one.isfile() or one.issym():
                        yield one.name, _read(layer, one) if one.isfile() else b""
            path.unlink()


def _read(archive: tarfile.TarFile, one: str | tarfile.TarInfo) -> bytes:
    content = archive.extractfile(one)
    assert content is not None
    return content.read()


@pytest.mark.requirement("005/FR-003")
def test_no_layer_holds_a_cache_a_compiler_or_a_secret(image: str, tmp_path: Path) -> None:
    found = [
        name
        for name, content in files(image, tmp_path)
        if (WASTE.search(name) and "/.wh." not in name) or SECRET.search(content)
    ]
    told = run(["docker", "history", "--no-trunc", "--format", "{{.CreatedBy}}", image])

    assert [name for name in found if name not in ("root/.bashrc", "root/.profile")] == []
    assert not SECRET.search(told.encode())


@pytest.mark.requirement("005/FR-002", "005/FR-007")
def test_it_says_what_it_is_and_as_whom_it_runs(image: str) -> None:
    config = json.loads(run(["docker", "image", "inspect", "--format", "{{json .Config}}", image]))

    assert config["User"] == "65532:65532"
    assert {f"org.opencontainers.image.{name}" for name in LABELS} <= config["Labels"].keys()
    assert not any(re.search("SECRET|PASSWORD|KEY=.", one) for one in config["Env"])
