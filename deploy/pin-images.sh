#!/usr/bin/env bash
# Writes the digests of the public images, so that later builds and starts use exactly these. Needs Docker and the registry.
#
# Usage: deploy/pin-images.sh <env file>
#
#   docker compose --env-file .local/deploy/env --env-file <env file> build
#   docker compose --env-file .local/deploy/env --env-file <env file> up --detach --wait
#
# Run it again to take newer images of the same lines, e.g. with security fixes, and commit the file to your own repository.
set -euo pipefail
# Without it, a failed pull inside $( ) would not end the script.
shopt -s inherit_errexit

env_file=${1:?Usage: deploy/pin-images.sh <env file>}
# The same as the defaults in docker-compose.yml and Dockerfile.
images=(NODE_IMAGE=node:24-bookworm-slim POSTGRES_IMAGE=postgres:18-bookworm REDIS_IMAGE=redis:7.4-bookworm)

pinned=$(for image in "${images[@]}"; do
  name=${image#*=}
  docker pull --quiet "$name" >/dev/null
  # An image that also came from a mirror has a digest of each registry.
  digests=$(docker image inspect --format '{{join .RepoDigests "\n"}}' "$name")
  digest=$(grep --max-count=1 "^${name%%:*}@sha256:" <<<"$digests")
  echo "${image%%=*}=$name@${digest#*@}"
done)
printf '%s\n' "$pinned" >"$env_file"
echo "Digests of the images are in $env_file."
