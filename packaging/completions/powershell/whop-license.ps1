
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'whop-license' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'whop-license'
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
        'whop-license' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check a license on this device, which it is bound to if it is free; by the exit status: 0 allowed, 1 denied, 2 cannot tell')
            [CompletionResult]::new('plan', 'plan', [CompletionResultType]::ParameterValue, 'Create what is sold')
            [CompletionResult]::new('reset', 'reset', [CompletionResultType]::ParameterValue, 'Free the device of a license, so that it can be used on another')
            [CompletionResult]::new('device-id', 'device-id', [CompletionResultType]::ParameterValue, 'Print the id of this device, as a check sends it')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Explain this machine in one screen, or look for API keys in a folder that is to be shipped; nothing secret is printed')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'whop-license;check' {
            [CompletionResult]::new('--product', '--product', [CompletionResultType]::ParameterName, 'The product that the license must be of, prod_…')
            [CompletionResult]::new('--device-id', '--device-id', [CompletionResultType]::ParameterName, 'Check for this device in place of this machine')
            [CompletionResult]::new('--metadata', '--metadata', [CompletionResultType]::ParameterName, 'Check for the device that this JSON object names, such as {"hwid":"…"}; {} binds nothing')
            [CompletionResult]::new('--api-key-file', '--api-key-file', [CompletionResultType]::ParameterName, 'The file with Whop''s API key, which other users must not be able to read (on Windows this is not checked); without it WHOP_API_KEY, or a prompt')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Ask this in place of Whop, without the /v1 or /v2')
            [CompletionResult]::new('--api', '--api', [CompletionResultType]::ParameterName, 'Which of Whop''s APIs is asked')
            [CompletionResult]::new('--relay', '--relay', [CompletionResultType]::ParameterName, 'Ask this relay in place of Whop; no API key is needed')
            [CompletionResult]::new('--public-keys', '--public-keys', [CompletionResultType]::ParameterName, 'The public keys of the relay, separated by commas, as `whop-relay keygen` prints them')
            [CompletionResult]::new('--lease-file', '--lease-file', [CompletionResultType]::ParameterName, 'Where the relay''s answers are kept for the time without network')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file alone, in place of the bundled ones')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long a call may take, such as 500ms or 10s')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Say it as one line of JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'whop-license;plan' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create a plan, and print its id')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'whop-license;plan;create' {
            [CompletionResult]::new('--api-key-file', '--api-key-file', [CompletionResultType]::ParameterName, 'The file with Whop''s API key, which other users must not be able to read (on Windows this is not checked); without it WHOP_API_KEY, or a prompt')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Ask this in place of Whop, without the /v1 or /v2')
            [CompletionResult]::new('--api', '--api', [CompletionResultType]::ParameterName, 'Which of Whop''s APIs is asked')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file alone, in place of the bundled ones')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long a call may take, such as 500ms or 10s')
            [CompletionResult]::new('--allow-unknown', '--allow-unknown', [CompletionResultType]::ParameterName, 'Let the plan have names and values that this version does not know')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the whole plan as JSON, as Whop sent it')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'whop-license;plan;help' {
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create a plan, and print its id')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'whop-license;plan;help;create' {
            break
        }
        'whop-license;plan;help;help' {
            break
        }
        'whop-license;reset' {
            [CompletionResult]::new('--metadata-key', '--metadata-key', [CompletionResultType]::ParameterName, 'The name in the membership''s metadata under which the device is stored')
            [CompletionResult]::new('--api-key-file', '--api-key-file', [CompletionResultType]::ParameterName, 'The file with Whop''s API key, which other users must not be able to read (on Windows this is not checked); without it WHOP_API_KEY, or a prompt')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Ask this in place of Whop, without the /v1 or /v2')
            [CompletionResult]::new('--api', '--api', [CompletionResultType]::ParameterName, 'Which of Whop''s APIs is asked')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file alone, in place of the bundled ones')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long a call may take, such as 500ms or 10s')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'whop-license;device-id' {
            [CompletionResult]::new('--product', '--product', [CompletionResultType]::ParameterName, 'The product that the id is for, prod_…: each product has another id of the same machine')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'whop-license;doctor' {
            [CompletionResult]::new('--scan', '--scan', [CompletionResultType]::ParameterName, 'Look for API keys and private keys in the files of this folder, in place of all else')
            [CompletionResult]::new('--product', '--product', [CompletionResultType]::ParameterName, 'The product, prod_…')
            [CompletionResult]::new('--device-id', '--device-id', [CompletionResultType]::ParameterName, 'The device id that the program sets itself, if it does')
            [CompletionResult]::new('--api-key-file', '--api-key-file', [CompletionResultType]::ParameterName, 'The file with Whop''s API key, which other users must not be able to read (on Windows this is not checked); without it WHOP_API_KEY, or a prompt')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Ask this in place of Whop, without the /v1 or /v2')
            [CompletionResult]::new('--api', '--api', [CompletionResultType]::ParameterName, 'Which of Whop''s APIs is asked')
            [CompletionResult]::new('--relay', '--relay', [CompletionResultType]::ParameterName, 'Ask this relay in place of Whop; no API key is needed')
            [CompletionResult]::new('--public-keys', '--public-keys', [CompletionResultType]::ParameterName, 'The public keys of the relay, separated by commas, as `whop-relay keygen` prints them')
            [CompletionResult]::new('--lease-file', '--lease-file', [CompletionResultType]::ParameterName, 'Where the relay''s answers are kept for the time without network')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file alone, in place of the bundled ones')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long a call may take, such as 500ms or 10s')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Say it as JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'whop-license;help' {
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check a license on this device, which it is bound to if it is free; by the exit status: 0 allowed, 1 denied, 2 cannot tell')
            [CompletionResult]::new('plan', 'plan', [CompletionResultType]::ParameterValue, 'Create what is sold')
            [CompletionResult]::new('reset', 'reset', [CompletionResultType]::ParameterValue, 'Free the device of a license, so that it can be used on another')
            [CompletionResult]::new('device-id', 'device-id', [CompletionResultType]::ParameterValue, 'Print the id of this device, as a check sends it')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Explain this machine in one screen, or look for API keys in a folder that is to be shipped; nothing secret is printed')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'whop-license;help;check' {
            break
        }
        'whop-license;help;plan' {
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create a plan, and print its id')
            break
        }
        'whop-license;help;plan;create' {
            break
        }
        'whop-license;help;reset' {
            break
        }
        'whop-license;help;device-id' {
            break
        }
        'whop-license;help;doctor' {
            break
        }
        'whop-license;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
