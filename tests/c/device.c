/* Prints the id of this device, or the status that it has none.
 * Arguments: a product id, and the API key of a fresh sandbox to which the id is sent; "-" for none of either. */
#include <string.h>

#include "check.h"
#include "whop_license.h"

static void check_no_device_id(const whop_client *client)
{
    whop_response *response = NULL;
    CHECK(whop_client_validate_license(client, "KEY", NULL, &response) == WHOP_NO_DEVICE_ID);
    CHECK(whop_status_verdict(WHOP_NO_DEVICE_ID) == WHOP_UNDETERMINED);
    CHECK(whop_response_http_status(response) == 0);
    CHECK(whop_response_json(response) == NULL);
    CHECK(strstr(whop_response_message(response), "set a device id") != NULL);
    whop_response_free(response);
    CHECK(whop_validate_license("key", "KEY", NULL, NULL) == WHOP_NO_DEVICE_ID);
    CHECK(strcmp(whop_client_message(client), "") == 0);
}

static void check_sent(whop_status status, whop_response *response, const char *id)
{
    CHECK(status == WHOP_OK);
    CHECK(strcmp(whop_response_string(response, "/metadata/hwid"), id) == 0);
    whop_response_free(response);
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    const char *product_id = strcmp(argv[1], "-") == 0 ? NULL : argv[1];
    const char *api_key = strcmp(argv[2], "-") == 0 ? NULL : argv[2];
    whop_client *client = NULL;
    whop_response *response = NULL;
    CHECK(whop_client_new(api_key != NULL ? api_key : "key", &client) == WHOP_OK);
    if (product_id != NULL)
        CHECK(whop_client_set_product_id(client, product_id) == WHOP_OK);

    const char *id = whop_client_device_id(client);
    CHECK(whop_client_device_id(client) == id);
    if (id == NULL)
        check_no_device_id(client);
    else if (api_key != NULL) {
        whop_status status = whop_client_validate_license(client, "SANDBOX-ACTIVE", NULL, &response);
        check_sent(status, response, id);
        if (product_id == NULL) {
            status = whop_validate_license(api_key, "SANDBOX-COMPLETED", NULL, &response);
            check_sent(status, response, id);
        }
    }
    puts(id != NULL ? id : whop_status_name(WHOP_NO_DEVICE_ID));
    whop_client_free(client);
    return 0;
}
