#include "footprint.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct traffic traffic_now(void)
{
    struct traffic sum = {0};
    for (int file = 3; file < 256; file++) {
        struct tcp_info info;
        socklen_t size = sizeof info;
        memset(&info, 0, sizeof info);
        if (getsockopt(file, IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
            continue;
        sum.sent += (double)info.tcpi_bytes_sent;
        sum.received += (double)info.tcpi_bytes_received;
        sum.segments += (double)(info.tcpi_data_segs_out + info.tcpi_data_segs_in);
    }
    return sum;
}

struct held held_now(void)
{
    FILE *rollup = fopen("/proc/self/smaps_rollup", "r");
    char line[256];
    struct held held = {0};
    if (rollup == NULL)
        abort();
    while (fgets(line, sizeof line, rollup) != NULL) {
        sscanf(line, "Rss: %lu", &held.resident);
        sscanf(line, "Private_Dirty: %lu", &held.dirty);
    }
    fclose(rollup);
    return held;
}
