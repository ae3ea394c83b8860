/* A program in the form of Microsoft's compiler. It needs no C library, which cannot be got on this machine, and ends with 42
 * where the library answers. */
#include "whop_license.h"

static int equal(const char *a, const char *b)
{
    for (; *a == *b; a++, b++)
        if (*a == '\0')
            return 1;
    return 0;
}

int start(void)
{
    whop_client *client = 0;
    const int is_refused = whop_client_new("", &client) == WHOP_INVALID_ARGUMENT;
    const int is_named = equal(whop_status_name(WHOP_INVALID_ARGUMENT), "WHOP_INVALID_ARGUMENT");
    whop_client_free(client);
    return is_refused && is_named && equal(whop_version(), WHOP_LICENSE_VERSION) ? 42 : 1;
}
