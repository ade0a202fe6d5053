"""The real settings over a folder that is thrown away, with passwords that hash fast."""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="dutybound-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["DUTYBOUND_DATA"] = _folder
os.environ["DUTYBOUND_ORIGIN"] = "http://testserver"

from dutybound_server.project.settings import *  # noqa: E402, F403

CONTENT_KEYS_FILE = None
atexit.register(shutil.rmtree, METRICS_FOLDER, ignore_errors=True)  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A file, as in life: the threads of a live server each have a connection of their own.
    DATABASES["default"]["TEST"] = {"NAME": f"{_folder}/tests.sqlite3"}  # noqa: F405
