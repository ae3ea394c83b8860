/* A started call ends at once when it is canceled, and so does its thread.
 * Arguments: how often, then base URLs of servers that say nothing, each a stage of a call, or "proxy=" and that of a proxy. */
#include <string.h>
#include <windows.h>
#include <tlhelp32.h>

#include "../c/check.h"
#include "whop_license.h"

enum { TIMEOUT_MS = 600000, SOON_MS = 20000 };

static int threads(void)
{
    THREADENTRY32 entry = {.dwSize = sizeof entry};
    const HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    int count = 0;
    CHECK(all != INVALID_HANDLE_VALUE);
    for (BOOL is_there = Thread32First(all, &entry); is_there; is_there = Thread32Next(all, &entry))
        count += entry.th32OwnerProcessID == GetCurrentProcessId();
    CloseHandle(all);
    return count;
}

static whop_client *client_of(const char *where)
{
    const int is_proxy = strncmp(where, "proxy=", 6) == 0;
    whop_client *client = NULL;
    CHECK(whop_client_new("apik_cancel", &client) == WHOP_OK);
    CHECK(whop_client_set_base_url(client, is_proxy ? "https://whop.test/api" : where) == WHOP_OK);
    CHECK(whop_client_set_proxy(client, is_proxy ? where + 6 : "") == WHOP_OK);
    CHECK(whop_client_set_timeout_ms(client, TIMEOUT_MS) == WHOP_OK);
    return client;
}

static DWORD WINAPI block(void *client)
{
    CHECK(whop_client_validate_license(client, "K", "{}", NULL) == WHOP_CANCELED);
    return 0;
}

static void cancel_at(const char *where, int times)
{
    whop_client *client = client_of(where);
    for (int i = 0; i < times; i++) {
        whop_call *call = NULL;
        CHECK(whop_client_start_validate_license(client, "K", "{}", &call) == WHOP_OK);
        Sleep((DWORD)(i * 7 % 30));
        CHECK(whop_call_is_done(call) == 0 && whop_call_result(call, NULL) == WHOP_PENDING);
        if (i % 3 == 0) {
            whop_client_cancel_all(client);
            CHECK(whop_call_wait(call, SOON_MS) == 1);
        } else if (i % 3 == 1) {
            whop_call_cancel(call);
        }
        CHECK(i % 3 == 2 || whop_call_result(call, NULL) == WHOP_CANCELED);
        whop_call_free(call);
    }
    const HANDLE blocked = CreateThread(NULL, 0, block, client, 0, NULL);
    CHECK(blocked != NULL);
    do {
        Sleep(10); /* it may not have begun */
        whop_client_cancel_all(client);
    } while (WaitForSingleObject(blocked, 100) == WAIT_TIMEOUT);
    CloseHandle(blocked);
    whop_client_free(client);
}

int main(int argc, char **argv)
{
    CHECK(argc > 2);
    const int before = threads();
    for (int i = 2; i < argc; i++)
        cancel_at(argv[i], atoi(argv[1]));
    const ULONGLONG began = GetTickCount64();
    while (threads() > before) {
        CHECK(GetTickCount64() - began < SOON_MS);
        Sleep(10);
    }
    return 0;
}
