# One image per service, from one file:
#
#   docker build --target service --build-arg SERVICE=api -t reunite/api .            (webhook-ingest, sync-worker, preview-host)
#   docker build --target credential-vault -t reunite/credential-vault .
#   docker build --target local-issuer -t reunite/local-issuer .                      (local profile only)
#   docker build --target ghes-simulator -t reunite/ghes-simulator .                  (local profile only)
#   docker build --target setup -t reunite/setup .
#
# Configuration is environment only (docs/configuration.md). Nothing in an image is secret. The images of the services contain
# Node, the C libraries that it loads, the service and its packages: no shell, no npm, no package manager.
ARG NODE_IMAGE=node:24-bookworm-slim

# All projects built, with all tools.
FROM ${NODE_IMAGE} AS build
WORKDIR /build
ENV CI=true HUSKY=0 NX_DAEMON=false
COPY . .
# Install scripts run by the allow-list of package.json (`allowScripts`).
RUN --mount=type=cache,target=/var/cache/npm npm ci --cache /var/cache/npm
RUN npm run build

# Production dependencies: no tools, and no embedded PostgreSQL, which is an optional dependency.
FROM ${NODE_IMAGE} AS dependencies
WORKDIR /build
COPY . .
RUN --mount=type=cache,target=/var/cache/npm npm ci --cache /var/cache/npm --omit=dev --omit=optional --ignore-scripts

# Each service's files, packages (only those that it imports) and list of packages (sbom.cdx.json).
FROM build AS everything
COPY --from=dependencies /build/node_modules /production/node_modules

FROM everything AS assembled
ARG SERVICE
RUN node deploy/assemble.mjs "${SERVICE}" /production /out

FROM everything AS assembled-credential-vault
RUN node deploy/assemble.mjs credential-vault /production /out

FROM everything AS assembled-local-issuer
RUN node deploy/assemble.mjs local-issuer /production /out

FROM everything AS assembled-ghes-simulator
RUN node deploy/assemble.mjs ghes-simulator /production /out

# Node and the libraries that it loads, a user without rights, and the folders that volumes are mounted over: a volume takes its
# owner from that folder.
FROM ${NODE_IMAGE} AS files
RUN for file in /usr/local/bin/node $(ldd /usr/local/bin/node | grep -o '/[^ ]*'); do cp --parents --dereference "$file" /mnt; done \
  && mkdir -p /mnt/etc /mnt/app && install -d -m 1777 /mnt/tmp \
  && echo 'node:x:1000:1000::/tmp:/sbin/nologin' > /mnt/etc/passwd && echo 'node:x:1000:' > /mnt/etc/group \
  && for folder in artifacts content keys; do install -d -o 1000 -g 1000 "/mnt/data/$folder"; done

FROM scratch AS runtime
COPY --from=files /mnt /
ENV NODE_ENV=production NODE_OPTIONS=--enable-source-maps LISTEN_HOST=0.0.0.0 PATH=/usr/local/bin
USER 1000:1000
STOPSIGNAL SIGTERM

FROM runtime AS credential-vault
COPY --from=assembled-credential-vault /out /app
WORKDIR /app/apps/credential-vault
# The vault accepts gRPC from known services only, so the check is that its port accepts connections.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD ["node", "-e", "require('node:net').connect(process.env.PORT, '127.0.0.1').once('connect', () => process.exit(0)).once('error', () => process.exit(1))"]
CMD ["node", "dist/main.js"]

FROM runtime AS local-issuer
COPY --from=assembled-local-issuer /out /app
WORKDIR /app/apps/local-issuer
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]

FROM ${NODE_IMAGE} AS ghes-simulator
RUN apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/* \
  && install -d -o node -g node /data/simulator
USER node
COPY --from=assembled-ghes-simulator /out /app
WORKDIR /app/apps/ghes-simulator
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4500 DATA_FOLDER=/data/simulator
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/api/v3/meta`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]

# Creates the passwords, certificates and users of a stack, or checks that they are there (deploy/make-files.sh).
FROM ${NODE_IMAGE} AS setup
RUN apt-get update && apt-get install -y --no-install-recommends openssl && rm -rf /var/lib/apt/lists/*
COPY deploy /deploy
ENTRYPOINT ["bash", "/deploy/make-files.sh"]
CMD ["/files"]

FROM runtime AS service
ARG SERVICE
COPY --from=assembled /out /app
WORKDIR /app/apps/${SERVICE}
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
