# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_whop_relay_global_optspecs
    string join \n h/help V/version
end

function __fish_whop_relay_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_whop_relay_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_whop_relay_using_subcommand
    set -l cmd (__fish_whop_relay_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c whop-relay -n "__fish_whop_relay_needs_command" -s h -l help -d 'Print help'
complete -c whop-relay -n "__fish_whop_relay_needs_command" -s V -l version -d 'Print version'
complete -c whop-relay -n "__fish_whop_relay_needs_command" -f -a "serve" -d 'Serve programs, until SIGTERM or Ctrl-C; SIGHUP reads the files of keys again'
complete -c whop-relay -n "__fish_whop_relay_needs_command" -f -a "keygen" -d 'Write a new private key to a file, and print the public one that programs take'
complete -c whop-relay -n "__fish_whop_relay_needs_command" -f -a "check" -d 'Say what is wrong with the settings and the API key'
complete -c whop-relay -n "__fish_whop_relay_needs_command" -f -a "release" -d 'Free the place of a device, so that the license can be used on another'
complete -c whop-relay -n "__fish_whop_relay_needs_command" -f -a "issue" -d 'Write a lease file for a machine that is never online, or for each line of a list; this binds a license that has no device yet, unless --unchecked'
complete -c whop-relay -n "__fish_whop_relay_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c whop-relay -n "__fish_whop_relay_using_subcommand serve" -l config -d 'A file of settings in TOML, with the names of the options below' -r -F
complete -c whop-relay -n "__fish_whop_relay_using_subcommand serve" -l log-format -d 'How the log on standard error looks' -r -f -a "text\t'Lines for people'
json\t'One JSON object a line'"
complete -c whop-relay -n "__fish_whop_relay_using_subcommand serve" -l log-level -d 'What is logged: error, warn, info or debug' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand serve" -l listen -d 'Where programs ask; port 0 takes a free one [default: 127.0.0.1:8443]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand serve" -l admin-listen -d 'Where /readyz and /metrics are told, to nobody unless set' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand serve" -l api-key-file -d 'The file with Whop\'s API key; or the key itself in WHOP_RELAY_API_KEY' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand serve" -l signing-key-file -d 'A file that keygen wrote, up to four times: the first that a program trusts signs; or PEM in WHOP_RELAY_SIGNING_KEY' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand serve" -l product -d 'A product that is served, prod_…; repeat it for more' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand serve" -l base-url -d 'Asks this in place of Whop, as the sandbox; leases then say so' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand serve" -l ca-file -d 'Trusts the certificates in this PEM file on the way to Whop, in place of the bundled ones' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand serve" -l redis -d 'Redis or Valkey, which several processes must share' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand serve" -l tls-cert -d 'Serves https with this certificate chain, PEM' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand serve" -l tls-key -d 'The private key of the certificate, PEM' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand serve" -l lease-hours -d 'How long a program runs without network: 1 to 720 [default: 72]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand serve" -l devices -d 'How many devices a license may have: 1 to 10 [default: 1]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand serve" -l device-key -d 'The name of the device in the metadata [default: hwid]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand serve" -l trusted-proxy -d 'A proxy whose X-Forwarded-For is believed; repeat it for more' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand serve" -l control -d 'A license key or membership of your own, whose presence proves that the API key works' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand serve" -l whop-limit -d 'The most requests to Whop in a second, for each operation [default: 8]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand serve" -l cache-allowed -d 'How long a license that entitles is kept before Whop is asked again [default: 15m]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand serve" -l cache-others -d 'How long every other license is kept [default: 60s]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand serve" -l release-interval -d 'How long a license keeps its devices after one was released [default: 30d]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand serve" -l max-connections -d 'The most connections at once [default: 16384]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand serve" -l drain -d 'How long a stop waits for answers that are under way [default: 30s]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c whop-relay -n "__fish_whop_relay_using_subcommand keygen" -s h -l help -d 'Print help'
complete -c whop-relay -n "__fish_whop_relay_using_subcommand check" -l config -d 'A file of settings in TOML, with the names of the options below' -r -F
complete -c whop-relay -n "__fish_whop_relay_using_subcommand check" -l log-format -d 'How the log on standard error looks' -r -f -a "text\t'Lines for people'
json\t'One JSON object a line'"
complete -c whop-relay -n "__fish_whop_relay_using_subcommand check" -l log-level -d 'What is logged: error, warn, info or debug' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand check" -l listen -d 'Where programs ask; port 0 takes a free one [default: 127.0.0.1:8443]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand check" -l admin-listen -d 'Where /readyz and /metrics are told, to nobody unless set' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand check" -l api-key-file -d 'The file with Whop\'s API key; or the key itself in WHOP_RELAY_API_KEY' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand check" -l signing-key-file -d 'A file that keygen wrote, up to four times: the first that a program trusts signs; or PEM in WHOP_RELAY_SIGNING_KEY' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand check" -l product -d 'A product that is served, prod_…; repeat it for more' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand check" -l base-url -d 'Asks this in place of Whop, as the sandbox; leases then say so' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand check" -l ca-file -d 'Trusts the certificates in this PEM file on the way to Whop, in place of the bundled ones' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand check" -l redis -d 'Redis or Valkey, which several processes must share' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand check" -l tls-cert -d 'Serves https with this certificate chain, PEM' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand check" -l tls-key -d 'The private key of the certificate, PEM' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand check" -l lease-hours -d 'How long a program runs without network: 1 to 720 [default: 72]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand check" -l devices -d 'How many devices a license may have: 1 to 10 [default: 1]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand check" -l device-key -d 'The name of the device in the metadata [default: hwid]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand check" -l trusted-proxy -d 'A proxy whose X-Forwarded-For is believed; repeat it for more' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand check" -l control -d 'A license key or membership of your own, whose presence proves that the API key works' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand check" -l whop-limit -d 'The most requests to Whop in a second, for each operation [default: 8]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand check" -l cache-allowed -d 'How long a license that entitles is kept before Whop is asked again [default: 15m]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand check" -l cache-others -d 'How long every other license is kept [default: 60s]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand check" -l release-interval -d 'How long a license keeps its devices after one was released [default: 30d]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand check" -l max-connections -d 'The most connections at once [default: 16384]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand check" -l drain -d 'How long a stop waits for answers that are under way [default: 30s]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c whop-relay -n "__fish_whop_relay_using_subcommand release" -l config -d 'A file of settings in TOML, with the names of the options below' -r -F
complete -c whop-relay -n "__fish_whop_relay_using_subcommand release" -l log-format -d 'How the log on standard error looks' -r -f -a "text\t'Lines for people'
json\t'One JSON object a line'"
complete -c whop-relay -n "__fish_whop_relay_using_subcommand release" -l log-level -d 'What is logged: error, warn, info or debug' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand release" -l listen -d 'Where programs ask; port 0 takes a free one [default: 127.0.0.1:8443]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand release" -l admin-listen -d 'Where /readyz and /metrics are told, to nobody unless set' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand release" -l api-key-file -d 'The file with Whop\'s API key; or the key itself in WHOP_RELAY_API_KEY' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand release" -l signing-key-file -d 'A file that keygen wrote, up to four times: the first that a program trusts signs; or PEM in WHOP_RELAY_SIGNING_KEY' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand release" -l product -d 'A product that is served, prod_…; repeat it for more' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand release" -l base-url -d 'Asks this in place of Whop, as the sandbox; leases then say so' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand release" -l ca-file -d 'Trusts the certificates in this PEM file on the way to Whop, in place of the bundled ones' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand release" -l redis -d 'Redis or Valkey, which several processes must share' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand release" -l tls-cert -d 'Serves https with this certificate chain, PEM' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand release" -l tls-key -d 'The private key of the certificate, PEM' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand release" -l lease-hours -d 'How long a program runs without network: 1 to 720 [default: 72]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand release" -l devices -d 'How many devices a license may have: 1 to 10 [default: 1]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand release" -l device-key -d 'The name of the device in the metadata [default: hwid]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand release" -l trusted-proxy -d 'A proxy whose X-Forwarded-For is believed; repeat it for more' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand release" -l control -d 'A license key or membership of your own, whose presence proves that the API key works' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand release" -l whop-limit -d 'The most requests to Whop in a second, for each operation [default: 8]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand release" -l cache-allowed -d 'How long a license that entitles is kept before Whop is asked again [default: 15m]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand release" -l cache-others -d 'How long every other license is kept [default: 60s]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand release" -l release-interval -d 'How long a license keeps its devices after one was released [default: 30d]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand release" -l max-connections -d 'The most connections at once [default: 16384]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand release" -l drain -d 'How long a stop waits for answers that are under way [default: 30s]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand release" -l all -d 'Free the places of all its devices'
complete -c whop-relay -n "__fish_whop_relay_using_subcommand release" -l force -d 'Also when another was released not long ago (--release-interval)'
complete -c whop-relay -n "__fish_whop_relay_using_subcommand release" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c whop-relay -n "__fish_whop_relay_using_subcommand issue" -l until -d 'The last day, YYYY-MM-DD, or a time such as 2027-01-31T12:00:00Z' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand issue" -l out -d 'Where to write the file, which must not be there yet [default: standard output]' -r -F
complete -c whop-relay -n "__fish_whop_relay_using_subcommand issue" -l from-csv -d 'Lines of KEY,DEVICE, from a file or, with -, from standard input: a file for each, named after the number of its line' -r -F
complete -c whop-relay -n "__fish_whop_relay_using_subcommand issue" -l out-dir -d 'Where to write the files of --from-csv' -r -F
complete -c whop-relay -n "__fish_whop_relay_using_subcommand issue" -l config -d 'A file of settings in TOML, with the names of the options below' -r -F
complete -c whop-relay -n "__fish_whop_relay_using_subcommand issue" -l log-format -d 'How the log on standard error looks' -r -f -a "text\t'Lines for people'
json\t'One JSON object a line'"
complete -c whop-relay -n "__fish_whop_relay_using_subcommand issue" -l log-level -d 'What is logged: error, warn, info or debug' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand issue" -l listen -d 'Where programs ask; port 0 takes a free one [default: 127.0.0.1:8443]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand issue" -l admin-listen -d 'Where /readyz and /metrics are told, to nobody unless set' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand issue" -l api-key-file -d 'The file with Whop\'s API key; or the key itself in WHOP_RELAY_API_KEY' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand issue" -l signing-key-file -d 'A file that keygen wrote, up to four times: the first that a program trusts signs; or PEM in WHOP_RELAY_SIGNING_KEY' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand issue" -l product -d 'A product that is served, prod_…; repeat it for more' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand issue" -l base-url -d 'Asks this in place of Whop, as the sandbox; leases then say so' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand issue" -l ca-file -d 'Trusts the certificates in this PEM file on the way to Whop, in place of the bundled ones' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand issue" -l redis -d 'Redis or Valkey, which several processes must share' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand issue" -l tls-cert -d 'Serves https with this certificate chain, PEM' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand issue" -l tls-key -d 'The private key of the certificate, PEM' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand issue" -l lease-hours -d 'How long a program runs without network: 1 to 720 [default: 72]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand issue" -l devices -d 'How many devices a license may have: 1 to 10 [default: 1]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand issue" -l device-key -d 'The name of the device in the metadata [default: hwid]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand issue" -l trusted-proxy -d 'A proxy whose X-Forwarded-For is believed; repeat it for more' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand issue" -l control -d 'A license key or membership of your own, whose presence proves that the API key works' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand issue" -l whop-limit -d 'The most requests to Whop in a second, for each operation [default: 8]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand issue" -l cache-allowed -d 'How long a license that entitles is kept before Whop is asked again [default: 15m]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand issue" -l cache-others -d 'How long every other license is kept [default: 60s]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand issue" -l release-interval -d 'How long a license keeps its devices after one was released [default: 30d]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand issue" -l max-connections -d 'The most connections at once [default: 16384]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand issue" -l drain -d 'How long a stop waits for answers that are under way [default: 30s]' -r
complete -c whop-relay -n "__fish_whop_relay_using_subcommand issue" -l unchecked -d 'Without asking Whop: signs that a license is active which you know of'
complete -c whop-relay -n "__fish_whop_relay_using_subcommand issue" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c whop-relay -n "__fish_whop_relay_using_subcommand help; and not __fish_seen_subcommand_from serve keygen check release issue help" -f -a "serve" -d 'Serve programs, until SIGTERM or Ctrl-C; SIGHUP reads the files of keys again'
complete -c whop-relay -n "__fish_whop_relay_using_subcommand help; and not __fish_seen_subcommand_from serve keygen check release issue help" -f -a "keygen" -d 'Write a new private key to a file, and print the public one that programs take'
complete -c whop-relay -n "__fish_whop_relay_using_subcommand help; and not __fish_seen_subcommand_from serve keygen check release issue help" -f -a "check" -d 'Say what is wrong with the settings and the API key'
complete -c whop-relay -n "__fish_whop_relay_using_subcommand help; and not __fish_seen_subcommand_from serve keygen check release issue help" -f -a "release" -d 'Free the place of a device, so that the license can be used on another'
complete -c whop-relay -n "__fish_whop_relay_using_subcommand help; and not __fish_seen_subcommand_from serve keygen check release issue help" -f -a "issue" -d 'Write a lease file for a machine that is never online, or for each line of a list; this binds a license that has no device yet, unless --unchecked'
complete -c whop-relay -n "__fish_whop_relay_using_subcommand help; and not __fish_seen_subcommand_from serve keygen check release issue help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
