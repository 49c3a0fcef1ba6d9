/** Credentials from PEM, TLS 1.3 only. Identity is a DNS name in the certificate, never an address. */
import { checkServerIdentity, createSecureContext, type SecureContext, type SecureContextOptions } from "node:tls";
import { ChannelCredentials, ServerCredentials } from "@grpc/grpc-js";
import { Problem } from "../problem.ts";
import { http2ServerOptions } from "./connection-guard.ts";

/** PEM texts. `certificateChain` starts with the own certificate. */
export interface TlsMaterial {
  readonly certificateChain: string;
  readonly privateKey: string;
  readonly authorities: string;
}

const defaultHandshakeTimeoutMs = 10_000;

/** For a client; without `identity` the server does not learn who calls (joining). */
export function channelCredentials(
  authorities: string,
  identity?: Omit<TlsMaterial, "authorities">,
): ChannelCredentials {
  return ChannelCredentials.createFromSecureContext(clientContext(authorities, identity));
}

function clientContext(authorities: string, identity?: Omit<TlsMaterial, "authorities">): SecureContext {
  return secured("TLS material", () =>
    createSecureContext({
      ca: authorities,
      minVersion: "TLSv1.3",
      ...(identity && { cert: identity.certificateChain, key: identity.privateKey }),
    }),
  );
}

/** A client's material; the identity is absent where the server does not ask who calls. */
export interface ClientTlsMaterial {
  readonly authorities: string;
  readonly identity?: Omit<TlsMaterial, "authorities">;
}

/**
 * For a client whose certificate is renewed while it is connected: `replace` counts from the next connection on, open ones stay.
 * With `address`, the server's certificate must name that IP address, and not the channel's target name.
 */
export class ReplaceableChannelCredentials extends ChannelCredentials {
  #current: ChannelCredentials;
  readonly #address: string | undefined;

  constructor(material: ClientTlsMaterial, address?: string) {
    super();
    this.#address = address;
    this.#current = this.#create(material);
  }

  replace(material: ClientTlsMaterial): void {
    this.#current = this.#create(material);
  }

  override _isSecure(): boolean {
    return true;
  }

  override _equals(other: ChannelCredentials): boolean {
    return this === other;
  }

  override _createSecureConnector(...given: SecureConnectorArguments): ReturnType<CreateSecureConnector> {
    const connector = (): ReturnType<CreateSecureConnector> => this.#current._createSecureConnector(...given);
    const first = connector();
    return {
      connect: (socket) => connector().connect(socket),
      waitForReady: () => first.waitForReady(),
      getCallCredentials: () => first.getCallCredentials(),
      destroy: () => first.destroy(),
    };
  }

  #create({ authorities, identity }: ClientTlsMaterial): ChannelCredentials {
    const context = clientContext(authorities, identity);
    const address = this.#address;
    if (address === undefined) return ChannelCredentials.createFromSecureContext(context);
    return ChannelCredentials.createFromSecureContext(context, {
      checkServerIdentity: (_name, certificate) => checkServerIdentity(address, certificate),
    });
  }
}

type CreateSecureConnector = ChannelCredentials["_createSecureConnector"];
type SecureConnectorArguments = Parameters<CreateSecureConnector>;

/** For a server. `replace` renews the material for new connections without a restart; open ones stay as they are. */
export class TlsServerCredentials extends ServerCredentials {
  constructor(
    material: TlsMaterial,
    options: { readonly requireClientCertificate: boolean; readonly handshakeTimeoutMs?: number },
  ) {
    const required = options.requireClientCertificate;
    const handshakeTimeout = options.handshakeTimeoutMs ?? defaultHandshakeTimeoutMs;
    // grpc-js hands these on to `http2.createSecureServer`, whatever they are.
    super(
      { requestCert: required, rejectUnauthorized: required, handshakeTimeout, ...http2ServerOptions },
      contextOptions(material),
    );
  }

  replace(material: TlsMaterial): void {
    this.updateSecureContextOptions(contextOptions(material));
  }

  override _equals(other: ServerCredentials): boolean {
    return this === other;
  }
}

function contextOptions(material: TlsMaterial): SecureContextOptions {
  const options: SecureContextOptions = {
    ca: material.authorities,
    cert: material.certificateChain,
    key: material.privateKey,
    minVersion: "TLSv1.3",
  };
  // grpc-js only logs a context that does not load, and then drops every connection: fail here instead.
  secured("server certificate", () => createSecureContext(options));
  return options;
}

function secured<T>(what: string, create: () => T): T {
  try {
    return create();
  } catch (thrown) {
    throw new Problem("invalid", `the ${what} cannot be used: ${thrown instanceof Error ? thrown.message : thrown}`, {
      cause: thrown,
    });
  }
}
