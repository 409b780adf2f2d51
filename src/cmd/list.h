/* Bare `unslow`: the Python servers running here, and the next command to paste. */
#ifndef UNSLOW_CMD_LIST_H
#define UNSLOW_CMD_LIST_H

/* Prints them; the exit status. */
int list_servers(void);

#endif
