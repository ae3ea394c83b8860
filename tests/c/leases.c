/* What comes of each lease of tests/leases.txt, good and forged: from a relay, and from the lease file while the relay
 * is away. The arguments are the table, the port of a sandbox, a port that refuses connections, and a lease file to
 * write. */
#include <string.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "check.h"
#include "whop_license.h"

#define LICENSE_KEY "SANDBOX-ACTIVE"
#define DEVICE "{\"hwid\":\"this-device\"}"

/* What a program is given, from the head of the table: one key, or two with a comma between. */
static char public_keys[128];

static whop_client *new_client(const char *relay_url)
{
    whop_client *client = NULL;
    CHECK(whop_client_new_relay(relay_url, public_keys, &client) == WHOP_OK);
    CHECK(whop_client_set_product_id(client, "prod_sandbox") == WHOP_OK);
    CHECK(whop_client_set_max_retries(client, 0) == WHOP_OK);
    return client;
}

static void check(const whop_client *client, whop_status expected, int32_t is_offline)
{
    whop_response *response = NULL;
    const whop_status status = whop_client_validate_license(client, LICENSE_KEY, DEVICE, &response);
    const char *message = whop_response_message(response);
    printf("%d expected, %d came: %s\n", (int)expected, (int)status, message);
    CHECK(status == expected && whop_response_is_offline(response) == is_offline);
    CHECK(strlen(message) > 0 && strstr(message, LICENSE_KEY) == NULL && strstr(message, "this-device") == NULL);
    /* A yes and a no show the claims. What was stored came without HTTP. */
    if (status < 200) {
        const char *json = whop_response_json(response);
        CHECK(json != NULL && strstr(json, "\"key_sha256\":") != NULL && strstr(json, "\"lease\":") == NULL);
        CHECK((whop_response_http_status(response) == 0) == is_offline);
    } else {
        /* What nobody signed is not shown, so that no program reads a yes out of it. */
        int32_t boolean = -1;
        CHECK(whop_response_json(response) == NULL && whop_response_membership_id(response) == NULL);
        CHECK(whop_response_boolean(response, "/valid", &boolean) == 0);
        CHECK(whop_response_string(response, "/id") == NULL);
    }
    whop_response_free(response);
}

/* Writes what the sandbox says that a lease file would hold. */
static void store(const char *port, const char *name, const char *path)
{
    char request[256];
    static char answer[4 << 20];
    size_t length = 0;
    ssize_t received;
    struct sockaddr_in address = {0};
    const int connection = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_family = AF_INET;
    address.sin_port = htons((uint16_t)atoi(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK(connect(connection, (struct sockaddr *)&address, sizeof address) == 0);
    static const char path_and_host[] =
        "/lease-file?key=" LICENSE_KEY "&device=this-device HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n";
    snprintf(request, sizeof request, "GET /false-relay/%s%s", name, path_and_host);
    CHECK(write(connection, request, strlen(request)) == (ssize_t)strlen(request));
    while ((received = read(connection, answer + length, sizeof answer - 1 - length)) > 0)
        length += (size_t)received;
    CHECK(received == 0 && close(connection) == 0);
    answer[length] = '\0';

    const char *content = strstr(answer, "\r\n\r\n");
    FILE *file = fopen(path, "w");
    CHECK(strstr(answer, " 200 ") != NULL && content != NULL && file != NULL);
    CHECK(fputs(content + 4, file) >= 0 && fclose(file) == 0);
}

static void check_row(const char *name, whop_status online, const char *offline, char **arguments)
{
    char url[128];
    snprintf(url, sizeof url, "http://127.0.0.1:%s/false-relay/%s", arguments[0], name);
    printf("%s: ", name);
    whop_client *client = new_client(url);
    check(client, online, 0);
    whop_client_free(client);
    if (strcmp(offline, "-") == 0)
        return;

    const int helps = strcmp(offline, "yes") == 0;
    CHECK(helps || strcmp(offline, "no") == 0);
    store(arguments[0], name, arguments[2]);
    snprintf(url, sizeof url, "http://127.0.0.1:%s", arguments[1]);
    client = new_client(url);
    CHECK(whop_client_set_lease_file(client, arguments[2]) == WHOP_OK);
    check(client, helps ? WHOP_OK : WHOP_UNREACHABLE, helps);
    whop_client_free(client);
}

int main(int argc, char **argv)
{
    char row[256], name[64], seed[64], key[64], online[8], offline[8];
    int rows = 0;
    CHECK(argc == 5);
    FILE *table = fopen(argv[1], "r");
    CHECK(table != NULL);
    while (fgets(row, sizeof row, table) != NULL) {
        /* The name of a case may begin like that, too. */
        if (strncmp(row, "key ", 4) == 0) {
            CHECK(sscanf(row, "key %63s %63s %63s", name, seed, key) == 3);
            if (strcmp(name, "stranger") == 0)
                continue;
            strcat(public_keys, public_keys[0] == '\0' ? "" : ",");
            strcat(public_keys, key);
        } else if (row[0] != '#' && row[0] != '\n') {
            CHECK(sscanf(row, "%63s %7s %7s", name, online, offline) == 3);
            check_row(name, atoi(online), offline, argv + 2);
            rows++;
        }
    }
    CHECK(rows > 250 && fclose(table) == 0);
    return 0;
}
