/** gRPC options and bounds that both sides of every connection share. */
import type { ChannelOptions } from "@grpc/grpc-js";

export const defaultMaxMessageBytes = 8 * 1024 * 1024;
/** What the command line accepts: lists of a large cluster. */
export const listMaxMessageBytes = 64 * 1024 * 1024;
export const defaultDeadlineMs = 30_000;
/** A reader of a stream that takes nothing for so long is cut off. */
export const defaultStallMs = 60_000;

/** What a caller may have on its way in one stream: with the default of 64 KiB a stream of bytes stops and starts. */
export const flowControlBytes = 512 * 1024;
export const connectionFlowControlBytes = 4 * 1024 * 1024;

export interface MessageLimits {
  readonly maxReceiveBytes?: number;
  readonly maxSendBytes?: number;
}

/**
 * Keepalive finds a silent peer within 15 s. The retry buffer is off because grpc-js slices it for every message, which
 * makes a stream of small messages twenty times slower; a pool of its own gives every client its own connection, so that
 * a heartbeat never waits behind another client's data.
 */
export function connectionOptions(limits: MessageLimits): ChannelOptions {
  return {
    "grpc.keepalive_time_ms": 10_000,
    "grpc.keepalive_timeout_ms": 5_000,
    "grpc.keepalive_permit_without_calls": 1,
    "grpc.enable_retries": 0,
    "grpc.per_rpc_retry_buffer_size": 0,
    "grpc.max_receive_message_length": messageLimits(limits).maxReceiveBytes,
    "grpc.max_send_message_length": messageLimits(limits).maxSendBytes,
  };
}

export function messageLimits({ maxReceiveBytes, maxSendBytes }: MessageLimits): Required<MessageLimits> {
  return {
    maxReceiveBytes: maxReceiveBytes ?? defaultMaxMessageBytes,
    maxSendBytes: maxSendBytes ?? listMaxMessageBytes,
  };
}

export function clientOptions(limits: MessageLimits, serverName: string | undefined): ChannelOptions {
  return {
    ...connectionOptions(limits),
    "grpc-node.flow_control_window": flowControlBytes,
    "grpc.use_local_subchannel_pool": 1,
    "grpc.enable_http_proxy": 0,
    "grpc.service_config_disable_resolution": 1,
    "grpc.initial_reconnect_backoff_ms": 200,
    "grpc.max_reconnect_backoff_ms": 2_000,
    ...(serverName !== undefined && { "grpc.ssl_target_name_override": serverName }),
  };
}

export interface ServerLimits extends MessageLimits {
  readonly maxConcurrentStreams?: number;
}

/** No session memory cap is set: Node's http2 then resets healthy streams (grpc-node's own finding); streams and messages are capped. */
export function serverOptions(limits: ServerLimits): ChannelOptions {
  return {
    ...connectionOptions(limits),
    "grpc.max_concurrent_streams": limits.maxConcurrentStreams ?? 1_000,
    "grpc.enable_channelz": 0,
  };
}
