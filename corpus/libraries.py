"""Libraries of an app's own: what its requirements.txt names, installed beside the others.

Without their dependencies, so that twins differ by what the file says alone. Kept in build/ by the
file's content; put before all else on PYTHONPATH. The folder's name is one that tells libraries from
the application's code.
"""

import hashlib
import shutil
import subprocess

import load
from case import PYTHON

KEPT = load.UNSLOW.parent / "corpus" / "libraries"


def environment(app):
    """Variables by which the app in folder `app` finds its own libraries; none if it has none."""
    wanted = app / "requirements.txt"
    if not wanted.exists():
        return {}
    folder = KEPT / hashlib.sha256(wanted.read_bytes()).hexdigest()[:16] / "site-packages"
    if not folder.exists():
        making = folder.with_name("making")
        shutil.rmtree(making, ignore_errors=True)
        subprocess.run([PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps",
                        "--target", making, "-r", wanted], check=True)
        making.rename(folder)
    return {"PYTHONPATH": str(folder)}
