/* Every status that a socket can bring about, over both APIs, with all that comes with it.
 * Arguments: the ports of two fresh sandboxes, and a port on which nobody listens. */
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
    int32_t http_status[2]; /* over the current API, over v2 */
    int64_t retry_after_ms;
    int has_json;
};

static const struct {
    const char *license_key; /* NULL: a plan is created instead */
    const char *api_key_name;
    const char *json;
    struct expected expected;
} cases[] = {
    {"SANDBOX-ACTIVE", "full", DEVICE, {0, "WHOP_OK", WHOP_ALLOWED, {200, 201}, -1, 1}},
    {"SANDBOX-COMPLETED", "full", DEVICE, {0, "WHOP_OK", WHOP_ALLOWED, {200, 201}, -1, 1}},
    {"SANDBOX-TRIALING", "full", DEVICE, {0, "WHOP_OK", WHOP_ALLOWED, {200, 201}, -1, 1}},
    {"SANDBOX-CANCELING", "full", DEVICE, {0, "WHOP_OK", WHOP_ALLOWED, {200, 201}, -1, 1}},
    {"SANDBOX-PAST-DUE", "full", DEVICE, {0, "WHOP_OK", WHOP_ALLOWED, {200, 201}, -1, 1}},
    {NULL, "full", PLAN, {0, "WHOP_OK", WHOP_ALLOWED, {201, 201}, -1, 1}},
    {"NO-SUCH-LICENSE", "full", DEVICE, {100, "WHOP_LICENSE_NOT_FOUND", WHOP_DENIED, {404, 404}, -1, 1}},
    {"SANDBOX-CANCELED", "full", DEVICE, {101, "WHOP_LICENSE_INACTIVE", WHOP_DENIED, {200, 201}, -1, 1}},
    {"SANDBOX-EXPIRED", "full", DEVICE, {101, "WHOP_LICENSE_INACTIVE", WHOP_DENIED, {200, 201}, -1, 1}},
    {"SANDBOX-UNRESOLVED", "full", DEVICE, {101, "WHOP_LICENSE_INACTIVE", WHOP_DENIED, {200, 201}, -1, 1}},
    {"SANDBOX-DRAFTED", "full", DEVICE, {101, "WHOP_LICENSE_INACTIVE", WHOP_DENIED, {200, 201}, -1, 1}},
    {"SANDBOX-NO-VALID", "full", DEVICE, {101, "WHOP_LICENSE_INACTIVE", WHOP_DENIED, {200, 201}, -1, 1}},
    {"SANDBOX-OTHER-DEVICE", "full", DEVICE, {102, "WHOP_DEVICE_MISMATCH", WHOP_DENIED, {200, 400}, -1, 1}},
    {"SANDBOX-OTHER-PRODUCT", "full", DEVICE, {103, "WHOP_PRODUCT_MISMATCH", WHOP_DENIED, {200, 201}, -1, 1}},
    {"SANDBOX-ACTIVE", "full", "[]", {200, "WHOP_INVALID_ARGUMENT", WHOP_UNDETERMINED, {0, 0}, -1, 0}},
    {NULL, "full", "{\"currenzy\":\"eur\"}", {200, "WHOP_INVALID_ARGUMENT", WHOP_UNDETERMINED, {0, 0}, -1, 0}},
    {"SANDBOX-ACTIVE", "nobody", DEVICE, {201, "WHOP_UNAUTHORIZED", WHOP_UNDETERMINED, {401, 401}, -1, 1}},
    {NULL, "nobody", PLAN, {201, "WHOP_UNAUTHORIZED", WHOP_UNDETERMINED, {401, 401}, -1, 1}},
    {"SANDBOX-ACTIVE", "none", DEVICE, {202, "WHOP_FORBIDDEN", WHOP_UNDETERMINED, {403, 403}, -1, 1}},
    {NULL, "read", PLAN, {202, "WHOP_FORBIDDEN", WHOP_UNDETERMINED, {403, 403}, -1, 1}},
    {"SANDBOX-400", "full", DEVICE, {203, "WHOP_REJECTED", WHOP_UNDETERMINED, {400, 400}, -1, 1}},
    {"SANDBOX-DROP", "full", DEVICE, {301, "WHOP_NO_ANSWER", WHOP_UNDETERMINED, {0, 0}, -1, 0}},
    {"SANDBOX-429", "full", DEVICE, {302, "WHOP_RATE_LIMITED", WHOP_UNDETERMINED, {429, 429}, 7000, 1}},
    {"SANDBOX-500", "full", DEVICE, {303, "WHOP_SERVER_ERROR", WHOP_UNDETERMINED, {500, 500}, -1, 1}},
    {"SANDBOX-503-ONCE", "full", DEVICE, {303, "WHOP_SERVER_ERROR", WHOP_UNDETERMINED, {503, 503}, -1, 0}},
    {"SANDBOX-HTML", "full", DEVICE, {304, "WHOP_BAD_RESPONSE", WHOP_UNDETERMINED, {200, 200}, -1, 0}},
};

static const struct expected unreachable = {300, "WHOP_UNREACHABLE", WHOP_UNDETERMINED, {0, 0}, -1, 0};

static void check_response(int32_t api, whop_status status, const whop_response *response,
                           const struct expected *expected)
{
    printf("%d expected, %d came: %s\n", (int)expected->status, (int)status, whop_response_message(response));
    CHECK(status == expected->status);
    CHECK(strcmp(whop_status_name(status), expected->name) == 0);
    CHECK(whop_status_verdict(status) == expected->verdict);
    CHECK(whop_response_http_status(response) == expected->http_status[api == WHOP_API_V2]);
    CHECK(whop_response_retry_after_ms(response) == expected->retry_after_ms);
    CHECK((whop_response_json(response) != NULL) == expected->has_json);
    CHECK(strlen(whop_response_message(response)) > 0);
}

/* Not repeated, so that a first answer is seen: the sandbox recovers from some. */
static whop_client *new_client(const char *port, const char *api_key_name, int32_t api)
{
    char api_key[64];
    whop_client *client = NULL;
    snprintf(api_key, sizeof api_key, "sandbox_%s_%s", port, api_key_name);
    CHECK(whop_client_new(api_key, &client) == WHOP_OK);
    CHECK(whop_client_set_api(client, api) == WHOP_OK);
    CHECK(whop_client_set_product_id(client, "prod_sandbox") == WHOP_OK);
    CHECK(whop_client_set_max_retries(client, 0) == WHOP_OK);
    return client;
}

static void check_case(const char *port, int32_t api, int i)
{
    whop_client *client = new_client(port, cases[i].api_key_name, api);
    whop_response *response = NULL;
    const whop_status status =
        cases[i].license_key != NULL
            ? whop_client_validate_license(client, cases[i].license_key, cases[i].json, &response)
            : whop_client_create_plan(client, cases[i].json, &response);
    whop_client_free(client);
    check_response(api, status, response, &cases[i].expected);
    whop_response_free(response);
}

static void check_unreachable(const char *unbound_port, int32_t api)
{
    whop_client *client = new_client(unbound_port, "full", api);
    whop_response *response = NULL;
    whop_status status = whop_client_validate_license(client, "SANDBOX-ACTIVE", DEVICE, &response);
    check_response(api, status, response, &unreachable);
    whop_response_free(response);
    status = whop_client_create_plan(client, PLAN, &response);
    check_response(api, status, response, &unreachable);
    whop_response_free(response);
    status = whop_client_reset_license(client, "SANDBOX-ACTIVE", &response);
    check_response(api, status, response, &unreachable);
    whop_response_free(response);
    whop_client_free(client);
}

static void check(const whop_client *client, const char *license_key, whop_status expected)
{
    whop_response *response = NULL;
    const whop_status status = whop_client_validate_license(client, license_key, DEVICE, &response);
    printf("%s: %s\n", license_key, whop_response_message(response));
    CHECK(status == expected);
    whop_response_free(response);
}

/* Each API has a right of its own, which a key for the other lacks. */
static void check_rights(const char *port)
{
    whop_client *validating = new_client(port, "validate", WHOP_API_V2);
    check(validating, "SANDBOX-COMPLETED", WHOP_OK);
    CHECK(whop_client_set_api(validating, WHOP_API_CURRENT) == WHOP_OK);
    check(validating, "SANDBOX-COMPLETED", WHOP_FORBIDDEN);
    whop_client_free(validating);

    /* What may only read confirms a license that is bound, and binds none. */
    whop_client *reading = new_client(port, "read", WHOP_API_CURRENT);
    whop_response *response = NULL;
    check(reading, "SANDBOX-ACTIVE", WHOP_OK);
    check(reading, "NO-SUCH-LICENSE", WHOP_LICENSE_NOT_FOUND);
    CHECK(whop_client_validate_license(reading, "SANDBOX-NOTED", DEVICE, &response) == WHOP_FORBIDDEN);
    CHECK(strstr(whop_response_message(response), "member:manage") != NULL);
    whop_response_free(response);
    CHECK(whop_client_reset_license(reading, "SANDBOX-ACTIVE", &response) == WHOP_FORBIDDEN);
    CHECK(strstr(whop_response_message(response), "member:manage") != NULL);
    whop_response_free(response);
    check(reading, "SANDBOX-ACTIVE", WHOP_OK);
    whop_client_free(reading);

    /* What Whop has revoked sees no license, which denies none. */
    whop_client *revoked = new_client(port, "revoked", WHOP_API_CURRENT);
    check(revoked, "SANDBOX-ACTIVE", WHOP_BAD_RESPONSE);
    CHECK(whop_client_reset_license(revoked, "SANDBOX-ACTIVE", NULL) == WHOP_BAD_RESPONSE);
    CHECK(whop_client_set_api(revoked, WHOP_API_V2) == WHOP_OK);
    check(revoked, "SANDBOX-ACTIVE", WHOP_UNAUTHORIZED);
    whop_client_free(revoked);
}

/* What is bound over one API is bound in the other, and so is what is reset. */
static void check_both_tell_of_the_same(const char *port)
{
    whop_client *one = new_client(port, "full", WHOP_API_CURRENT), *other = new_client(port, "full", WHOP_API_V2);
    for (int i = 0; i < 2; i++) {
        CHECK(whop_client_reset_license(other, "SANDBOX-TRIALING", NULL) == WHOP_OK);
        check(one, "SANDBOX-TRIALING", WHOP_OK);
        check(other, "SANDBOX-TRIALING", WHOP_OK);
        CHECK(whop_client_validate_license(other, "SANDBOX-TRIALING", "{\"hwid\":\"another\"}", NULL) ==
              WHOP_DEVICE_MISMATCH);
        whop_client *swapped = one;
        one = other;
        other = swapped;
    }
    whop_client_free(one);
    whop_client_free(other);
}

static void check_fields(const char *port)
{
    whop_client *client = new_client(port, "full", WHOP_API_V2);
    whop_response *response = NULL;
    int64_t integer = 0, expires_at = 0;
    double number = 0;
    int32_t boolean = -1;
    CHECK(whop_client_set_expand(client, "plan") == WHOP_OK);

    CHECK(whop_client_validate_license(client, "SANDBOX-ACTIVE", DEVICE, &response) == WHOP_OK);
    CHECK(strcmp(whop_response_string(response, "/metadata/hwid"), "statuses") == 0);
    CHECK(strcmp(whop_response_string(response, "/plan/id"), "plan_sandbox") == 0);
    CHECK(whop_response_integer(response, "/expires_at", &integer) == 1 && integer > 1700000000);
    CHECK(whop_response_number(response, "/expires_at", &number) == 1 && (int64_t)number == integer);
    CHECK(whop_response_expires_at(response, &expires_at) == 1 && expires_at == integer);
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

    client = new_client(port, "full", WHOP_API_CURRENT);
    CHECK(whop_client_validate_license(client, "SANDBOX-ACTIVE", DEVICE, &response) == WHOP_OK);
    CHECK(strcmp(whop_response_string(response, "/metadata/hwid"), "statuses") == 0);
    CHECK(whop_response_string(response, "/account/id") != NULL);
    CHECK(whop_response_string(response, "/current_period_end") != NULL);
    CHECK(whop_response_expires_at(response, &integer) == 1 && integer == expires_at);
    whop_response_free(response);
    whop_client_free(client);
}

int main(int argc, char **argv)
{
    static const int32_t apis[] = {WHOP_API_CURRENT, WHOP_API_V2};
    CHECK(argc == 4);
    for (int api = 0; api < 2; api++) {
        for (int i = 0; i < (int)(sizeof cases / sizeof *cases); i++)
            check_case(argv[1 + api], apis[api], i);
        check_unreachable(argv[3], apis[api]);
    }
    check_rights(argv[1]);
    check_both_tell_of_the_same(argv[1]);
    check_fields(argv[1]);
    return 0;
}
