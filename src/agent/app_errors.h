/* What the app's signal handlers raise while its interpreter runs code for us is the app's.
 *
 * Python runs the handlers of signals between two instructions of its main thread, whosever code
 * that is: a Ctrl-C would end one of our calls, and be forgotten with it. Of what is raised in our
 * calls, KeyboardInterrupt and SystemExit in the main thread are kept, and raised again where the
 * app's own code goes on (Py_AddPendingCall). What handlers raise else cannot be told from what our
 * call came to by itself. GIL held.
 */
#ifndef UNSLOW_AGENT_APP_ERRORS_H
#define UNSLOW_AGENT_APP_ERRORS_H

/* No exception is set any more: in place of PyErr_Clear, wherever Python code may have run. */
void app_errors_forget(void);

/* Signals of the calling thread wait from now on, and those that have come have been handled: for
 * work whose failure would cost the whole recording. Not for long; no exception is set before. */
void app_signals_wait(void);
void app_signals_go_on(void);

#endif
