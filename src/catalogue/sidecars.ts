/** A product that people run as a sidecar. */
export interface KnownSidecar {
  readonly id: string;
  /** Repository paths; an image matches when its path ends with one, whatever its registry, tag or digest. */
  readonly images: readonly string[];
  /** Container names that only this product has. */
  readonly names: readonly string[];
  /** Is `/bin/sh` in the image under every tag? */
  readonly shell: boolean;
  /** `proxy`: others connect to it, over loopback or a socket. `mesh`: all traffic of the pod goes through it. */
  readonly network?: 'proxy' | 'mesh';
  /** Listens on 127.0.0.1 only, unless it is told otherwise. */
  readonly loopback?: boolean;
  /** The ports on which it serves by default. */
  readonly ports?: readonly number[];
  /** An argv of its own program that does nothing and exits 0 at once, in every version in use. */
  readonly harmless?: readonly string[];
  /** Init containers that belong to it and come first: they direct the traffic to it. */
  readonly ownInits?: readonly string[];
  /** The pod annotation with which the mesh injects itself as a native sidecar. */
  readonly nativeAnnotation?: string;
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
    network: 'proxy',
    loopback: true,
    ports: [5432],
    harmless: ['/alloydb-auth-proxy', '--version'],
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
    network: 'proxy',
    loopback: true,
    source: 'GoogleCloudPlatform/cloud-sql-proxy, tags v1: Dockerfile',
  },
  {
    id: 'cloud-sql-proxy-v2',
    images: ['cloud-sql-connectors/cloud-sql-proxy'],
    names: ['cloud-sql-auth-proxy', 'cloud-sql-proxy', 'cloudsql-proxy'],
    shell: false,
    network: 'proxy',
    loopback: true,
    ports: [1433, 3306, 5432],
    harmless: ['/cloud-sql-proxy', '--version'],
    source: 'GoogleCloudPlatform/cloud-sql-proxy: Dockerfile, Dockerfile.alpine',
  },
  {
    id: 'envoy',
    images: ['envoyproxy/envoy'],
    names: ['envoy', 'envoy-proxy'],
    shell: false,
    network: 'proxy',
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
    network: 'mesh',
    ownInits: ['istio-init', 'istio-validation'],
    nativeAnnotation: 'sidecar.istio.io/nativeSidecar: "true"',
    source: 'istio/istio: pilot/docker/Dockerfile.proxyv2',
  },
  {
    id: 'linkerd-proxy',
    images: ['linkerd/proxy'],
    names: ['linkerd-proxy'],
    shell: false,
    network: 'mesh',
    ownInits: ['linkerd-init', 'linkerd-network-validator'],
    nativeAnnotation: 'config.linkerd.io/proxy-enable-native-sidecar: "true"',
    source: 'linkerd/linkerd2: Dockerfile.proxy',
  },
  {
    id: 'oauth2-proxy',
    images: ['oauth2-proxy/oauth2-proxy'],
    names: ['oauth2-proxy'],
    shell: false,
    network: 'proxy',
    ports: [4180],
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
    network: 'proxy',
    ports: [5432, 6432],
    source: 'edoburu/docker-pgbouncer: Dockerfile',
  },
];
