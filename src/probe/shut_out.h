/* Python processes that cannot reach the channel because they became another
 * user before Python started (`runuser -u www-data -- gunicorn …` as root).
 *
 * Their agent is loaded, finds a directory that is private to root, and does
 * nothing; it can tell nobody. So the program looks: the agent is among the
 * process's maps, the channel is not. One that gives up root later needs
 * nothing (agent/libc_user.c).
 */
#ifndef UNSLOW_PROBE_SHUT_OUT_H
#define UNSLOW_PROBE_SHUT_OUT_H

#include <sys/types.h>

struct shut_out {
	int suspect; /* seen once: it may just be starting; 0: none */
	int pid;     /* seen twice; 0: none */
	uid_t user;  /* whom it runs as */
};

/* Looks through the tree of `root_pid`, to be called once a second. Only root's own children can be
 * shut out this way: for any other user nothing is looked at. */
void shut_out_look(struct shut_out *found, int root_pid);

#endif
