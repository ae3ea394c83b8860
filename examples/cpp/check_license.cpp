// May this customer run your program on this device? For what customers have: it holds nothing secret.
//
//     c++ -std=c++17 check_license.cpp -lwhop_license -o check_license
//     ./check_license <relay url> <public keys> <license key> [<device id>]

#include <ctime>
#include <iomanip>
#include <iostream>

#include "whop_license.hpp"

// Yours: a license of any other product of yours does not do.
constexpr const char *product_id = "prod_sandbox";
// Where the relay's answers are kept for the days without network. Yours is in the user's own folder for such files.
constexpr const char *lease_file = "license.lease";

int main(int argc, char **argv) {
    if (argc != 4 && argc != 5) {
        std::cerr << "usage: check_license <relay url> <public keys> <license key> [<device id>]\n";
        return 2;
    }
    // The first two are constants in your program. A client that was refused something says so in each answer, so that
    // only the answer is looked at.
    whop::Client client = whop::Client::relay(argv[1], argv[2]);
    client.set_product_id(product_id).set_lease_file(lease_file);
    if (argc == 5) // in place of the library's own, which is good for most
        client.set_device_id(argv[4]);
    const auto answer = client.validate_license(argv[3]);

    switch (answer.verdict()) {
    case whop::Verdict::allowed:
        if (answer.is_offline()) {
            // Run as well: the relay allowed it some days ago, and cannot be asked now.
            std::cout << "allowed offline: " << answer.message() << '\n';
        } else if (const auto expires_at = answer.expires_at()) {
            const std::time_t seconds = expires_at->time_since_epoch().count();
            std::cout << "allowed: until " << std::put_time(std::gmtime(&seconds), "%Y-%m-%d") << '\n';
        } else {
            std::cout << "allowed: does not expire\n";
        }
        return 0;
    case whop::Verdict::denied:
        std::cout << "denied: " << name(answer.status()) << ": " << answer.message() << '\n';
        return 1;
    case whop::Verdict::undetermined:
        break;
    }
    // Neither yes nor no: no network, and no answer that is kept, as at the first start. Show why, and offer to try
    // again; let what is running go on.
    std::cout << "cannot tell: " << name(answer.status()) << ": " << answer.message() << '\n';
    return 2;
}
