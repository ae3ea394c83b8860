/* A program ends while calls are pending, and nothing waits for them: it ends at once, with its own status.
 * Argument: how it ends. */
#define _GNU_SOURCE
#include <stdlib.h>

#include "check.h"
#include "stalls.h"
#include "whop_license.h"

enum { STARTED = 200, BLOCKED = 8 };

static whop_client *client;

static void *block(void *unused)
{
    CHECK(whop_client_validate_license(client, "K", "{\"hwid\":\"exit\"}", NULL) == WHOP_CANCELED);
    return unused;
}

int main(int argc, char **argv)
{
    static struct stall mute = {.lines = {LINE("")}};
    static whop_call *calls[STARTED];
    pthread_t blocked[BLOCKED];
    CHECK(argc == 2);
    const char *how = argv[1];
    const int cancels = strcmp(how, "cancel") == 0, count = STARTED + (cancels ? BLOCKED : 0);
    alarm(60); /* long before the calls would end by themselves */
    (void)stall_start(&mute);
    CHECK(whop_client_new("apik_exit", &client) == WHOP_OK);
    CHECK(whop_client_set_base_url(client, mute.base_url) == WHOP_OK);
    CHECK(whop_client_set_timeout_ms(client, 600000) == WHOP_OK);
    for (int i = 0; i < STARTED; i++)
        CHECK(whop_client_start_validate_license(client, "K", "{\"hwid\":\"exit\"}", &calls[i]) == WHOP_OK);
    for (int i = 0; cancels && i < BLOCKED; i++)
        CHECK(pthread_create(&blocked[i], NULL, block, NULL) == 0);
    stall_await(&mute, &mute.reached, count);

    if (cancels) { /* as a game that joins its threads */
        whop_client_cancel_all(client);
        for (int i = 0; i < BLOCKED; i++)
            CHECK(pthread_join(blocked[i], NULL) == 0);
        for (int i = 0; i < STARTED; i++)
            whop_call_free(calls[i]);
        whop_client_free(client);
    } else if (strcmp(how, "exit") == 0) {
        exit(0);
    } else if (strcmp(how, "quick_exit") == 0) {
        quick_exit(0);
    } else {
        CHECK(strcmp(how, "return") == 0);
    }
    return 0;
}
