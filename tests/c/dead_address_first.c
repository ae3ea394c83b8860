/* Preloaded, it makes every name have two addresses: 127.0.0.2, then 127.0.0.1. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <stddef.h>

typedef int lookup(const char *, const char *, const struct addrinfo *, struct addrinfo **);

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **found)
{
    lookup *real = NULL;
    (void)node;
    *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    const int fault = real("127.0.0.2", service, hints, found);
    return fault != 0 ? fault : real("127.0.0.1", service, hints, &(*found)->ai_next);
}
