# One image per service, from one file:
#
#   docker build --target service --build-arg SERVICE=api -t reunite/api .            (webhook-ingest, sync-worker, preview-host)
#   docker build --target credential-vault -t reunite/credential-vault .
#   docker build --target ghes-simulator -t reunite/ghes-simulator .
#
# Configuration is environment only (docs/configuration.md). Nothing in an image is secret.
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

FROM build AS assembled
ARG SERVICE
RUN sh deploy/assemble.sh "${SERVICE}" /out

FROM build AS assembled-credential-vault
RUN sh deploy/assemble.sh credential-vault /out

FROM build AS assembled-ghes-simulator
RUN sh deploy/assemble.sh ghes-simulator /out

FROM ${NODE_IMAGE} AS runtime
ENV NODE_ENV=production NODE_OPTIONS=--enable-source-maps LISTEN_HOST=0.0.0.0
# Volumes take their owner from the folder that they are mounted over.
RUN install -d -o node -g node /data /data/artifacts /data/content /data/keys /data/simulator
WORKDIR /app
COPY --from=dependencies /build/node_modules ./node_modules
USER node
STOPSIGNAL SIGTERM

FROM runtime AS credential-vault
COPY --from=assembled-credential-vault /out ./
WORKDIR /app/apps/credential-vault
# The vault accepts gRPC from known services only, so the check is that its port accepts connections.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD ["node", "-e", "require('node:net').connect(process.env.PORT, '127.0.0.1').once('connect', () => process.exit(0)).once('error', () => process.exit(1))"]
CMD ["node", "dist/main.js"]

FROM runtime AS ghes-simulator
USER root
RUN apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*
USER node
COPY --from=assembled-ghes-simulator /out ./
WORKDIR /app/apps/ghes-simulator
ENV HOST=0.0.0.0 PORT=4500 DATA_FOLDER=/data/simulator
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/api/v3/meta`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]

FROM runtime AS service
ARG SERVICE
COPY --from=assembled /out ./
WORKDIR /app/apps/${SERVICE}
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
