"""Makes a checkout ready to run: Python packages, Node, the built page and sign-in service.

    python3 scripts/bootstrap.py [--dev]

Does what is missing and nothing twice. Needs Python 3.11 and the network the first time.
"""

import os
import shutil
import sys

OLDEST = (3, 11)


def require_python():
    """Go on with a Python that is new enough, or say what to install."""
    if sys.version_info >= OLDEST:
        return
    for minor in (13, 12, 11):
        newer = shutil.which("python3.%d" % minor)
        if newer:
            os.execv(newer, [newer] + sys.argv)
    sys.exit(
        "Python %d.%d or newer is needed, this is %s. Install one and run: make run PYTHON=python3.12"
        % (OLDEST + (sys.version.split()[0],))
    )


if __name__ == "__main__":
    require_python()
    # Only now: these may use what an older Python cannot even read.
    from prepare import prepare

    sys.exit(prepare(dev="--dev" in sys.argv[1:]))
