/* Servers in threads of this program that serve many connections at once: each plays its lines, and then says nothing more. */
#ifndef STALLS_H
#define STALLS_H

#include <poll.h>
#include <pthread.h>
#include <stdint.h>

#include "peer.h"

enum { MOST_LINES = 5, MOST_CONNECTIONS = 2048 };

/* What is sent in return for bytes that have come. */
struct line {
    const char *bytes; /* "": nothing; NULL: none, as after the last */
    size_t length;
};
#define LINE(text) {text, sizeof(text) - 1}

struct stall {
    struct line lines[MOST_LINES];
    int again; /* whether the first line follows the last */
    char base_url[64];
    int listener;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int accepted; /* connections */
    int reached;  /* those that have played their last line */
};

static inline void stall_count(struct stall *stall, int *what)
{
    pthread_mutex_lock(&stall->lock);
    ++*what;
    pthread_cond_broadcast(&stall->changed);
    pthread_mutex_unlock(&stall->lock);
}

static inline int stall_get(struct stall *stall, const int *what)
{
    pthread_mutex_lock(&stall->lock);
    const int value = *what;
    pthread_mutex_unlock(&stall->lock);
    return value;
}

/* Waits until that many connections have been accepted, or have come to their end. */
static inline void stall_await(struct stall *stall, const int *what, int count)
{
    pthread_mutex_lock(&stall->lock);
    while (*what < count)
        pthread_cond_wait(&stall->changed, &stall->lock);
    pthread_mutex_unlock(&stall->lock);
}

/* Takes in what has come; 0 when the other side has closed. */
static inline int stall_play(struct stall *stall, int connection, int *next)
{
    char bytes[16384];
    if (read(connection, bytes, sizeof bytes) <= 0)
        return 0;
    if (*next == MOST_LINES || stall->lines[*next].bytes == NULL)
        return 1;
    const struct line *line = &stall->lines[(*next)++];
    if (line->length > 0 && send(connection, line->bytes, line->length, MSG_NOSIGNAL) != (ssize_t)line->length)
        return 0;
    if (*next == MOST_LINES || stall->lines[*next].bytes == NULL) {
        stall_count(stall, &stall->reached);
        *next = stall->again ? 0 : *next;
    }
    return 1;
}

static inline void *stall_serve(void *argument)
{
    struct stall *stall = argument;
    struct pollfd *open = calloc(1 + MOST_CONNECTIONS, sizeof *open);
    int *next = calloc(1 + MOST_CONNECTIONS, sizeof *next), count = 1;
    CHECK(open != NULL && next != NULL);
    open[0].fd = stall->listener;
    open[0].events = POLLIN;
    for (;;) {
        CHECK(poll(open, (nfds_t)count, -1) > 0);
        for (int i = count - 1; i > 0; i--) {
            if (open[i].revents == 0 || stall_play(stall, open[i].fd, &next[i]))
                continue;
            close(open[i].fd);
            open[i] = open[--count];
            next[i] = next[count];
        }
        if (open[0].revents & POLLHUP || open[0].revents & POLLERR)
            break;
        if (open[0].revents != 0 && count <= MOST_CONNECTIONS) {
            const int connection = accept(stall->listener, NULL, NULL);
            if (connection < 0)
                continue;
            open[count] = (struct pollfd){connection, POLLIN, 0};
            next[count++] = 0;
            stall_count(stall, &stall->accepted);
        }
    }
    while (--count > 0)
        close(open[count].fd);
    free(open);
    free(next);
    return NULL;
}

/* Starts a server that plays these lines. */
static inline pthread_t stall_start(struct stall *stall)
{
    pthread_t thread;
    stall->listener = peer_listen(stall->base_url, sizeof stall->base_url);
    CHECK(listen(stall->listener, MOST_CONNECTIONS) == 0);
    CHECK(pthread_mutex_init(&stall->lock, NULL) == 0 && pthread_cond_init(&stall->changed, NULL) == 0);
    CHECK(pthread_create(&thread, NULL, stall_serve, stall) == 0);
    return thread;
}

/* Ends it, and closes its connections. */
static inline void stall_end(struct stall *stall, pthread_t thread)
{
    CHECK(shutdown(stall->listener, SHUT_RDWR) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    close(stall->listener);
}

#endif
