/* A server in this very program: it takes one request after the other, and answers when it is told. */
#ifndef PEER_H
#define PEER_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"

/* The request that came last. */
static char peer_request[4096];

/* Listens on this machine; its base URL is written. */
static inline int peer_listen(char *base_url, size_t size)
{
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK(bind(listener, (struct sockaddr *)&address, sizeof address) == 0 && listen(listener, 16) == 0);
    CHECK(getsockname(listener, (struct sockaddr *)&address, &length) == 0);
    snprintf(base_url, size, "http://127.0.0.1:%d/api", ntohs(address.sin_port));
    return listener;
}

static inline int peer_has_whole_request(size_t length)
{
    const char *body = strstr(peer_request, "\r\n\r\n"), *announced = strstr(peer_request, "ontent-length: ");
    if (!announced)
        announced = strstr(peer_request, "ontent-Length: ");
    return body && peer_request + length >= body + 4 + (announced ? atoi(announced + strlen("ontent-length: ")) : 0);
}

/* Waits for the next request on a connection until its last byte is here; 0 if the client has closed it instead. */
static inline int peer_read(int connection)
{
    size_t length = 0;
    do {
        ssize_t read_now = read(connection, peer_request + length, sizeof peer_request - 1 - length);
        if (read_now == 0 && length == 0)
            return 0;
        CHECK(read_now > 0);
        length += (size_t)read_now;
        peer_request[length] = '\0';
    } while (!peer_has_whole_request(length));
    return 1;
}

/* Waits for a request on a new connection. */
static inline int peer_receive(int listener)
{
    const int at_once = 1;
    int connection = accept(listener, NULL, NULL);
    CHECK(connection >= 0);
    CHECK(setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once) == 0);
    CHECK(peer_read(connection));
    return connection;
}

/* Waits for the next request, on this connection or a new one if the client has closed it. */
static inline int peer_receive_next(int listener, int connection)
{
    if (connection >= 0 && peer_read(connection))
        return connection;
    if (connection >= 0)
        close(connection);
    return peer_receive(listener);
}

static inline void peer_send(int connection, const char *text)
{
    CHECK(write(connection, text, strlen(text)) == (ssize_t)strlen(text));
}

static inline void peer_answer_head(int connection, int http_status, const char *json)
{
    char head[128];
    snprintf(head, sizeof head, "HTTP/1.1 %d Status\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
             http_status, strlen(json));
    peer_send(connection, head);
}

static inline void peer_answer(int connection, int http_status, const char *json)
{
    peer_answer_head(connection, http_status, json);
    peer_send(connection, json);
}

#endif
