/* What this process has at the moment: descriptors, and threads by their names. For Linux. */
#ifndef CENSUS_H
#define CENSUS_H

#include <dirent.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "clock.h"

static inline int descriptors(void)
{
    int count = 0;
    DIR *directory = opendir("/proc/self/fd");
    CHECK(directory != NULL);
    while (readdir(directory) != NULL)
        count++;
    closedir(directory);
    return count;
}

/* The threads of the library on which started calls run. */
static inline int call_threads(void)
{
    int count = 0;
    const struct dirent *entry;
    DIR *directory = opendir("/proc/self/task");
    CHECK(directory != NULL);
    while ((entry = readdir(directory)) != NULL) {
        char path[300], name[32] = "";
        snprintf(path, sizeof path, "/proc/self/task/%s/comm", entry->d_name);
        FILE *comm = fopen(path, "r");
        if (comm == NULL) /* ended meanwhile */
            continue;
        if (fgets(name, sizeof name, comm) != NULL && strcmp(name, "whop-call\n") == 0)
            count++;
        fclose(comm);
    }
    closedir(directory);
    return count;
}

/* Soon it is so few; much sooner than any call's own time would be over. */
static inline void await_fall(int (*counted)(void), int expected)
{
    const int64_t began = now_ms();
    while (counted() > expected) {
        CHECK(now_ms() - began < 20000);
        usleep(counted == call_threads ? 5000 : 200); /* an idle thread stays a second */
    }
}

#endif
