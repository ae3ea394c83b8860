/* Children use the client of their parent while it goes on using it: each process gets its own answers.
 * Arguments: an API key, a base URL, a CA file or "", then one license key a process. */
#define _POSIX_C_SOURCE 200809L
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "whop_license.h"

enum { CHECKS = 10, MAX_CHILDREN = 32 };

static void check_often(const whop_client *client, const char *license_key)
{
    for (int i = 0; i < CHECKS; i++) {
        whop_response *response = NULL;
        CHECK(whop_client_validate_license(client, license_key, "{\"hwid\":\"fork\"}", &response) == WHOP_OK);
        CHECK(strcmp(whop_response_string(response, "/license_key"), license_key) == 0);
        whop_response_free(response);
    }
}

int main(int argc, char **argv)
{
    const int children = argc - 5;
    CHECK(children > 0 && children <= MAX_CHILDREN);
    whop_client *client = NULL;
    CHECK(whop_client_new(argv[1], &client) == WHOP_OK);
    CHECK(whop_client_set_base_url(client, argv[2]) == WHOP_OK);
    CHECK(*argv[3] == '\0' || whop_client_set_ca_file(client, argv[3]) == WHOP_OK);
    check_often(client, argv[4]); /* leaves a connection that the children inherit */

    pid_t ids[MAX_CHILDREN];
    for (int i = 0; i < children; i++) {
        ids[i] = fork();
        CHECK(ids[i] >= 0);
        if (ids[i] == 0) {
            alarm(60);
            check_often(client, argv[5 + i]);
            whop_client_free(client); /* which must not end the parent's connection */
            _exit(0);
        }
    }
    check_often(client, argv[4]);
    for (int i = 0; i < children; i++) {
        int status = -1;
        CHECK(waitpid(ids[i], &status, 0) == ids[i]);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    check_often(client, argv[4]);
    whop_client_free(client);
    return 0;
}
