/* Lookups of names that last until `lookups_end` is set and `ended` is told so: the library's go here. At most four run, so that
 * other calls wait for their turn, and need no descriptor. */
#ifndef HANGING_LOOKUPS_H
#define HANGING_LOOKUPS_H

#include <netdb.h>
#include <pthread.h>

static pthread_mutex_t lookups = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ended = PTHREAD_COND_INITIALIZER;
static int lookups_end;

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **found)
{
    (void)node, (void)service, (void)hints, (void)found;
    pthread_mutex_lock(&lookups);
    while (!lookups_end)
        pthread_cond_wait(&ended, &lookups);
    pthread_mutex_unlock(&lookups);
    return EAI_AGAIN;
}

#endif
