//! A Whop on your own machine.
