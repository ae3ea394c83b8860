/* For tests alone: Wine 8 lacks this DLL of Windows, of which Rust's standard library takes random numbers. */
#include <windows.h>

/* Of advapi32.dll: RtlGenRandom. */
BOOLEAN NTAPI SystemFunction036(PVOID bytes, ULONG length);

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE bytes, SIZE_T length)
{
    const ULONG most = 1 << 20;
    for (; length > most; bytes += most, length -= most)
        if (!SystemFunction036(bytes, most))
            return FALSE;
    return SystemFunction036(bytes, (ULONG)length);
}
