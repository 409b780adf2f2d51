"""A framework of one class under a name that the agent knows: needs no package on any Python."""


class Bottle:
    def __init__(self, wsgi):
        self.wsgi = wsgi

    def __call__(self, environ, start_response):
        """Each instance of :class:'bottle.Bottle' is a WSGI application."""
        return self.wsgi(environ, start_response)
