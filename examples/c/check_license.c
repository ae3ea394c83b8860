/* May this customer run your program on this device? For what customers have: it holds nothing secret.
 *
 *     cc check_license.c -lwhop_license -o check_license
 *     ./check_license <relay url> <public keys> <license key> [<device id>]
 */
#include <stdio.h>
#include <time.h>

#include "whop_license.h"

/* Yours: a license of any other product of yours does not do. */
static const char product_id[] = "prod_sandbox";
/* Where the relay's answers are kept for the days without network. Yours is in the user's own folder for such files. */
static const char lease_file[] = "license.lease";

static void print_license(const whop_response *answer)
{
    char date[32] = "does not expire";
    int64_t seconds;
    if (whop_response_expires_at(answer, &seconds)) {
        const time_t expires_at = (time_t)seconds;
        strftime(date, sizeof date, "until %Y-%m-%d", gmtime(&expires_at));
    }
    printf("allowed: %s\n", date);
}

int main(int argc, char **argv)
{
    if (argc != 4 && argc != 5) {
        fputs("usage: check_license <relay url> <public keys> <license key> [<device id>]\n", stderr);
        return 2;
    }

    /* The first two are constants in your program. Only the last status is looked at: a client that was refused
     * something repeats it then. */
    whop_client *client;
    whop_response *answer;
    whop_client_new_relay(argv[1], argv[2], &client);
    whop_client_set_product_id(client, product_id);
    whop_client_set_lease_file(client, lease_file);
    if (argc == 5) /* in place of the library's own, which is good for most */
        whop_client_set_device_id(client, argv[4]);
    const whop_status status = whop_client_validate_license(client, argv[3], NULL, &answer);

    const int verdict = whop_status_verdict(status);
    if (verdict == WHOP_ALLOWED && whop_response_is_offline(answer))
        /* Run as well: the relay allowed it some days ago, and cannot be asked now. */
        printf("allowed offline: %s\n", whop_response_message(answer));
    else if (verdict == WHOP_ALLOWED)
        print_license(answer);
    else if (verdict == WHOP_DENIED)
        printf("denied: %s: %s\n", whop_status_name(status), whop_response_message(answer));
    else
        /* Neither yes nor no: no network, and no answer that is kept, as at the first start. Show why, and offer to try
         * again; let what is running go on. */
        printf("cannot tell: %s: %s\n", whop_status_name(status), whop_response_message(answer));

    whop_response_free(answer);
    whop_client_free(client);
    return verdict == WHOP_ALLOWED ? 0 : verdict == WHOP_DENIED ? 1 : 2;
}
