/* Stands between a program and the library, and notes in a file each client and response that is made or freed.
 * Written at once, because not every language runs a library's destructors at its end. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "whop_license.h"

static void note(const char *what, const void *object)
{
    FILE *notes = fopen(getenv("NOTES"), "a");
    if (object)
        fprintf(notes, "%s %p\n", what, object);
    fclose(notes);
}

/* The library's own function. */
#define REAL(name) ((__typeof__(&name))dlsym(dlopen(getenv("REAL_LIBRARY"), RTLD_LAZY), #name))

whop_status whop_client_new_relay(const char *relay_url, const char *public_keys, whop_client **client)
{
    const whop_status status = REAL(whop_client_new_relay)(relay_url, public_keys, client);
    note("made", *client);
    return status;
}

whop_status whop_client_validate_license(const whop_client *client, const char *license_key, const char *metadata_json,
                                         whop_response **response)
{
    const whop_status status = REAL(whop_client_validate_license)(client, license_key, metadata_json, response);
    note("made", *response);
    return status;
}

void whop_client_free(whop_client *client)
{
    note("freed", client);
    REAL(whop_client_free)(client);
}

void whop_response_free(whop_response *response)
{
    note("freed", response);
    REAL(whop_response_free)(response);
}
