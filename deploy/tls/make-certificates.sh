#!/usr/bin/env bash
# Creates a private certificate authority and a certificate for each service that uses mutual TLS.
# The vault identifies its callers by the URI in the subject alternative name: reunite://service/<name>.
#
# Usage: deploy/tls/make-certificates.sh <folder>
#
#   <folder>/authority/{ca.pem,ca.key}              keep ca.key away from the services
#   <folder>/<service>/{ca.pem,cert.pem,key.pem}    mounted into that service, and no other
#
# Run it again to renew the certificates, which are valid for 90 days. An existing authority is kept.
set -euo pipefail
umask 077

folder=${1:?Usage: deploy/tls/make-certificates.sh <folder>}
services=(credential-vault webhook-ingest sync-worker api)
# The user that the images run as.
container_uid=1000

command -v openssl >/dev/null || { echo 'openssl is missing. Install it: apt-get install openssl' >&2; exit 1; }

authority=$folder/authority
mkdir -p "$authority"
chmod 711 "$folder"
if [[ ! -f $authority/ca.key ]]; then
  openssl req -x509 -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 \
    -keyout "$authority/ca.key" -out "$authority/ca.pem" -subj '/CN=Reunite service authority' \
    -addext 'basicConstraints=critical,CA:TRUE,pathlen:0' -addext 'keyUsage=critical,keyCertSign,cRLSign'
fi

for service in "${services[@]}"; do
  files=$folder/$service.new
  rm -rf "$files"
  mkdir "$files"
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout "$files/key.pem" -out "$files/request.pem" -subj "/CN=$service" 2>/dev/null
  openssl x509 -req -in "$files/request.pem" -CA "$authority/ca.pem" -CAkey "$authority/ca.key" -days 90 \
    -out "$files/cert.pem" -extfile <(
      echo 'basicConstraints=critical,CA:FALSE'
      echo 'keyUsage=critical,digitalSignature'
      echo 'extendedKeyUsage=serverAuth,clientAuth'
      echo "subjectAltName=DNS:$service,DNS:localhost,IP:127.0.0.1,URI:reunite://service/$service"
    ) 2>/dev/null
  rm "$files/request.pem"
  cp "$authority/ca.pem" "$files/ca.pem"
  # Keep the existing folder: a running container has mounted it, and its service watches it for new files.
  mkdir -p "$folder/$service"
  if [[ $EUID -eq 0 ]]; then chown -R "$container_uid:$container_uid" "$files" "$folder/$service"; fi
  mv -f "$files"/*.pem "$folder/$service/"
  rmdir "$files"
done

if [[ $EUID -ne 0 && $EUID -ne $container_uid ]]; then
  echo "Containers run as user $container_uid and cannot read these files yet:" >&2
  echo "  sudo chown -R $container_uid:$container_uid ${services[*]/#/$folder/}" >&2
fi
echo "Certificates of ${services[*]} are in $folder."
