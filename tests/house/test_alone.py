"""The library stands alone: whoever installs only it needs no Django, and no server of ours."""

import os
import subprocess
import sys


def test_neither_the_library_nor_help_imports_django_or_commands_of_others() -> None:
    program = """
import importlib, pkgutil, sys
sys.modules["django"] = None
import dutybound
for module in pkgutil.walk_packages(dutybound.__path__, "dutybound."):
    importlib.import_module(module.name)
from dutybound.cli.main import main
try:
    main(["--help"])
except SystemExit as end:
    assert end.code == 0
assert not any(name.startswith("dutybound_server") for name in sys.modules)
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

    ran = subprocess.run(
        [sys.executable, "-c", program],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
    )

    assert ran.returncode == 0, ran.stderr
    assert "hash" in ran.stdout
