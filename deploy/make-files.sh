#!/usr/bin/env bash
# Creates the files of a stack: passwords, the addresses that contain them, certificates, and the users of Redis. Each service
# gets a folder that is mounted into its container, and no other. Existing files are kept.
#
# Usage: deploy/make-files.sh <folder>
#
# With CREATE=false it creates nothing, and fails with a list of the files that are missing, or of the settings that are for the
# local profile only: in production, both come from the operator (docs/deployment.md).
#
#   <folder>/postgres/password                  of the superuser
#   <folder>/provision/{superuser-url,<role>}   address of the superuser, and the password of each role
#   <folder>/<service>/{database-url,queue-url} addresses with the service's own role and user
#   <folder>/authority/redis-<user>             passwords of Redis
#   <folder>/redis/users.acl                    users of Redis, with hashes of their passwords
#   <folder>/<service>/{ca,cert,key}.pem        see deploy/tls/make-certificates.sh
set -euo pipefail
umask 077

folder=${1:?Usage: deploy/make-files.sh <folder>}
here=$(dirname "$0")
database=${DATABASE_HOST:-postgres:5432}
redis=${REDIS_HOST:-redis:6379}
tls='sslmode=verify-full&sslrootcert=/run/files/ca.pem'
# Users of the images: the services, and PostgreSQL and Redis.
service_uid=1000
store_uid=999

declare -A role_of=([migrate-bridge]=reunite_bridge [credential-vault]=reunite_vault [api]=reunite_api
  [sync-worker]=reunite_worker [webhook-ingest]=reunite_ingest [preview-host]=reunite_preview)
queue_users=(api sync-worker webhook-ingest)
certified=(credential-vault webhook-ingest sync-worker api postgres redis)
with_authority=(provision migrate-bridge preview-host)

expected=(postgres/password provision/superuser-url redis/users.acl)
for service in "${!role_of[@]}"; do expected+=("provision/${role_of[$service]}" "$service/database-url"); done
for service in "${queue_users[@]}"; do expected+=("$service/queue-url"); done
for service in "${certified[@]}"; do expected+=("$service/ca.pem" "$service/cert.pem" "$service/key.pem"); done
for service in "${with_authority[@]}"; do expected+=("$service/ca.pem"); done

missing() {
  for file in "${expected[@]}"; do [[ -s $folder/$file ]] || echo "$file"; done | sort
}

# Settings of a deployment that still have their values for the local profile.
local_settings() {
  local name
  for name in PUBLIC_URL WEBHOOK_PUBLIC_URL PREVIEW_URL_TEMPLATE JWT_ISSUER JWT_JWKS_URL; do
    [[ ${!name:-} == https://* && ${!name} != *localhost* ]] || echo "$name=${!name:-}"
  done
  [[ ${GHES_ALLOWED_CIDRS:-} != 10.0.0.0/8,172.16.0.0/12,192.168.0.0/16 ]] || echo "GHES_ALLOWED_CIDRS=$GHES_ALLOWED_CIDRS"
  [[ ${GHES_ALLOW_INSECURE_HTTP:-} != true ]] || echo 'GHES_ALLOW_INSECURE_HTTP=true'
}

if [[ ${CREATE:-true} == false ]]; then
  unsafe=$(local_settings)
  if [[ -n $unsafe ]]; then
    echo 'These settings are for the local profile only (addresses must be https://):' >&2
    sed 's/^/  /' <<<"$unsafe" >&2
    exit 1
  fi
  absent=$(missing)
  if [[ -n $absent ]]; then
    echo "Missing in the folder of FILES:" >&2
    sed 's/^/  /' <<<"$absent" >&2
    exit 1
  fi
  echo 'All files are there.'
  exit 0
fi

# write <file> <text>: as a whole, so that an interrupted start leaves no half file.
write() {
  mkdir -p "$(dirname "$folder/$1")"
  printf '%s\n' "$2" >"$folder/$1.new"
  mv "$folder/$1.new" "$folder/$1"
}
# Hexadecimal, because passwords become part of URLs.
password() {
  local file=$folder/$1
  [[ -s $file ]] || write "$1" "$(openssl rand -hex 24)"
  cat "$file"
}

superuser=$(password postgres/password)
write provision/superuser-url "postgres://postgres:$superuser@$database/postgres?$tls"
for service in "${!role_of[@]}"; do
  role=${role_of[$service]}
  write "$service/database-url" "postgres://$role:$(password "provision/$role")@$database/reunite?$tls"
done

for user in "${queue_users[@]}"; do
  secret=$(password "authority/redis-$user")
  write "$user/queue-url" "rediss://$user:$secret@$redis/0"
done
mkdir -p "$folder/redis"
"$here/redis/make-users.sh" "$folder/authority" "$folder/redis/users.acl"

[[ -s $folder/api/cert.pem ]] || "$here/tls/make-certificates.sh" "$folder"
for service in "${with_authority[@]}"; do cp "$folder/authority/ca.pem" "$folder/$service/ca.pem"; done

if [[ $EUID -eq 0 ]]; then
  for service in provision "${!role_of[@]}"; do chown -R "$service_uid:$service_uid" "$folder/$service"; done
  for store in postgres redis; do chown -R "$store_uid:$store_uid" "$folder/$store"; done
fi
absent=$(missing)
[[ -z $absent ]] || { echo "Not created: $absent" >&2; exit 1; }
echo "The files of the stack are in $folder."
