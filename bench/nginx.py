"""The configuration of nginx."""

from __future__ import annotations

from pathlib import Path

LICENSE_KEY = "SANDBOX-ACTIVE"

NGINX = """
daemon off;
worker_processes 2;
{affinity}
worker_rlimit_nofile 16384;
error_log {folder}/error.log;
pid {folder}/nginx.pid;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    server_tokens off;
    keepalive_requests 1000000000;
    keepalive_timeout 300s;
    default_type application/json;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    ssl_certificate {folder}/server.pem;
    ssl_certificate_key {folder}/server.key;
    ssl_protocols TLSv1.3;
    ssl_session_cache shared:sessions:1m;
    log_format bench '$ssl_session_reused';
    upstream relay {{
        server 127.0.0.1:{relay_port};
        keepalive 256;
        keepalive_requests 1000000000;
    }}
{servers}
}}
"""

SERVER = """
    server {{
{listen}
        {more}
        location = /api/v1/memberships/{license_key} {{
            return 200 '{current}';
        }}
        location = /api/v2/memberships/{license_key}/validate_license {{
            add_header Deprecation "@1791417600";
            add_header Sunset "Fri, 13 Nov 2026 00:00:00 GMT";
            return 201 '{v2}';
        }}
        location / {{
            proxy_pass http://relay;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
        }}
    }}
"""


def nginx_conf(
    folder: Path, hosts: list[str], ports: dict[int, str], answers: dict[str, str], relay_port: int, core: int | None
) -> str:
    """Of a server for each port, which may have directives of its own; on one core if told."""
    # As text in single quotes.
    quoted = {name: text.replace("\\", "\\\\").replace("'", "\\'") for name, text in answers.items()}
    servers = ""
    for port, more in ports.items():
        listen = "\n".join(f"        listen {host}:{port} ssl reuseport backlog=4096;" for host in hosts)
        servers += SERVER.format(listen=listen, more=more, license_key=LICENSE_KEY, **quoted)
    affinity = "" if core is None else f"worker_cpu_affinity {1 << core:b} {1 << core:b};"
    return NGINX.format(folder=folder, relay_port=relay_port, servers=servers, affinity=affinity)
