/* A canceled call is not answered from a lease, though there is a good one.
 * Arguments: a relay URL, public keys, the URL of a relay that is away, a path for the lease file. */
#define _GNU_SOURCE
#include "check.h"
#include "stalls.h"
#include "whop_license.h"

#include <fcntl.h>
#include <sys/file.h>

#define DEVICE "{\"hwid\":\"relay cancel\"}"

static const char *public_keys, *lease_file;

static whop_client *client_of(const char *relay_url)
{
    whop_client *client = NULL;
    CHECK(whop_client_new_relay(relay_url, public_keys, &client) == WHOP_OK);
    CHECK(whop_client_set_product_id(client, "prod_sandbox") == WHOP_OK);
    CHECK(whop_client_set_lease_file(client, lease_file) == WHOP_OK);
    CHECK(whop_client_set_timeout_ms(client, 600000) == WHOP_OK);
    CHECK(whop_client_set_max_retries(client, 0) == WHOP_OK);
    return client;
}

static void check(const char *relay_url, int is_offline)
{
    whop_client *client = client_of(relay_url);
    whop_response *response = NULL;
    CHECK(whop_client_validate_license(client, "SANDBOX-ACTIVE", DEVICE, &response) == WHOP_OK);
    CHECK(whop_response_is_offline(response) == is_offline);
    whop_response_free(response);
    whop_client_free(client);
}

static void *block(void *client)
{
    CHECK(whop_client_validate_license(client, "SANDBOX-ACTIVE", DEVICE, NULL) == WHOP_CANCELED);
    return NULL;
}

int main(int argc, char **argv)
{
    CHECK(argc == 5);
    public_keys = argv[2];
    lease_file = argv[4];
    alarm(300);
    check(argv[1], 0);
    check(argv[3], 1);

    char base_url[64];
    struct stall mute = {.lines = {LINE("")}};
    const pthread_t server = stall_start(&mute);
    snprintf(base_url, sizeof base_url, "%.*s", (int)(strlen(mute.base_url) - strlen("/api")), mute.base_url);
    whop_client *client = client_of(base_url);
    for (int i = 0; i < 20; i++) {
        whop_call *call = NULL;
        whop_response *response = NULL;
        pthread_t blocked;
        CHECK(whop_client_start_validate_license(client, "SANDBOX-ACTIVE", DEVICE, &call) == WHOP_OK);
        CHECK(pthread_create(&blocked, NULL, block, client) == 0);
        stall_await(&mute, &mute.reached, 2 * (i + 1));
        if (i % 2) {
            whop_call_cancel(call);
            CHECK(whop_call_is_done(call) == 1);
        }
        whop_client_cancel_all(client);
        CHECK(pthread_join(blocked, NULL) == 0);
        CHECK(whop_call_wait(call, 300000) == 1);
        CHECK(whop_call_result(call, &response) == WHOP_CANCELED && whop_response_is_offline(response) == 0);
        whop_response_free(response);
        whop_call_free(call);
    }
    whop_client_free(client);
    stall_end(&mute, server);
    check(argv[3], 1); /* the lease is as good as before */

    /* Both wait for the lease file, which is locked. */
    char lock_path[4096];
    snprintf(lock_path, sizeof lock_path, "%s.lock", lease_file);
    const int lock = open(lock_path, O_RDWR | O_CLOEXEC);
    CHECK(lock != -1 && flock(lock, LOCK_EX) == 0);
    client = client_of(argv[3]);
    whop_call *call = NULL;
    pthread_t blocked;
    CHECK(whop_client_start_validate_license(client, "SANDBOX-ACTIVE", DEVICE, &call) == WHOP_OK);
    CHECK(pthread_create(&blocked, NULL, block, client) == 0);
    usleep(300000); /* nothing tells that they are there; earlier, less is tested */
    whop_client_cancel_all(client);
    CHECK(pthread_join(blocked, NULL) == 0);
    CHECK(whop_call_wait(call, 300000) == 1);
    CHECK(whop_call_result(call, NULL) == WHOP_CANCELED);
    whop_call_free(call);
    whop_client_free(client);
    close(lock);
    check(argv[3], 1);
    return 0;
}
