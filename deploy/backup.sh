#!/usr/bin/env bash
# Copies the volumes of a stopped stack into archives, or archives into new volumes.
#
# Usage: deploy/backup.sh backup  <folder> <folder for keys> [project]
#        deploy/backup.sh restore <folder> <folder for keys> [project]
#
# Stop the stack first (`docker compose stop`). A restore creates the volumes; `docker compose up` then uses them. Keys are the
# volume of the key-encryption key and, in the local profile, those with secrets: store them apart from the data. Redis is not
# copied: its jobs are created again from PostgreSQL. DOCKER_RUN_OPTIONS adds options to `docker run`, e.g. `--ulimit nofile=1024`
# for an engine that may not raise limits.
set -euo pipefail
umask 077

usage='Usage: deploy/backup.sh backup|restore <folder> <folder for keys> [project]'
action=${1:?$usage}
data=${2:?$usage}
keys=${3:?$usage}
project=${4:-reunite-bridge}
image=reunite/setup:${TAG:-local}
mkdir -p "$data" "$keys"
data=$(realpath "$data")
keys=$(realpath "$keys")

read -ra options <<<"${DOCKER_RUN_OPTIONS:-}"

# run <volume> <folder> <options of tar>
run() {
  docker run --rm "${options[@]}" --network none --volume "$1:/volume" --volume "$2:/backup" --entrypoint tar "$image" -C /volume "${@:3}"
}

running=$(docker ps --quiet --filter "label=com.docker.compose.project=$project")
[[ -z $running ]] || { echo "The stack $project is running. Stop it first: docker compose stop" >&2; exit 1; }

# folder_of <volume without the project>: prints where its archive is, nothing if it is not copied.
folder_of() {
  case $1 in
    redis) ;;
    vault-keys | issuer-keys | files-*) echo "$keys" ;;
    *) echo "$data" ;;
  esac
}

backup() {
  local volume name folder
  for volume in $(docker volume ls --quiet --filter "label=com.docker.compose.project=$project"); do
    name=${volume#"${project}_"}
    folder=$(folder_of "$name")
    [[ -n $folder ]] || continue
    run "$volume" "$folder" --create --file "/backup/$name.tar" .
    echo "backup: $name"
  done
}

# Without the labels, Compose warns that it did not create the volume.
restore() {
  local file name
  for file in "$data/postgres.tar" "$keys/vault-keys.tar"; do
    [[ -f $file ]] || { echo "$file is missing." >&2; exit 1; }
  done
  for file in "$data"/*.tar "$keys"/*.tar; do
    name=${project}_$(basename "$file" .tar)
    ! docker volume inspect "$name" >/dev/null 2>&1 || { echo "The volume $name exists. Remove it, or restore into another project." >&2; exit 1; }
  done
  for file in "$data"/*.tar "$keys"/*.tar; do
    name=$(basename "$file" .tar)
    docker volume create --label "com.docker.compose.project=$project" --label "com.docker.compose.volume=$name" "${project}_$name" >/dev/null
    run "${project}_$name" "$(dirname "$file")" --extract --same-owner --preserve-permissions --file "/backup/$name.tar"
    echo "restore: $name"
  done
}

case $action in
  backup | restore) "$action" ;;
  *) echo "$usage" >&2; exit 2 ;;
esac
