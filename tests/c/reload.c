/* The library is loaded, used and unloaded again and again, while name lookups that it began outlive their calls.
 * Arguments: the library, and an API key of a running sandbox. */
#define _DEFAULT_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <netdb.h>
#include <unistd.h>

#include "check.h"
#include "whop_license.h"

enum { RELOADS = 200 };

#define DEVICE "{\"hwid\":\"reload\"}"

/* In place of the one of the C library: every name lookup fails, but late. */
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **found)
{
    (void)node, (void)service, (void)hints, (void)found;
    usleep(100 * 1000);
    return EAI_AGAIN;
}

/* ISO C knows no way from an object's address to a function's. */
union symbol {
    void *address;
    whop_status (*client_new)(const char *, whop_client **);
    whop_status (*set_base_url)(whop_client *, const char *);
    whop_status (*set_timeout_ms)(whop_client *, uint32_t);
    whop_status (*validate)(const whop_client *, const char *, const char *, whop_response **);
    void (*response_free)(whop_response *);
    void (*client_free)(whop_client *);
};

static union symbol find(void *library, const char *name)
{
    const union symbol symbol = {.address = dlsym(library, name)};
    CHECK(symbol.address != NULL);
    return symbol;
}

static int threads(void)
{
    DIR *tasks = opendir("/proc/self/task");
    CHECK(tasks != NULL);
    int count = 0;
    for (const struct dirent *task; (task = readdir(tasks)) != NULL;)
        count += *task->d_name != '.';
    closedir(tasks);
    return count;
}

static whop_status validate(void *library, whop_client *client)
{
    whop_response *response = NULL;
    const whop_status status =
        find(library, "whop_client_validate_license").validate(client, "SANDBOX-ACTIVE", DEVICE, &response);
    find(library, "whop_response_free").response_free(response);
    return status;
}

static void use(void *library, const char *api_key, int turn)
{
    /* Equal lookups would be one. */
    char base_url[64];
    snprintf(base_url, sizeof base_url, "https://whop-%d.example/api", turn);
    whop_client *client = NULL;
    CHECK(find(library, "whop_client_new").client_new(api_key, &client) == WHOP_OK);
    CHECK(validate(library, client) == WHOP_OK);
    CHECK(find(library, "whop_client_set_base_url").set_base_url(client, base_url) == WHOP_OK);
    CHECK(find(library, "whop_client_set_timeout_ms").set_timeout_ms(client, 5) == WHOP_OK);
    CHECK(validate(library, client) == WHOP_UNREACHABLE);
    find(library, "whop_client_free").client_free(client);
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    enum { OWN_THREADS = 2 }; /* this one, and perhaps one of a sanitizer */
    int most_threads = 0;
    for (int i = 0; i < RELOADS; i++) {
        void *library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
        CHECK(library != NULL);
        use(library, argv[2], i);
        CHECK(dlclose(library) == 0);
        if (threads() > most_threads)
            most_threads = threads();
    }
    CHECK(most_threads > OWN_THREADS); /* or no lookup outlived its call */
    alarm(60);
    while (threads() > OWN_THREADS)
        usleep(1000);
    return 0;
}
