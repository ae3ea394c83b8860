/* What a response tells of a membership or plan is the same whichever API answered, and nothing where the answer does not
 * say. */
#define _POSIX_C_SOURCE 200809L
#include <stdint.h>

#include "script.h"
#include "whop_license.h"

#define DEVICE "{\"hwid\":\"facts\"}"
#define END 1796083200 /* 2026-12-01T00:00:00Z */

#define CURRENT(status, product, metadata, end) \
    "{\"id\":\"mem_1\",\"license_key\":\"K\",\"status\":\"" status "\",\"product_id\":\"" product \
    "\",\"plan_id\":\"plan_1\",\"metadata\":" metadata "," end "}"
#define ENDS "\"current_period_end\":\"2026-12-01T00:00:00.958Z\""
#define UNENDING "\"current_period_end\":null"
#define V2(valid, status, product, plan, end) \
    "{\"id\":\"mem_1\",\"valid\":" valid ",\"status\":\"" status "\",\"product\":" product ",\"plan\":" plan \
    ",\"expires_at\":" end "}"
#define NOT_FOUND {404, "{\"error\":{\"type\":\"not_found\",\"message\":\"Membership not found\"}}"}
#define A_MEMBERSHIP {200, "{\"data\":[{\"id\":\"mem_2\"}]}"}

struct facts {
    const char *membership_id, *license_status, *product_id, *plan_id;
    int64_t expires_at; /* 0: not told */
};

static const struct facts none;

static const struct {
    int32_t api;
    int is_plan;
    struct answer answers[MOST_ANSWERS];
    whop_status status;
    struct facts facts;
} cases[] = {
    {WHOP_API_CURRENT, 0, {{200, CURRENT("active", "prod_1", DEVICE, ENDS)}},
     WHOP_OK, {"mem_1", "active", "prod_1", "plan_1", END}},
    /* Of a first use, what was read last. */
    {WHOP_API_CURRENT, 0, {{200, CURRENT("trialing", "prod_1", "{}", ENDS)},
                           {200, CURRENT("trialing", "prod_1", DEVICE, ENDS)},
                           {200, CURRENT("completed", "prod_1", DEVICE, UNENDING)}},
     WHOP_OK, {"mem_1", "completed", "prod_1", "plan_1", 0}},
    {WHOP_API_CURRENT, 0, {{200, CURRENT("active", "prod_1", DEVICE, ENDS ",\"expires_at\":\"2026-12-01T00:00:01Z\"")}},
     WHOP_OK, {"mem_1", "active", "prod_1", "plan_1", END + 1}},
    {WHOP_API_CURRENT, 0, {{200, CURRENT("active", "prod_1", DEVICE, "\"current_period_end\":\"soon\"")}},
     WHOP_OK, {"mem_1", "active", "prod_1", "plan_1", 0}},
    {WHOP_API_CURRENT, 0, {NOT_FOUND, A_MEMBERSHIP}, WHOP_LICENSE_NOT_FOUND, {NULL, NULL, NULL, NULL, 0}},
    {WHOP_API_CURRENT, 0, {{200, CURRENT("canceled", "prod_1", DEVICE, ENDS)}},
     WHOP_LICENSE_INACTIVE, {"mem_1", "canceled", "prod_1", "plan_1", END}},
    {WHOP_API_CURRENT, 0, {{200, "{\"id\":\"mem_1\",\"license_key\":\"K\"}"}},
     WHOP_LICENSE_INACTIVE, {"mem_1", NULL, NULL, NULL, 0}},
    {WHOP_API_CURRENT, 0, {{200, CURRENT("active", "prod_1", "{\"hwid\":\"another\"}", ENDS)}},
     WHOP_DEVICE_MISMATCH, {"mem_1", "active", "prod_1", "plan_1", END}},
    {WHOP_API_CURRENT, 0, {{200, CURRENT("active", "prod_2", DEVICE, ENDS)}},
     WHOP_PRODUCT_MISMATCH, {"mem_1", "active", "prod_2", "plan_1", END}},
    /* C would cut these. */
    {WHOP_API_CURRENT, 0, {{200, CURRENT("expired\\u0000", "prod_1\\u0000", "{}", UNENDING)}},
     WHOP_LICENSE_INACTIVE, {"mem_1", NULL, NULL, "plan_1", 0}},
    {WHOP_API_CURRENT, 0, {{401, CURRENT("active", "prod_1", DEVICE, ENDS)}},
     WHOP_UNAUTHORIZED, {NULL, NULL, NULL, NULL, 0}},
    {WHOP_API_CURRENT, 1, {{201, "{\"id\":\"plan_2\",\"product\":{\"id\":\"prod_1\",\"title\":\"Game\"}}"}},
     WHOP_OK, {NULL, NULL, "prod_1", "plan_2", 0}},
    {WHOP_API_CURRENT, 1, {{201, "{\"id\":\"plan_2\",\"product\":null,\"status\":\"active\"}"}},
     WHOP_OK, {NULL, NULL, NULL, "plan_2", 0}},
    {WHOP_API_CURRENT, 1, {{422, "{\"id\":\"plan_2\"}"}}, WHOP_REJECTED, {NULL, NULL, NULL, NULL, 0}},

    {WHOP_API_V2, 0, {{201, V2("true", "active", "\"prod_1\"", "\"plan_1\"", "1796083200")}},
     WHOP_OK, {"mem_1", "active", "prod_1", "plan_1", END}},
    {WHOP_API_V2, 0, {{201, V2("true", "completed", "{\"id\":\"prod_1\"}", "{\"id\":\"plan_1\"}", "null")}},
     WHOP_OK, {"mem_1", "completed", "prod_1", "plan_1", 0}},
    {WHOP_API_V2, 0, {NOT_FOUND}, WHOP_LICENSE_NOT_FOUND, {NULL, NULL, NULL, NULL, 0}},
    {WHOP_API_V2, 0, {{201, V2("false", "expired", "\"prod_1\"", "\"plan_1\"", "1796083200")}},
     WHOP_LICENSE_INACTIVE, {"mem_1", "expired", "prod_1", "plan_1", END}},
    {WHOP_API_V2, 0, {{400, "{\"message\":\"Please reset your key to use on a new machine\"}"}},
     WHOP_DEVICE_MISMATCH, {NULL, NULL, NULL, NULL, 0}},
    {WHOP_API_V2, 0, {{201, V2("true", "active", "\"prod_2\"", "\"plan_1\"", "1796083200")}},
     WHOP_PRODUCT_MISMATCH, {"mem_1", "active", "prod_2", "plan_1", END}},
    {WHOP_API_V2, 1, {{200, "{\"id\":\"plan_2\",\"product\":\"prod_1\"}"}},
     WHOP_OK, {NULL, NULL, "prod_1", "plan_2", 0}},
};

static void check_text(const char *found, const char *expected)
{
    if (expected == NULL)
        CHECK(found == NULL);
    else
        CHECK(found != NULL && strcmp(found, expected) == 0);
}

static void check_facts(const whop_response *response, const struct facts *expected)
{
    int64_t expires_at = 42;
    check_text(whop_response_membership_id(response), expected->membership_id);
    check_text(whop_response_license_status(response), expected->license_status);
    check_text(whop_response_product_id(response), expected->product_id);
    check_text(whop_response_plan_id(response), expected->plan_id);
    CHECK(whop_response_expires_at(response, &expires_at) == (expected->expires_at != 0));
    CHECK(expires_at == (expected->expires_at != 0 ? expected->expires_at : 42)); /* or left alone */
    CHECK(whop_response_expires_at(response, NULL) == 0);
}

int main(void)
{
    alarm(60);
    script_listen();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        whop_client *client = NULL;
        whop_response *response = NULL;
        CHECK(whop_client_new("apik_facts", &client) == WHOP_OK);
        CHECK(whop_client_set_api(client, cases[i].api) == WHOP_OK);
        CHECK(whop_client_set_base_url(client, script.base_url) == WHOP_OK);
        CHECK(whop_client_set_product_id(client, "prod_1") == WHOP_OK);
        script_begin(cases[i].answers);
        const whop_status status = cases[i].is_plan
                                       ? whop_client_create_plan(client, "{\"product_id\":\"prod_1\"}", &response)
                                       : whop_client_validate_license(client, "K", DEVICE, &response);
        script_end();
        whop_client_free(client);
        printf("%d: %s: %s\n", (int)i, whop_status_name(status), whop_response_message(response));
        CHECK(status == cases[i].status);
        check_facts(response, &cases[i].facts);
        whop_response_free(response);
    }
    check_facts(NULL, &none);
    return 0;
}
