#!/bin/sh
# Makes /config.json and nginx's upstreams from the environment, then becomes nginx.
set -eu

refuse() {
    echo "$1: $2" >&2
    exit 78
}

# What is checked here can stand in JSON and in nginx's configuration without being quoted.
check() { # NAME VALUE PATTERN MEANING
    { printf '%s' "$2" | tr '\n' '\t'; echo; } | grep -Eqx "$3" || refuse "$1" "must be $4"
}

check UI "$UI" 'auto|hosted|local' 'auto, hosted or local'
check ASSISTANT_PROVIDER "$ASSISTANT_PROVIDER" 'offline|openai|compatible' 'offline, openai or compatible'
check ASSISTANT_MODEL "$ASSISTANT_MODEL" '[A-Za-z0-9._:/@+ -]{0,200}' 'the name of a model'
check CHATKIT_DOMAIN_KEY "$CHATKIT_DOMAIN_KEY" '[A-Za-z0-9._-]{0,200}' 'a domain key'
check API_URL "$API_URL" 'http://[A-Za-z0-9.-]+(:[0-9]{1,5})?' 'like http://api:8001'
check AUTH_URL "$AUTH_URL" 'http://[A-Za-z0-9.-]+(:[0-9]{1,5})?' 'like http://auth:8003'

run=/tmp/nginx
mkdir -p "$run/www"

printf '{"ui":"%s","domainKey":"%s","assistant":{"provider":"%s","model":"%s"}}\n' \
    "$UI" "$CHATKIT_DOMAIN_KEY" "$ASSISTANT_PROVIDER" "$ASSISTANT_MODEL" > "$run/www/config.json"

case $UI in
    local) mode=local ;;
    *) mode=hosted ;;
esac
cp "/etc/nginx/headers/$mode.conf" "$run/headers.conf"

# One name several times: as often a request is tried before it counts as failed.
upstream() { # NAME URL
    echo "upstream $1 {"
    for _ in 1 2 3 4 5 6; do echo "    server ${2#http://} max_fails=0;"; done
    echo "}"
}
{ upstream api "$API_URL"; upstream auth "$AUTH_URL"; } > "$run/upstreams.conf"

exec nginx -g 'daemon off;'
