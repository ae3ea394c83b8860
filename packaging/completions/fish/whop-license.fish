# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_whop_license_global_optspecs
    string join \n h/help V/version
end

function __fish_whop_license_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_whop_license_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_whop_license_using_subcommand
    set -l cmd (__fish_whop_license_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c whop-license -n "__fish_whop_license_needs_command" -s h -l help -d 'Print help'
complete -c whop-license -n "__fish_whop_license_needs_command" -s V -l version -d 'Print version'
complete -c whop-license -n "__fish_whop_license_needs_command" -f -a "check" -d 'Check a license on this device, which it is bound to if it is free; by the exit status: 0 allowed, 1 denied, 2 cannot tell'
complete -c whop-license -n "__fish_whop_license_needs_command" -f -a "plan" -d 'Create what is sold'
complete -c whop-license -n "__fish_whop_license_needs_command" -f -a "reset" -d 'Free the device of a license, so that it can be used on another'
complete -c whop-license -n "__fish_whop_license_needs_command" -f -a "device-id" -d 'Print the id of this device, as a check sends it'
complete -c whop-license -n "__fish_whop_license_needs_command" -f -a "doctor" -d 'Explain this machine in one screen, or look for API keys in a folder that is to be shipped; nothing secret is printed'
complete -c whop-license -n "__fish_whop_license_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c whop-license -n "__fish_whop_license_using_subcommand check" -l product -d 'The product that the license must be of, prod_…' -r
complete -c whop-license -n "__fish_whop_license_using_subcommand check" -l device-id -d 'Check for this device in place of this machine' -r
complete -c whop-license -n "__fish_whop_license_using_subcommand check" -l metadata -d 'Check for the device that this JSON object names, such as {"hwid":"…"}; {} binds nothing' -r
complete -c whop-license -n "__fish_whop_license_using_subcommand check" -l api-key-file -d 'The file with Whop\'s API key, which other users must not be able to read (on Windows this is not checked); without it WHOP_API_KEY, or a prompt' -r -F
complete -c whop-license -n "__fish_whop_license_using_subcommand check" -l base-url -d 'Ask this in place of Whop, without the /v1 or /v2' -r
complete -c whop-license -n "__fish_whop_license_using_subcommand check" -l api -d 'Which of Whop\'s APIs is asked' -r -f -a "current\t'Whop\'s current API'
v2\t'The API that Whop announced to stop on 2026-11-13'"
complete -c whop-license -n "__fish_whop_license_using_subcommand check" -l relay -d 'Ask this relay in place of Whop; no API key is needed' -r
complete -c whop-license -n "__fish_whop_license_using_subcommand check" -l public-keys -d 'The public keys of the relay, separated by commas, as `whop-relay keygen` prints them' -r
complete -c whop-license -n "__fish_whop_license_using_subcommand check" -l lease-file -d 'Where the relay\'s answers are kept for the time without network' -r
complete -c whop-license -n "__fish_whop_license_using_subcommand check" -l ca-file -d 'Trust the certificates in this PEM file alone, in place of the bundled ones' -r
complete -c whop-license -n "__fish_whop_license_using_subcommand check" -l timeout -d 'How long a call may take, such as 500ms or 10s' -r
complete -c whop-license -n "__fish_whop_license_using_subcommand check" -l json -d 'Say it as one line of JSON'
complete -c whop-license -n "__fish_whop_license_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c whop-license -n "__fish_whop_license_using_subcommand plan; and not __fish_seen_subcommand_from create help" -s h -l help -d 'Print help'
complete -c whop-license -n "__fish_whop_license_using_subcommand plan; and not __fish_seen_subcommand_from create help" -f -a "create" -d 'Create a plan, and print its id'
complete -c whop-license -n "__fish_whop_license_using_subcommand plan; and not __fish_seen_subcommand_from create help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c whop-license -n "__fish_whop_license_using_subcommand plan; and __fish_seen_subcommand_from create" -l api-key-file -d 'The file with Whop\'s API key, which other users must not be able to read (on Windows this is not checked); without it WHOP_API_KEY, or a prompt' -r -F
complete -c whop-license -n "__fish_whop_license_using_subcommand plan; and __fish_seen_subcommand_from create" -l base-url -d 'Ask this in place of Whop, without the /v1 or /v2' -r
complete -c whop-license -n "__fish_whop_license_using_subcommand plan; and __fish_seen_subcommand_from create" -l api -d 'Which of Whop\'s APIs is asked' -r -f -a "current\t'Whop\'s current API'
v2\t'The API that Whop announced to stop on 2026-11-13'"
complete -c whop-license -n "__fish_whop_license_using_subcommand plan; and __fish_seen_subcommand_from create" -l ca-file -d 'Trust the certificates in this PEM file alone, in place of the bundled ones' -r
complete -c whop-license -n "__fish_whop_license_using_subcommand plan; and __fish_seen_subcommand_from create" -l timeout -d 'How long a call may take, such as 500ms or 10s' -r
complete -c whop-license -n "__fish_whop_license_using_subcommand plan; and __fish_seen_subcommand_from create" -l allow-unknown -d 'Let the plan have names and values that this version does not know'
complete -c whop-license -n "__fish_whop_license_using_subcommand plan; and __fish_seen_subcommand_from create" -l json -d 'Print the whole plan as JSON, as Whop sent it'
complete -c whop-license -n "__fish_whop_license_using_subcommand plan; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c whop-license -n "__fish_whop_license_using_subcommand plan; and __fish_seen_subcommand_from help" -f -a "create" -d 'Create a plan, and print its id'
complete -c whop-license -n "__fish_whop_license_using_subcommand plan; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c whop-license -n "__fish_whop_license_using_subcommand reset" -l metadata-key -d 'The name in the membership\'s metadata under which the device is stored' -r
complete -c whop-license -n "__fish_whop_license_using_subcommand reset" -l api-key-file -d 'The file with Whop\'s API key, which other users must not be able to read (on Windows this is not checked); without it WHOP_API_KEY, or a prompt' -r -F
complete -c whop-license -n "__fish_whop_license_using_subcommand reset" -l base-url -d 'Ask this in place of Whop, without the /v1 or /v2' -r
complete -c whop-license -n "__fish_whop_license_using_subcommand reset" -l api -d 'Which of Whop\'s APIs is asked' -r -f -a "current\t'Whop\'s current API'
v2\t'The API that Whop announced to stop on 2026-11-13'"
complete -c whop-license -n "__fish_whop_license_using_subcommand reset" -l ca-file -d 'Trust the certificates in this PEM file alone, in place of the bundled ones' -r
complete -c whop-license -n "__fish_whop_license_using_subcommand reset" -l timeout -d 'How long a call may take, such as 500ms or 10s' -r
complete -c whop-license -n "__fish_whop_license_using_subcommand reset" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c whop-license -n "__fish_whop_license_using_subcommand device-id" -l product -d 'The product that the id is for, prod_…: each product has another id of the same machine' -r
complete -c whop-license -n "__fish_whop_license_using_subcommand device-id" -s h -l help -d 'Print help'
complete -c whop-license -n "__fish_whop_license_using_subcommand doctor" -l scan -d 'Look for API keys and private keys in the files of this folder, in place of all else' -r -F
complete -c whop-license -n "__fish_whop_license_using_subcommand doctor" -l product -d 'The product, prod_…' -r
complete -c whop-license -n "__fish_whop_license_using_subcommand doctor" -l device-id -d 'The device id that the program sets itself, if it does' -r
complete -c whop-license -n "__fish_whop_license_using_subcommand doctor" -l api-key-file -d 'The file with Whop\'s API key, which other users must not be able to read (on Windows this is not checked); without it WHOP_API_KEY, or a prompt' -r -F
complete -c whop-license -n "__fish_whop_license_using_subcommand doctor" -l base-url -d 'Ask this in place of Whop, without the /v1 or /v2' -r
complete -c whop-license -n "__fish_whop_license_using_subcommand doctor" -l api -d 'Which of Whop\'s APIs is asked' -r -f -a "current\t'Whop\'s current API'
v2\t'The API that Whop announced to stop on 2026-11-13'"
complete -c whop-license -n "__fish_whop_license_using_subcommand doctor" -l relay -d 'Ask this relay in place of Whop; no API key is needed' -r
complete -c whop-license -n "__fish_whop_license_using_subcommand doctor" -l public-keys -d 'The public keys of the relay, separated by commas, as `whop-relay keygen` prints them' -r
complete -c whop-license -n "__fish_whop_license_using_subcommand doctor" -l lease-file -d 'Where the relay\'s answers are kept for the time without network' -r
complete -c whop-license -n "__fish_whop_license_using_subcommand doctor" -l ca-file -d 'Trust the certificates in this PEM file alone, in place of the bundled ones' -r
complete -c whop-license -n "__fish_whop_license_using_subcommand doctor" -l timeout -d 'How long a call may take, such as 500ms or 10s' -r
complete -c whop-license -n "__fish_whop_license_using_subcommand doctor" -l json -d 'Say it as JSON'
complete -c whop-license -n "__fish_whop_license_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c whop-license -n "__fish_whop_license_using_subcommand help; and not __fish_seen_subcommand_from check plan reset device-id doctor help" -f -a "check" -d 'Check a license on this device, which it is bound to if it is free; by the exit status: 0 allowed, 1 denied, 2 cannot tell'
complete -c whop-license -n "__fish_whop_license_using_subcommand help; and not __fish_seen_subcommand_from check plan reset device-id doctor help" -f -a "plan" -d 'Create what is sold'
complete -c whop-license -n "__fish_whop_license_using_subcommand help; and not __fish_seen_subcommand_from check plan reset device-id doctor help" -f -a "reset" -d 'Free the device of a license, so that it can be used on another'
complete -c whop-license -n "__fish_whop_license_using_subcommand help; and not __fish_seen_subcommand_from check plan reset device-id doctor help" -f -a "device-id" -d 'Print the id of this device, as a check sends it'
complete -c whop-license -n "__fish_whop_license_using_subcommand help; and not __fish_seen_subcommand_from check plan reset device-id doctor help" -f -a "doctor" -d 'Explain this machine in one screen, or look for API keys in a folder that is to be shipped; nothing secret is printed'
complete -c whop-license -n "__fish_whop_license_using_subcommand help; and not __fish_seen_subcommand_from check plan reset device-id doctor help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c whop-license -n "__fish_whop_license_using_subcommand help; and __fish_seen_subcommand_from plan" -f -a "create" -d 'Create a plan, and print its id'
