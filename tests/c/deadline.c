/* A call that could last for ever ends by its deadline; if not, a signal ends this program.
 * Arguments: a base URL, the timeout in milliseconds, the status to come, and the public keys if the URL is a relay's. */
#define _POSIX_C_SOURCE 200809L
#include <unistd.h>

#include "check.h"
#include "clock.h"
#include "whop_license.h"

int main(int argc, char **argv)
{
    CHECK(argc == 4 || argc == 5);
    const uint32_t timeout_ms = (uint32_t)strtoul(argv[2], NULL, 10);
    whop_client *client = NULL;
    if (argc == 5) {
        CHECK(whop_client_new_relay(argv[1], argv[4], &client) == WHOP_OK);
        CHECK(whop_client_set_product_id(client, "prod_1") == WHOP_OK);
    } else {
        CHECK(whop_client_new("key", &client) == WHOP_OK);
        CHECK(whop_client_set_base_url(client, argv[1]) == WHOP_OK);
    }
    CHECK(whop_client_set_timeout_ms(client, timeout_ms) == WHOP_OK);

    alarm(10 * timeout_ms / 1000);
    const int64_t started = now_ms();
    whop_response *response = NULL;
    const whop_status status = whop_client_validate_license(client, "KEY", "{\"hwid\":\"deadline\"}", &response);
    printf("%s: %s\n", whop_status_name(status), whop_response_message(response));
    CHECK(status == strtol(argv[3], NULL, 10));
    CHECK(now_ms() - started >= timeout_ms); /* or nothing kept it waiting */
    whop_response_free(response);
    whop_client_free(client);
    return 0;
}
