/* `show errors`: units of work that failed, by exception and by the application's line. */
#ifndef UNSLOW_VIEW_ERROR_VIEW_H
#define UNSLOW_VIEW_ERROR_VIEW_H

extern const char errors_sql[]; /* ?1 = limit */

#define ERRORS_HEAD \
	"errors: of units of work, by the exception that reached the framework and the " \
	"application's line that raised it, or else by the status that was answered; of route: " \
	"part of its units; mean: of one that failed; total: of all of them; at: the last one, " \
	"since the start"

#endif
