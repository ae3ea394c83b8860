/* What each call sends, by the settings of its client, and what it refuses before it sends anything. */
#define _POSIX_C_SOURCE 200809L
#include "script.h"
#include "whop_license.h"

#define DEVICE "{\"hwid\":\"console-7\"}"
#define PLAN "{\"product_id\":\"prod_1\"}"
#define CURRENT(status, metadata) \
    {200, "{\"id\":\"mem_1\",\"license_key\":\"K\",\"status\":\"" status "\",\"metadata\":" metadata "}"}
#define UNBOUND CURRENT("active", "{}")
#define BOUND CURRENT("active", DEVICE)
#define V2 {201, "{\"id\":\"mem_1\",\"valid\":true}"}
#define CREATED {201, "{\"id\":\"plan_1\"}"}
#define READ "GET /api/v1/memberships/K HTTP/1.1\r\n"
#define WRITE "PATCH /api/v1/memberships/K HTTP/1.1\r\n"
#define CREATE "POST /api/v1/variants HTTP/1.1\r\n"

static const struct answer nothing[] = {{0, NULL}}, bound[] = {BOUND, {0, NULL}}, created[] = {CREATED, {0, NULL}},
                           first_use[] = {UNBOUND, BOUND, BOUND, {0, NULL}}, v2[] = {V2, {0, NULL}};

static whop_client *new_client(void)
{
    whop_client *client = NULL;
    CHECK(whop_client_new("apik_requests", &client) == WHOP_OK);
    CHECK(whop_client_set_base_url(client, script.base_url) == WHOP_OK);
    return client;
}

static void validate(const whop_client *client, const char *metadata, whop_status expected, const struct answer *answers)
{
    whop_response *response = NULL;
    script_begin(answers);
    const whop_status status = whop_client_validate_license(client, "K", metadata, &response);
    script_end();
    printf("%s: %s\n", whop_status_name(status), whop_response_message(response));
    CHECK(status == expected);
    whop_response_free(response);
}

static void create(const whop_client *client)
{
    script_begin(created);
    CHECK(whop_client_create_plan(client, PLAN, NULL) == WHOP_OK);
    script_end();
}

static void current_api_is_asked_unless_v2_is_set(void)
{
    whop_client *client = new_client();
    validate(client, DEVICE, WHOP_OK, first_use);
    CHECK(script_was_asked(0, READ, "Bearer apik_requests\r\n"));
    CHECK(script_was_asked(1, WRITE, "\r\n\r\n{\"metadata\":" DEVICE "}"));
    CHECK(script_was_asked(2, READ, "Bearer apik_requests\r\n"));
    create(client);
    CHECK(script_was_asked(0, CREATE, "\r\n\r\n" PLAN));

    CHECK(whop_client_set_api(client, WHOP_API_V2) == WHOP_OK);
    validate(client, DEVICE, WHOP_OK, v2);
    CHECK(script_was_asked(0, "POST /api/v2/memberships/K/validate_license HTTP/1.1\r\n", "{\"metadata\":" DEVICE "}"));
    CHECK(strstr(script.requests[0], "pi-version-date") == NULL);
    create(client);
    CHECK(script_was_asked(0, "POST /api/v2/plans HTTP/1.1\r\n", "\r\n\r\n" PLAN));
    CHECK(strstr(script.requests[0], "dempotency-key") == NULL);

    CHECK(whop_client_set_api(client, WHOP_API_CURRENT) == WHOP_OK);
    validate(client, DEVICE, WHOP_OK, bound);
    CHECK(script_was_asked(0, READ, ""));
    whop_client_free(client);
}

static void one_shot_calls_ask_the_current_api_also_with_the_key_of_a_sandbox(void)
{
    script_begin(first_use);
    CHECK(whop_validate_license(script.sandbox_key, "K", DEVICE, NULL) == WHOP_OK);
    script_end();
    CHECK(script_was_asked(0, READ, script.sandbox_key));
    CHECK(script_was_asked(1, WRITE, "{\"metadata\":" DEVICE "}"));
    script_begin(created);
    CHECK(whop_create_plan(script.sandbox_key, PLAN, NULL) == WHOP_OK);
    script_end();
    CHECK(script_was_asked(0, CREATE, script.sandbox_key));
}

static void every_request_names_the_version(void)
{
    static const char *const none[] = {"2026-07-22",   "2025-01-01", "2026-09", "2026-9-23", "2026-09-23-",
                                       "2026-09-23-x", "latest",     "",        "\xff",      "2026-09-23\r\nX: y"};
    whop_client *client = new_client();
    validate(client, DEVICE, WHOP_OK, first_use);
    for (int i = 0; i < 3; i++)
        CHECK(script_was_asked(i, "", "pi-version-date: 2026-09-23\r\n"));
    create(client);
    CHECK(script_was_asked(0, "", "pi-version-date: 2026-09-23\r\n"));

    CHECK(whop_client_set_api_version_date(client, "2026-10-13-1") == WHOP_OK);
    validate(client, DEVICE, WHOP_OK, first_use);
    for (int i = 0; i < 3; i++)
        CHECK(script_was_asked(i, "", "pi-version-date: 2026-10-13-1\r\n"));
    create(client);
    CHECK(script_was_asked(0, "", "pi-version-date: 2026-10-13-1\r\n"));
    CHECK(whop_client_set_api_version_date(client, "2026-07-23") == WHOP_OK);
    whop_client_free(client);

    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        client = new_client();
        CHECK(whop_client_set_api_version_date(client, none[i]) == WHOP_INVALID_ARGUMENT);
        CHECK(strncmp(whop_client_message(client), "api_version_date: ", 18) == 0);
        validate(client, DEVICE, WHOP_INVALID_ARGUMENT, nothing);
        whop_client_free(client);
    }
}

static void overdue_payment_is_a_grace_period_unless_refused(void)
{
    static const struct answer past_due[] = {CURRENT("past_due", DEVICE), {0, NULL}},
                               v2_past_due[] = {{201, "{\"id\":\"mem_1\",\"valid\":true,\"status\":\"past_due\"}"},
                                                {0, NULL}};
    whop_client *client = new_client();
    validate(client, DEVICE, WHOP_OK, past_due);
    CHECK(whop_client_set_allow_past_due(client, 0) == WHOP_OK);
    validate(client, DEVICE, WHOP_LICENSE_INACTIVE, past_due);
    validate(client, DEVICE, WHOP_OK, bound);
    CHECK(whop_client_set_allow_past_due(client, -1) == WHOP_OK);
    validate(client, DEVICE, WHOP_OK, past_due);
    /* API v2 decides this itself. */
    CHECK(whop_client_set_allow_past_due(client, 0) == WHOP_OK);
    CHECK(whop_client_set_api(client, WHOP_API_V2) == WHOP_OK);
    validate(client, DEVICE, WHOP_OK, v2_past_due);
    whop_client_free(client);
}

static void null_metadata_binds_the_device_id_under_the_metadata_key(void)
{
    whop_client *client = new_client();
    CHECK(whop_client_set_device_id(client, "console-7") == WHOP_OK);
    validate(client, NULL, WHOP_OK, first_use);
    CHECK(script_was_asked(1, WRITE, "\r\n\r\n{\"metadata\":" DEVICE "}"));
    static const struct answer elsewhere[] = {CURRENT("active", "{\"HWID\":\"console-8\",\"hwid\":\"console-7\"}"),
                                              {0, NULL}};
    CHECK(whop_client_set_metadata_key(client, "HWID") == WHOP_OK);
    validate(client, NULL, WHOP_DEVICE_MISMATCH, elsewhere);
    whop_client_free(client);
}

static void empty_metadata_binds_nothing(void)
{
    static const struct answer unbound[] = {UNBOUND, {0, NULL}};
    whop_client *client = new_client();
    validate(client, "{}", WHOP_OK, unbound);
    validate(client, "{}", WHOP_OK, bound);
    whop_client_free(client);
}

static void released_device_is_none(void)
{
    static const struct answer released[] = {CURRENT("active", "{\"hwid\":\"released:1790000000\"}"), BOUND, BOUND,
                                             {0, NULL}},
                               not_released[] = {CURRENT("active", "{\"hwid\":\"released:yesterday\"}"), {0, NULL}};
    whop_client *client = new_client();
    validate(client, DEVICE, WHOP_OK, released);
    CHECK(script_was_asked(1, WRITE, "{\"metadata\":" DEVICE "}"));
    validate(client, DEVICE, WHOP_DEVICE_MISMATCH, not_released);
    validate(client, "{\"hwid\":\"released:1790000000\"}", WHOP_INVALID_ARGUMENT, nothing);
    CHECK(whop_client_set_device_id(client, "released:1790000000") == WHOP_INVALID_ARGUMENT);
    CHECK(strncmp(whop_client_message(client), "device_id: ", 11) == 0);
    whop_client_free(client);
}

static void retired_v2_denies_nobody_and_says_what_to_do(void)
{
    static const struct answer shapes[] = {
        {410, "{\"error\":{\"type\":\"gone\",\"message\":\"This API version has been retired.\"}}"},
        {404, "{\"status\":404,\"error\":\"Not Found\"}"},
        {404, "<!doctype html><h1>Not Found</h1>"},
        {301, "{}"},
    };
    whop_client *client = new_client();
    CHECK(whop_client_set_api(client, WHOP_API_V2) == WHOP_OK);
    for (int call = 0; call < 3; call++) {
        for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
            const struct answer answers[] = {shapes[i], {0, NULL}};
            whop_response *response = NULL;
            script_begin(answers);
            const whop_status status = call == 0   ? whop_client_validate_license(client, "K", DEVICE, &response)
                                       : call == 1 ? whop_client_reset_license(client, "K", &response)
                                                   : whop_client_create_plan(client, PLAN, &response);
            script_end();
            printf("%s: %s\n", whop_status_name(status), whop_response_message(response));
            CHECK(status == WHOP_BAD_RESPONSE);
            CHECK(strstr(whop_response_message(response), "Whop has retired API v2: use the current API") != NULL);
            whop_response_free(response);
        }
    }
    whop_client_free(client);
}

static void expand_is_refused_by_each_call_of_the_current_api(void)
{
    whop_client *client = new_client();
    whop_response *response = NULL;
    CHECK(whop_client_set_expand(client, "plan") == WHOP_OK);
    CHECK(whop_client_validate_license(client, "K", DEVICE, &response) == WHOP_INVALID_ARGUMENT);
    CHECK(strncmp(whop_response_message(response), "expand: ", 8) == 0);
    whop_response_free(response);
    CHECK(whop_client_reset_license(client, "K", &response) == WHOP_INVALID_ARGUMENT);
    CHECK(strncmp(whop_response_message(response), "expand: ", 8) == 0);
    whop_response_free(response);
    CHECK(whop_client_create_plan(client, PLAN, &response) == WHOP_INVALID_ARGUMENT);
    CHECK(strncmp(whop_response_message(response), "expand: ", 8) == 0);
    whop_response_free(response);

    CHECK(whop_client_set_api(client, WHOP_API_V2) == WHOP_OK);
    validate(client, DEVICE, WHOP_OK, v2);
    CHECK(script_was_asked(0, "POST /api/v2/memberships/K/validate_license?expand=plan HTTP/1.1\r\n", ""));
    CHECK(whop_client_set_expand(client, "") == WHOP_OK);
    CHECK(whop_client_set_api(client, WHOP_API_CURRENT) == WHOP_OK);
    validate(client, DEVICE, WHOP_OK, bound);
    whop_client_free(client);
}

int main(void)
{
    alarm(60);
    script_listen();
    current_api_is_asked_unless_v2_is_set();
    one_shot_calls_ask_the_current_api_also_with_the_key_of_a_sandbox();
    every_request_names_the_version();
    overdue_payment_is_a_grace_period_unless_refused();
    null_metadata_binds_the_device_id_under_the_metadata_key();
    empty_metadata_binds_nothing();
    released_device_is_none();
    retired_v2_denies_nobody_and_says_what_to_do();
    expand_is_refused_by_each_call_of_the_current_api();
    return 0;
}
