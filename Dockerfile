# SPDX-License-Identifier: Apache-2.0
# Gotgan in a container: built in one stage, run in another.
FROM debian:bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /gotgan
COPY . .
RUN make build

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends \
        libzstd1 libpcre2-8-0 libutf8proc2 libxxhash0 libssl3 zlib1g libpq5 tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --home-dir /var/lib/gotgan --create-home gotgan
COPY --from=build /gotgan/build/release/server/gotgand /gotgan/build/release/client/gotgan /usr/local/bin/
COPY --from=build /gotgan/LICENSE /usr/share/doc/gotgan/LICENSE
USER gotgan
VOLUME /var/lib/gotgan
EXPOSE 5433
STOPSIGNAL SIGTERM
ENTRYPOINT ["gotgand", "--data", "/var/lib/gotgan", "--port", "5433"]
