/* The server that runs a WSGI application, known by the frame that calls us. */
#ifndef UNSLOW_AGENT_WSGI_SERVER_H
#define UNSLOW_AGENT_WSGI_SERVER_H

#include <stdbool.h>

/* Is the newest Python frame, which has just had the last part of a response, that of a server
 * that then waits for its client before it closes the response? Werkzeug's gives it 10 ms to go on
 * sending (werkzeug/serving.py, WSGIRequestHandler.run_wsgi). GIL held. */
bool wsgi_server_drains(void);

#endif
