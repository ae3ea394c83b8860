complete -c whop-sandbox -l port -d 'Port on 127.0.0.1; 0 takes a free one' -r
complete -c whop-sandbox -l ca-file -d 'Where to write the authority\'s certificate (PEM), for a client to trust' -r -F
complete -c whop-sandbox -l rate-limit -d 'Over v2: requests per API key in 10 seconds, then 429 for 60; 0 is no limit over either API' -r
complete -c whop-sandbox -l current-rate-limit -d 'Over the current API: requests per API key and operation in a minute' -r
complete -c whop-sandbox -l slow-ms -d 'How long SANDBOX-SLOW takes, and creating a plan of prod_slow' -r
complete -c whop-sandbox -l relay -d 'Start a relay before the sandbox, on this port of 127.0.0.1 or a free one' -r
complete -c whop-sandbox -l v2 -d 'What has become of API v2' -r -f -a "deprecated\t'It answers, with headers that say that it is going to end'
retired\t'It is gone: the same as retired-410'
retired-410\t'410 with the JSON error "gone"'
retired-404\t'404 with the JSON of a framework'
retired-html\t'404 with an HTML page'
retired-redirect\t'301 to a page for people'"
complete -c whop-sandbox -l tls -d 'Serve https, with a certificate of an authority made for this run'
complete -c whop-sandbox -s h -l help -d 'Print help (see more with \'--help\')'
complete -c whop-sandbox -s V -l version -d 'Print version'
