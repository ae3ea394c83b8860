/* May this customer run the program on their device? For a server, bot or tool of yours: the API key needs
 * member:manage, so it must never be in what customers have.
 *
 *     cc check_on_server.c -lwhop_license -o check_on_server
 *     ./check_on_server <api key> <license key> <device id>
 */
#include <stdio.h>
#include <time.h>

#include "whop_license.h"

/* Yours. Without it, a license of any other product of yours would do. */
static const char product_id[] = "prod_sandbox";

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
    if (argc != 4) {
        fputs("usage: check_on_server <api key> <license key> <device id>\n", stderr);
        return 2;
    }

    /* Only the last status is looked at: a client whose key or setting was refused repeats it then. A server makes one
     * client, and passes the device as metadata instead. */
    whop_client *client;
    whop_response *answer;
    whop_client_new(argv[1], &client);
    whop_client_set_product_id(client, product_id);
    whop_client_set_device_id(client, argv[3]); /* what the customer's program has sent */
    const whop_status status = whop_client_validate_license(client, argv[2], NULL, &answer);

    const int verdict = whop_status_verdict(status);
    if (verdict == WHOP_ALLOWED)
        print_license(answer);
    else if (verdict == WHOP_DENIED)
        printf("denied: %s: %s\n", whop_status_name(status), whop_response_message(answer));
    else
        /* Neither yes nor no: Whop is down, say. Do not lock a paying customer out, nor let anyone in: let what is
         * running go on for a while, and ask again. */
        printf("cannot tell: %s: %s\n", whop_status_name(status), whop_response_message(answer));

    whop_response_free(answer);
    whop_client_free(client);
    return verdict == WHOP_ALLOWED ? 0 : verdict == WHOP_DENIED ? 1 : 2;
}
