/* What the kernel knows of this process. */
#ifndef FOOTPRINT_H
#define FOOTPRINT_H

/* Of all TCP sockets that are open, whoever opened them: bytes, and segments that had some. */
struct traffic {
    double sent, received, segments;
};

struct traffic traffic_now(void);

/* Memory in kB: all of it, and the pages that this process has written. */
struct held {
    unsigned long resident, dirty;
};

struct held held_now(void);

#endif
