
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'whop-relay' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'whop-relay'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'whop-relay' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Serve programs, until SIGTERM or Ctrl-C; SIGHUP reads the files of keys again')
            [CompletionResult]::new('keygen', 'keygen', [CompletionResultType]::ParameterValue, 'Write a new private key to a file, and print the public one that programs take')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Say what is wrong with the settings and the API key')
            [CompletionResult]::new('release', 'release', [CompletionResultType]::ParameterValue, 'Free the place of a device, so that the license can be used on another')
            [CompletionResult]::new('issue', 'issue', [CompletionResultType]::ParameterValue, 'Write a lease file for a machine that is never online, or for each line of a list; this binds a license that has no device yet, unless --unchecked')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'whop-relay;serve' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'A file of settings in TOML, with the names of the options below')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'How the log on standard error looks')
            [CompletionResult]::new('--log-level', '--log-level', [CompletionResultType]::ParameterName, 'What is logged: error, warn, info or debug')
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Where programs ask; port 0 takes a free one [default: 127.0.0.1:8443]')
            [CompletionResult]::new('--admin-listen', '--admin-listen', [CompletionResultType]::ParameterName, 'Where /readyz and /metrics are told, to nobody unless set')
            [CompletionResult]::new('--api-key-file', '--api-key-file', [CompletionResultType]::ParameterName, 'The file with Whop''s API key; or the key itself in WHOP_RELAY_API_KEY')
            [CompletionResult]::new('--signing-key-file', '--signing-key-file', [CompletionResultType]::ParameterName, 'A file that keygen wrote, up to four times: the first that a program trusts signs; or PEM in WHOP_RELAY_SIGNING_KEY')
            [CompletionResult]::new('--product', '--product', [CompletionResultType]::ParameterName, 'A product that is served, prod_…; repeat it for more')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Asks this in place of Whop, as the sandbox; leases then say so')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Trusts the certificates in this PEM file on the way to Whop, in place of the bundled ones')
            [CompletionResult]::new('--redis', '--redis', [CompletionResultType]::ParameterName, 'Redis or Valkey, which several processes must share')
            [CompletionResult]::new('--tls-cert', '--tls-cert', [CompletionResultType]::ParameterName, 'Serves https with this certificate chain, PEM')
            [CompletionResult]::new('--tls-key', '--tls-key', [CompletionResultType]::ParameterName, 'The private key of the certificate, PEM')
            [CompletionResult]::new('--lease-hours', '--lease-hours', [CompletionResultType]::ParameterName, 'How long a program runs without network: 1 to 720 [default: 72]')
            [CompletionResult]::new('--devices', '--devices', [CompletionResultType]::ParameterName, 'How many devices a license may have: 1 to 10 [default: 1]')
            [CompletionResult]::new('--device-key', '--device-key', [CompletionResultType]::ParameterName, 'The name of the device in the metadata [default: hwid]')
            [CompletionResult]::new('--trusted-proxy', '--trusted-proxy', [CompletionResultType]::ParameterName, 'A proxy whose X-Forwarded-For is believed; repeat it for more')
            [CompletionResult]::new('--control', '--control', [CompletionResultType]::ParameterName, 'A license key or membership of your own, whose presence proves that the API key works')
            [CompletionResult]::new('--whop-limit', '--whop-limit', [CompletionResultType]::ParameterName, 'The most requests to Whop in a second, for each operation [default: 8]')
            [CompletionResult]::new('--cache-allowed', '--cache-allowed', [CompletionResultType]::ParameterName, 'How long a license that entitles is kept before Whop is asked again [default: 15m]')
            [CompletionResult]::new('--cache-others', '--cache-others', [CompletionResultType]::ParameterName, 'How long every other license is kept [default: 60s]')
            [CompletionResult]::new('--release-interval', '--release-interval', [CompletionResultType]::ParameterName, 'How long a license keeps its devices after one was released [default: 30d]')
            [CompletionResult]::new('--max-connections', '--max-connections', [CompletionResultType]::ParameterName, 'The most connections at once [default: 16384]')
            [CompletionResult]::new('--drain', '--drain', [CompletionResultType]::ParameterName, 'How long a stop waits for answers that are under way [default: 30s]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'whop-relay;keygen' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'whop-relay;check' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'A file of settings in TOML, with the names of the options below')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'How the log on standard error looks')
            [CompletionResult]::new('--log-level', '--log-level', [CompletionResultType]::ParameterName, 'What is logged: error, warn, info or debug')
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Where programs ask; port 0 takes a free one [default: 127.0.0.1:8443]')
            [CompletionResult]::new('--admin-listen', '--admin-listen', [CompletionResultType]::ParameterName, 'Where /readyz and /metrics are told, to nobody unless set')
            [CompletionResult]::new('--api-key-file', '--api-key-file', [CompletionResultType]::ParameterName, 'The file with Whop''s API key; or the key itself in WHOP_RELAY_API_KEY')
            [CompletionResult]::new('--signing-key-file', '--signing-key-file', [CompletionResultType]::ParameterName, 'A file that keygen wrote, up to four times: the first that a program trusts signs; or PEM in WHOP_RELAY_SIGNING_KEY')
            [CompletionResult]::new('--product', '--product', [CompletionResultType]::ParameterName, 'A product that is served, prod_…; repeat it for more')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Asks this in place of Whop, as the sandbox; leases then say so')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Trusts the certificates in this PEM file on the way to Whop, in place of the bundled ones')
            [CompletionResult]::new('--redis', '--redis', [CompletionResultType]::ParameterName, 'Redis or Valkey, which several processes must share')
            [CompletionResult]::new('--tls-cert', '--tls-cert', [CompletionResultType]::ParameterName, 'Serves https with this certificate chain, PEM')
            [CompletionResult]::new('--tls-key', '--tls-key', [CompletionResultType]::ParameterName, 'The private key of the certificate, PEM')
            [CompletionResult]::new('--lease-hours', '--lease-hours', [CompletionResultType]::ParameterName, 'How long a program runs without network: 1 to 720 [default: 72]')
            [CompletionResult]::new('--devices', '--devices', [CompletionResultType]::ParameterName, 'How many devices a license may have: 1 to 10 [default: 1]')
            [CompletionResult]::new('--device-key', '--device-key', [CompletionResultType]::ParameterName, 'The name of the device in the metadata [default: hwid]')
            [CompletionResult]::new('--trusted-proxy', '--trusted-proxy', [CompletionResultType]::ParameterName, 'A proxy whose X-Forwarded-For is believed; repeat it for more')
            [CompletionResult]::new('--control', '--control', [CompletionResultType]::ParameterName, 'A license key or membership of your own, whose presence proves that the API key works')
            [CompletionResult]::new('--whop-limit', '--whop-limit', [CompletionResultType]::ParameterName, 'The most requests to Whop in a second, for each operation [default: 8]')
            [CompletionResult]::new('--cache-allowed', '--cache-allowed', [CompletionResultType]::ParameterName, 'How long a license that entitles is kept before Whop is asked again [default: 15m]')
            [CompletionResult]::new('--cache-others', '--cache-others', [CompletionResultType]::ParameterName, 'How long every other license is kept [default: 60s]')
            [CompletionResult]::new('--release-interval', '--release-interval', [CompletionResultType]::ParameterName, 'How long a license keeps its devices after one was released [default: 30d]')
            [CompletionResult]::new('--max-connections', '--max-connections', [CompletionResultType]::ParameterName, 'The most connections at once [default: 16384]')
            [CompletionResult]::new('--drain', '--drain', [CompletionResultType]::ParameterName, 'How long a stop waits for answers that are under way [default: 30s]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'whop-relay;release' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'A file of settings in TOML, with the names of the options below')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'How the log on standard error looks')
            [CompletionResult]::new('--log-level', '--log-level', [CompletionResultType]::ParameterName, 'What is logged: error, warn, info or debug')
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Where programs ask; port 0 takes a free one [default: 127.0.0.1:8443]')
            [CompletionResult]::new('--admin-listen', '--admin-listen', [CompletionResultType]::ParameterName, 'Where /readyz and /metrics are told, to nobody unless set')
            [CompletionResult]::new('--api-key-file', '--api-key-file', [CompletionResultType]::ParameterName, 'The file with Whop''s API key; or the key itself in WHOP_RELAY_API_KEY')
            [CompletionResult]::new('--signing-key-file', '--signing-key-file', [CompletionResultType]::ParameterName, 'A file that keygen wrote, up to four times: the first that a program trusts signs; or PEM in WHOP_RELAY_SIGNING_KEY')
            [CompletionResult]::new('--product', '--product', [CompletionResultType]::ParameterName, 'A product that is served, prod_…; repeat it for more')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Asks this in place of Whop, as the sandbox; leases then say so')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Trusts the certificates in this PEM file on the way to Whop, in place of the bundled ones')
            [CompletionResult]::new('--redis', '--redis', [CompletionResultType]::ParameterName, 'Redis or Valkey, which several processes must share')
            [CompletionResult]::new('--tls-cert', '--tls-cert', [CompletionResultType]::ParameterName, 'Serves https with this certificate chain, PEM')
            [CompletionResult]::new('--tls-key', '--tls-key', [CompletionResultType]::ParameterName, 'The private key of the certificate, PEM')
            [CompletionResult]::new('--lease-hours', '--lease-hours', [CompletionResultType]::ParameterName, 'How long a program runs without network: 1 to 720 [default: 72]')
            [CompletionResult]::new('--devices', '--devices', [CompletionResultType]::ParameterName, 'How many devices a license may have: 1 to 10 [default: 1]')
            [CompletionResult]::new('--device-key', '--device-key', [CompletionResultType]::ParameterName, 'The name of the device in the metadata [default: hwid]')
            [CompletionResult]::new('--trusted-proxy', '--trusted-proxy', [CompletionResultType]::ParameterName, 'A proxy whose X-Forwarded-For is believed; repeat it for more')
            [CompletionResult]::new('--control', '--control', [CompletionResultType]::ParameterName, 'A license key or membership of your own, whose presence proves that the API key works')
            [CompletionResult]::new('--whop-limit', '--whop-limit', [CompletionResultType]::ParameterName, 'The most requests to Whop in a second, for each operation [default: 8]')
            [CompletionResult]::new('--cache-allowed', '--cache-allowed', [CompletionResultType]::ParameterName, 'How long a license that entitles is kept before Whop is asked again [default: 15m]')
            [CompletionResult]::new('--cache-others', '--cache-others', [CompletionResultType]::ParameterName, 'How long every other license is kept [default: 60s]')
            [CompletionResult]::new('--release-interval', '--release-interval', [CompletionResultType]::ParameterName, 'How long a license keeps its devices after one was released [default: 30d]')
            [CompletionResult]::new('--max-connections', '--max-connections', [CompletionResultType]::ParameterName, 'The most connections at once [default: 16384]')
            [CompletionResult]::new('--drain', '--drain', [CompletionResultType]::ParameterName, 'How long a stop waits for answers that are under way [default: 30s]')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Free the places of all its devices')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Also when another was released not long ago (--release-interval)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'whop-relay;issue' {
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'The last day, YYYY-MM-DD, or a time such as 2027-01-31T12:00:00Z')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Where to write the file, which must not be there yet [default: standard output]')
            [CompletionResult]::new('--from-csv', '--from-csv', [CompletionResultType]::ParameterName, 'Lines of KEY,DEVICE, from a file or, with -, from standard input: a file for each, named after the number of its line')
            [CompletionResult]::new('--out-dir', '--out-dir', [CompletionResultType]::ParameterName, 'Where to write the files of --from-csv')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'A file of settings in TOML, with the names of the options below')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'How the log on standard error looks')
            [CompletionResult]::new('--log-level', '--log-level', [CompletionResultType]::ParameterName, 'What is logged: error, warn, info or debug')
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Where programs ask; port 0 takes a free one [default: 127.0.0.1:8443]')
            [CompletionResult]::new('--admin-listen', '--admin-listen', [CompletionResultType]::ParameterName, 'Where /readyz and /metrics are told, to nobody unless set')
            [CompletionResult]::new('--api-key-file', '--api-key-file', [CompletionResultType]::ParameterName, 'The file with Whop''s API key; or the key itself in WHOP_RELAY_API_KEY')
            [CompletionResult]::new('--signing-key-file', '--signing-key-file', [CompletionResultType]::ParameterName, 'A file that keygen wrote, up to four times: the first that a program trusts signs; or PEM in WHOP_RELAY_SIGNING_KEY')
            [CompletionResult]::new('--product', '--product', [CompletionResultType]::ParameterName, 'A product that is served, prod_…; repeat it for more')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Asks this in place of Whop, as the sandbox; leases then say so')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Trusts the certificates in this PEM file on the way to Whop, in place of the bundled ones')
            [CompletionResult]::new('--redis', '--redis', [CompletionResultType]::ParameterName, 'Redis or Valkey, which several processes must share')
            [CompletionResult]::new('--tls-cert', '--tls-cert', [CompletionResultType]::ParameterName, 'Serves https with this certificate chain, PEM')
            [CompletionResult]::new('--tls-key', '--tls-key', [CompletionResultType]::ParameterName, 'The private key of the certificate, PEM')
            [CompletionResult]::new('--lease-hours', '--lease-hours', [CompletionResultType]::ParameterName, 'How long a program runs without network: 1 to 720 [default: 72]')
            [CompletionResult]::new('--devices', '--devices', [CompletionResultType]::ParameterName, 'How many devices a license may have: 1 to 10 [default: 1]')
            [CompletionResult]::new('--device-key', '--device-key', [CompletionResultType]::ParameterName, 'The name of the device in the metadata [default: hwid]')
            [CompletionResult]::new('--trusted-proxy', '--trusted-proxy', [CompletionResultType]::ParameterName, 'A proxy whose X-Forwarded-For is believed; repeat it for more')
            [CompletionResult]::new('--control', '--control', [CompletionResultType]::ParameterName, 'A license key or membership of your own, whose presence proves that the API key works')
            [CompletionResult]::new('--whop-limit', '--whop-limit', [CompletionResultType]::ParameterName, 'The most requests to Whop in a second, for each operation [default: 8]')
            [CompletionResult]::new('--cache-allowed', '--cache-allowed', [CompletionResultType]::ParameterName, 'How long a license that entitles is kept before Whop is asked again [default: 15m]')
            [CompletionResult]::new('--cache-others', '--cache-others', [CompletionResultType]::ParameterName, 'How long every other license is kept [default: 60s]')
            [CompletionResult]::new('--release-interval', '--release-interval', [CompletionResultType]::ParameterName, 'How long a license keeps its devices after one was released [default: 30d]')
            [CompletionResult]::new('--max-connections', '--max-connections', [CompletionResultType]::ParameterName, 'The most connections at once [default: 16384]')
            [CompletionResult]::new('--drain', '--drain', [CompletionResultType]::ParameterName, 'How long a stop waits for answers that are under way [default: 30s]')
            [CompletionResult]::new('--unchecked', '--unchecked', [CompletionResultType]::ParameterName, 'Without asking Whop: signs that a license is active which you know of')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'whop-relay;help' {
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Serve programs, until SIGTERM or Ctrl-C; SIGHUP reads the files of keys again')
            [CompletionResult]::new('keygen', 'keygen', [CompletionResultType]::ParameterValue, 'Write a new private key to a file, and print the public one that programs take')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Say what is wrong with the settings and the API key')
            [CompletionResult]::new('release', 'release', [CompletionResultType]::ParameterValue, 'Free the place of a device, so that the license can be used on another')
            [CompletionResult]::new('issue', 'issue', [CompletionResultType]::ParameterValue, 'Write a lease file for a machine that is never online, or for each line of a list; this binds a license that has no device yet, unless --unchecked')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'whop-relay;help;serve' {
            break
        }
        'whop-relay;help;keygen' {
            break
        }
        'whop-relay;help;check' {
            break
        }
        'whop-relay;help;release' {
            break
        }
        'whop-relay;help;issue' {
            break
        }
        'whop-relay;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
