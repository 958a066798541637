"""Makes a checkout ready to run: Python packages, Node, the built page and sign-in service.

    python3 scripts/bootstrap.py [--dev]

Does what is missing and nothing twice. Needs Python 3.11 and the network the first time.
"""

import os
import shutil
import sys

OLDEST = (3, 11)


def require_python() -> None:
    """Go on with a Python that is new enough, or say what to install."""
    if sys.version_info >= OLDEST:
        return
    for minor in (13, 12, 11):
        newer = shutil.which(f"python3.{minor}")
        if newer:
            os.execv(newer, [newer, *sys.argv])
    sys.exit(
        f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed, this is {sys.version.split()[0]}."
        " Install one, then: make run PYTHON=/path/to/python3"
    )


if __name__ == "__main__":
    require_python()
    # Only now: these may use what an older Python cannot even read.
    from prepare import prepare

    sys.exit(prepare(dev="--dev" in sys.argv[1:]))
