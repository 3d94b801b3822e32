#!/usr/bin/env bash
# Copies the volumes of a stopped stack into archives, or archives into the volumes of an empty one.
#
# Usage: deploy/backup.sh backup  <folder> <folder for keys> [project]
#        deploy/backup.sh restore <folder> <folder for keys> [project]
#
# Stop the stack first (`docker compose stop`); for a restore, create an empty one (`docker compose up --no-start`). Keys are the
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

for volume in $(docker volume ls --quiet --filter "name=${project}_"); do
  name=${volume#"${project}_"}
  case $name in
    redis) continue ;;
    vault-keys | issuer-keys | files-*) folder=$keys ;;
    *) folder=$data ;;
  esac
  case $action in
    backup) run "$volume" "$folder" --create --file "/backup/$name.tar" . ;;
    restore)
      [[ -f $folder/$name.tar ]] || { echo "$folder/$name.tar is missing." >&2; exit 1; }
      run "$volume" "$folder" --extract --same-owner --preserve-permissions --file "/backup/$name.tar"
      ;;
    *) echo "$usage" >&2; exit 2 ;;
  esac
  echo "$action: $name"
done
