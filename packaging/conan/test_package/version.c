#include <stdio.h>
#include <string.h>

#include "whop_license.h"

int main(void)
{
    puts(whop_version());
    return strcmp(whop_version(), WHOP_LICENSE_VERSION) || whop_status_verdict(WHOP_OK) != WHOP_ALLOWED;
}
