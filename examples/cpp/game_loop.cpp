// A license check that never holds up your frames: started, looked at once a frame, and canceled when the player quits.
// For what customers have: it holds nothing secret.
//
//     c++ -std=c++17 game_loop.cpp -lwhop_license -o game_loop
//     ./game_loop <relay url> <public keys> <license key> [<device id> [<frames>]]
//
// The player quits after so many frames.

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <thread>

#include "whop_license.hpp"

// Yours: a license of any other product of yours does not do.
constexpr const char *product_id = "prod_sandbox";
// Where the relay's answers are kept for the days without network. Yours is in the user's own folder for such files.
constexpr const char *lease_file = "license.lease";

// Your game draws here, and waits for the screen.
static void draw_frame() { std::this_thread::sleep_for(std::chrono::microseconds(1000000 / 60)); }

static int show_verdict(const whop::Response &answer) {
    switch (answer.verdict()) {
    case whop::Verdict::allowed:
        std::cout << "allowed: " << answer.message() << '\n';
        return 0;
    case whop::Verdict::denied:
        std::cout << "denied: " << name(answer.status()) << ": " << answer.message() << '\n';
        return 1;
    case whop::Verdict::undetermined:
        break;
    }
    // Neither yes nor no: offer to try again, and let what is running go on.
    std::cout << "cannot tell: " << name(answer.status()) << ": " << answer.message() << '\n';
    return 2;
}

int main(int argc, char **argv) {
    if (argc < 4 || argc > 6) {
        std::cerr << "usage: game_loop <relay url> <public keys> <license key> [<device id> [<frames>]]\n";
        return 2;
    }
    const long last_frame = argc == 6 ? std::atol(argv[5]) : -1;

    whop::Client client = whop::Client::relay(argv[1], argv[2]);
    client.set_product_id(product_id).set_lease_file(lease_file);
    if (argc > 4) // in place of the library's own, which is good for most
        client.set_device_id(argv[4]);
    // It returns at once. What is refused is said by the result, as every other answer.
    const whop::Call check = client.start_validate_license(argv[3]);

    for (long frame = 0; frame != last_frame; frame++) {
        if (check.is_done())
            return show_verdict(check.result()); // your game goes on, with what the verdict allows
        draw_frame();
    }
    // The player quits: that takes no time, since the check is canceled where `check` ends, and nothing waits for it.
    return 2;
}
