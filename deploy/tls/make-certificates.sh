#!/usr/bin/env bash
# Creates a private certificate authority, a certificate for each service that uses mutual TLS, and server certificates for
# PostgreSQL and Redis.
# The vault identifies its callers by the URI in the subject alternative name: reunite://service/<name>.
#
# Usage: deploy/tls/make-certificates.sh <folder>
#
#   <folder>/authority/{ca.pem,ca.key}              keep ca.key away from the services
#   <folder>/<service>/{ca.pem,cert.pem,key.pem}    mounted into that service, and no other; also for postgres and redis
#   <folder>/authority/ca.pem                       also mounted into processes that only verify PostgreSQL's certificate
#
# Run it again to renew the certificates, which are valid for 90 days. An existing authority is kept.
set -euo pipefail
umask 077

folder=${1:?Usage: deploy/tls/make-certificates.sh <folder>}
services=(credential-vault webhook-ingest sync-worker api)
stores=(postgres redis)
# The user that the images of the services run as.
container_uid=1000
# The user that the images of PostgreSQL and Redis run as.
store_uid=999

command -v openssl >/dev/null || { echo 'openssl is missing. Install it: apt-get install openssl' >&2; exit 1; }

authority=$folder/authority
mkdir -p "$authority"
chmod 711 "$folder"
if [[ ! -f $authority/ca.key ]]; then
  openssl req -x509 -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 \
    -keyout "$authority/ca.key" -out "$authority/ca.pem" -subj '/CN=Reunite service authority' \
    -addext 'basicConstraints=critical,CA:TRUE,pathlen:0' -addext 'keyUsage=critical,keyCertSign,cRLSign'
fi

chmod 711 "$authority"
chmod 644 "$authority/ca.pem"

for service in "${services[@]}" "${stores[@]}"; do
  # Only services identify themselves to others.
  usage='serverAuth,clientAuth'
  names="DNS:$service,DNS:localhost,IP:127.0.0.1,URI:reunite://service/$service"
  owner=$container_uid
  if [[ " ${stores[*]} " == *" $service "* ]]; then
    usage=serverAuth
    names="DNS:$service,DNS:localhost,IP:127.0.0.1"
    owner=$store_uid
  fi
  files=$folder/$service.new
  rm -rf "$files"
  mkdir "$files"
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout "$files/key.pem" -out "$files/request.pem" -subj "/CN=$service" 2>/dev/null
  openssl x509 -req -in "$files/request.pem" -CA "$authority/ca.pem" -CAkey "$authority/ca.key" -days 90 \
    -out "$files/cert.pem" -extfile <(
      echo 'basicConstraints=critical,CA:FALSE'
      echo 'keyUsage=critical,digitalSignature'
      echo "extendedKeyUsage=$usage"
      echo "subjectAltName=$names"
    ) 2>/dev/null
  rm "$files/request.pem"
  cp "$authority/ca.pem" "$files/ca.pem"
  # Keep the existing folder: a running container has mounted it, and its service watches it for new files.
  mkdir -p "$folder/$service"
  if [[ $EUID -eq 0 ]]; then chown -R "$owner:$owner" "$files" "$folder/$service"; fi
  mv -f "$files"/*.pem "$folder/$service/"
  rmdir "$files"
done

if [[ $EUID -ne 0 ]]; then
  echo 'Containers run as other users and cannot read these files yet:' >&2
  echo "  sudo chown -R $container_uid:$container_uid ${services[*]/#/$folder/}" >&2
  echo "  sudo chown -R $store_uid:$store_uid ${stores[*]/#/$folder/}" >&2
fi
echo "Certificates of ${services[*]} ${stores[*]} are in $folder."
