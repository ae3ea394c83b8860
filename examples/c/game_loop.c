/* A license check that never holds up your frames: started, looked at once a frame, and canceled when the player quits.
 * For what customers have: it holds nothing secret.
 *
 *     cc game_loop.c -lwhop_license -o game_loop
 *     ./game_loop <relay url> <public keys> <license key> [<device id> [<frames>]]
 *
 * The player quits after so many frames.
 */
#define _POSIX_C_SOURCE 199309L
#include <stdio.h>
#include <stdlib.h>
#ifdef _WIN32
#include <windows.h>
#else
#include <time.h>
#endif

#include "whop_license.h"

/* Yours: a license of any other product of yours does not do. */
static const char product_id[] = "prod_sandbox";
/* Where the relay's answers are kept for the days without network. Yours is in the user's own folder for such files. */
static const char lease_file[] = "license.lease";

/* Your game draws here, and waits for the screen. */
static void draw_frame(void)
{
#ifdef _WIN32
    Sleep(1000 / 60);
#else
    const struct timespec sixtieth = {0, 1000000000 / 60};
    nanosleep(&sixtieth, NULL);
#endif
}

static int show_verdict(const whop_call *check)
{
    whop_response *answer;
    const whop_status status = whop_call_result(check, &answer);
    const int verdict = whop_status_verdict(status);
    if (verdict == WHOP_ALLOWED)
        printf("allowed: %s\n", whop_response_message(answer));
    else if (verdict == WHOP_DENIED)
        printf("denied: %s: %s\n", whop_status_name(status), whop_response_message(answer));
    else /* neither yes nor no: offer to try again, and let what is running go on */
        printf("cannot tell: %s: %s\n", whop_status_name(status), whop_response_message(answer));
    whop_response_free(answer);
    return verdict == WHOP_ALLOWED ? 0 : verdict == WHOP_DENIED ? 1 : 2;
}

int main(int argc, char **argv)
{
    if (argc < 4 || argc > 6) {
        fputs("usage: game_loop <relay url> <public keys> <license key> [<device id> [<frames>]]\n", stderr);
        return 2;
    }
    const long last_frame = argc == 6 ? atol(argv[5]) : -1;

    whop_client *client;
    whop_call *check;
    whop_client_new_relay(argv[1], argv[2], &client);
    whop_client_set_product_id(client, product_id);
    whop_client_set_lease_file(client, lease_file);
    if (argc > 4) /* in place of the library's own, which is good for most */
        whop_client_set_device_id(client, argv[4]);
    /* It returns at once. What is refused is said by the result, as every other answer. */
    whop_client_start_validate_license(client, argv[3], NULL, &check);

    int code = 2;
    for (long frame = 0; frame != last_frame; frame++) {
        if (whop_call_is_done(check)) {
            code = show_verdict(check);
            break; /* your game goes on, with what the verdict allows */
        }
        draw_frame();
    }

    /* Quitting takes no time, also if the check is still pending: this cancels it, and waits for nothing. */
    whop_call_free(check);
    whop_client_free(client);
    return code;
}
