/* A client of a relay, called as it should not be: a status or a harmless value comes back, and nothing leaks or is overrun.
 * Arguments: the URL of a relay that says yes, public keys, the URL of a relay that is away, and a path for a lease file. */
#include <stdint.h>
#include <string.h>

#include "check.h"
#include "whop_license.h"

#define DEVICE "{\"hwid\":\"misuse\"}"

static const char *good_url, *good_keys, *away, *lease_file;
static char huge[1 << 20];

/* Arguments that no call takes. */
static const char *const no_text[] = {NULL, "", "\xff\xfe", "\xc0\x80", "half a character: \xf0\x9f\x98", huge};
enum { NO_TEXTS = sizeof no_text / sizeof *no_text };

static whop_client *new_client(const char *url)
{
    whop_client *client = NULL;
    CHECK(whop_client_new_relay(url, good_keys, &client) == WHOP_OK);
    CHECK(whop_client_set_product_id(client, "prod_sandbox") == WHOP_OK);
    CHECK(whop_client_set_max_retries(client, 0) == WHOP_OK);
    CHECK(strcmp(whop_client_message(client), "") == 0);
    return client;
}

static void check_refused(whop_status status, whop_response *response)
{
    CHECK(status == WHOP_INVALID_ARGUMENT);
    CHECK(response != NULL);
    CHECK(whop_response_http_status(response) == 0);
    CHECK(whop_response_json(response) == NULL);
    CHECK(whop_response_is_offline(response) == 0);
    CHECK(strlen(whop_response_message(response)) > 0 && strlen(whop_response_message(response)) < 1000);
    whop_response_free(response);
}

/* A client of which something was refused refuses everything, always for that first reason, which begins so. */
static void check_sticks(whop_client *client, whop_status status, const char *begins)
{
    char reason[1000];
    whop_response *response = NULL;
    CHECK(status == WHOP_INVALID_ARGUMENT);
    CHECK(strncmp(whop_client_message(client), begins, strlen(begins)) == 0);
    CHECK(strlen(whop_client_message(client)) < sizeof reason);
    strcpy(reason, whop_client_message(client));

    CHECK(whop_client_set_product_id(client, "prod_sandbox") == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_set_lease_file(client, lease_file) == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_set_allow_sandbox(client, 1) == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_device_id(client) == NULL);
    CHECK(whop_client_validate_license(client, "KEY", DEVICE, NULL) == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_validate_license(client, "KEY", DEVICE, &response) == WHOP_INVALID_ARGUMENT);
    CHECK(strcmp(whop_client_message(client), reason) == 0);
    whop_client_free(client);
    CHECK(strcmp(whop_response_message(response), reason) == 0);
    whop_response_free(response);
}

static void new_clients(void)
{
    char twice[512], many[512], padded[512];
    snprintf(twice, sizeof twice, "%s,%s", good_keys, good_keys);
    snprintf(many, sizeof many, "%s,,", good_keys);
    snprintf(padded, sizeof padded, "%s=", good_keys);
    const char *const no_keys[] = {twice, many, padded, "key", ",", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
    static const char *const no_url[] = {"http://relay.example", "relay.example", "ftp://relay.example", "https://"};
    whop_client *client;
    for (int i = 0; i < NO_TEXTS; i++) {
        client = (whop_client *)huge; /* replaced, never read */
        whop_status status = whop_client_new_relay(no_text[i], good_keys, &client);
        check_sticks(client, status, "relay_url: ");
        client = (whop_client *)huge;
        status = whop_client_new_relay(good_url, no_text[i], &client);
        check_sticks(client, status, "public_keys: ");
        CHECK(whop_client_new_relay(no_text[i], no_text[i], NULL) == WHOP_INVALID_ARGUMENT);
    }
    for (size_t i = 0; i < sizeof no_keys / sizeof *no_keys; i++) {
        const whop_status status = whop_client_new_relay(good_url, no_keys[i], &client);
        check_sticks(client, status, "public_keys: ");
    }
    for (size_t i = 0; i < sizeof no_url / sizeof *no_url; i++) {
        const whop_status status = whop_client_new_relay(no_url[i], good_keys, &client);
        check_sticks(client, status, "relay_url: ");
    }
    CHECK(whop_client_new_relay(good_url, good_keys, NULL) == WHOP_OK);
}

static void settings(void)
{
    /* What only Whop can be told. */
    whop_client *client = new_client(good_url);
    check_sticks(client, whop_client_set_api(client, WHOP_API_CURRENT), "api: ");
    client = new_client(good_url);
    check_sticks(client, whop_client_set_expand(client, "plan"), "expand: ");
    client = new_client(good_url);
    check_sticks(client, whop_client_set_base_url(client, "https://localhost"), "base_url: ");

    /* Every other works. */
    client = new_client(good_url);
    CHECK(whop_client_set_api_version_date(client, "2026-09-23") == WHOP_OK);
    CHECK(whop_client_set_allow_past_due(client, 0) == WHOP_OK);
    CHECK(whop_client_set_device_id(client, "misuse") == WHOP_OK);
    CHECK(whop_client_set_metadata_key(client, "HWID") == WHOP_OK);
    CHECK(whop_client_set_timeout_ms(client, 60000) == WHOP_OK);
    CHECK(whop_client_set_allow_sandbox(client, 1) == WHOP_OK);
    CHECK(whop_client_set_proxy(client, "") == WHOP_OK);
    CHECK(whop_client_set_allow_unknown_plan_fields(client, 1) == WHOP_OK);
    CHECK(strcmp(whop_client_device_id(client), "misuse") == 0);
    CHECK(whop_client_validate_license(client, "KEY", NULL, NULL) == WHOP_OK);
    whop_client_free(client);

    for (int i = 0; i < NO_TEXTS; i++) {
        CHECK(whop_client_set_lease_file(NULL, no_text[i]) == WHOP_INVALID_ARGUMENT);
        client = new_client(good_url);
        const whop_status status = whop_client_set_lease_file(client, no_text[i]);
        if (no_text[i] != huge) {
            check_sticks(client, status, "lease_file: ");
            continue;
        }
        /* The system refuses such a path when it is used, which costs no answer. */
        CHECK(status == WHOP_OK);
        whop_response *response = NULL;
        CHECK(whop_client_validate_license(client, "KEY", DEVICE, &response) == WHOP_OK);
        CHECK(strstr(whop_response_message(response), "not kept") != NULL);
        CHECK(strlen(whop_response_message(response)) < 1000);
        whop_response_free(response);
        whop_client_free(client);
    }
    CHECK(whop_client_new("apik_misuse", &client) == WHOP_OK);
    check_sticks(client, whop_client_set_lease_file(client, lease_file), "lease_file: ");

    /* A product must be named. */
    CHECK(whop_client_new_relay(good_url, good_keys, &client) == WHOP_OK);
    whop_response *response = NULL;
    const whop_status status = whop_client_validate_license(client, "KEY", DEVICE, &response);
    CHECK(strncmp(whop_response_message(response), "product_id: ", 12) == 0);
    check_refused(status, response);
    whop_client_free(client);
}

static void calls(void)
{
    static const char *const no_metadata[] = {
        "{}", "[]", "{\"a\":\"1\",\"b\":\"2\"}", "{\"a\":\"1\",\"a\":\"1\"}", "{\"a\":1}", "{\"a\":\"\"}", "{\"a\":\"\\u00e4\"}",
    };
    whop_client *client = new_client(good_url);
    whop_response *response = NULL;
    for (int i = 0; i < NO_TEXTS; i++) {
        whop_status status = whop_client_validate_license(client, no_text[i], DEVICE, &response);
        check_refused(status, response);
        if (no_text[i] != NULL) { /* this device */
            status = whop_client_validate_license(client, "KEY", no_text[i], &response);
            check_refused(status, response);
        }
        CHECK(whop_client_validate_license(client, no_text[i], no_text[i], NULL) == WHOP_INVALID_ARGUMENT);
        status = whop_client_reset_license(client, no_text[i], &response);
        check_refused(status, response);
        status = whop_client_create_plan(client, no_text[i], &response);
        check_refused(status, response);
    }
    for (size_t i = 0; i < sizeof no_metadata / sizeof *no_metadata; i++) {
        const whop_status status = whop_client_validate_license(client, "KEY", no_metadata[i], &response);
        check_refused(status, response);
    }
    whop_status status = whop_client_validate_license(client, "mem_active", DEVICE, &response);
    check_refused(status, response);
    status = whop_client_reset_license(client, "KEY", &response);
    check_refused(status, response);
    status = whop_client_create_plan(client, "{\"product_id\":\"prod_sandbox\"}", &response);
    check_refused(status, response);
    CHECK(whop_client_validate_license(client, "KEY", DEVICE, NULL) == WHOP_OK);
    whop_client_free(client);
}

/* The path is copied before the call returns, and the answer of a lease file outlives its client. */
static void a_lease_that_stands_in(void)
{
    char path[1024], url[256], keys[256];
    CHECK(strlen(lease_file) < sizeof path && strlen(good_url) < sizeof url && strlen(good_keys) < sizeof keys);
    for (int is_offline = 0; is_offline < 2; is_offline++) {
        strcpy(path, lease_file);
        strcpy(url, is_offline ? away : good_url);
        strcpy(keys, good_keys);
        whop_client *client = NULL;
        whop_response *response = NULL;
        CHECK(whop_client_new_relay(url, keys, &client) == WHOP_OK);
        CHECK(whop_client_set_product_id(client, "prod_sandbox") == WHOP_OK);
        CHECK(whop_client_set_lease_file(client, path) == WHOP_OK);
        memset(path, 'x', sizeof path - 1);
        memset(url, 'x', sizeof url - 1);
        memset(keys, 'x', sizeof keys - 1);
        CHECK(whop_client_validate_license(client, "KEY", DEVICE, &response) == WHOP_OK);
        whop_client_free(client);
        CHECK(whop_response_is_offline(response) == is_offline);
        CHECK(whop_response_http_status(response) == (is_offline ? 0 : 201));
        CHECK(strcmp(whop_response_product_id(response), "prod_sandbox") == 0);
        CHECK(whop_response_string(response, "/license_key") == NULL);
        whop_response_free(response);
    }
    CHECK(whop_response_is_offline(NULL) == 0);
}

int main(int argc, char **argv)
{
    CHECK(argc == 5);
    good_url = argv[1], good_keys = argv[2], away = argv[3], lease_file = argv[4];
    memset(huge, 'a', sizeof huge - 1);
    new_clients();
    settings();
    calls();
    a_lease_that_stands_in();
    return 0;
}
