/* Every function, called as it should not be: a status or a harmless value comes back, and nothing leaks or is overrun.
 * Argument: an API key of a running sandbox, which only the calls that are made properly reach. */
#include <stdint.h>
#include <string.h>

#include "check.h"
#include "whop_license.h"

static const char *good_key;
static char huge[1 << 20];
/* What an out-parameter holds before a call: it is to be replaced, never read. */
#define not_a_response ((whop_response *)huge)
#define not_a_call ((whop_call *)huge)

/* Arguments that no call takes. */
static const char *const no_text[] = {NULL, "", "\xff\xfe", "\xc0\x80", "half a character: \xf0\x9f\x98", huge};
enum { NO_TEXTS = sizeof no_text / sizeof *no_text };

/* What came back is a refusal before anything was sent, explained in a sentence that repeats neither secrets nor a megabyte. */
static void check_refused(whop_status status, whop_response **handed_over)
{
    whop_response *response = *handed_over;
    CHECK(status == WHOP_INVALID_ARGUMENT);
    CHECK(response != NULL);
    CHECK(whop_response_http_status(response) == 0);
    CHECK(whop_response_json(response) == NULL);
    const char *message = whop_response_message(response);
    CHECK(strlen(message) > 0 && strlen(message) < 1000);
    CHECK(strstr(message, good_key) == NULL);
    whop_response_free(response);
    *handed_over = not_a_response;
}

/* The same of a call that was not started: it is done, and says so to whoever asks. */
static void check_call_refused(whop_status status, whop_call **handed_over)
{
    whop_call *call = *handed_over;
    whop_response *response = not_a_response;
    CHECK(status == WHOP_INVALID_ARGUMENT && call != NULL);
    CHECK(whop_call_is_done(call) == 1 && whop_call_wait(call, UINT32_MAX) == 1);
    check_refused(whop_call_result(call, &response), &response);
    whop_call_cancel(call);
    check_refused(whop_call_result(call, &response), &response);
    CHECK(whop_call_result(call, NULL) == WHOP_INVALID_ARGUMENT);
    whop_call_free(call);
    *handed_over = not_a_call;
}

static int32_t api = WHOP_API_CURRENT;

static whop_client *new_client(void)
{
    whop_client *client = NULL;
    CHECK(whop_client_new(good_key, &client) == WHOP_OK);
    CHECK(whop_client_set_api(client, api) == WHOP_OK);
    CHECK(strcmp(whop_client_message(client), "") == 0);
    return client;
}

static void calls(void)
{
    for (int i = 0; i < NO_TEXTS; i++) {
        whop_response *response = not_a_response;
        check_refused(whop_validate_license(no_text[i], "KEY", "{}", &response), &response);
        check_refused(whop_validate_license(good_key, no_text[i], "{}", &response), &response);
        /* NULL is this device. */
        if (no_text[i] != NULL)
            check_refused(whop_validate_license(good_key, "KEY", no_text[i], &response), &response);
        check_refused(whop_create_plan(no_text[i], "{}", &response), &response);
        check_refused(whop_create_plan(good_key, no_text[i], &response), &response);

        CHECK(whop_validate_license(no_text[i], no_text[i], no_text[i], NULL) == WHOP_INVALID_ARGUMENT);
        CHECK(whop_create_plan(no_text[i], no_text[i], NULL) == WHOP_INVALID_ARGUMENT);

        whop_client *client = new_client();
        check_refused(whop_client_validate_license(client, no_text[i], "{}", &response), &response);
        if (no_text[i] != NULL)
            check_refused(whop_client_validate_license(client, "KEY", no_text[i], &response), &response);
        check_refused(whop_client_reset_license(client, no_text[i], &response), &response);
        check_refused(whop_client_create_plan(client, no_text[i], &response), &response);
        whop_call *call = not_a_call;
        check_call_refused(whop_client_start_validate_license(client, no_text[i], "{}", &call), &call);
        if (no_text[i] != NULL)
            check_call_refused(whop_client_start_validate_license(client, "KEY", no_text[i], &call), &call);
        check_call_refused(whop_client_start_validate_license(client, "KEY", "[]", &call), &call);
        CHECK(whop_client_start_validate_license(client, "SANDBOX-ACTIVE", "{}", NULL) == WHOP_INVALID_ARGUMENT);
        CHECK(whop_client_validate_license(client, no_text[i], no_text[i], NULL) == WHOP_INVALID_ARGUMENT);
        CHECK(whop_client_reset_license(client, no_text[i], NULL) == WHOP_INVALID_ARGUMENT);
        CHECK(whop_client_create_plan(client, no_text[i], NULL) == WHOP_INVALID_ARGUMENT);
        /* A refused call, unlike a refused setting, is over with its answer. */
        CHECK(strcmp(whop_client_message(client), "") == 0);
        CHECK(whop_client_validate_license(client, "SANDBOX-ACTIVE", "{\"hwid\":\"misuse\"}", NULL) == WHOP_OK);
        whop_client_free(client);
    }
    CHECK(whop_validate_license(good_key, "SANDBOX-ACTIVE", "{\"hwid\":\"misuse\"}", NULL) == WHOP_OK);
    CHECK(whop_create_plan(good_key, "{\"product_id\":\"prod_sandbox\"}", NULL) == WHOP_OK);
}

/* A client of which something was refused refuses everything, always for that first reason. */
static void check_sticks(whop_client *client, whop_status status)
{
    CHECK(status == WHOP_INVALID_ARGUMENT);
    char reason[1000];
    CHECK(strlen(whop_client_message(client)) > 0 && strlen(whop_client_message(client)) < sizeof reason);
    strcpy(reason, whop_client_message(client));

    CHECK(whop_client_set_api(client, WHOP_API_V2) == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_set_api_version_date(client, "2026-09-23") == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_set_allow_past_due(client, 1) == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_set_product_id(client, "prod_sandbox") == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_set_product_id(client, NULL) == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_set_device_id(client, "device") == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_set_metadata_key(client, "hwid") == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_set_timeout_ms(client, UINT32_MAX) == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_set_timeout_ms(client, 1000) == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_set_max_retries(client, 0) == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_set_expand(client, "plan") == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_set_base_url(client, "https://localhost/api") == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_set_allow_sandbox(client, 1) == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_set_lease_file(client, "license.lease") == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_set_ca_file(client, "ca.pem") == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_set_proxy(client, "") == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_set_allow_unknown_plan_fields(client, 1) == WHOP_INVALID_ARGUMENT);

    whop_response *response = NULL;
    check_refused(whop_client_create_plan(client, "{\"product_id\":\"prod_sandbox\"}", &response), &response);
    check_refused(whop_client_reset_license(client, "SANDBOX-ACTIVE", &response), &response);
    CHECK(whop_client_validate_license(client, "SANDBOX-ACTIVE", "{\"hwid\":\"misuse\"}", &response) ==
          WHOP_INVALID_ARGUMENT);
    CHECK(strcmp(whop_response_message(response), reason) == 0);
    CHECK(strcmp(whop_client_message(client), reason) == 0);
    whop_call *call = not_a_call;
    check_call_refused(whop_client_start_validate_license(client, "SANDBOX-ACTIVE", "{}", &call), &call);
    CHECK(whop_client_connect(client) == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_wait_any(client, 0) == 0);
    whop_client_cancel_all(client);
    CHECK(whop_client_device_id(client) == NULL);
    /* The response is nobody's but ours. */
    whop_client_free(client);
    CHECK(strcmp(whop_response_message(response), reason) == 0);
    whop_response_free(response);
}

static void settings(void)
{
    static whop_status (*const text_setters[])(whop_client *, const char *) = {
        whop_client_set_api_version_date, whop_client_set_product_id, whop_client_set_device_id,
        whop_client_set_metadata_key,     whop_client_set_expand,     whop_client_set_base_url,
        whop_client_set_ca_file,          whop_client_set_proxy,      whop_client_set_lease_file,
    };
    for (int setter = 0; setter < (int)(sizeof text_setters / sizeof *text_setters); setter++) {
        for (int i = 0; i < NO_TEXTS; i++) {
            CHECK(text_setters[setter](NULL, no_text[i]) == WHOP_INVALID_ARGUMENT);
            /* "" says "nothing" to some settings. */
            if (no_text[i] == NULL || *no_text[i] != '\0') {
                whop_client *client = new_client();
                check_sticks(client, text_setters[setter](client, no_text[i]));
            }
        }
        whop_client *client = new_client();
        (void)text_setters[setter](client, "");
        whop_client_free(client);
    }

    static const int32_t no_api[] = {INT32_MIN, -1, 0, 3, INT32_MAX};
    for (int i = 0; i < 5; i++) {
        whop_client *client = new_client();
        check_sticks(client, whop_client_set_api(client, no_api[i]));
    }
    static const uint32_t no_timeout[] = {0, 600001, UINT32_MAX};
    for (int i = 0; i < 3; i++) {
        whop_client *client = new_client();
        check_sticks(client, whop_client_set_timeout_ms(client, no_timeout[i]));
    }
    static const uint32_t no_retries[] = {11, UINT32_MAX};
    for (int i = 0; i < 2; i++) {
        whop_client *client = new_client();
        check_sticks(client, whop_client_set_max_retries(client, no_retries[i]));
    }
    static const int32_t flags[] = {INT32_MIN, -1, 0, 1, INT32_MAX};
    for (int i = 0; i < 5; i++) {
        whop_client *client = new_client();
        CHECK(whop_client_set_allow_unknown_plan_fields(client, flags[i]) == WHOP_OK);
        CHECK(whop_client_set_allow_past_due(client, flags[i]) == WHOP_OK);
        /* Whatever is not 0 is a yes. */
        CHECK(whop_client_set_allow_sandbox(client, flags[i]) == (flags[i] ? WHOP_OK : WHOP_INVALID_ARGUMENT));
        whop_client_free(client);
    }

    for (int i = 0; i < NO_TEXTS; i++) {
        whop_client *client = (whop_client *)huge;
        const whop_status status = whop_client_new(no_text[i], &client);
        check_sticks(client, status);
    }
}

static void no_client(void)
{
    CHECK(whop_client_new(good_key, NULL) == WHOP_OK);
    CHECK(whop_client_new(NULL, NULL) == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_set_api(NULL, WHOP_API_CURRENT) == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_set_allow_past_due(NULL, 1) == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_set_timeout_ms(NULL, 1000) == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_set_max_retries(NULL, 0) == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_set_allow_sandbox(NULL, 0) == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_set_allow_unknown_plan_fields(NULL, 0) == WHOP_INVALID_ARGUMENT);
    CHECK(strstr(whop_client_message(NULL), "NULL") != NULL);
    CHECK(whop_client_device_id(NULL) == NULL);
    CHECK(whop_client_validate_license(NULL, NULL, NULL, NULL) == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_reset_license(NULL, NULL, NULL) == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_create_plan(NULL, NULL, NULL) == WHOP_INVALID_ARGUMENT);
    whop_response *response = NULL;
    check_refused(whop_client_validate_license(NULL, "KEY", "{}", &response), &response);
    check_refused(whop_client_reset_license(NULL, "KEY", &response), &response);
    check_refused(whop_client_create_plan(NULL, "{}", &response), &response);
    whop_call *call = not_a_call;
    check_call_refused(whop_client_start_validate_license(NULL, "KEY", "{}", &call), &call);
    CHECK(whop_client_start_validate_license(NULL, NULL, NULL, NULL) == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_connect(NULL) == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_wait_any(NULL, UINT32_MAX) == 0);
    whop_client_cancel_all(NULL);
    whop_client_free(NULL);
}

/* There is none: it is done, and nobody has to wait for it. */
static void no_call(void)
{
    whop_response *response = NULL;
    CHECK(whop_call_is_done(NULL) == 1 && whop_call_wait(NULL, UINT32_MAX) == 1);
    check_refused(whop_call_result(NULL, &response), &response);
    CHECK(whop_call_result(NULL, NULL) == WHOP_INVALID_ARGUMENT);
    whop_call_cancel(NULL);
    whop_call_free(NULL);
}

/* Texts are copied before the call returns. */
static void borrowed_no_longer_than_the_call(void)
{
    char api_key[64], product_id[] = "prod_sandbox", device_id[] = "misuse", expand[] = "product", date[] = "2026-09-29";
    char license_key[] = "SANDBOX-ACTIVE", metadata[] = "{\"hwid\":\"misuse\"}";
    CHECK(strlen(good_key) < sizeof api_key);
    strcpy(api_key, good_key);

    whop_client *client = NULL;
    whop_response *response = NULL;
    CHECK(whop_client_new(api_key, &client) == WHOP_OK);
    CHECK(whop_client_set_product_id(client, product_id) == WHOP_OK);
    CHECK(whop_client_set_device_id(client, device_id) == WHOP_OK);
    CHECK(whop_client_set_api_version_date(client, date) == WHOP_OK);
    memset(api_key, 'x', sizeof api_key);
    memset(product_id, 'x', sizeof product_id);
    memset(device_id, 'x', sizeof device_id);
    memset(date, 'x', sizeof date);
    CHECK(strcmp(whop_client_device_id(client), "misuse") == 0);
    CHECK(whop_client_validate_license(client, "SANDBOX-ACTIVE", NULL, NULL) == WHOP_OK);
    whop_call *call = NULL;
    CHECK(whop_client_start_validate_license(client, license_key, metadata, &call) == WHOP_OK);
    memset(license_key, 'x', sizeof license_key);
    memset(metadata, 'x', sizeof metadata);
    CHECK(whop_call_wait(call, 60000) == 1 && whop_call_result(call, NULL) == WHOP_OK);
    whop_call_free(call);
    CHECK(whop_client_set_api(client, WHOP_API_V2) == WHOP_OK);
    CHECK(whop_client_set_expand(client, expand) == WHOP_OK);
    memset(expand, 'x', sizeof expand);
    CHECK(whop_client_validate_license(client, "SANDBOX-ACTIVE", NULL, &response) == WHOP_OK);
    CHECK(whop_response_string(response, "/product/id") != NULL);
    whop_client_free(client);
    whop_response_free(response);
}

static void getters(void)
{
    whop_client *client = new_client();
    whop_response *response = NULL;
    CHECK(whop_client_validate_license(client, "SANDBOX-ACTIVE", "{\"hwid\":\"misuse\"}", &response) == WHOP_OK);
    CHECK(strcmp(whop_response_string(response, "/license_key"), "SANDBOX-ACTIVE") == 0);
    whop_client_free(client);

    /* No response, no pointer to a field, a field of another type, and nowhere to write to. */
    CHECK(whop_response_json(NULL) == NULL);
    CHECK(strlen(whop_response_message(NULL)) > 0);
    CHECK(whop_response_http_status(NULL) == 0);
    CHECK(whop_response_retry_after_ms(NULL) == -1);
    CHECK(whop_response_is_offline(NULL) == 0);
    CHECK(whop_response_membership_id(NULL) == NULL);
    CHECK(whop_response_license_status(NULL) == NULL);
    CHECK(whop_response_product_id(NULL) == NULL);
    CHECK(whop_response_plan_id(NULL) == NULL);
    int64_t integer = 42;
    CHECK(whop_response_expires_at(NULL, NULL) == 0);
    CHECK(whop_response_expires_at(NULL, &integer) == 0);
    CHECK(whop_response_expires_at(response, NULL) == 0);
    double number = 42;
    int32_t boolean = 42;
    static const char *const nowhere[] = {NULL, "", "license_key", "/", "/no", "/license_key/0", "/metadata", "/~2",
                                          "\xff\xfe", huge};
    for (int i = 0; i < (int)(sizeof nowhere / sizeof *nowhere); i++) {
        whop_response *const responses[] = {response, NULL};
        for (int j = 0; j < 2; j++) {
            CHECK(whop_response_string(responses[j], nowhere[i]) == NULL);
            CHECK(whop_response_integer(responses[j], nowhere[i], &integer) == 0);
            CHECK(whop_response_number(responses[j], nowhere[i], &number) == 0);
            CHECK(whop_response_boolean(responses[j], nowhere[i], &boolean) == 0);
            CHECK(whop_response_integer(responses[j], nowhere[i], NULL) == 0);
            CHECK(whop_response_number(responses[j], nowhere[i], NULL) == 0);
            CHECK(whop_response_boolean(responses[j], nowhere[i], NULL) == 0);
        }
    }
    static const char *const nothing[] = {NULL, "license_key", "/", "/no", "/license_key/0", "/~2", "\xff\xfe", huge};
    for (int i = 0; i < (int)(sizeof nothing / sizeof *nothing); i++) {
        CHECK(whop_response_count(response, nothing[i]) == -1);
        CHECK(whop_response_text(response, nothing[i]) == NULL);
    }
    CHECK(whop_response_count(NULL, "") == -1);
    CHECK(whop_response_text(NULL, "") == NULL);
    CHECK(whop_response_count(response, "/license_key") == -1);
    CHECK(whop_response_count(response, "/metadata") == 1);
    CHECK(whop_response_count(response, "") > 5);
    CHECK(strcmp(whop_response_text(response, ""), whop_response_json(response)) == 0);
    CHECK(strcmp(whop_response_text(response, "/license_key"), "\"SANDBOX-ACTIVE\"") == 0);
    const char *metadata = whop_response_text(response, "/metadata");
    CHECK(strcmp(metadata, "{\"hwid\":\"misuse\"}") == 0);
    CHECK(whop_response_text(response, "/metadata") == metadata);
    CHECK(whop_response_string(response, "/cancel_at_period_end") == NULL);
    CHECK(whop_response_integer(response, "/license_key", &integer) == 0);
    CHECK(whop_response_number(response, "/license_key", &number) == 0);
    CHECK(whop_response_boolean(response, "/license_key", &boolean) == 0);
    (void)whop_response_integer(response, "/expires_at", NULL);
    (void)whop_response_number(response, "/expires_at", NULL);
    (void)whop_response_boolean(response, "/cancel_at_period_end", NULL);
    CHECK(integer == 42);
    CHECK(number == 42);
    CHECK(boolean == 42);

    whop_response_free(response);
    whop_response_free(NULL);
}

static void any_number_for_a_status(void)
{
    for (int32_t number = -2000; number <= 2000; number++) {
        CHECK((whop_status_verdict(number) == WHOP_ALLOWED) == (number == WHOP_OK));
        CHECK(strncmp(whop_status_name(number), "WHOP_", 5) == 0);
        CHECK(strlen(whop_status_message(number)) > 0);
    }
    CHECK(whop_status_verdict(INT32_MIN) == WHOP_UNDETERMINED);
    CHECK(whop_status_verdict(INT32_MAX) == WHOP_UNDETERMINED);
    CHECK(whop_status_name(INT32_MIN) != NULL && whop_status_message(INT32_MIN) != NULL);
    CHECK(whop_status_name(INT32_MAX) != NULL && whop_status_message(INT32_MAX) != NULL);
    CHECK(strcmp(whop_version(), WHOP_LICENSE_VERSION) == 0);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    good_key = argv[1];
    memset(huge, 'a', sizeof huge - 1);
    for (int i = 0; i < 2; i++) {
        calls();
        settings();
        getters();
        api = WHOP_API_V2;
    }
    no_client();
    no_call();
    borrowed_no_longer_than_the_call();
    any_number_for_a_status();
    return 0;
}
