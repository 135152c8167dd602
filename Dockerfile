# The one binary, and nothing else that runs.

FROM rust:1.95-bookworm AS build
WORKDIR /build
COPY . .
RUN cargo build --release --locked --package fullmakt

FROM debian:bookworm-slim
# OpenSSL is the Kafka client's; the certificates are for issuers' key sets and a verified database.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates libssl3 zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home fullmakt \
    && install --directory --owner=fullmakt --mode=700 \
        /var/lib/fullmakt/vault-keys /var/lib/fullmakt/token-keys
COPY --from=build /build/target/release/fullmakt /usr/local/bin/fullmakt
USER fullmakt
WORKDIR /var/lib/fullmakt
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=6s --start-period=60s CMD ["fullmakt", "ready"]
ENTRYPOINT ["fullmakt"]
CMD ["serve"]
