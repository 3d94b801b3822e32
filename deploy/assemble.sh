#!/bin/sh
# Copies the built files of one service and of the libraries, in the layout of the repository.
# Usage, in the repository's root, after `npm run build`: assemble.sh <service> <target folder>
set -eu

service=${1:?which service?}
target=${2:?into which folder?}

if [ ! -f "apps/$service/dist/main.js" ]; then
  echo "apps/$service/dist/main.js is missing: SERVICE names no service, or it is not built." >&2
  exit 1
fi

mkdir -p "$target"
cp package.json "$target/"

for project in "apps/$service" libs/*; do
  case $project in libs/testing) continue ;; esac
  mkdir -p "$target/$project"
  cp -R "$project/package.json" "$project/dist" "$target/$project/"
done
cp -R libs/contracts/proto "$target/libs/contracts/"

case $service in
  api)
    mkdir -p "$target/apps/console"
    cp -R apps/console/dist "$target/apps/console/"
    ;;
  ghes-simulator)
    cp -R apps/ghes-simulator/seed "$target/apps/ghes-simulator/"
    ;;
esac
