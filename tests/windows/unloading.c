/* The library is unloaded while a name lookup that it began still runs: it must stay until the process ends. */
#include <winsock2.h>

#include <ws2tcpip.h>

#include "../c/check.h"
#include "whop_license.h"

enum { LONGEST = 30 * 1000 };

static HANDLE looked_up, may_end, thread;

/* In place of the system's: it ends when it may. */
static int WSAAPI late(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **found)
{
    (void)node, (void)service, (void)hints, (void)found;
    const HANDLE self = GetCurrentProcess();
    CHECK(DuplicateHandle(self, GetCurrentThread(), self, &thread, 0, FALSE, DUPLICATE_SAME_ACCESS));
    SetEvent(looked_up);
    WaitForSingleObject(may_end, LONGEST);
    return WSAHOST_NOT_FOUND;
}

/* Lets the library call another function than the one of the system that it imports by this name. */
static void replace(char *library, const char *name, void *function)
{
    const IMAGE_NT_HEADERS *headers = (void *)(library + ((IMAGE_DOS_HEADER *)library)->e_lfanew);
    const DWORD imports = headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT].VirtualAddress;
    for (const IMAGE_IMPORT_DESCRIPTOR *from = (void *)(library + imports); from->Name != 0; from++) {
        const IMAGE_THUNK_DATA *names = (void *)(library + from->OriginalFirstThunk);
        IMAGE_THUNK_DATA *addresses = (void *)(library + from->FirstThunk);
        for (; names->u1.AddressOfData != 0; names++, addresses++) {
            const IMAGE_IMPORT_BY_NAME *imported = (void *)(library + names->u1.AddressOfData);
            if (IMAGE_SNAP_BY_ORDINAL(names->u1.Ordinal) || strcmp(imported->Name, name) != 0)
                continue;
            DWORD before;
            CHECK(VirtualProtect(addresses, sizeof *addresses, PAGE_READWRITE, &before));
            addresses->u1.Function = (ULONGLONG)(ULONG_PTR)function;
            return;
        }
    }
    CHECK(!"imported");
}

/* ISO C knows no way from a pointer of one function to another's. */
union symbol {
    FARPROC found;
    whop_status (*client_new)(const char *, whop_client **);
    whop_status (*set_base_url)(whop_client *, const char *);
    whop_status (*set_timeout_ms)(whop_client *, uint32_t);
    whop_status (*validate)(const whop_client *, const char *, const char *, whop_response **);
    void (*client_free)(whop_client *);
};

static union symbol find(HMODULE library, const char *name)
{
    const union symbol symbol = {.found = GetProcAddress(library, name)};
    CHECK(symbol.found != NULL);
    return symbol;
}

int main(void)
{
    looked_up = CreateEventA(NULL, TRUE, FALSE, NULL);
    may_end = CreateEventA(NULL, TRUE, FALSE, NULL);
    const HMODULE library = LoadLibraryA("whop_license.dll");
    CHECK(library != NULL);
    replace((char *)library, "getaddrinfo", (void *)(ULONG_PTR)late);

    whop_client *client = NULL;
    CHECK(find(library, "whop_client_new").client_new("key", &client) == WHOP_OK);
    CHECK(find(library, "whop_client_set_base_url").set_base_url(client, "https://whop.example/api") == WHOP_OK);
    CHECK(find(library, "whop_client_set_timeout_ms").set_timeout_ms(client, 300) == WHOP_OK);
    const ULONGLONG began = GetTickCount64();
    CHECK(find(library, "whop_client_validate_license").validate(client, "KEY", "{}", NULL) == WHOP_UNREACHABLE);
    CHECK(GetTickCount64() - began < 2000);
    find(library, "whop_client_free").client_free(client);

    CHECK(WaitForSingleObject(looked_up, LONGEST) == WAIT_OBJECT_0);
    CHECK(FreeLibrary(library));
    SetEvent(may_end);
    /* It returns into the library, and ends there. */
    CHECK(WaitForSingleObject(thread, LONGEST) == WAIT_OBJECT_0);
    DWORD code = 1;
    CHECK(GetExitCodeThread(thread, &code) && code == 0);
    CHECK(GetModuleHandleA("whop_license.dll") == library);
    return 0;
}
