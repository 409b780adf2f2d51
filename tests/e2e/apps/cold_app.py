"""Imports within requests: one that fails each time, one that loads a module the first time."""


def application(environ, start_response):
    if environ["PATH_INFO"] == "/fails":
        try:
            import no_such_package  # noqa: F401
        except ImportError:
            pass
    else:
        import wave  # noqa: F401
    start_response("200 OK", [("Content-Length", "0")])
    return []
