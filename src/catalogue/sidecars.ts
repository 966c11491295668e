/** A product that people run as a sidecar. */
export interface KnownSidecar {
  readonly id: string;
  /** Repository paths; an image matches when its path ends with one, whatever its registry, tag or digest. */
  readonly images: readonly string[];
  /** Container names that only this product has. */
  readonly names: readonly string[];
  /** Is `/bin/sh` in the image under every tag? */
  readonly shell: boolean;
  /** Where the facts were read: a repository and what in it. */
  readonly source: string;
}

/** Sorted by id. */
export const SIDECARS: readonly KnownSidecar[] = [
  {
    id: 'alloydb-auth-proxy',
    images: ['alloydb-connectors/alloydb-auth-proxy'],
    names: ['alloydb-auth-proxy', 'alloydb-proxy'],
    shell: false,
    source: 'GoogleCloudPlatform/alloydb-auth-proxy: Dockerfile, README.md',
  },
  {
    id: 'aws-xray-daemon',
    images: ['xray/aws-xray-daemon', 'amazon/aws-xray-daemon'],
    names: ['xray-daemon'],
    shell: false,
    source: 'aws/aws-xray-daemon: Dockerfile',
  },
  {
    id: 'cloud-sql-proxy-v1',
    images: ['cloudsql-docker/gce-proxy'],
    names: [],
    shell: false,
    source: 'GoogleCloudPlatform/cloud-sql-proxy, tags v1: Dockerfile',
  },
  {
    id: 'cloud-sql-proxy-v2',
    images: ['cloud-sql-connectors/cloud-sql-proxy'],
    names: ['cloud-sql-auth-proxy', 'cloud-sql-proxy', 'cloudsql-proxy'],
    shell: false,
    source: 'GoogleCloudPlatform/cloud-sql-proxy: Dockerfile, Dockerfile.alpine',
  },
  {
    id: 'envoy',
    images: ['envoyproxy/envoy'],
    names: ['envoy', 'envoy-proxy'],
    shell: false,
    source: 'envoyproxy/envoy: ci/Dockerfile-envoy',
  },
  {
    id: 'fluent-bit',
    images: ['fluent/fluent-bit'],
    names: ['fluent-bit', 'fluentbit'],
    shell: false,
    source: 'fluent/fluent-bit: dockerfiles/Dockerfile',
  },
  {
    id: 'fluentd',
    images: ['fluent/fluentd'],
    names: ['fluentd'],
    shell: true,
    source: 'fluent/fluentd-docker-image: Dockerfile',
  },
  {
    id: 'istio-proxy',
    images: ['istio/proxyv2', 'istio-release/proxyv2'],
    names: ['istio-proxy'],
    shell: false,
    source: 'istio/istio: pilot/docker/Dockerfile.proxyv2',
  },
  {
    id: 'linkerd-proxy',
    images: ['linkerd/proxy'],
    names: ['linkerd-proxy'],
    shell: false,
    source: 'linkerd/linkerd2: Dockerfile.proxy',
  },
  {
    id: 'oauth2-proxy',
    images: ['oauth2-proxy/oauth2-proxy'],
    names: ['oauth2-proxy'],
    shell: false,
    source: 'oauth2-proxy/oauth2-proxy: Dockerfile',
  },
  {
    id: 'otel-collector',
    images: ['otel/opentelemetry-collector', 'otel/opentelemetry-collector-contrib'],
    names: ['otc-container', 'otel-agent', 'otel-collector'],
    shell: false,
    source: 'open-telemetry/opentelemetry-collector-releases: distributions',
  },
  {
    id: 'pgbouncer',
    images: ['edoburu/pgbouncer'],
    names: ['pgbouncer'],
    shell: true,
    source: 'edoburu/docker-pgbouncer: Dockerfile',
  },
];
