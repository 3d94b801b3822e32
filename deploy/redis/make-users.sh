#!/usr/bin/env bash
# Writes the access control list of Redis: one user per service, passwords as SHA-256.
#
# Usage: deploy/redis/make-users.sh <folder of passwords> <ACL file>
#
#   <folder of passwords>  has redis-api, redis-sync-worker and redis-webhook-ingest
#   <ACL file>             is replaced
#
# webhook-ingest reaches the keys of the queue `deliveries` only; the API also counts requests in `rate:`. No service may run
# administrative or dangerous commands, except INFO, from which BullMQ reads the version.
# https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/
set -euo pipefail
umask 077

passwords=${1:?Usage: deploy/redis/make-users.sh <folder of passwords> <ACL file>}
acl_file=${2:?Usage: deploy/redis/make-users.sh <folder of passwords> <ACL file>}

hash_of() {
  local file=$passwords/redis-$1
  [[ -s $file ]] || { echo "$file is missing." >&2; exit 1; }
  tr -d '\n' <"$file" | openssl dgst -sha256 -r | cut -d ' ' -f 1
}

commands='-@all +@read +@write +@connection +@transaction +@scripting -function -script +script|load +script|exists -@admin -@dangerous +info'

api=$(hash_of api)
worker=$(hash_of sync-worker)
ingest=$(hash_of webhook-ingest)

cat >"$acl_file" <<ACL
user default off
user health on nopass resetkeys resetchannels -@all +ping
user api on #$api resetkeys resetchannels ~bull:* ~rate:* $commands
user sync-worker on #$worker resetkeys resetchannels ~bull:* $commands
user webhook-ingest on #$ingest resetkeys resetchannels ~bull:deliveries:* $commands
ACL
