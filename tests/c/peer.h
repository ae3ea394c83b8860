/* A server in this very program: it takes one request, and answers when it is told. */
#ifndef PEER_H
#define PEER_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"

/* Listens on this machine; its base URL is written. */
static int peer_listen(char *base_url, size_t size)
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

/* Waits for a request until its last byte is here. */
static int peer_receive(int listener)
{
    char request[4096];
    size_t length = 0;
    const int at_once = 1;
    int connection = accept(listener, NULL, NULL);
    CHECK(connection >= 0);
    CHECK(setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once) == 0);
    for (;;) {
        ssize_t read_now = read(connection, request + length, sizeof request - 1 - length);
        CHECK(read_now > 0);
        length += (size_t)read_now;
        request[length] = '\0';
        const char *body = strstr(request, "\r\n\r\n"), *announced = strstr(request, "ontent-length: ");
        if (!announced)
            announced = strstr(request, "ontent-Length: ");
        if (body && announced && request + length >= body + 4 + atoi(announced + strlen("ontent-length: ")))
            return connection;
    }
}

static void peer_send(int connection, const char *text)
{
    CHECK(write(connection, text, strlen(text)) == (ssize_t)strlen(text));
}

static void peer_answer_head(int connection, const char *json)
{
    char head[128];
    snprintf(head, sizeof head, "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
             strlen(json));
    peer_send(connection, head);
}

#endif
