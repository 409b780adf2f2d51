/* Versions of the packages that explain a web app: "package.NAME" facts, NAME as
 * it is imported. Nothing is imported for it: only what the app has loaded.
 */
#ifndef UNSLOW_AGENT_PACKAGES_H
#define UNSLOW_AGENT_PACKAGES_H

/* One fact a loaded package of the table. GIL held, no exception set or left. */
void packages_write(void);

#endif
