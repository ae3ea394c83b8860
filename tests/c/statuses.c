/* Every status that a socket can bring about, over both APIs, with all that comes with it.
 * Arguments: the table of tests/statuses.txt, the ports of two fresh sandboxes, and a port on which nobody listens. */
#include <stdint.h>
#include <string.h>

#include "check.h"
#include "whop_license.h"

#define DEVICE "{\"hwid\":\"statuses\"}"
#define PLAN "{\"product_id\":\"prod_sandbox\",\"initial_price\":19.99}"

struct expected {
    whop_status status;
    int32_t http_status;
    char license_status[16]; /* "-": none */
    int64_t retry_after_ms;
    int has_json;
};

static const struct expected unreachable = {WHOP_UNREACHABLE, 0, "-", -1, 0};

/* What a status is called, and what it decides. */
static const struct {
    whop_status status;
    const char *name;
    int32_t verdict;
} statuses[] = {
#define STATUS(name, verdict) {name, #name, verdict}
    STATUS(WHOP_OK, WHOP_ALLOWED),
    STATUS(WHOP_LICENSE_NOT_FOUND, WHOP_DENIED),
    STATUS(WHOP_LICENSE_INACTIVE, WHOP_DENIED),
    STATUS(WHOP_DEVICE_MISMATCH, WHOP_DENIED),
    STATUS(WHOP_PRODUCT_MISMATCH, WHOP_DENIED),
    STATUS(WHOP_INVALID_ARGUMENT, WHOP_UNDETERMINED),
    STATUS(WHOP_UNAUTHORIZED, WHOP_UNDETERMINED),
    STATUS(WHOP_FORBIDDEN, WHOP_UNDETERMINED),
    STATUS(WHOP_REJECTED, WHOP_UNDETERMINED),
    STATUS(WHOP_UNREACHABLE, WHOP_UNDETERMINED),
    STATUS(WHOP_NO_ANSWER, WHOP_UNDETERMINED),
    STATUS(WHOP_RATE_LIMITED, WHOP_UNDETERMINED),
    STATUS(WHOP_SERVER_ERROR, WHOP_UNDETERMINED),
    STATUS(WHOP_BAD_RESPONSE, WHOP_UNDETERMINED),
};

static void check_status(whop_status status)
{
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        if (statuses[i].status != status)
            continue;
        CHECK(strcmp(whop_status_name(status), statuses[i].name) == 0);
        CHECK(whop_status_verdict(status) == statuses[i].verdict);
        return;
    }
    CHECK(!"a status that no socket brings about");
}

static void check_response(whop_status status, const whop_response *response, const struct expected *expected)
{
    const char *license_status = whop_response_license_status(response);
    printf("%d expected, %d came: %s\n", (int)expected->status, (int)status, whop_response_message(response));
    CHECK(status == expected->status);
    check_status(status);
    CHECK(whop_response_http_status(response) == expected->http_status);
    CHECK(strcmp(license_status != NULL ? license_status : "-", expected->license_status) == 0);
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

static whop_status call(const char *name, const whop_client *client, const char *of, whop_response **response)
{
    if (strcmp(name, "validate") == 0)
        return whop_client_validate_license(client, of, DEVICE, response);
    if (strcmp(name, "reset") == 0)
        return whop_client_reset_license(client, of, response);
    CHECK(strcmp(name, "create") == 0);
    return whop_client_create_plan(client, of, response);
}

/* A number of the table; "-" is none. */
static int number(const char *column, int none)
{
    char *end = NULL;
    const long value = strcmp(column, "-") == 0 ? none : strtol(column, &end, 10);
    CHECK(end == NULL || *end == '\0');
    return (int)value;
}

static void check_row(const char *row, const char *port, int32_t api)
{
    char name[16], api_key[16], of[64], status[2][8], http_status[2][8], license_status[2][16], wait[8];
    CHECK(sscanf(row, "%15s %15s %63s %7s %7s %15s %7s %7s %15s %7s", name, api_key, of, status[0], http_status[0],
                 license_status[0], status[1], http_status[1], license_status[1], wait) == 10);
    const int column = api == WHOP_API_V2;
    struct expected expected = {number(status[column], -1), number(http_status[column], 0), "", number(wait, -1), 0};
    strcpy(expected.license_status, license_status[column]);
    /* All that comes is JSON, but for two. */
    expected.has_json =
        expected.http_status != 0 && strcmp(of, "SANDBOX-503-ONCE") != 0 && strcmp(of, "SANDBOX-HTML") != 0;

    whop_client *client = new_client(port, api_key, api);
    whop_response *response = NULL;
    fputs(row, stdout);
    const whop_status came = call(name, client, of, &response);
    whop_client_free(client);
    check_response(came, response, &expected);
    whop_response_free(response);
}

static void check_table(const char *path, const char *port, int32_t api)
{
    char row[256];
    int rows = 0;
    FILE *table = fopen(path, "r");
    CHECK(table != NULL);
    while (fgets(row, sizeof row, table) != NULL) {
        if (row[0] == '#' || row[0] == '\n')
            continue;
        check_row(row, port, api);
        rows++;
    }
    CHECK(rows > 0 && fclose(table) == 0);
}

static void check_unreachable(const char *unbound_port, int32_t api)
{
    whop_client *client = new_client(unbound_port, "full", api);
    whop_response *response = NULL;
    whop_status status = whop_client_validate_license(client, "SANDBOX-ACTIVE", DEVICE, &response);
    check_response(status, response, &unreachable);
    whop_response_free(response);
    status = whop_client_create_plan(client, PLAN, &response);
    check_response(status, response, &unreachable);
    whop_response_free(response);
    status = whop_client_reset_license(client, "SANDBOX-ACTIVE", &response);
    check_response(status, response, &unreachable);
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

/* Each API has a right of its own, which a key for the other lacks. The table has left SANDBOX-ACTIVE free. */
static void check_rights(const char *port)
{
    whop_client *validating = new_client(port, "validate", WHOP_API_V2);
    check(validating, "SANDBOX-COMPLETED", WHOP_OK);
    CHECK(whop_client_set_api(validating, WHOP_API_CURRENT) == WHOP_OK);
    check(validating, "SANDBOX-COMPLETED", WHOP_FORBIDDEN);
    whop_client_free(validating);

    /* What may only read is told which permission it lacks, and has changed nothing. */
    whop_client *reading = new_client(port, "read", WHOP_API_CURRENT);
    whop_response *response = NULL;
    CHECK(whop_client_validate_license(reading, "SANDBOX-ACTIVE", DEVICE, &response) == WHOP_FORBIDDEN);
    CHECK(strstr(whop_response_message(response), "member:manage") != NULL);
    whop_response_free(response);
    CHECK(whop_client_reset_license(reading, "SANDBOX-COMPLETED", &response) == WHOP_FORBIDDEN);
    CHECK(strstr(whop_response_message(response), "member:manage") != NULL);
    whop_response_free(response);
    check(reading, "SANDBOX-COMPLETED", WHOP_OK);
    whop_client_free(reading);
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
    CHECK(argc == 5);
    const char *table = argv[1], *nobody = argv[4];
    for (int api = 0; api < 2; api++) {
        check_table(table, argv[2 + api], apis[api]);
        check_unreachable(nobody, apis[api]);
    }
    check_rights(argv[2]);
    check_both_tell_of_the_same(argv[2]);
    check_fields(argv[2]);
    return 0;
}
