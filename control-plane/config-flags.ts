/** The flags of orch-control-plane with their help, in the order they are shown. */
import { type FlagTable, flagLines, flagOptions } from "#proto/kit/flags.ts";
import { limitFlags } from "./serving-limits.ts";

const flags: FlagTable = {
  cluster: { type: "string", value: "NAME", help: "name of the cluster (local)" },
  name: { type: "string", value: "NAME", help: "name of this control plane (the host's)" },
  "data-dir": {
    type: "string",
    value: "DIR",
    help: "keys, certificates and etcd (/var/lib/orch/CLUSTER/control-plane)",
  },
  "run-dir": { type: "string", value: "DIR", help: "what need not survive a reboot (/run/orch/CLUSTER/control-plane)" },
  "listen-address": { type: "string", value: "IP", help: "where to listen (0.0.0.0)" },
  "advertise-address": {
    type: "string",
    value: "IP",
    help: "where agents and people dial (the first address of this host)",
  },
  port: { type: "string", value: "PORT", help: "API and agents (7443)" },
  "enrollment-port": { type: "string", value: "PORT", help: "machines that join (7444)" },
  "etcd-endpoints": { type: "string", value: "URL,…", help: "your own etcd; without it this program runs one" },
  "etcd-client-port": {
    type: "string",
    value: "PORT",
    help: "of our own etcd, on loopback (2379 or the next free one)",
  },
  "etcd-peer-port": {
    type: "string",
    value: "PORT",
    help: "of our own etcd, for more members (2380 or the next free one)",
  },
  "etcd-ca": { type: "string", value: "FILE", help: "authority of your etcd's certificates, PEM" },
  "etcd-cert": { type: "string", value: "FILE", help: "client certificate for your etcd, PEM" },
  "etcd-key": { type: "string", value: "FILE", help: "its key, PEM" },
  "etcd-tls-name": { type: "string", value: "NAME", help: "DNS name in your etcd's certificate" },
  "etcd-prefix": { type: "string", value: "PREFIX", help: "where this cluster's keys stand in etcd (/orch/CLUSTER/)" },
  "key-file": { type: "string", value: "FILE", help: "keys that encrypt Secrets; copy it to a second control plane" },
  "pod-cidr": { type: "string", value: "CIDR", help: "addresses of pods, fixed at creation (10.128.0.0/12)" },
  "service-cidr": { type: "string", value: "CIDR", help: "addresses of Services, fixed at creation (10.96.0.0/16)" },
  "node-mask-bits": { type: "string", value: "BITS", help: "size of each node's part of the pods' addresses (24)" },
  "cluster-domain": { type: "string", value: "DOMAIN", help: "DNS domain of Services (cluster.local)" },
  "heartbeat-interval": { type: "string", value: "DURATION", help: "how often agents beat (2s)" },
  "node-timeout": { type: "string", value: "DURATION", help: "silence after which a node is NotReady (5s)" },
  "node-certificate-lifetime": {
    type: "string",
    value: "DURATION",
    help: "of agents' certificates; renewed between 50 and 80 % of it (7d)",
  },
  "server-certificate-lifetime": {
    type: "string",
    value: "DURATION",
    help: "of this program's and its etcd's certificates (90d)",
  },
  "plain-http-registry": {
    type: "string",
    multiple: true,
    value: "HOST",
    help: "registry to reach without TLS; may be repeated",
  },
  "metrics-address": {
    type: "string",
    value: "HOST:PORT",
    help: "loopback address of metrics and health in plain HTTP, or none (127.0.0.1:7446)",
  },
  "root-socket": { type: "string", value: "on|off", help: "unix socket for root of this machine, without TLS (on)" },
  restore: { type: "string", value: "FILE", help: "put this backup into the empty store, and end" },
  "passphrase-file": { type: "string", value: "FILE", help: "holds the passphrase of an encrypted backup" },
  "ready-file": { type: "string", value: "FILE", help: "made when this program serves, removed when it stops" },
  "log-level": { type: "string", value: "LEVEL", help: "debug, info, warn or error (info)" },
  version: { type: "boolean", value: "", help: "show the version" },
  help: { type: "boolean", value: "", help: "show this text" },
};

export const flagNames = flagOptions({ ...flags, ...limitFlags });

export function flagHelp(): string {
  return `orch-control-plane: keeps a cluster's desired state and its nodes.

Usage: orch-control-plane [FLAGS]

${flagLines(flags)}
Limits, each at most; whoever meets one is told which and when to come again:
${flagLines(limitFlags)}`;
}
