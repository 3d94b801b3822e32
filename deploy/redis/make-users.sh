#!/usr/bin/env bash
# Writes the access control list of Redis: one user per service, passwords as SHA-256.
#
# Usage: deploy/redis/make-users.sh <env file> <ACL file>
#
#   <env file>  has REDIS_API_PASSWORD, REDIS_WORKER_PASSWORD and REDIS_INGEST_PASSWORD
#   <ACL file>  is replaced; docker-compose.yml mounts it as REDIS_USERS_FILE
#
# webhook-ingest reaches the keys of the queue `deliveries` only; the API also counts requests in `rate:`. No service may run administrative or dangerous
# commands, except INFO, from which BullMQ reads the version. https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/
set -euo pipefail
umask 077

env_file=${1:?Usage: deploy/redis/make-users.sh <env file> <ACL file>}
acl_file=${2:?Usage: deploy/redis/make-users.sh <env file> <ACL file>}
# The user that the image of Redis runs as.
container_uid=999

hash_of() {
  local password
  password=$(sed -n "s/^$1=//p" "$env_file" | tail -n 1)
  if [[ -z $password ]]; then
    echo "$1 is missing in $env_file." >&2
    exit 1
  fi
  printf '%s' "$password" | openssl dgst -sha256 -r | cut -d ' ' -f 1
}

commands='-@all +@read +@write +@connection +@transaction +@scripting -function -script +script|load +script|exists -@admin -@dangerous +info'

api=$(hash_of REDIS_API_PASSWORD)
worker=$(hash_of REDIS_WORKER_PASSWORD)
ingest=$(hash_of REDIS_INGEST_PASSWORD)

cat >"$acl_file" <<ACL
user default off
user health on nopass resetkeys resetchannels -@all +ping
user api on #$api resetkeys resetchannels ~bull:* ~rate:* $commands
user sync-worker on #$worker resetkeys resetchannels ~bull:* $commands
user webhook-ingest on #$ingest resetkeys resetchannels ~bull:deliveries:* $commands
ACL
if [[ $EUID -eq 0 ]]; then chown "$container_uid:$container_uid" "$acl_file"; fi
echo "Users of Redis are in $acl_file."
