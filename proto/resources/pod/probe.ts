/** Probes, and the handlers that probes and lifecycle hooks share. */
import type { z } from "zod";
import { choice, int64, integer, intOrString, list, object, refused, required, text, works } from "../schema/fields.ts";

export const execAction = object("ExecAction", () => ({
  command: works(list(text()), "Command line, not run in a shell. Exit code 0 is success."),
}));
export type ExecAction = z.infer<typeof execAction>;

export const httpHeader = object("HTTPHeader", () => ({ name: required(text()), value: works(text()) }));
export type HttpHeader = z.infer<typeof httpHeader>;

export const httpGetAction = object("HTTPGetAction", () => ({
  path: works(text(), { doc: "Path of the request.", default: "/" }),
  port: required(intOrString(), "Port number, or the name of one of the container's ports."),
  host: works(text(), "Host to connect to; the pod's own address when absent."),
  scheme: works(choice("HTTP", "HTTPS"), { doc: "HTTPS does not verify the certificate.", default: "HTTP" }),
  httpHeaders: works(list(httpHeader), "Headers added to the request."),
  protocol: refused(choice("HTTP/1.1", "H2C"), "probes speak HTTP/1.1 only", { harmless: ["HTTP/1.1"] }),
}));
export type HttpGetAction = z.infer<typeof httpGetAction>;

export const tcpSocketAction = object("TCPSocketAction", () => ({
  port: required(intOrString(), "Port number, or the name of one of the container's ports."),
  host: works(text(), "Host to connect to; the pod's own address when absent."),
}));
export type TcpSocketAction = z.infer<typeof tcpSocketAction>;

const grpcActionSchema = object("GRPCAction", () => ({
  port: required(integer(), "Port number of the gRPC health service."),
  service: works(text(), { doc: "Name of the service to ask about; empty asks about the server.", default: "" }),
  mode: works(choice("TLS", "Plaintext"), "TLS does not verify the certificate. Plaintext when absent."),
}));
export type GrpcAction = z.infer<typeof grpcActionSchema>;
export const grpcAction: z.ZodType<GrpcAction> = grpcActionSchema;

const probeSchema = object("Probe", () => ({
  exec: works(execAction, "Runs a command in the container."),
  httpGet: works(httpGetAction, "Success is a status from 200 to 399."),
  tcpSocket: works(tcpSocketAction, "Success is an accepted connection."),
  grpc: works(grpcAction, "Success is the status SERVING of grpc.health.v1.Health/Check."),
  initialDelaySeconds: works(integer(0), "Seconds after the start of the container before the first probe."),
  timeoutSeconds: works(integer(0), { doc: "Seconds after which one probe fails.", default: 1 }),
  periodSeconds: works(integer(0), { doc: "Seconds between probes.", default: 10 }),
  successThreshold: works(integer(0), { doc: "Successes in a row that end a failure.", default: 1 }),
  failureThreshold: works(integer(0), { doc: "Failures in a row that count as a failure.", default: 3 }),
  terminationGracePeriodSeconds: works(int64(), "Replaces the pod's grace period when this probe kills the container."),
}));
export interface Probe extends z.infer<typeof probeSchema> {}
export const probe: z.ZodType<Probe> = probeSchema;

export const sleepAction = object("SleepAction", () => ({ seconds: required(int64()) }));

export const lifecycleHandler = object("LifecycleHandler", () => ({
  exec: works(execAction),
  httpGet: works(httpGetAction),
  tcpSocket: works(tcpSocketAction),
  sleep: works(sleepAction),
}));
export type LifecycleHandler = z.infer<typeof lifecycleHandler>;

export const lifecycle = object("Lifecycle", () => ({
  postStart: works(
    lifecycleHandler,
    "Runs right after the start; until it is done the container does not count as started.",
  ),
  preStop: works(lifecycleHandler, "Runs before the stop signal, within the grace period."),
  stopSignal: works(
    text(),
    "Signal that asks the container to end, as SIGUSR1; the image's when absent, else SIGTERM.",
  ),
}));
export type Lifecycle = z.infer<typeof lifecycle>;
