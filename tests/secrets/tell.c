/* Says all that can be said of a validation, a creation and a reset, but for the JSON, which is for the caller alone.
 * Arguments: "current", "v2" or "relay", API key or public keys, URL, proxy, license key, metadata, plan; "-" for none. */
#include <stdio.h>
#include <string.h>

#include "whop_license.h"

static const char *given(const char *argument)
{
    return strcmp(argument, "-") == 0 ? NULL : argument;
}

static void tell_text(const char *text)
{
    printf("%s\n", text != NULL ? text : "none");
}

static void tell(whop_status status, whop_response *response)
{
    printf("status %d\n", (int)status);
    printf("%s: %s\n", whop_status_name(status), whop_status_message(status));
    printf("%s\n", whop_response_message(response));
    printf("%d %lld\n", (int)whop_response_http_status(response), (long long)whop_response_retry_after_ms(response));
    tell_text(whop_response_membership_id(response));
    tell_text(whop_response_license_status(response));
    tell_text(whop_response_product_id(response));
    tell_text(whop_response_plan_id(response));
    whop_response_free(response);
}

int main(int argc, char **argv)
{
    if (argc != 8)
        return 2;
    whop_client *client = NULL;
    whop_response *response = NULL;
    if (strcmp(argv[1], "relay") == 0) {
        whop_client_new_relay(argv[3], argv[2], &client);
    } else {
        whop_client_new(argv[2], &client);
        whop_client_set_api(client, strcmp(argv[1], "v2") == 0 ? WHOP_API_V2 : WHOP_API_CURRENT);
        whop_client_set_base_url(client, argv[3]);
    }
    whop_client_set_product_id(client, "prod_1");
    whop_client_set_max_retries(client, 0);
    if (given(argv[4]) != NULL)
        whop_client_set_proxy(client, argv[4]);

    whop_status status = whop_client_validate_license(client, argv[5], given(argv[6]), &response);
    tell(status, response);
    status = whop_client_create_plan(client, argv[7], &response);
    tell(status, response);
    status = whop_client_reset_license(client, argv[5], &response);
    tell(status, response);
    printf("%s\n", whop_client_message(client));
    whop_client_free(client);
    return 0;
}
