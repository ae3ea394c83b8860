/* Every status that a socket can bring about, with all that comes with it.
 * Arguments: the port of a fresh sandbox, and a port on which nobody listens. */
#include <stdint.h>
#include <string.h>

#include "check.h"
#include "whop_license.h"

#define DEVICE "{\"hwid\":\"statuses\"}"
#define PLAN "{\"product_id\":\"prod_sandbox\",\"initial_price\":19.99}"

struct expected {
    whop_status status;
    const char *name;
    int32_t verdict;
    int32_t http_status;
    int64_t retry_after_ms;
    int has_json;
};

static const struct {
    const char *license_key; /* NULL: a plan is created instead */
    const char *api_key_name;
    const char *json;
    struct expected expected;
} cases[] = {
    {"SANDBOX-ACTIVE", "full", DEVICE, {0, "WHOP_OK", WHOP_ALLOWED, 201, -1, 1}},
    {"SANDBOX-COMPLETED", "validate", DEVICE, {0, "WHOP_OK", WHOP_ALLOWED, 201, -1, 1}},
    {"SANDBOX-PAST-DUE", "full", DEVICE, {0, "WHOP_OK", WHOP_ALLOWED, 201, -1, 1}},
    {NULL, "full", PLAN, {0, "WHOP_OK", WHOP_ALLOWED, 201, -1, 1}},
    {"NO-SUCH-LICENSE", "full", DEVICE, {100, "WHOP_LICENSE_NOT_FOUND", WHOP_DENIED, 404, -1, 1}},
    {"SANDBOX-EXPIRED", "full", DEVICE, {101, "WHOP_LICENSE_INACTIVE", WHOP_DENIED, 201, -1, 1}},
    {"SANDBOX-NO-VALID", "full", DEVICE, {101, "WHOP_LICENSE_INACTIVE", WHOP_DENIED, 201, -1, 1}},
    {"SANDBOX-OTHER-DEVICE", "full", DEVICE, {102, "WHOP_DEVICE_MISMATCH", WHOP_DENIED, 400, -1, 1}},
    {"SANDBOX-OTHER-PRODUCT", "full", DEVICE, {103, "WHOP_PRODUCT_MISMATCH", WHOP_DENIED, 201, -1, 1}},
    {"SANDBOX-ACTIVE", "full", "[]", {200, "WHOP_INVALID_ARGUMENT", WHOP_UNDETERMINED, 0, -1, 0}},
    {NULL, "full", "{\"currency\":\"eur\"}", {200, "WHOP_INVALID_ARGUMENT", WHOP_UNDETERMINED, 0, -1, 0}},
    {"SANDBOX-ACTIVE", "nobody", DEVICE, {201, "WHOP_UNAUTHORIZED", WHOP_UNDETERMINED, 401, -1, 1}},
    {NULL, "validate", PLAN, {202, "WHOP_FORBIDDEN", WHOP_UNDETERMINED, 403, -1, 1}},
    {"SANDBOX-400", "full", DEVICE, {203, "WHOP_REJECTED", WHOP_UNDETERMINED, 400, -1, 1}},
    {"SANDBOX-DROP", "full", DEVICE, {301, "WHOP_NO_ANSWER", WHOP_UNDETERMINED, 0, -1, 0}},
    {"SANDBOX-429", "full", DEVICE, {302, "WHOP_RATE_LIMITED", WHOP_UNDETERMINED, 429, 7000, 1}},
    {"SANDBOX-500", "full", DEVICE, {303, "WHOP_SERVER_ERROR", WHOP_UNDETERMINED, 500, -1, 1}},
    {"SANDBOX-503-ONCE", "full", DEVICE, {303, "WHOP_SERVER_ERROR", WHOP_UNDETERMINED, 503, -1, 0}},
    {"SANDBOX-HTML", "full", DEVICE, {304, "WHOP_BAD_RESPONSE", WHOP_UNDETERMINED, 200, -1, 0}},
};

static const struct expected unreachable = {300, "WHOP_UNREACHABLE", WHOP_UNDETERMINED, 0, -1, 0};

static void check_response(whop_status status, const whop_response *response, const struct expected *expected)
{
    printf("%d expected, %d came: %s\n", (int)expected->status, (int)status, whop_response_message(response));
    CHECK(status == expected->status);
    CHECK(strcmp(whop_status_name(status), expected->name) == 0);
    CHECK(whop_status_verdict(status) == expected->verdict);
    CHECK(whop_response_http_status(response) == expected->http_status);
    CHECK(whop_response_retry_after_ms(response) == expected->retry_after_ms);
    CHECK((whop_response_json(response) != NULL) == expected->has_json);
    CHECK(strlen(whop_response_message(response)) > 0);
}

/* Not repeated, so that a first answer is seen: the sandbox recovers from some. */
static whop_client *new_client(const char *api_key)
{
    whop_client *client = NULL;
    CHECK(whop_client_new(api_key, &client) == WHOP_OK);
    CHECK(whop_client_set_product_id(client, "prod_sandbox") == WHOP_OK);
    CHECK(whop_client_set_max_retries(client, 0) == WHOP_OK);
    return client;
}

static void check_case(const char *port, int i)
{
    char api_key[64];
    snprintf(api_key, sizeof api_key, "sandbox_%s_%s", port, cases[i].api_key_name);
    whop_client *client = new_client(api_key);
    whop_response *response = NULL;
    const whop_status status =
        cases[i].license_key != NULL
            ? whop_client_validate_license(client, cases[i].license_key, cases[i].json, &response)
            : whop_client_create_plan(client, cases[i].json, &response);
    whop_client_free(client);
    check_response(status, response, &cases[i].expected);
    whop_response_free(response);
}

static void check_unreachable(const char *unbound_port)
{
    char api_key[64];
    snprintf(api_key, sizeof api_key, "sandbox_%s_full", unbound_port);
    whop_client *client = new_client(api_key);
    whop_response *response = NULL;
    whop_status status = whop_client_validate_license(client, "SANDBOX-ACTIVE", DEVICE, &response);
    check_response(status, response, &unreachable);
    whop_response_free(response);
    status = whop_client_create_plan(client, PLAN, &response);
    check_response(status, response, &unreachable);
    whop_response_free(response);
    whop_client_free(client);
}

static void check_fields(const char *port)
{
    char api_key[64];
    snprintf(api_key, sizeof api_key, "sandbox_%s_full", port);
    whop_client *client = new_client(api_key);
    whop_response *response = NULL;
    int64_t integer = 0;
    double number = 0;
    int32_t boolean = -1;
    CHECK(whop_client_set_expand(client, "plan") == WHOP_OK);

    CHECK(whop_client_validate_license(client, "SANDBOX-ACTIVE", DEVICE, &response) == WHOP_OK);
    CHECK(strcmp(whop_response_string(response, "/metadata/hwid"), "statuses") == 0);
    CHECK(strcmp(whop_response_string(response, "/plan/id"), "plan_sandbox") == 0);
    CHECK(whop_response_integer(response, "/expires_at", &integer) == 1 && integer > 1700000000);
    CHECK(whop_response_number(response, "/expires_at", &number) == 1 && (int64_t)number == integer);
    CHECK(whop_response_boolean(response, "/valid", &boolean) == 1 && boolean == 1);
    CHECK(whop_response_boolean(response, "/cancel_at_period_end", &boolean) == 1 && boolean == 0);
    /* An expanded plan writes its prices as strings. */
    CHECK(whop_response_string(response, "/plan/initial_price") != NULL);
    CHECK(whop_response_number(response, "/plan/initial_price", &number) == 1);
    CHECK(whop_response_integer(response, "/plan/initial_price", &integer) == 0);
    whop_response_free(response);

    CHECK(whop_client_validate_license(client, "SANDBOX-COMPLETED", DEVICE, &response) == WHOP_OK);
    CHECK(whop_response_integer(response, "/expires_at", &integer) == 0);
    whop_response_free(response);
    whop_client_free(client);
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    for (int i = 0; i < (int)(sizeof cases / sizeof *cases); i++)
        check_case(argv[1], i);
    check_unreachable(argv[2]);
    check_fields(argv[1]);
    return 0;
}
