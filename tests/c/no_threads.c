/* Where no thread can be had, a name cannot be looked up and no call be started, and that is all: this machine is reached
 * without.
 * Arguments: an API key of a running sandbox, and its port. */
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "check.h"
#include "whop_license.h"

/* In place of the one of the C library. */
int pthread_create(pthread_t *id, const pthread_attr_t *attributes, void *(*start)(void *), void *argument)
{
    (void)id, (void)attributes, (void)start, (void)argument;
    return EAGAIN;
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    char base_url[64];
    snprintf(base_url, sizeof base_url, "http://localhost:%s/api", argv[2]);
    whop_client *client = NULL;
    CHECK(whop_client_new(argv[1], &client) == WHOP_OK);
    CHECK(whop_client_validate_license(client, "SANDBOX-ACTIVE", "{\"hwid\":\"no threads\"}", NULL) == WHOP_OK);

    whop_response *response = NULL;
    CHECK(whop_client_set_base_url(client, base_url) == WHOP_OK);
    CHECK(whop_client_validate_license(client, "SANDBOX-ACTIVE", "{\"hwid\":\"no threads\"}", NULL) == WHOP_OK);

    CHECK(whop_client_set_base_url(client, "https://whop.invalid/api") == WHOP_OK);
    CHECK(whop_client_create_plan(client, "{\"product_id\":\"prod_sandbox\"}", &response) == WHOP_UNREACHABLE);
    CHECK(strstr(whop_response_message(response), strerror(EAGAIN)) != NULL);
    whop_response_free(response);

    whop_call *call = NULL;
    CHECK(whop_client_start_validate_license(client, "SANDBOX-ACTIVE", "{\"hwid\":\"no threads\"}", &call) == WHOP_OK);
    CHECK(whop_call_is_done(call) == 1 && whop_client_wait_any(client, 0) == 1);
    CHECK(whop_call_result(call, &response) == WHOP_UNREACHABLE);
    CHECK(strstr(whop_response_message(response), strerror(EAGAIN)) != NULL);
    whop_response_free(response);
    whop_call_free(call);
    whop_client_free(client);
    return 0;
}
