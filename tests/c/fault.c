/* What calls through a faulty network end with, and when.
 * Arguments: a CA file or "-", the timeout in milliseconds, and for each fault a base URL, after "v2 " if API v2 is asked, with
 * the statuses to come of a validation and of a creation, or "-" for no such call. */
#define _POSIX_C_SOURCE 200809L
#include <string.h>

#include "check.h"
#include "clock.h"
#include "whop_license.h"

static uint32_t timeout_ms;

/* Takes the response, and frees it. */
static void check(const char *call, whop_status status, const char *expected, int64_t started, whop_response *response)
{
    printf("%s %d %lld ms %s: %s\n", call, (int)status, (long long)(now_ms() - started), whop_status_name(status),
           whop_response_message(response));
    fflush(stdout);
    CHECK(status == strtol(expected, NULL, 10));
    CHECK(now_ms() - started < 2 * (int64_t)timeout_ms); /* or the server ended it, not the deadline */
    CHECK(strlen(whop_response_message(response)) > 0);
    CHECK(strstr(whop_response_message(response), "apik_secret") == NULL);
    whop_response_free(response);
}

static void meet(const char *ca_file, char **fault)
{
    whop_client *client = NULL;
    CHECK(whop_client_new("apik_secret", &client) == WHOP_OK);
    const int is_v2 = strncmp(fault[0], "v2 ", 3) == 0;
    CHECK(whop_client_set_api(client, is_v2 ? WHOP_API_V2 : WHOP_API_CURRENT) == WHOP_OK);
    CHECK(whop_client_set_base_url(client, fault[0] + (is_v2 ? 3 : 0)) == WHOP_OK);
    CHECK(whop_client_set_timeout_ms(client, timeout_ms) == WHOP_OK);
    if (strcmp(ca_file, "-") != 0)
        CHECK(whop_client_set_ca_file(client, ca_file) == WHOP_OK);

    printf("%s\n", fault[0]);
    whop_response *response = NULL;
    int64_t started = now_ms();
    whop_status status;
    if (strcmp(fault[1], "-") != 0) {
        status = whop_client_validate_license(client, "KEY", "{\"hwid\":\"fault\"}", &response);
        check("validate", status, fault[1], started, response);
    }
    started = now_ms();
    if (strcmp(fault[2], "-") != 0) {
        status = whop_client_create_plan(client, "{\"product_id\":\"prod_1\"}", &response);
        check("create", status, fault[2], started, response);
    }
    whop_client_free(client);
}

int main(int argc, char **argv)
{
    CHECK(argc >= 6 && argc % 3 == 0);
    timeout_ms = (uint32_t)strtoul(argv[2], NULL, 10);
    for (int i = 3; i < argc; i += 3)
        meet(argv[1], argv + i);
    return 0;
}
