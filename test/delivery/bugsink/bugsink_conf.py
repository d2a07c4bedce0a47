"""Settings of the Bugsink that the tests send to: files in one folder, events worked on within the request."""

import os

from bugsink.settings.default import *  # noqa: F403
from bugsink.settings.default import DATABASES

FOLDER = os.environ["BUGSINK_FOLDER"]

SECRET_KEY = "the tests' own, of a server that lives for seconds on 127.0.0.1"
ALLOWED_HOSTS = ["127.0.0.1"]
DATABASES["default"]["NAME"] = f"{FOLDER}/db.sqlite3"
DATABASES["snappea"]["NAME"] = f"{FOLDER}/snappea.sqlite3"
SNAPPEA = {"TASK_ALWAYS_EAGER": True, "NUM_WORKERS": 1, "PID_FILE": None, "WAKEUP_CALLS_DIR": f"{FOLDER}/wakeup"}
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
BUGSINK = {
    "BASE_URL": "http://127.0.0.1",
    "PHONEHOME": False,
    "INGEST_STORE_BASE_DIR": f"{FOLDER}/ingest",
    "DIGEST_IMMEDIATELY": True,
}
