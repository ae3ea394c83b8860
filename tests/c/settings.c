/* Each setting changes what a call does over either API, and so does what a license key is pasted with. Tested elsewhere are
 * those of one API alone, in requests.c, and the timeout, in deadline.c.
 * Arguments: the ports of two fresh sandboxes; the port of one with TLS and the file of its CA; a port on which nobody
 * listens. */
#include <string.h>

#include "check.h"
#include "whop_license.h"

#define DEVICE "{\"hwid\":\"settings\"}"
#define UNKNOWN_FIELD "{\"product_id\":\"prod_sandbox\",\"not_a_plan_field\":1}"

static int32_t api;

static whop_client *new_client(const char *port)
{
    char api_key[64];
    whop_client *client = NULL;
    snprintf(api_key, sizeof api_key, "sandbox_%s_full", port);
    CHECK(whop_client_new(api_key, &client) == WHOP_OK);
    CHECK(whop_client_set_api(client, api) == WHOP_OK);
    return client;
}

static whop_status validate(const whop_client *client, const char *license_key)
{
    return whop_client_validate_license(client, license_key, DEVICE, NULL);
}

static void product_id(const char *port)
{
    whop_client *client = new_client(port);
    CHECK(validate(client, "SANDBOX-OTHER-PRODUCT") == WHOP_OK);
    CHECK(whop_client_set_product_id(client, "prod_sandbox") == WHOP_OK);
    CHECK(validate(client, "SANDBOX-OTHER-PRODUCT") == WHOP_PRODUCT_MISMATCH);
    whop_client_free(client);
}

static void device_id_and_metadata_key(const char *port)
{
    whop_client *client = new_client(port);
    whop_response *response = NULL;
    CHECK(whop_client_set_device_id(client, " console\\7,\"\xc3\xa9\"\n") == WHOP_OK);
    CHECK(strcmp(whop_client_device_id(client), "console\\7,\"\xc3\xa9\"") == 0);
    CHECK(whop_client_set_metadata_key(client, "\"HWID\"") == WHOP_OK);
    CHECK(whop_client_validate_license(client, "SANDBOX-COMPLETED", NULL, &response) == WHOP_OK);
    CHECK(strcmp(whop_response_string(response, "/metadata/\"HWID\""), whop_client_device_id(client)) == 0);
    whop_response_free(response);

    CHECK(whop_client_set_device_id(client, "settings") == WHOP_OK);
    CHECK(whop_client_validate_license(client, "SANDBOX-COMPLETED", NULL, NULL) == WHOP_DEVICE_MISMATCH);
    /* API v2 compares all metadata; with the current one, other names are the seller's own. */
    CHECK(whop_client_set_metadata_key(client, "hwid") == WHOP_OK);
    CHECK(whop_client_validate_license(client, "SANDBOX-COMPLETED", NULL, NULL) ==
          (api == WHOP_API_V2 ? WHOP_DEVICE_MISMATCH : WHOP_OK));
    CHECK(strcmp(whop_client_device_id(client), "settings") == 0);
    CHECK(validate(client, "SANDBOX-TRIALING") == WHOP_OK);
    CHECK(whop_client_validate_license(client, "SANDBOX-TRIALING", NULL, NULL) == WHOP_OK);
    whop_client_free(client);
}

/* A key or the membership's id, as copied from pages, mails and chats: with a byte order mark, a zero-width space, a mark of
 * direction and so on. */
static void license_keys_as_pasted(const char *port)
{
    static const char *const pasted[] = {
        "\xef\xbb\xbfSANDBOX-ACTIVE",  "SANDBOX\xe2\x80\x8b-ACTIVE",     "\xe2\x80\x8eSANDBOX-ACTIVE\xe2\x80\x8f\r\n",
        "SANDBOX-\xe2\x81\xa0" "ACTIVE", "SAND\xc2\xad" "BOX-ACT\xef\xb8\x8fIVE", " \xe2\x80\x8b\tSANDBOX-ACTIVE\xe2\x80\x8b ",
        "mem_active\n",
    };
    static const char *const refused[] = {"SANDBOX\n-ACTIVE", "SANDBOX\xc2\x85-ACTIVE", "SANDBOX\x7f-ACTIVE",
                                          "SANDBOX\xe2\x80\xa8-ACTIVE", "\xef\xbb\xbf\xe2\x80\x8b"};
    whop_client *client = new_client(port);
    for (size_t i = 0; i < sizeof pasted / sizeof *pasted; i++)
        CHECK(validate(client, pasted[i]) == WHOP_OK);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        whop_response *response = NULL;
        CHECK(whop_client_validate_license(client, refused[i], DEVICE, &response) == WHOP_INVALID_ARGUMENT);
        CHECK(strncmp(whop_response_message(response), "license_key: ", 13) == 0);
        whop_response_free(response);
    }
    whop_client_free(client);
}

static void max_retries(const char *port)
{
    whop_client *client = new_client(port);
    CHECK(whop_client_set_max_retries(client, 1) == WHOP_OK);
    CHECK(validate(client, "SANDBOX-503-ONCE") == WHOP_OK);
    /* The answer is lost, but not the binding: the repeat finds the same device. */
    CHECK(validate(client, "SANDBOX-DROP") == WHOP_OK);
    whop_client_free(client);
}

static void base_url_and_ca_file_and_proxy(const char *port, const char *ca_file, const char *unbound_port)
{
    char base_url[64], proxy[64];
    snprintf(base_url, sizeof base_url, "https://localhost:%s/api", port);
    snprintf(proxy, sizeof proxy, "http://127.0.0.1:%s", unbound_port);
    whop_client *client = new_client(port);
    CHECK(whop_client_set_base_url(client, base_url) == WHOP_OK);
    CHECK(whop_client_set_max_retries(client, 0) == WHOP_OK);
    CHECK(validate(client, "SANDBOX-ACTIVE") == WHOP_UNREACHABLE);
    CHECK(whop_client_set_ca_file(client, ca_file) == WHOP_OK);
    CHECK(validate(client, "SANDBOX-ACTIVE") == WHOP_OK);
    CHECK(whop_client_set_proxy(client, proxy) == WHOP_OK);
    CHECK(validate(client, "SANDBOX-ACTIVE") == WHOP_UNREACHABLE);
    CHECK(whop_client_set_proxy(client, "") == WHOP_OK);
    CHECK(validate(client, "SANDBOX-ACTIVE") == WHOP_OK);
    whop_client_free(client);
}

static void refused(whop_client *client, whop_status status)
{
    CHECK(status == WHOP_INVALID_ARGUMENT);
    CHECK(strncmp(whop_client_message(client), "api_key: ", 9) == 0);
    CHECK(strstr(whop_client_message(client), "sandbox_") == NULL);
    CHECK(whop_client_set_allow_sandbox(client, 1) == WHOP_INVALID_ARGUMENT);
    CHECK(validate(client, "SANDBOX-ACTIVE") == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_create_plan(client, "{}", NULL) == WHOP_INVALID_ARGUMENT);
    whop_client_free(client);
}

static void allow_sandbox(const char *port, const char *unbound_port)
{
    char pinned[64], api_key[64];
    snprintf(pinned, sizeof pinned, "http://127.0.0.1:%s/api", unbound_port);

    /* Refused, whatever else is set, before and after. */
    whop_client *client = new_client(port);
    refused(client, whop_client_set_allow_sandbox(client, 0));
    client = new_client(port);
    CHECK(whop_client_set_base_url(client, pinned) == WHOP_OK);
    refused(client, whop_client_set_allow_sandbox(client, 0));
    client = new_client(port);
    CHECK(whop_client_set_allow_sandbox(client, 1) == WHOP_OK);
    CHECK(validate(client, "SANDBOX-ACTIVE") == WHOP_OK);
    refused(client, whop_client_set_allow_sandbox(client, 0));
    snprintf(api_key, sizeof api_key, " \tsandbox_%s_\n", port);
    CHECK(whop_client_new(api_key, &client) == WHOP_OK);
    refused(client, whop_client_set_allow_sandbox(client, 0));

    /* The base URL alone says where to; the key does not lead away from it. */
    client = new_client(port);
    CHECK(whop_client_set_max_retries(client, 0) == WHOP_OK);
    CHECK(validate(client, "SANDBOX-ACTIVE") == WHOP_OK);
    CHECK(whop_client_set_base_url(client, pinned) == WHOP_OK);
    CHECK(whop_client_set_allow_sandbox(client, 1) == WHOP_OK);
    CHECK(validate(client, "SANDBOX-ACTIVE") == WHOP_UNREACHABLE);
    whop_client_free(client);

    /* Other keys are none of its business. */
    CHECK(whop_client_new("sandbox_key_of_mine", &client) == WHOP_OK);
    CHECK(whop_client_set_allow_sandbox(client, 0) == WHOP_OK);
    CHECK(whop_client_set_base_url(client, pinned) == WHOP_OK);
    CHECK(whop_client_set_max_retries(client, 0) == WHOP_OK);
    CHECK(validate(client, "SANDBOX-ACTIVE") == WHOP_UNREACHABLE);
    whop_client_free(client);
}

static void allow_unknown_plan_fields(const char *port)
{
    whop_client *client = new_client(port);
    CHECK(whop_client_create_plan(client, UNKNOWN_FIELD, NULL) == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_set_allow_unknown_plan_fields(client, 1) == WHOP_OK);
    /* It is sent: the sandbox drops it over API v2, and refuses it over the current one. */
    CHECK(whop_client_create_plan(client, UNKNOWN_FIELD, NULL) == (api == WHOP_API_V2 ? WHOP_OK : WHOP_REJECTED));
    whop_client_free(client);
}

int main(int argc, char **argv)
{
    CHECK(argc == 6);
    for (int i = 0; i < 2; i++) {
        api = i == 0 ? WHOP_API_CURRENT : WHOP_API_V2;
        product_id(argv[1 + i]);
        device_id_and_metadata_key(argv[1 + i]);
        license_keys_as_pasted(argv[1 + i]);
        max_retries(argv[1 + i]);
        base_url_and_ca_file_and_proxy(argv[3], argv[4], argv[5]);
        allow_sandbox(argv[1 + i], argv[5]);
        allow_unknown_plan_fields(argv[1 + i]);
    }
    return 0;
}
