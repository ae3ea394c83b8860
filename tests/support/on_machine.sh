#!/bin/sh
# on_machine.sh SYSTEMD DBUS COMMAND...: runs the command as if this machine had these machine-ids, "-" for no such file,
# "@..." for one that is not what it should be: see put.
# Nothing is changed for anybody else: the files are put into a mount namespace, which goes with the command.
set -eu
become_root=$([ "$(id -u)" = 0 ] || echo --map-root-user)
exec unshare --mount $become_root sh -euc '
    put() {
        case $1 in
            -) ;;
            @unreadable:*) printf "%s\n" "${1#*:}" >"$2" && chmod 0 "$2" ;;
            @bound:*) printf "%s\n" "${1#*:}" >"$2.bound" && : >"$2" && mount --bind "$2.bound" "$2" ;;
            @link:*) ln -s "${1#*:}" "$2" ;;
            @device) : >"$2" && mount --bind /dev/zero "$2" ;;
            @fifo) mkfifo "$2" ;;
            @socket) python3 -c "import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])" "$2" ;;
            @directory) mkdir "$2" ;;
            @endless) truncate -s 1T "$2" ;;
            *) printf "%s\n" "$1" >"$2" ;;
        esac
    }
    place=/var/lib/dbus
    [ -d $place ] || place=/var/lib
    mount -t tmpfs tmpfs $place
    mkdir -p /var/lib/dbus/etc
    cp -a /etc/. /var/lib/dbus/etc 2>/dev/null || true # all but what is not for our eyes
    rm -f /var/lib/dbus/etc/machine-id
    put "$1" /var/lib/dbus/etc/machine-id
    put "$2" /var/lib/dbus/machine-id
    mount --rbind /var/lib/dbus/etc /etc
    shift 2
    exec "$@"
' on_machine.sh "$@"
