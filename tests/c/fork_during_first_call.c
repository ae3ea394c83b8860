/* A process forks while another of its threads makes the first call of a client: the child can use the client.
 * Arguments: an API key, a base URL of https, and a CA file. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "whop_license.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int blocks, is_blocked;

/* In place of the one of the C library. The library reads the proxy variables while it prepares a client. */
char *getenv(const char *name)
{
    (void)name;
    pthread_mutex_lock(&lock);
    is_blocked = blocks;
    pthread_cond_broadcast(&changed);
    while (blocks)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    return NULL;
}

static void *check(void *client)
{
    CHECK(whop_client_validate_license(client, "SANDBOX-ACTIVE", "{\"hwid\":\"fork\"}", NULL) == WHOP_OK);
    return NULL;
}

int main(int argc, char **argv)
{
    CHECK(argc == 4);
    whop_client *client = NULL;
    CHECK(whop_client_new(argv[1], &client) == WHOP_OK);
    CHECK(whop_client_set_base_url(client, argv[2]) == WHOP_OK);
    CHECK(whop_client_set_ca_file(client, argv[3]) == WHOP_OK);

    pthread_t thread;
    blocks = 1;
    CHECK(pthread_create(&thread, NULL, check, client) == 0);
    pthread_mutex_lock(&lock);
    while (!is_blocked)
        pthread_cond_wait(&changed, &lock);
    const pid_t child = fork(); /* the lock is this thread's, so the child may have it too */
    CHECK(child >= 0);
    blocks = 0;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    if (child == 0) {
        alarm(60);
        check(client);
        _exit(0);
    }
    CHECK(pthread_join(thread, NULL) == 0);
    int status = -1;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    whop_client_free(client);
    return 0;
}
