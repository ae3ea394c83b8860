/* Many threads share one client of a relay and its lease file, online and then without the relay: each gets the answer
 * about its own license. Arguments: a relay URL, public keys, the URL of a relay that is away, a path for the lease file. */
#include <pthread.h>
#include <string.h>

#include "check.h"
#include "whop_license.h"

enum { THREADS = 32, LICENSES = 8, CHECKS = 5 };

static const whop_client *client;
static int is_offline;
/* What the claims say of each license, which differs; of the first answer that came. */
static char hashes[LICENSES][64];

static void check_once(int license, char *hash, size_t size)
{
    char license_key[32];
    whop_response *response = NULL;
    snprintf(license_key, sizeof license_key, "LICENSE-%d", license);
    const whop_status status = whop_client_validate_license(client, license_key, "{\"hwid\":\"threads\"}", &response);
    if (status != WHOP_OK)
        fprintf(stderr, "%s\n", whop_response_message(response));
    CHECK(status == WHOP_OK);
    CHECK(whop_response_is_offline(response) == is_offline);
    CHECK(strcmp(whop_response_membership_id(response), "mem_active") == 0);
    snprintf(hash, size, "%s", whop_response_string(response, "/key_sha256"));
    whop_response_free(response);
}

static void *check_often(void *argument)
{
    const int license = *(const int *)argument;
    char hash[64];
    for (int i = 0; i < CHECKS; i++) {
        check_once(license, hash, sizeof hash);
        CHECK(strcmp(hash, hashes[license]) == 0);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    CHECK(argc == 5);
    const char *const urls[] = {argv[1], argv[3]};
    for (is_offline = 0; is_offline < 2; is_offline++) {
        whop_client *made = NULL;
        CHECK(whop_client_new_relay(urls[is_offline], argv[2], &made) == WHOP_OK);
        CHECK(whop_client_set_product_id(made, "prod_sandbox") == WHOP_OK);
        CHECK(whop_client_set_lease_file(made, argv[4]) == WHOP_OK);
        CHECK(whop_client_set_timeout_ms(made, 60000) == WHOP_OK);
        client = made;
        if (!is_offline)
            for (int i = 0; i < LICENSES; i++) {
                check_once(i, hashes[i], sizeof hashes[i]);
                CHECK(i == 0 || strcmp(hashes[i], hashes[i - 1]) != 0);
            }

        pthread_t ids[THREADS];
        int licenses[THREADS];
        for (int i = 0; i < THREADS; i++) {
            licenses[i] = i % LICENSES;
            CHECK(pthread_create(&ids[i], NULL, check_often, &licenses[i]) == 0);
        }
        for (int i = 0; i < THREADS; i++)
            CHECK(pthread_join(ids[i], NULL) == 0);
        whop_client_free(made);
    }
    return 0;
}
