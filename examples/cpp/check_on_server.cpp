// May this customer run the program on their device? For a server, bot or tool of yours: the API key needs
// member:manage, so it must never be in what customers have.
//
//     c++ -std=c++17 check_on_server.cpp -lwhop_license -o check_on_server
//     ./check_on_server <api key> <license key> <device id>

#include <ctime>
#include <iomanip>
#include <iostream>

#include "whop_license.hpp"

// Yours. Without it, a license of any other product of yours would do.
constexpr const char *product_id = "prod_sandbox";

int main(int argc, char **argv) {
    if (argc != 4) {
        std::cerr << "usage: check_on_server <api key> <license key> <device id>\n";
        return 2;
    }
    // A client whose key or setting was refused says so in each answer, so that only the answer is looked at. A server
    // makes one client, and passes the device as metadata instead.
    whop::Client client(argv[1]);
    client.set_product_id(product_id).set_device_id(argv[3]); // what the customer's program has sent
    const auto answer = client.validate_license(argv[2]);

    switch (answer.verdict()) {
    case whop::Verdict::allowed:
        if (const auto expires_at = answer.expires_at()) {
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
    // Neither yes nor no: Whop is down, say. Do not lock a paying customer out, nor let anyone in: let what is running
    // go on for a while, and ask again.
    std::cout << "cannot tell: " << name(answer.status()) << ": " << answer.message() << '\n';
    return 2;
}
