"""Makes a project and a token, serves Bugsink on a free port of 127.0.0.1, and prints both as one JSON line.

Ends when its standard input is closed.
"""

import json
import os
import sys
import threading
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django

django.setup()

from bsmain.models import AuthToken  # noqa: E402
from bugsink.wsgi import application  # noqa: E402
from projects.models import Project  # noqa: E402
from teams.models import Team  # noqa: E402


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, format, *args):
        pass


project = Project.objects.create(team=Team.objects.create(name="drill"), name="drill")
token = AuthToken.objects.create(description="tests", events_read=True)
server = make_server("127.0.0.1", 0, application, Server, Quiet)
said = {"port": server.server_port, "project": str(project.id), "key": project.sentry_key.hex, "token": token.token}
print(json.dumps(said), flush=True)
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
server.serve_forever()
