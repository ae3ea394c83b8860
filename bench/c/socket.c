/* The floor: a TLS socket, one write and what the answer takes to read. It judges nothing but the status. */
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "contender.h"

struct client {
    SSL_CTX *settings;
    SSL *tls;
    int socket;
    char host[128];
    char port[8];
    char request[1024];
    int length;
};

struct client *client_new(const struct target *target)
{
    struct client *client = calloc(1, sizeof *client);
    if (client == NULL)
        abort();
    client->settings = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_verify(client->settings, SSL_VERIFY_PEER, NULL);
    if (SSL_CTX_load_verify_locations(client->settings, target->ca_file, NULL) != 1 ||
        sscanf(target->url, "https://%127[^:]:%7[0-9]", client->host, client->port) != 2)
        abort();
    if (strcmp(target->api, "current") == 0)
        client->length = snprintf(client->request, sizeof client->request,
                                  "GET /api/v1/memberships/%s HTTP/1.1\r\nHost: %s:%s\r\nAccept: application/json\r\n"
                                  "Api-Version-Date: 2026-09-23\r\nAuthorization: Bearer %s\r\n\r\n",
                                  target->license_key, client->host, client->port, target->api_key);
    else
        client->length = snprintf(client->request, sizeof client->request,
                                  "POST %s/v2/memberships/%s/validate_license HTTP/1.1\r\nHost: %s:%s\r\n"
                                  "Accept: application/json\r\nContent-Type: application/json\r\n"
                                  "Whop-License-Nonce: AAAAAAAAAAAAAAAAAAAAAA\r\nWhop-License-Keys: %s\r\n"
                                  "Authorization: Bearer %s\r\nContent-Length: %zu\r\n\r\n{\"metadata\":{\"hwid\":\"%s\"}}",
                                  strcmp(target->api, "v2") == 0 ? "/api" : "", target->license_key, client->host,
                                  client->port, target->key_id, target->api_key,
                                  strlen("{\"metadata\":{\"hwid\":\"\"}}") + strlen(target->device), target->device);
    client->socket = -1;
    return client;
}

struct client *client_for_thread(struct client *first, const struct target *target)
{
    (void)first;
    return client_new(target);
}

int client_connect(struct client *client)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *addresses;
    const int on = 1;
    if (getaddrinfo(client->host, client->port, &hints, &addresses) != 0)
        return 0;
    for (struct addrinfo *one = addresses; one != NULL && client->socket < 0; one = one->ai_next) {
        client->socket = socket(one->ai_family, one->ai_socktype, one->ai_protocol);
        if (client->socket >= 0 && connect(client->socket, one->ai_addr, one->ai_addrlen) != 0) {
            close(client->socket);
            client->socket = -1;
        }
    }
    freeaddrinfo(addresses);
    if (client->socket < 0)
        return 0;
    setsockopt(client->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    client->tls = SSL_new(client->settings);
    if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(client->tls), client->host) != 1) {
        SSL_set_tlsext_host_name(client->tls, client->host);
        SSL_set1_host(client->tls, client->host);
    }
    SSL_set_fd(client->tls, client->socket);
    return SSL_connect(client->tls) == 1;
}

int client_check(struct client *client)
{
    char answer[16384];
    int have = 0;
    if (client->tls == NULL && !client_connect(client))
        return 0;
    if (SSL_write(client->tls, client->request, client->length) != client->length)
        return 0;
    for (;;) {
        const int got = SSL_read(client->tls, answer + have, (int)sizeof answer - 1 - have);
        if (got <= 0)
            return 0;
        have += got;
        answer[have] = '\0';
        const char *end = strstr(answer, "\r\n\r\n");
        const char *header = end == NULL ? NULL : strcasestr(answer, "\r\ncontent-length: ");
        if (header != NULL && have >= end + 4 - answer + atoi(header + strlen("\r\ncontent-length: ")))
            return strncmp(answer, "HTTP/1.1 20", 11) == 0;
    }
}

void client_free(struct client *client)
{
    if (client->tls != NULL)
        SSL_free(client->tls);
    if (client->socket >= 0)
        close(client->socket);
    SSL_CTX_free(client->settings);
    free(client);
}
