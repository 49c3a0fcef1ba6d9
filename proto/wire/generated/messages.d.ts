import * as $protobuf from "protobufjs/minimal.js";
import Long = require("long");

/** Namespace orch. */
export namespace orch {

    /** Namespace v1. */
    namespace v1 {

        /**
         * Properties of an AdministrationRequest.
         * @deprecated Use orch.v1.AdministrationRequest.$Properties instead.
         */
        interface IAdministrationRequest extends orch.v1.AdministrationRequest.$Properties {
        }

        /** Represents an AdministrationRequest. */
        class AdministrationRequest {

            /**
             * Constructs a new AdministrationRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.AdministrationRequest.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /**
             * Creates a new AdministrationRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns AdministrationRequest instance
             */
            static create(properties: orch.v1.AdministrationRequest.$Shape): orch.v1.AdministrationRequest & orch.v1.AdministrationRequest.$Shape;
            static create(properties?: orch.v1.AdministrationRequest.$Properties): orch.v1.AdministrationRequest;

            /**
             * Encodes the specified AdministrationRequest message. Does not implicitly {@link orch.v1.AdministrationRequest.verify|verify} messages.
             * @param message AdministrationRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.AdministrationRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AdministrationRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.AdministrationRequest & orch.v1.AdministrationRequest.$Shape} AdministrationRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.AdministrationRequest & orch.v1.AdministrationRequest.$Shape;
        }

        namespace AdministrationRequest {

            /** Properties of an AdministrationRequest. */
            interface $Properties {

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AdministrationRequest. */
            type $Shape = orch.v1.AdministrationRequest.$Properties;
        }

        /**
         * Properties of a BackupPart.
         * @deprecated Use orch.v1.BackupPart.$Properties instead.
         */
        interface IBackupPart extends orch.v1.BackupPart.$Properties {
        }

        /** Represents a BackupPart. */
        class BackupPart {

            /**
             * Constructs a new BackupPart.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.BackupPart.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** BackupPart header. */
            header: Uint8Array;

            /** BackupPart items. */
            items: orch.v1.BackupItem.$Properties[];

            /** BackupPart trailer. */
            trailer: Uint8Array;

            /**
             * Creates a new BackupPart instance using the specified properties.
             * @param [properties] Properties to set
             * @returns BackupPart instance
             */
            static create(properties: orch.v1.BackupPart.$Shape): orch.v1.BackupPart & orch.v1.BackupPart.$Shape;
            static create(properties?: orch.v1.BackupPart.$Properties): orch.v1.BackupPart;

            /**
             * Encodes the specified BackupPart message. Does not implicitly {@link orch.v1.BackupPart.verify|verify} messages.
             * @param message BackupPart message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.BackupPart.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a BackupPart message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.BackupPart & orch.v1.BackupPart.$Shape} BackupPart
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.BackupPart & orch.v1.BackupPart.$Shape;
        }

        namespace BackupPart {

            /** Properties of a BackupPart. */
            interface $Properties {

                /** BackupPart header */
                header?: (Uint8Array|null);

                /** BackupPart items */
                items?: (orch.v1.BackupItem.$Properties[]|null);

                /** BackupPart trailer */
                trailer?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a BackupPart. */
            type $Shape = orch.v1.BackupPart.$Properties;
        }

        /**
         * Properties of a BackupItem.
         * @deprecated Use orch.v1.BackupItem.$Properties instead.
         */
        interface IBackupItem extends orch.v1.BackupItem.$Properties {
        }

        /** Represents a BackupItem. */
        class BackupItem {

            /**
             * Constructs a new BackupItem.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.BackupItem.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** BackupItem key. */
            key: string;

            /** BackupItem value. */
            value: Uint8Array;

            /**
             * Creates a new BackupItem instance using the specified properties.
             * @param [properties] Properties to set
             * @returns BackupItem instance
             */
            static create(properties: orch.v1.BackupItem.$Shape): orch.v1.BackupItem & orch.v1.BackupItem.$Shape;
            static create(properties?: orch.v1.BackupItem.$Properties): orch.v1.BackupItem;

            /**
             * Encodes the specified BackupItem message. Does not implicitly {@link orch.v1.BackupItem.verify|verify} messages.
             * @param message BackupItem message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.BackupItem.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a BackupItem message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.BackupItem & orch.v1.BackupItem.$Shape} BackupItem
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.BackupItem & orch.v1.BackupItem.$Shape;
        }

        namespace BackupItem {

            /** Properties of a BackupItem. */
            interface $Properties {

                /** BackupItem key */
                key?: (string|null);

                /** BackupItem value */
                value?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a BackupItem. */
            type $Shape = orch.v1.BackupItem.$Properties;
        }

        /**
         * Properties of an AdministrationReply.
         * @deprecated Use orch.v1.AdministrationReply.$Properties instead.
         */
        interface IAdministrationReply extends orch.v1.AdministrationReply.$Properties {
        }

        /** Represents an AdministrationReply. */
        class AdministrationReply {

            /**
             * Constructs a new AdministrationReply.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.AdministrationReply.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AdministrationReply body. */
            body: Uint8Array;

            /**
             * Creates a new AdministrationReply instance using the specified properties.
             * @param [properties] Properties to set
             * @returns AdministrationReply instance
             */
            static create(properties: orch.v1.AdministrationReply.$Shape): orch.v1.AdministrationReply & orch.v1.AdministrationReply.$Shape;
            static create(properties?: orch.v1.AdministrationReply.$Properties): orch.v1.AdministrationReply;

            /**
             * Encodes the specified AdministrationReply message. Does not implicitly {@link orch.v1.AdministrationReply.verify|verify} messages.
             * @param message AdministrationReply message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.AdministrationReply.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AdministrationReply message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.AdministrationReply & orch.v1.AdministrationReply.$Shape} AdministrationReply
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.AdministrationReply & orch.v1.AdministrationReply.$Shape;
        }

        namespace AdministrationReply {

            /** Properties of an AdministrationReply. */
            interface $Properties {

                /** AdministrationReply body */
                body?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AdministrationReply. */
            type $Shape = orch.v1.AdministrationReply.$Properties;
        }

        /**
         * Properties of a RevokeJoinTokenRequest.
         * @deprecated Use orch.v1.RevokeJoinTokenRequest.$Properties instead.
         */
        interface IRevokeJoinTokenRequest extends orch.v1.RevokeJoinTokenRequest.$Properties {
        }

        /** Represents a RevokeJoinTokenRequest. */
        class RevokeJoinTokenRequest {

            /**
             * Constructs a new RevokeJoinTokenRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.RevokeJoinTokenRequest.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** RevokeJoinTokenRequest id. */
            id: string;

            /**
             * Creates a new RevokeJoinTokenRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns RevokeJoinTokenRequest instance
             */
            static create(properties: orch.v1.RevokeJoinTokenRequest.$Shape): orch.v1.RevokeJoinTokenRequest & orch.v1.RevokeJoinTokenRequest.$Shape;
            static create(properties?: orch.v1.RevokeJoinTokenRequest.$Properties): orch.v1.RevokeJoinTokenRequest;

            /**
             * Encodes the specified RevokeJoinTokenRequest message. Does not implicitly {@link orch.v1.RevokeJoinTokenRequest.verify|verify} messages.
             * @param message RevokeJoinTokenRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.RevokeJoinTokenRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a RevokeJoinTokenRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.RevokeJoinTokenRequest & orch.v1.RevokeJoinTokenRequest.$Shape} RevokeJoinTokenRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.RevokeJoinTokenRequest & orch.v1.RevokeJoinTokenRequest.$Shape;
        }

        namespace RevokeJoinTokenRequest {

            /** Properties of a RevokeJoinTokenRequest. */
            interface $Properties {

                /** RevokeJoinTokenRequest id */
                id?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a RevokeJoinTokenRequest. */
            type $Shape = orch.v1.RevokeJoinTokenRequest.$Properties;
        }

        /**
         * Properties of a RevokeCertificatesRequest.
         * @deprecated Use orch.v1.RevokeCertificatesRequest.$Properties instead.
         */
        interface IRevokeCertificatesRequest extends orch.v1.RevokeCertificatesRequest.$Properties {
        }

        /** Represents a RevokeCertificatesRequest. */
        class RevokeCertificatesRequest {

            /**
             * Constructs a new RevokeCertificatesRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.RevokeCertificatesRequest.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** RevokeCertificatesRequest serial. */
            serial: string;

            /** RevokeCertificatesRequest user. */
            user: string;

            /** RevokeCertificatesRequest reason. */
            reason: string;

            /**
             * Creates a new RevokeCertificatesRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns RevokeCertificatesRequest instance
             */
            static create(properties: orch.v1.RevokeCertificatesRequest.$Shape): orch.v1.RevokeCertificatesRequest & orch.v1.RevokeCertificatesRequest.$Shape;
            static create(properties?: orch.v1.RevokeCertificatesRequest.$Properties): orch.v1.RevokeCertificatesRequest;

            /**
             * Encodes the specified RevokeCertificatesRequest message. Does not implicitly {@link orch.v1.RevokeCertificatesRequest.verify|verify} messages.
             * @param message RevokeCertificatesRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.RevokeCertificatesRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a RevokeCertificatesRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.RevokeCertificatesRequest & orch.v1.RevokeCertificatesRequest.$Shape} RevokeCertificatesRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.RevokeCertificatesRequest & orch.v1.RevokeCertificatesRequest.$Shape;
        }

        namespace RevokeCertificatesRequest {

            /** Properties of a RevokeCertificatesRequest. */
            interface $Properties {

                /** RevokeCertificatesRequest serial */
                serial?: (string|null);

                /** RevokeCertificatesRequest user */
                user?: (string|null);

                /** RevokeCertificatesRequest reason */
                reason?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a RevokeCertificatesRequest. */
            type $Shape = orch.v1.RevokeCertificatesRequest.$Properties;
        }

        /**
         * Properties of a RenewCertificateOfRequest.
         * @deprecated Use orch.v1.RenewCertificateOfRequest.$Properties instead.
         */
        interface IRenewCertificateOfRequest extends orch.v1.RenewCertificateOfRequest.$Properties {
        }

        /** Represents a RenewCertificateOfRequest. */
        class RenewCertificateOfRequest {

            /**
             * Constructs a new RenewCertificateOfRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.RenewCertificateOfRequest.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** RenewCertificateOfRequest signingRequest. */
            signingRequest: Uint8Array;

            /**
             * Creates a new RenewCertificateOfRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns RenewCertificateOfRequest instance
             */
            static create(properties: orch.v1.RenewCertificateOfRequest.$Shape): orch.v1.RenewCertificateOfRequest & orch.v1.RenewCertificateOfRequest.$Shape;
            static create(properties?: orch.v1.RenewCertificateOfRequest.$Properties): orch.v1.RenewCertificateOfRequest;

            /**
             * Encodes the specified RenewCertificateOfRequest message. Does not implicitly {@link orch.v1.RenewCertificateOfRequest.verify|verify} messages.
             * @param message RenewCertificateOfRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.RenewCertificateOfRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a RenewCertificateOfRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.RenewCertificateOfRequest & orch.v1.RenewCertificateOfRequest.$Shape} RenewCertificateOfRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.RenewCertificateOfRequest & orch.v1.RenewCertificateOfRequest.$Shape;
        }

        namespace RenewCertificateOfRequest {

            /** Properties of a RenewCertificateOfRequest. */
            interface $Properties {

                /** RenewCertificateOfRequest signingRequest */
                signingRequest?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a RenewCertificateOfRequest. */
            type $Shape = orch.v1.RenewCertificateOfRequest.$Properties;
        }

        /**
         * Properties of a RotateAuthorityRequest.
         * @deprecated Use orch.v1.RotateAuthorityRequest.$Properties instead.
         */
        interface IRotateAuthorityRequest extends orch.v1.RotateAuthorityRequest.$Properties {
        }

        /** Represents a RotateAuthorityRequest. */
        class RotateAuthorityRequest {

            /**
             * Constructs a new RotateAuthorityRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.RotateAuthorityRequest.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** RotateAuthorityRequest windowMs. */
            windowMs: number;

            /**
             * Creates a new RotateAuthorityRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns RotateAuthorityRequest instance
             */
            static create(properties: orch.v1.RotateAuthorityRequest.$Shape): orch.v1.RotateAuthorityRequest & orch.v1.RotateAuthorityRequest.$Shape;
            static create(properties?: orch.v1.RotateAuthorityRequest.$Properties): orch.v1.RotateAuthorityRequest;

            /**
             * Encodes the specified RotateAuthorityRequest message. Does not implicitly {@link orch.v1.RotateAuthorityRequest.verify|verify} messages.
             * @param message RotateAuthorityRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.RotateAuthorityRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a RotateAuthorityRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.RotateAuthorityRequest & orch.v1.RotateAuthorityRequest.$Shape} RotateAuthorityRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.RotateAuthorityRequest & orch.v1.RotateAuthorityRequest.$Shape;
        }

        namespace RotateAuthorityRequest {

            /** Properties of a RotateAuthorityRequest. */
            interface $Properties {

                /** RotateAuthorityRequest windowMs */
                windowMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a RotateAuthorityRequest. */
            type $Shape = orch.v1.RotateAuthorityRequest.$Properties;
        }

        /**
         * Properties of a FinishAuthorityRotationRequest.
         * @deprecated Use orch.v1.FinishAuthorityRotationRequest.$Properties instead.
         */
        interface IFinishAuthorityRotationRequest extends orch.v1.FinishAuthorityRotationRequest.$Properties {
        }

        /** Represents a FinishAuthorityRotationRequest. */
        class FinishAuthorityRotationRequest {

            /**
             * Constructs a new FinishAuthorityRotationRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.FinishAuthorityRotationRequest.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** FinishAuthorityRotationRequest force. */
            force: boolean;

            /**
             * Creates a new FinishAuthorityRotationRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns FinishAuthorityRotationRequest instance
             */
            static create(properties: orch.v1.FinishAuthorityRotationRequest.$Shape): orch.v1.FinishAuthorityRotationRequest & orch.v1.FinishAuthorityRotationRequest.$Shape;
            static create(properties?: orch.v1.FinishAuthorityRotationRequest.$Properties): orch.v1.FinishAuthorityRotationRequest;

            /**
             * Encodes the specified FinishAuthorityRotationRequest message. Does not implicitly {@link orch.v1.FinishAuthorityRotationRequest.verify|verify} messages.
             * @param message FinishAuthorityRotationRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.FinishAuthorityRotationRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a FinishAuthorityRotationRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.FinishAuthorityRotationRequest & orch.v1.FinishAuthorityRotationRequest.$Shape} FinishAuthorityRotationRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.FinishAuthorityRotationRequest & orch.v1.FinishAuthorityRotationRequest.$Shape;
        }

        namespace FinishAuthorityRotationRequest {

            /** Properties of a FinishAuthorityRotationRequest. */
            interface $Properties {

                /** FinishAuthorityRotationRequest force */
                force?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a FinishAuthorityRotationRequest. */
            type $Shape = orch.v1.FinishAuthorityRotationRequest.$Properties;
        }

        /**
         * Properties of a CarriedCall.
         * @deprecated Use orch.v1.CarriedCall.$Properties instead.
         */
        interface ICarriedCall extends orch.v1.CarriedCall.$Properties {
        }

        /** Represents a CarriedCall. */
        class CarriedCall {

            /**
             * Constructs a new CarriedCall.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.CarriedCall.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** CarriedCall id. */
            id: number;

            /** CarriedCall method. */
            method: string;

            /** CarriedCall request. */
            request: Uint8Array;

            /** CarriedCall deadlineMs. */
            deadlineMs: number;

            /**
             * Creates a new CarriedCall instance using the specified properties.
             * @param [properties] Properties to set
             * @returns CarriedCall instance
             */
            static create(properties: orch.v1.CarriedCall.$Shape): orch.v1.CarriedCall & orch.v1.CarriedCall.$Shape;
            static create(properties?: orch.v1.CarriedCall.$Properties): orch.v1.CarriedCall;

            /**
             * Encodes the specified CarriedCall message. Does not implicitly {@link orch.v1.CarriedCall.verify|verify} messages.
             * @param message CarriedCall message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.CarriedCall.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a CarriedCall message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.CarriedCall & orch.v1.CarriedCall.$Shape} CarriedCall
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.CarriedCall & orch.v1.CarriedCall.$Shape;
        }

        namespace CarriedCall {

            /** Properties of a CarriedCall. */
            interface $Properties {

                /** CarriedCall id */
                id?: (number|null);

                /** CarriedCall method */
                method?: (string|null);

                /** CarriedCall request */
                request?: (Uint8Array|null);

                /** CarriedCall deadlineMs */
                deadlineMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a CarriedCall. */
            type $Shape = orch.v1.CarriedCall.$Properties;
        }

        /**
         * Properties of a CarriedAnswer.
         * @deprecated Use orch.v1.CarriedAnswer.$Properties instead.
         */
        interface ICarriedAnswer extends orch.v1.CarriedAnswer.$Properties {
        }

        /** Represents a CarriedAnswer. */
        class CarriedAnswer {

            /**
             * Constructs a new CarriedAnswer.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.CarriedAnswer.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** CarriedAnswer id. */
            id: number;

            /** CarriedAnswer reply. */
            reply?: (Uint8Array|null);

            /** CarriedAnswer problem. */
            problem?: (Uint8Array|null);

            /** CarriedAnswer result. */
            result?: ("reply"|"problem");

            /**
             * Creates a new CarriedAnswer instance using the specified properties.
             * @param [properties] Properties to set
             * @returns CarriedAnswer instance
             */
            static create(properties: orch.v1.CarriedAnswer.$Shape): orch.v1.CarriedAnswer & orch.v1.CarriedAnswer.$Shape;
            static create(properties?: orch.v1.CarriedAnswer.$Properties): orch.v1.CarriedAnswer;

            /**
             * Encodes the specified CarriedAnswer message. Does not implicitly {@link orch.v1.CarriedAnswer.verify|verify} messages.
             * @param message CarriedAnswer message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.CarriedAnswer.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a CarriedAnswer message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.CarriedAnswer & orch.v1.CarriedAnswer.$Shape} CarriedAnswer
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.CarriedAnswer & orch.v1.CarriedAnswer.$Shape;
        }

        namespace CarriedAnswer {

            /** Properties of a CarriedAnswer. */
            interface $Properties {

                /** CarriedAnswer id */
                id?: (number|null);

                /** CarriedAnswer reply */
                reply?: (Uint8Array|null);

                /** CarriedAnswer problem */
                problem?: (Uint8Array|null);

                /** CarriedAnswer result */
                result?: ("reply"|"problem");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of a CarriedAnswer. */
            type $Shape = {
              id?: number|null;
              reply?: Uint8Array|null;
              problem?: Uint8Array|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ result?: undefined; reply?: null; problem?: null }|{ result?: "reply"; reply: Uint8Array; problem?: null }|{ result?: "problem"; reply?: null; problem: Uint8Array })
            );
        }

        /**
         * Properties of a HelloRequest.
         * @deprecated Use orch.v1.HelloRequest.$Properties instead.
         */
        interface IHelloRequest extends orch.v1.HelloRequest.$Properties {
        }

        /** Represents a HelloRequest. */
        class HelloRequest {

            /**
             * Constructs a new HelloRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.HelloRequest.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** HelloRequest version. */
            version: string;

            /** HelloRequest features. */
            features: string[];

            /**
             * Creates a new HelloRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns HelloRequest instance
             */
            static create(properties: orch.v1.HelloRequest.$Shape): orch.v1.HelloRequest & orch.v1.HelloRequest.$Shape;
            static create(properties?: orch.v1.HelloRequest.$Properties): orch.v1.HelloRequest;

            /**
             * Encodes the specified HelloRequest message. Does not implicitly {@link orch.v1.HelloRequest.verify|verify} messages.
             * @param message HelloRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.HelloRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a HelloRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.HelloRequest & orch.v1.HelloRequest.$Shape} HelloRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.HelloRequest & orch.v1.HelloRequest.$Shape;
        }

        namespace HelloRequest {

            /** Properties of a HelloRequest. */
            interface $Properties {

                /** HelloRequest version */
                version?: (string|null);

                /** HelloRequest features */
                features?: (string[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a HelloRequest. */
            type $Shape = orch.v1.HelloRequest.$Properties;
        }

        /**
         * Properties of a HelloReply.
         * @deprecated Use orch.v1.HelloReply.$Properties instead.
         */
        interface IHelloReply extends orch.v1.HelloReply.$Properties {
        }

        /** Represents a HelloReply. */
        class HelloReply {

            /**
             * Constructs a new HelloReply.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.HelloReply.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** HelloReply version. */
            version: string;

            /** HelloReply features. */
            features: string[];

            /** HelloReply cluster. */
            cluster: string;

            /** HelloReply user. */
            user: string;

            /** HelloReply groups. */
            groups: string[];

            /**
             * Creates a new HelloReply instance using the specified properties.
             * @param [properties] Properties to set
             * @returns HelloReply instance
             */
            static create(properties: orch.v1.HelloReply.$Shape): orch.v1.HelloReply & orch.v1.HelloReply.$Shape;
            static create(properties?: orch.v1.HelloReply.$Properties): orch.v1.HelloReply;

            /**
             * Encodes the specified HelloReply message. Does not implicitly {@link orch.v1.HelloReply.verify|verify} messages.
             * @param message HelloReply message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.HelloReply.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a HelloReply message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.HelloReply & orch.v1.HelloReply.$Shape} HelloReply
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.HelloReply & orch.v1.HelloReply.$Shape;
        }

        namespace HelloReply {

            /** Properties of a HelloReply. */
            interface $Properties {

                /** HelloReply version */
                version?: (string|null);

                /** HelloReply features */
                features?: (string[]|null);

                /** HelloReply cluster */
                cluster?: (string|null);

                /** HelloReply user */
                user?: (string|null);

                /** HelloReply groups */
                groups?: (string[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a HelloReply. */
            type $Shape = orch.v1.HelloReply.$Properties;
        }

        /**
         * Properties of a GetRequest.
         * @deprecated Use orch.v1.GetRequest.$Properties instead.
         */
        interface IGetRequest extends orch.v1.GetRequest.$Properties {
        }

        /** Represents a GetRequest. */
        class GetRequest {

            /**
             * Constructs a new GetRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.GetRequest.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** GetRequest resource. */
            resource: string;

            /** GetRequest namespace. */
            namespace: string;

            /** GetRequest name. */
            name: string;

            /** GetRequest subresource. */
            subresource: string;

            /**
             * Creates a new GetRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns GetRequest instance
             */
            static create(properties: orch.v1.GetRequest.$Shape): orch.v1.GetRequest & orch.v1.GetRequest.$Shape;
            static create(properties?: orch.v1.GetRequest.$Properties): orch.v1.GetRequest;

            /**
             * Encodes the specified GetRequest message. Does not implicitly {@link orch.v1.GetRequest.verify|verify} messages.
             * @param message GetRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.GetRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a GetRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.GetRequest & orch.v1.GetRequest.$Shape} GetRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.GetRequest & orch.v1.GetRequest.$Shape;
        }

        namespace GetRequest {

            /** Properties of a GetRequest. */
            interface $Properties {

                /** GetRequest resource */
                resource?: (string|null);

                /** GetRequest namespace */
                namespace?: (string|null);

                /** GetRequest name */
                name?: (string|null);

                /** GetRequest subresource */
                subresource?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a GetRequest. */
            type $Shape = orch.v1.GetRequest.$Properties;
        }

        /**
         * Properties of a ListRequest.
         * @deprecated Use orch.v1.ListRequest.$Properties instead.
         */
        interface IListRequest extends orch.v1.ListRequest.$Properties {
        }

        /** Represents a ListRequest. */
        class ListRequest {

            /**
             * Constructs a new ListRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.ListRequest.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ListRequest resource. */
            resource: string;

            /** ListRequest namespace. */
            namespace: string;

            /** ListRequest labelSelector. */
            labelSelector: string;

            /** ListRequest fieldSelector. */
            fieldSelector: string;

            /** ListRequest limit. */
            limit: number;

            /** ListRequest continue. */
            continue: string;

            /** ListRequest resourceVersion. */
            resourceVersion: string;

            /**
             * Creates a new ListRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns ListRequest instance
             */
            static create(properties: orch.v1.ListRequest.$Shape): orch.v1.ListRequest & orch.v1.ListRequest.$Shape;
            static create(properties?: orch.v1.ListRequest.$Properties): orch.v1.ListRequest;

            /**
             * Encodes the specified ListRequest message. Does not implicitly {@link orch.v1.ListRequest.verify|verify} messages.
             * @param message ListRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.ListRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ListRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.ListRequest & orch.v1.ListRequest.$Shape} ListRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.ListRequest & orch.v1.ListRequest.$Shape;
        }

        namespace ListRequest {

            /** Properties of a ListRequest. */
            interface $Properties {

                /** ListRequest resource */
                resource?: (string|null);

                /** ListRequest namespace */
                namespace?: (string|null);

                /** ListRequest labelSelector */
                labelSelector?: (string|null);

                /** ListRequest fieldSelector */
                fieldSelector?: (string|null);

                /** ListRequest limit */
                limit?: (number|null);

                /** ListRequest continue */
                "continue"?: (string|null);

                /** ListRequest resourceVersion */
                resourceVersion?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ListRequest. */
            type $Shape = orch.v1.ListRequest.$Properties;
        }

        /**
         * Properties of a ListReply.
         * @deprecated Use orch.v1.ListReply.$Properties instead.
         */
        interface IListReply extends orch.v1.ListReply.$Properties {
        }

        /** Represents a ListReply. */
        class ListReply {

            /**
             * Constructs a new ListReply.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.ListReply.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ListReply items. */
            items: Uint8Array[];

            /** ListReply resourceVersion. */
            resourceVersion: string;

            /** ListReply continue. */
            continue: string;

            /** ListReply remaining. */
            remaining: number;

            /**
             * Creates a new ListReply instance using the specified properties.
             * @param [properties] Properties to set
             * @returns ListReply instance
             */
            static create(properties: orch.v1.ListReply.$Shape): orch.v1.ListReply & orch.v1.ListReply.$Shape;
            static create(properties?: orch.v1.ListReply.$Properties): orch.v1.ListReply;

            /**
             * Encodes the specified ListReply message. Does not implicitly {@link orch.v1.ListReply.verify|verify} messages.
             * @param message ListReply message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.ListReply.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ListReply message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.ListReply & orch.v1.ListReply.$Shape} ListReply
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.ListReply & orch.v1.ListReply.$Shape;
        }

        namespace ListReply {

            /** Properties of a ListReply. */
            interface $Properties {

                /** ListReply items */
                items?: (Uint8Array[]|null);

                /** ListReply resourceVersion */
                resourceVersion?: (string|null);

                /** ListReply continue */
                "continue"?: (string|null);

                /** ListReply remaining */
                remaining?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ListReply. */
            type $Shape = orch.v1.ListReply.$Properties;
        }

        /**
         * Properties of a WatchRequest.
         * @deprecated Use orch.v1.WatchRequest.$Properties instead.
         */
        interface IWatchRequest extends orch.v1.WatchRequest.$Properties {
        }

        /** Represents a WatchRequest. */
        class WatchRequest {

            /**
             * Constructs a new WatchRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.WatchRequest.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** WatchRequest resource. */
            resource: string;

            /** WatchRequest namespace. */
            namespace: string;

            /** WatchRequest name. */
            name: string;

            /** WatchRequest labelSelector. */
            labelSelector: string;

            /** WatchRequest fieldSelector. */
            fieldSelector: string;

            /** WatchRequest resourceVersion. */
            resourceVersion: string;

            /** WatchRequest bookmarks. */
            bookmarks: boolean;

            /**
             * Creates a new WatchRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns WatchRequest instance
             */
            static create(properties: orch.v1.WatchRequest.$Shape): orch.v1.WatchRequest & orch.v1.WatchRequest.$Shape;
            static create(properties?: orch.v1.WatchRequest.$Properties): orch.v1.WatchRequest;

            /**
             * Encodes the specified WatchRequest message. Does not implicitly {@link orch.v1.WatchRequest.verify|verify} messages.
             * @param message WatchRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.WatchRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a WatchRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.WatchRequest & orch.v1.WatchRequest.$Shape} WatchRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.WatchRequest & orch.v1.WatchRequest.$Shape;
        }

        namespace WatchRequest {

            /** Properties of a WatchRequest. */
            interface $Properties {

                /** WatchRequest resource */
                resource?: (string|null);

                /** WatchRequest namespace */
                namespace?: (string|null);

                /** WatchRequest name */
                name?: (string|null);

                /** WatchRequest labelSelector */
                labelSelector?: (string|null);

                /** WatchRequest fieldSelector */
                fieldSelector?: (string|null);

                /** WatchRequest resourceVersion */
                resourceVersion?: (string|null);

                /** WatchRequest bookmarks */
                bookmarks?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a WatchRequest. */
            type $Shape = orch.v1.WatchRequest.$Properties;
        }

        /**
         * Properties of a WatchEvent.
         * @deprecated Use orch.v1.WatchEvent.$Properties instead.
         */
        interface IWatchEvent extends orch.v1.WatchEvent.$Properties {
        }

        /** Represents a WatchEvent. */
        class WatchEvent {

            /**
             * Constructs a new WatchEvent.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.WatchEvent.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** WatchEvent type. */
            type: string;

            /** WatchEvent object. */
            object: Uint8Array;

            /** WatchEvent resourceVersion. */
            resourceVersion: string;

            /**
             * Creates a new WatchEvent instance using the specified properties.
             * @param [properties] Properties to set
             * @returns WatchEvent instance
             */
            static create(properties: orch.v1.WatchEvent.$Shape): orch.v1.WatchEvent & orch.v1.WatchEvent.$Shape;
            static create(properties?: orch.v1.WatchEvent.$Properties): orch.v1.WatchEvent;

            /**
             * Encodes the specified WatchEvent message. Does not implicitly {@link orch.v1.WatchEvent.verify|verify} messages.
             * @param message WatchEvent message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.WatchEvent.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a WatchEvent message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.WatchEvent & orch.v1.WatchEvent.$Shape} WatchEvent
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.WatchEvent & orch.v1.WatchEvent.$Shape;
        }

        namespace WatchEvent {

            /** Properties of a WatchEvent. */
            interface $Properties {

                /** WatchEvent type */
                type?: (string|null);

                /** WatchEvent object */
                object?: (Uint8Array|null);

                /** WatchEvent resourceVersion */
                resourceVersion?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a WatchEvent. */
            type $Shape = orch.v1.WatchEvent.$Properties;
        }

        /**
         * Properties of a WriteOptions.
         * @deprecated Use orch.v1.WriteOptions.$Properties instead.
         */
        interface IWriteOptions extends orch.v1.WriteOptions.$Properties {
        }

        /** Represents a WriteOptions. */
        class WriteOptions {

            /**
             * Constructs a new WriteOptions.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.WriteOptions.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** WriteOptions dryRun. */
            dryRun: boolean;

            /** WriteOptions fieldManager. */
            fieldManager: string;

            /** WriteOptions validation. */
            validation: string;

            /**
             * Creates a new WriteOptions instance using the specified properties.
             * @param [properties] Properties to set
             * @returns WriteOptions instance
             */
            static create(properties: orch.v1.WriteOptions.$Shape): orch.v1.WriteOptions & orch.v1.WriteOptions.$Shape;
            static create(properties?: orch.v1.WriteOptions.$Properties): orch.v1.WriteOptions;

            /**
             * Encodes the specified WriteOptions message. Does not implicitly {@link orch.v1.WriteOptions.verify|verify} messages.
             * @param message WriteOptions message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.WriteOptions.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a WriteOptions message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.WriteOptions & orch.v1.WriteOptions.$Shape} WriteOptions
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.WriteOptions & orch.v1.WriteOptions.$Shape;
        }

        namespace WriteOptions {

            /** Properties of a WriteOptions. */
            interface $Properties {

                /** WriteOptions dryRun */
                dryRun?: (boolean|null);

                /** WriteOptions fieldManager */
                fieldManager?: (string|null);

                /** WriteOptions validation */
                validation?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a WriteOptions. */
            type $Shape = orch.v1.WriteOptions.$Properties;
        }

        /**
         * Properties of a CreateRequest.
         * @deprecated Use orch.v1.CreateRequest.$Properties instead.
         */
        interface ICreateRequest extends orch.v1.CreateRequest.$Properties {
        }

        /** Represents a CreateRequest. */
        class CreateRequest {

            /**
             * Constructs a new CreateRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.CreateRequest.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** CreateRequest resource. */
            resource: string;

            /** CreateRequest namespace. */
            namespace: string;

            /** CreateRequest object. */
            object: Uint8Array;

            /** CreateRequest options. */
            options?: (orch.v1.WriteOptions.$Properties|null);

            /** CreateRequest subresource. */
            subresource: string;

            /** CreateRequest name. */
            name: string;

            /**
             * Creates a new CreateRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns CreateRequest instance
             */
            static create(properties: orch.v1.CreateRequest.$Shape): orch.v1.CreateRequest & orch.v1.CreateRequest.$Shape;
            static create(properties?: orch.v1.CreateRequest.$Properties): orch.v1.CreateRequest;

            /**
             * Encodes the specified CreateRequest message. Does not implicitly {@link orch.v1.CreateRequest.verify|verify} messages.
             * @param message CreateRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.CreateRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a CreateRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.CreateRequest & orch.v1.CreateRequest.$Shape} CreateRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.CreateRequest & orch.v1.CreateRequest.$Shape;
        }

        namespace CreateRequest {

            /** Properties of a CreateRequest. */
            interface $Properties {

                /** CreateRequest resource */
                resource?: (string|null);

                /** CreateRequest namespace */
                namespace?: (string|null);

                /** CreateRequest object */
                object?: (Uint8Array|null);

                /** CreateRequest options */
                options?: (orch.v1.WriteOptions.$Properties|null);

                /** CreateRequest subresource */
                subresource?: (string|null);

                /** CreateRequest name */
                name?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a CreateRequest. */
            type $Shape = orch.v1.CreateRequest.$Properties;
        }

        /**
         * Properties of an UpdateRequest.
         * @deprecated Use orch.v1.UpdateRequest.$Properties instead.
         */
        interface IUpdateRequest extends orch.v1.UpdateRequest.$Properties {
        }

        /** Represents an UpdateRequest. */
        class UpdateRequest {

            /**
             * Constructs a new UpdateRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.UpdateRequest.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** UpdateRequest resource. */
            resource: string;

            /** UpdateRequest namespace. */
            namespace: string;

            /** UpdateRequest name. */
            name: string;

            /** UpdateRequest subresource. */
            subresource: string;

            /** UpdateRequest object. */
            object: Uint8Array;

            /** UpdateRequest options. */
            options?: (orch.v1.WriteOptions.$Properties|null);

            /**
             * Creates a new UpdateRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns UpdateRequest instance
             */
            static create(properties: orch.v1.UpdateRequest.$Shape): orch.v1.UpdateRequest & orch.v1.UpdateRequest.$Shape;
            static create(properties?: orch.v1.UpdateRequest.$Properties): orch.v1.UpdateRequest;

            /**
             * Encodes the specified UpdateRequest message. Does not implicitly {@link orch.v1.UpdateRequest.verify|verify} messages.
             * @param message UpdateRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.UpdateRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an UpdateRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.UpdateRequest & orch.v1.UpdateRequest.$Shape} UpdateRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.UpdateRequest & orch.v1.UpdateRequest.$Shape;
        }

        namespace UpdateRequest {

            /** Properties of an UpdateRequest. */
            interface $Properties {

                /** UpdateRequest resource */
                resource?: (string|null);

                /** UpdateRequest namespace */
                namespace?: (string|null);

                /** UpdateRequest name */
                name?: (string|null);

                /** UpdateRequest subresource */
                subresource?: (string|null);

                /** UpdateRequest object */
                object?: (Uint8Array|null);

                /** UpdateRequest options */
                options?: (orch.v1.WriteOptions.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an UpdateRequest. */
            type $Shape = orch.v1.UpdateRequest.$Properties;
        }

        /**
         * Properties of a PatchRequest.
         * @deprecated Use orch.v1.PatchRequest.$Properties instead.
         */
        interface IPatchRequest extends orch.v1.PatchRequest.$Properties {
        }

        /** Represents a PatchRequest. */
        class PatchRequest {

            /**
             * Constructs a new PatchRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.PatchRequest.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** PatchRequest resource. */
            resource: string;

            /** PatchRequest namespace. */
            namespace: string;

            /** PatchRequest name. */
            name: string;

            /** PatchRequest subresource. */
            subresource: string;

            /** PatchRequest type. */
            type: string;

            /** PatchRequest patch. */
            patch: Uint8Array;

            /** PatchRequest force. */
            force: boolean;

            /** PatchRequest options. */
            options?: (orch.v1.WriteOptions.$Properties|null);

            /**
             * Creates a new PatchRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns PatchRequest instance
             */
            static create(properties: orch.v1.PatchRequest.$Shape): orch.v1.PatchRequest & orch.v1.PatchRequest.$Shape;
            static create(properties?: orch.v1.PatchRequest.$Properties): orch.v1.PatchRequest;

            /**
             * Encodes the specified PatchRequest message. Does not implicitly {@link orch.v1.PatchRequest.verify|verify} messages.
             * @param message PatchRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.PatchRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a PatchRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.PatchRequest & orch.v1.PatchRequest.$Shape} PatchRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.PatchRequest & orch.v1.PatchRequest.$Shape;
        }

        namespace PatchRequest {

            /** Properties of a PatchRequest. */
            interface $Properties {

                /** PatchRequest resource */
                resource?: (string|null);

                /** PatchRequest namespace */
                namespace?: (string|null);

                /** PatchRequest name */
                name?: (string|null);

                /** PatchRequest subresource */
                subresource?: (string|null);

                /** PatchRequest type */
                type?: (string|null);

                /** PatchRequest patch */
                patch?: (Uint8Array|null);

                /** PatchRequest force */
                force?: (boolean|null);

                /** PatchRequest options */
                options?: (orch.v1.WriteOptions.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a PatchRequest. */
            type $Shape = orch.v1.PatchRequest.$Properties;
        }

        /**
         * Properties of an ObjectReply.
         * @deprecated Use orch.v1.ObjectReply.$Properties instead.
         */
        interface IObjectReply extends orch.v1.ObjectReply.$Properties {
        }

        /** Represents an ObjectReply. */
        class ObjectReply {

            /**
             * Constructs a new ObjectReply.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.ObjectReply.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ObjectReply object. */
            object: Uint8Array;

            /** ObjectReply warnings. */
            warnings: string[];

            /** ObjectReply outcome. */
            outcome: string;

            /**
             * Creates a new ObjectReply instance using the specified properties.
             * @param [properties] Properties to set
             * @returns ObjectReply instance
             */
            static create(properties: orch.v1.ObjectReply.$Shape): orch.v1.ObjectReply & orch.v1.ObjectReply.$Shape;
            static create(properties?: orch.v1.ObjectReply.$Properties): orch.v1.ObjectReply;

            /**
             * Encodes the specified ObjectReply message. Does not implicitly {@link orch.v1.ObjectReply.verify|verify} messages.
             * @param message ObjectReply message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.ObjectReply.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an ObjectReply message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.ObjectReply & orch.v1.ObjectReply.$Shape} ObjectReply
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.ObjectReply & orch.v1.ObjectReply.$Shape;
        }

        namespace ObjectReply {

            /** Properties of an ObjectReply. */
            interface $Properties {

                /** ObjectReply object */
                object?: (Uint8Array|null);

                /** ObjectReply warnings */
                warnings?: (string[]|null);

                /** ObjectReply outcome */
                outcome?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an ObjectReply. */
            type $Shape = orch.v1.ObjectReply.$Properties;
        }

        /**
         * Properties of a DeleteRequest.
         * @deprecated Use orch.v1.DeleteRequest.$Properties instead.
         */
        interface IDeleteRequest extends orch.v1.DeleteRequest.$Properties {
        }

        /** Represents a DeleteRequest. */
        class DeleteRequest {

            /**
             * Constructs a new DeleteRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.DeleteRequest.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DeleteRequest resource. */
            resource: string;

            /** DeleteRequest namespace. */
            namespace: string;

            /** DeleteRequest name. */
            name: string;

            /** DeleteRequest propagation. */
            propagation: string;

            /** DeleteRequest preconditionUid. */
            preconditionUid: string;

            /** DeleteRequest preconditionResourceVersion. */
            preconditionResourceVersion: string;

            /** DeleteRequest graceSeconds. */
            graceSeconds: number;

            /** DeleteRequest dryRun. */
            dryRun: boolean;

            /**
             * Creates a new DeleteRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns DeleteRequest instance
             */
            static create(properties: orch.v1.DeleteRequest.$Shape): orch.v1.DeleteRequest & orch.v1.DeleteRequest.$Shape;
            static create(properties?: orch.v1.DeleteRequest.$Properties): orch.v1.DeleteRequest;

            /**
             * Encodes the specified DeleteRequest message. Does not implicitly {@link orch.v1.DeleteRequest.verify|verify} messages.
             * @param message DeleteRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.DeleteRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DeleteRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.DeleteRequest & orch.v1.DeleteRequest.$Shape} DeleteRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.DeleteRequest & orch.v1.DeleteRequest.$Shape;
        }

        namespace DeleteRequest {

            /** Properties of a DeleteRequest. */
            interface $Properties {

                /** DeleteRequest resource */
                resource?: (string|null);

                /** DeleteRequest namespace */
                namespace?: (string|null);

                /** DeleteRequest name */
                name?: (string|null);

                /** DeleteRequest propagation */
                propagation?: (string|null);

                /** DeleteRequest preconditionUid */
                preconditionUid?: (string|null);

                /** DeleteRequest preconditionResourceVersion */
                preconditionResourceVersion?: (string|null);

                /** DeleteRequest graceSeconds */
                graceSeconds?: (number|null);

                /** DeleteRequest dryRun */
                dryRun?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DeleteRequest. */
            type $Shape = orch.v1.DeleteRequest.$Properties;
        }

        /**
         * Properties of a DeleteCollectionRequest.
         * @deprecated Use orch.v1.DeleteCollectionRequest.$Properties instead.
         */
        interface IDeleteCollectionRequest extends orch.v1.DeleteCollectionRequest.$Properties {
        }

        /** Represents a DeleteCollectionRequest. */
        class DeleteCollectionRequest {

            /**
             * Constructs a new DeleteCollectionRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.DeleteCollectionRequest.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DeleteCollectionRequest resource. */
            resource: string;

            /** DeleteCollectionRequest namespace. */
            namespace: string;

            /** DeleteCollectionRequest labelSelector. */
            labelSelector: string;

            /** DeleteCollectionRequest fieldSelector. */
            fieldSelector: string;

            /** DeleteCollectionRequest propagation. */
            propagation: string;

            /** DeleteCollectionRequest dryRun. */
            dryRun: boolean;

            /** DeleteCollectionRequest graceSeconds. */
            graceSeconds: number;

            /**
             * Creates a new DeleteCollectionRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns DeleteCollectionRequest instance
             */
            static create(properties: orch.v1.DeleteCollectionRequest.$Shape): orch.v1.DeleteCollectionRequest & orch.v1.DeleteCollectionRequest.$Shape;
            static create(properties?: orch.v1.DeleteCollectionRequest.$Properties): orch.v1.DeleteCollectionRequest;

            /**
             * Encodes the specified DeleteCollectionRequest message. Does not implicitly {@link orch.v1.DeleteCollectionRequest.verify|verify} messages.
             * @param message DeleteCollectionRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.DeleteCollectionRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DeleteCollectionRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.DeleteCollectionRequest & orch.v1.DeleteCollectionRequest.$Shape} DeleteCollectionRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.DeleteCollectionRequest & orch.v1.DeleteCollectionRequest.$Shape;
        }

        namespace DeleteCollectionRequest {

            /** Properties of a DeleteCollectionRequest. */
            interface $Properties {

                /** DeleteCollectionRequest resource */
                resource?: (string|null);

                /** DeleteCollectionRequest namespace */
                namespace?: (string|null);

                /** DeleteCollectionRequest labelSelector */
                labelSelector?: (string|null);

                /** DeleteCollectionRequest fieldSelector */
                fieldSelector?: (string|null);

                /** DeleteCollectionRequest propagation */
                propagation?: (string|null);

                /** DeleteCollectionRequest dryRun */
                dryRun?: (boolean|null);

                /** DeleteCollectionRequest graceSeconds */
                graceSeconds?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DeleteCollectionRequest. */
            type $Shape = orch.v1.DeleteCollectionRequest.$Properties;
        }

        /**
         * Properties of a DeleteReply.
         * @deprecated Use orch.v1.DeleteReply.$Properties instead.
         */
        interface IDeleteReply extends orch.v1.DeleteReply.$Properties {
        }

        /** Represents a DeleteReply. */
        class DeleteReply {

            /**
             * Constructs a new DeleteReply.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.DeleteReply.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DeleteReply object. */
            object: Uint8Array;

            /** DeleteReply warnings. */
            warnings: string[];

            /** DeleteReply count. */
            count: number;

            /**
             * Creates a new DeleteReply instance using the specified properties.
             * @param [properties] Properties to set
             * @returns DeleteReply instance
             */
            static create(properties: orch.v1.DeleteReply.$Shape): orch.v1.DeleteReply & orch.v1.DeleteReply.$Shape;
            static create(properties?: orch.v1.DeleteReply.$Properties): orch.v1.DeleteReply;

            /**
             * Encodes the specified DeleteReply message. Does not implicitly {@link orch.v1.DeleteReply.verify|verify} messages.
             * @param message DeleteReply message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.DeleteReply.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DeleteReply message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.DeleteReply & orch.v1.DeleteReply.$Shape} DeleteReply
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.DeleteReply & orch.v1.DeleteReply.$Shape;
        }

        namespace DeleteReply {

            /** Properties of a DeleteReply. */
            interface $Properties {

                /** DeleteReply object */
                object?: (Uint8Array|null);

                /** DeleteReply warnings */
                warnings?: (string[]|null);

                /** DeleteReply count */
                count?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DeleteReply. */
            type $Shape = orch.v1.DeleteReply.$Properties;
        }

        /**
         * Properties of a CreateJoinTokenRequest.
         * @deprecated Use orch.v1.CreateJoinTokenRequest.$Properties instead.
         */
        interface ICreateJoinTokenRequest extends orch.v1.CreateJoinTokenRequest.$Properties {
        }

        /** Represents a CreateJoinTokenRequest. */
        class CreateJoinTokenRequest {

            /**
             * Constructs a new CreateJoinTokenRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.CreateJoinTokenRequest.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** CreateJoinTokenRequest lifetimeMs. */
            lifetimeMs: number;

            /** CreateJoinTokenRequest uses. */
            uses: number;

            /** CreateJoinTokenRequest description. */
            description: string;

            /**
             * Creates a new CreateJoinTokenRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns CreateJoinTokenRequest instance
             */
            static create(properties: orch.v1.CreateJoinTokenRequest.$Shape): orch.v1.CreateJoinTokenRequest & orch.v1.CreateJoinTokenRequest.$Shape;
            static create(properties?: orch.v1.CreateJoinTokenRequest.$Properties): orch.v1.CreateJoinTokenRequest;

            /**
             * Encodes the specified CreateJoinTokenRequest message. Does not implicitly {@link orch.v1.CreateJoinTokenRequest.verify|verify} messages.
             * @param message CreateJoinTokenRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.CreateJoinTokenRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a CreateJoinTokenRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.CreateJoinTokenRequest & orch.v1.CreateJoinTokenRequest.$Shape} CreateJoinTokenRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.CreateJoinTokenRequest & orch.v1.CreateJoinTokenRequest.$Shape;
        }

        namespace CreateJoinTokenRequest {

            /** Properties of a CreateJoinTokenRequest. */
            interface $Properties {

                /** CreateJoinTokenRequest lifetimeMs */
                lifetimeMs?: (number|null);

                /** CreateJoinTokenRequest uses */
                uses?: (number|null);

                /** CreateJoinTokenRequest description */
                description?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a CreateJoinTokenRequest. */
            type $Shape = orch.v1.CreateJoinTokenRequest.$Properties;
        }

        /**
         * Properties of a CreateJoinTokenReply.
         * @deprecated Use orch.v1.CreateJoinTokenReply.$Properties instead.
         */
        interface ICreateJoinTokenReply extends orch.v1.CreateJoinTokenReply.$Properties {
        }

        /** Represents a CreateJoinTokenReply. */
        class CreateJoinTokenReply {

            /**
             * Constructs a new CreateJoinTokenReply.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.CreateJoinTokenReply.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** CreateJoinTokenReply token. */
            token: string;

            /** CreateJoinTokenReply joinCommand. */
            joinCommand: string;

            /** CreateJoinTokenReply expiresAtMs. */
            expiresAtMs: number;

            /**
             * Creates a new CreateJoinTokenReply instance using the specified properties.
             * @param [properties] Properties to set
             * @returns CreateJoinTokenReply instance
             */
            static create(properties: orch.v1.CreateJoinTokenReply.$Shape): orch.v1.CreateJoinTokenReply & orch.v1.CreateJoinTokenReply.$Shape;
            static create(properties?: orch.v1.CreateJoinTokenReply.$Properties): orch.v1.CreateJoinTokenReply;

            /**
             * Encodes the specified CreateJoinTokenReply message. Does not implicitly {@link orch.v1.CreateJoinTokenReply.verify|verify} messages.
             * @param message CreateJoinTokenReply message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.CreateJoinTokenReply.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a CreateJoinTokenReply message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.CreateJoinTokenReply & orch.v1.CreateJoinTokenReply.$Shape} CreateJoinTokenReply
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.CreateJoinTokenReply & orch.v1.CreateJoinTokenReply.$Shape;
        }

        namespace CreateJoinTokenReply {

            /** Properties of a CreateJoinTokenReply. */
            interface $Properties {

                /** CreateJoinTokenReply token */
                token?: (string|null);

                /** CreateJoinTokenReply joinCommand */
                joinCommand?: (string|null);

                /** CreateJoinTokenReply expiresAtMs */
                expiresAtMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a CreateJoinTokenReply. */
            type $Shape = orch.v1.CreateJoinTokenReply.$Properties;
        }

        /**
         * Properties of an IssueUserCertificateRequest.
         * @deprecated Use orch.v1.IssueUserCertificateRequest.$Properties instead.
         */
        interface IIssueUserCertificateRequest extends orch.v1.IssueUserCertificateRequest.$Properties {
        }

        /** Represents an IssueUserCertificateRequest. */
        class IssueUserCertificateRequest {

            /**
             * Constructs a new IssueUserCertificateRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.IssueUserCertificateRequest.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** IssueUserCertificateRequest signingRequest. */
            signingRequest: Uint8Array;

            /** IssueUserCertificateRequest user. */
            user: string;

            /** IssueUserCertificateRequest groups. */
            groups: string[];

            /** IssueUserCertificateRequest lifetimeMs. */
            lifetimeMs: number;

            /**
             * Creates a new IssueUserCertificateRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns IssueUserCertificateRequest instance
             */
            static create(properties: orch.v1.IssueUserCertificateRequest.$Shape): orch.v1.IssueUserCertificateRequest & orch.v1.IssueUserCertificateRequest.$Shape;
            static create(properties?: orch.v1.IssueUserCertificateRequest.$Properties): orch.v1.IssueUserCertificateRequest;

            /**
             * Encodes the specified IssueUserCertificateRequest message. Does not implicitly {@link orch.v1.IssueUserCertificateRequest.verify|verify} messages.
             * @param message IssueUserCertificateRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.IssueUserCertificateRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an IssueUserCertificateRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.IssueUserCertificateRequest & orch.v1.IssueUserCertificateRequest.$Shape} IssueUserCertificateRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.IssueUserCertificateRequest & orch.v1.IssueUserCertificateRequest.$Shape;
        }

        namespace IssueUserCertificateRequest {

            /** Properties of an IssueUserCertificateRequest. */
            interface $Properties {

                /** IssueUserCertificateRequest signingRequest */
                signingRequest?: (Uint8Array|null);

                /** IssueUserCertificateRequest user */
                user?: (string|null);

                /** IssueUserCertificateRequest groups */
                groups?: (string[]|null);

                /** IssueUserCertificateRequest lifetimeMs */
                lifetimeMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an IssueUserCertificateRequest. */
            type $Shape = orch.v1.IssueUserCertificateRequest.$Properties;
        }

        /**
         * Properties of a CertificateReply.
         * @deprecated Use orch.v1.CertificateReply.$Properties instead.
         */
        interface ICertificateReply extends orch.v1.CertificateReply.$Properties {
        }

        /** Represents a CertificateReply. */
        class CertificateReply {

            /**
             * Constructs a new CertificateReply.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.CertificateReply.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** CertificateReply certificateChain. */
            certificateChain: Uint8Array;

            /** CertificateReply authorities. */
            authorities: Uint8Array;

            /** CertificateReply expiresAtMs. */
            expiresAtMs: number;

            /**
             * Creates a new CertificateReply instance using the specified properties.
             * @param [properties] Properties to set
             * @returns CertificateReply instance
             */
            static create(properties: orch.v1.CertificateReply.$Shape): orch.v1.CertificateReply & orch.v1.CertificateReply.$Shape;
            static create(properties?: orch.v1.CertificateReply.$Properties): orch.v1.CertificateReply;

            /**
             * Encodes the specified CertificateReply message. Does not implicitly {@link orch.v1.CertificateReply.verify|verify} messages.
             * @param message CertificateReply message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.CertificateReply.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a CertificateReply message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.CertificateReply & orch.v1.CertificateReply.$Shape} CertificateReply
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.CertificateReply & orch.v1.CertificateReply.$Shape;
        }

        namespace CertificateReply {

            /** Properties of a CertificateReply. */
            interface $Properties {

                /** CertificateReply certificateChain */
                certificateChain?: (Uint8Array|null);

                /** CertificateReply authorities */
                authorities?: (Uint8Array|null);

                /** CertificateReply expiresAtMs */
                expiresAtMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a CertificateReply. */
            type $Shape = orch.v1.CertificateReply.$Properties;
        }

        /**
         * Properties of a RawRequest.
         * @deprecated Use orch.v1.RawRequest.$Properties instead.
         */
        interface IRawRequest extends orch.v1.RawRequest.$Properties {
        }

        /** Represents a RawRequest. */
        class RawRequest {

            /**
             * Constructs a new RawRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.RawRequest.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** RawRequest path. */
            path: string;

            /**
             * Creates a new RawRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns RawRequest instance
             */
            static create(properties: orch.v1.RawRequest.$Shape): orch.v1.RawRequest & orch.v1.RawRequest.$Shape;
            static create(properties?: orch.v1.RawRequest.$Properties): orch.v1.RawRequest;

            /**
             * Encodes the specified RawRequest message. Does not implicitly {@link orch.v1.RawRequest.verify|verify} messages.
             * @param message RawRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.RawRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a RawRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.RawRequest & orch.v1.RawRequest.$Shape} RawRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.RawRequest & orch.v1.RawRequest.$Shape;
        }

        namespace RawRequest {

            /** Properties of a RawRequest. */
            interface $Properties {

                /** RawRequest path */
                path?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a RawRequest. */
            type $Shape = orch.v1.RawRequest.$Properties;
        }

        /**
         * Properties of a RawReply.
         * @deprecated Use orch.v1.RawReply.$Properties instead.
         */
        interface IRawReply extends orch.v1.RawReply.$Properties {
        }

        /** Represents a RawReply. */
        class RawReply {

            /**
             * Constructs a new RawReply.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.RawReply.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** RawReply status. */
            status: number;

            /** RawReply contentType. */
            contentType: string;

            /** RawReply body. */
            body: Uint8Array;

            /**
             * Creates a new RawReply instance using the specified properties.
             * @param [properties] Properties to set
             * @returns RawReply instance
             */
            static create(properties: orch.v1.RawReply.$Shape): orch.v1.RawReply & orch.v1.RawReply.$Shape;
            static create(properties?: orch.v1.RawReply.$Properties): orch.v1.RawReply;

            /**
             * Encodes the specified RawReply message. Does not implicitly {@link orch.v1.RawReply.verify|verify} messages.
             * @param message RawReply message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.RawReply.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a RawReply message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.RawReply & orch.v1.RawReply.$Shape} RawReply
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.RawReply & orch.v1.RawReply.$Shape;
        }

        namespace RawReply {

            /** Properties of a RawReply. */
            interface $Properties {

                /** RawReply status */
                status?: (number|null);

                /** RawReply contentType */
                contentType?: (string|null);

                /** RawReply body */
                body?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a RawReply. */
            type $Shape = orch.v1.RawReply.$Properties;
        }

        /**
         * Properties of a ClusterStatusRequest.
         * @deprecated Use orch.v1.ClusterStatusRequest.$Properties instead.
         */
        interface IClusterStatusRequest extends orch.v1.ClusterStatusRequest.$Properties {
        }

        /** Represents a ClusterStatusRequest. */
        class ClusterStatusRequest {

            /**
             * Constructs a new ClusterStatusRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.ClusterStatusRequest.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /**
             * Creates a new ClusterStatusRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns ClusterStatusRequest instance
             */
            static create(properties: orch.v1.ClusterStatusRequest.$Shape): orch.v1.ClusterStatusRequest & orch.v1.ClusterStatusRequest.$Shape;
            static create(properties?: orch.v1.ClusterStatusRequest.$Properties): orch.v1.ClusterStatusRequest;

            /**
             * Encodes the specified ClusterStatusRequest message. Does not implicitly {@link orch.v1.ClusterStatusRequest.verify|verify} messages.
             * @param message ClusterStatusRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.ClusterStatusRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ClusterStatusRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.ClusterStatusRequest & orch.v1.ClusterStatusRequest.$Shape} ClusterStatusRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.ClusterStatusRequest & orch.v1.ClusterStatusRequest.$Shape;
        }

        namespace ClusterStatusRequest {

            /** Properties of a ClusterStatusRequest. */
            interface $Properties {

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ClusterStatusRequest. */
            type $Shape = orch.v1.ClusterStatusRequest.$Properties;
        }

        /**
         * Properties of a ClusterStatusReply.
         * @deprecated Use orch.v1.ClusterStatusReply.$Properties instead.
         */
        interface IClusterStatusReply extends orch.v1.ClusterStatusReply.$Properties {
        }

        /** Represents a ClusterStatusReply. */
        class ClusterStatusReply {

            /**
             * Constructs a new ClusterStatusReply.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.ClusterStatusReply.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ClusterStatusReply status. */
            status: Uint8Array;

            /**
             * Creates a new ClusterStatusReply instance using the specified properties.
             * @param [properties] Properties to set
             * @returns ClusterStatusReply instance
             */
            static create(properties: orch.v1.ClusterStatusReply.$Shape): orch.v1.ClusterStatusReply & orch.v1.ClusterStatusReply.$Shape;
            static create(properties?: orch.v1.ClusterStatusReply.$Properties): orch.v1.ClusterStatusReply;

            /**
             * Encodes the specified ClusterStatusReply message. Does not implicitly {@link orch.v1.ClusterStatusReply.verify|verify} messages.
             * @param message ClusterStatusReply message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.ClusterStatusReply.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ClusterStatusReply message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.ClusterStatusReply & orch.v1.ClusterStatusReply.$Shape} ClusterStatusReply
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.ClusterStatusReply & orch.v1.ClusterStatusReply.$Shape;
        }

        namespace ClusterStatusReply {

            /** Properties of a ClusterStatusReply. */
            interface $Properties {

                /** ClusterStatusReply status */
                status?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ClusterStatusReply. */
            type $Shape = orch.v1.ClusterStatusReply.$Properties;
        }

        /**
         * Properties of a Frame.
         * @deprecated Use orch.v1.Frame.$Properties instead.
         */
        interface IFrame extends orch.v1.Frame.$Properties {
        }

        /** Represents a Frame. */
        class Frame {

            /**
             * Constructs a new Frame.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.Frame.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Frame open. */
            open?: (orch.v1.StreamOpen.$Properties|null);

            /** Frame data. */
            data?: (Uint8Array|null);

            /** Frame errorData. */
            errorData?: (Uint8Array|null);

            /** Frame endOfInput. */
            endOfInput?: (boolean|null);

            /** Frame credit. */
            credit?: (number|null);

            /** Frame resize. */
            resize?: (orch.v1.TerminalSize.$Properties|null);

            /** Frame result. */
            result?: (orch.v1.StreamResult.$Properties|null);

            /** Frame ready. */
            ready?: (orch.v1.StreamReady.$Properties|null);

            /** Frame signal. */
            signal?: (number|null);

            /** Frame body. */
            body?: ("open"|"data"|"errorData"|"endOfInput"|"credit"|"resize"|"result"|"ready"|"signal");

            /**
             * Creates a new Frame instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Frame instance
             */
            static create(properties: orch.v1.Frame.$Shape): orch.v1.Frame & orch.v1.Frame.$Shape;
            static create(properties?: orch.v1.Frame.$Properties): orch.v1.Frame;

            /**
             * Encodes the specified Frame message. Does not implicitly {@link orch.v1.Frame.verify|verify} messages.
             * @param message Frame message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.Frame.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Frame message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.Frame & orch.v1.Frame.$Shape} Frame
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.Frame & orch.v1.Frame.$Shape;
        }

        namespace Frame {

            /** Properties of a Frame. */
            interface $Properties {

                /** Frame open */
                open?: (orch.v1.StreamOpen.$Properties|null);

                /** Frame data */
                data?: (Uint8Array|null);

                /** Frame errorData */
                errorData?: (Uint8Array|null);

                /** Frame endOfInput */
                endOfInput?: (boolean|null);

                /** Frame credit */
                credit?: (number|null);

                /** Frame resize */
                resize?: (orch.v1.TerminalSize.$Properties|null);

                /** Frame result */
                result?: (orch.v1.StreamResult.$Properties|null);

                /** Frame ready */
                ready?: (orch.v1.StreamReady.$Properties|null);

                /** Frame signal */
                signal?: (number|null);

                /** Frame body */
                body?: ("open"|"data"|"errorData"|"endOfInput"|"credit"|"resize"|"result"|"ready"|"signal");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of a Frame. */
            type $Shape = {
              open?: orch.v1.StreamOpen.$Shape|null;
              data?: Uint8Array|null;
              errorData?: Uint8Array|null;
              endOfInput?: boolean|null;
              credit?: number|null;
              resize?: orch.v1.TerminalSize.$Shape|null;
              result?: orch.v1.StreamResult.$Shape|null;
              ready?: orch.v1.StreamReady.$Shape|null;
              signal?: number|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ body?: undefined; open?: null; data?: null; errorData?: null; endOfInput?: null; credit?: null; resize?: null; result?: null; ready?: null; signal?: null }|{ body?: "open"; open: orch.v1.StreamOpen.$Shape; data?: null; errorData?: null; endOfInput?: null; credit?: null; resize?: null; result?: null; ready?: null; signal?: null }|{ body?: "data"; open?: null; data: Uint8Array; errorData?: null; endOfInput?: null; credit?: null; resize?: null; result?: null; ready?: null; signal?: null }|{ body?: "errorData"; open?: null; data?: null; errorData: Uint8Array; endOfInput?: null; credit?: null; resize?: null; result?: null; ready?: null; signal?: null }|{ body?: "endOfInput"; open?: null; data?: null; errorData?: null; endOfInput: boolean; credit?: null; resize?: null; result?: null; ready?: null; signal?: null }|{ body?: "credit"; open?: null; data?: null; errorData?: null; endOfInput?: null; credit: number; resize?: null; result?: null; ready?: null; signal?: null }|{ body?: "resize"; open?: null; data?: null; errorData?: null; endOfInput?: null; credit?: null; resize: orch.v1.TerminalSize.$Shape; result?: null; ready?: null; signal?: null }|{ body?: "result"; open?: null; data?: null; errorData?: null; endOfInput?: null; credit?: null; resize?: null; result: orch.v1.StreamResult.$Shape; ready?: null; signal?: null }|{ body?: "ready"; open?: null; data?: null; errorData?: null; endOfInput?: null; credit?: null; resize?: null; result?: null; ready: orch.v1.StreamReady.$Shape; signal?: null }|{ body?: "signal"; open?: null; data?: null; errorData?: null; endOfInput?: null; credit?: null; resize?: null; result?: null; ready?: null; signal: number })
            );
        }

        /**
         * Properties of a StreamReady.
         * @deprecated Use orch.v1.StreamReady.$Properties instead.
         */
        interface IStreamReady extends orch.v1.StreamReady.$Properties {
        }

        /** Represents a StreamReady. */
        class StreamReady {

            /**
             * Constructs a new StreamReady.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.StreamReady.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** StreamReady terminal. */
            terminal: boolean;

            /** StreamReady stdin. */
            stdin: boolean;

            /**
             * Creates a new StreamReady instance using the specified properties.
             * @param [properties] Properties to set
             * @returns StreamReady instance
             */
            static create(properties: orch.v1.StreamReady.$Shape): orch.v1.StreamReady & orch.v1.StreamReady.$Shape;
            static create(properties?: orch.v1.StreamReady.$Properties): orch.v1.StreamReady;

            /**
             * Encodes the specified StreamReady message. Does not implicitly {@link orch.v1.StreamReady.verify|verify} messages.
             * @param message StreamReady message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.StreamReady.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a StreamReady message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.StreamReady & orch.v1.StreamReady.$Shape} StreamReady
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.StreamReady & orch.v1.StreamReady.$Shape;
        }

        namespace StreamReady {

            /** Properties of a StreamReady. */
            interface $Properties {

                /** StreamReady terminal */
                terminal?: (boolean|null);

                /** StreamReady stdin */
                stdin?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a StreamReady. */
            type $Shape = orch.v1.StreamReady.$Properties;
        }

        /**
         * Properties of a TerminalSize.
         * @deprecated Use orch.v1.TerminalSize.$Properties instead.
         */
        interface ITerminalSize extends orch.v1.TerminalSize.$Properties {
        }

        /** Represents a TerminalSize. */
        class TerminalSize {

            /**
             * Constructs a new TerminalSize.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.TerminalSize.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** TerminalSize rows. */
            rows: number;

            /** TerminalSize columns. */
            columns: number;

            /**
             * Creates a new TerminalSize instance using the specified properties.
             * @param [properties] Properties to set
             * @returns TerminalSize instance
             */
            static create(properties: orch.v1.TerminalSize.$Shape): orch.v1.TerminalSize & orch.v1.TerminalSize.$Shape;
            static create(properties?: orch.v1.TerminalSize.$Properties): orch.v1.TerminalSize;

            /**
             * Encodes the specified TerminalSize message. Does not implicitly {@link orch.v1.TerminalSize.verify|verify} messages.
             * @param message TerminalSize message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.TerminalSize.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a TerminalSize message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.TerminalSize & orch.v1.TerminalSize.$Shape} TerminalSize
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.TerminalSize & orch.v1.TerminalSize.$Shape;
        }

        namespace TerminalSize {

            /** Properties of a TerminalSize. */
            interface $Properties {

                /** TerminalSize rows */
                rows?: (number|null);

                /** TerminalSize columns */
                columns?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a TerminalSize. */
            type $Shape = orch.v1.TerminalSize.$Properties;
        }

        /**
         * Properties of a StreamOpen.
         * @deprecated Use orch.v1.StreamOpen.$Properties instead.
         */
        interface IStreamOpen extends orch.v1.StreamOpen.$Properties {
        }

        /** Represents a StreamOpen. */
        class StreamOpen {

            /**
             * Constructs a new StreamOpen.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.StreamOpen.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** StreamOpen id. */
            id: string;

            /** StreamOpen kind. */
            kind: string;

            /** StreamOpen namespace. */
            namespace: string;

            /** StreamOpen pod. */
            pod: string;

            /** StreamOpen container. */
            container: string;

            /** StreamOpen node. */
            node: string;

            /** StreamOpen logs. */
            logs?: (orch.v1.LogOptions.$Properties|null);

            /** StreamOpen exec. */
            exec?: (orch.v1.ExecOptions.$Properties|null);

            /** StreamOpen port. */
            port: number;

            /** StreamOpen sizeBytes. */
            sizeBytes: number;

            /** StreamOpen podUid. */
            podUid: string;

            /** StreamOpen image. */
            image: Uint8Array;

            /** StreamOpen copy. */
            copy?: (orch.v1.CopyOptions.$Properties|null);

            /** StreamOpen attach. */
            attach?: (orch.v1.AttachOptions.$Properties|null);

            /** StreamOpen containerRequest. */
            containerRequest: Uint8Array;

            /**
             * Creates a new StreamOpen instance using the specified properties.
             * @param [properties] Properties to set
             * @returns StreamOpen instance
             */
            static create(properties: orch.v1.StreamOpen.$Shape): orch.v1.StreamOpen & orch.v1.StreamOpen.$Shape;
            static create(properties?: orch.v1.StreamOpen.$Properties): orch.v1.StreamOpen;

            /**
             * Encodes the specified StreamOpen message. Does not implicitly {@link orch.v1.StreamOpen.verify|verify} messages.
             * @param message StreamOpen message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.StreamOpen.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a StreamOpen message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.StreamOpen & orch.v1.StreamOpen.$Shape} StreamOpen
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.StreamOpen & orch.v1.StreamOpen.$Shape;
        }

        namespace StreamOpen {

            /** Properties of a StreamOpen. */
            interface $Properties {

                /** StreamOpen id */
                id?: (string|null);

                /** StreamOpen kind */
                kind?: (string|null);

                /** StreamOpen namespace */
                namespace?: (string|null);

                /** StreamOpen pod */
                pod?: (string|null);

                /** StreamOpen container */
                container?: (string|null);

                /** StreamOpen node */
                node?: (string|null);

                /** StreamOpen logs */
                logs?: (orch.v1.LogOptions.$Properties|null);

                /** StreamOpen exec */
                exec?: (orch.v1.ExecOptions.$Properties|null);

                /** StreamOpen port */
                port?: (number|null);

                /** StreamOpen sizeBytes */
                sizeBytes?: (number|null);

                /** StreamOpen podUid */
                podUid?: (string|null);

                /** StreamOpen image */
                image?: (Uint8Array|null);

                /** StreamOpen copy */
                copy?: (orch.v1.CopyOptions.$Properties|null);

                /** StreamOpen attach */
                attach?: (orch.v1.AttachOptions.$Properties|null);

                /** StreamOpen containerRequest */
                containerRequest?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a StreamOpen. */
            type $Shape = orch.v1.StreamOpen.$Properties;
        }

        /**
         * Properties of an AttachOptions.
         * @deprecated Use orch.v1.AttachOptions.$Properties instead.
         */
        interface IAttachOptions extends orch.v1.AttachOptions.$Properties {
        }

        /** Represents an AttachOptions. */
        class AttachOptions {

            /**
             * Constructs a new AttachOptions.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.AttachOptions.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AttachOptions stdin. */
            stdin: boolean;

            /** AttachOptions size. */
            size?: (orch.v1.TerminalSize.$Properties|null);

            /** AttachOptions waitMs. */
            waitMs: number;

            /** AttachOptions hold. */
            hold: boolean;

            /**
             * Creates a new AttachOptions instance using the specified properties.
             * @param [properties] Properties to set
             * @returns AttachOptions instance
             */
            static create(properties: orch.v1.AttachOptions.$Shape): orch.v1.AttachOptions & orch.v1.AttachOptions.$Shape;
            static create(properties?: orch.v1.AttachOptions.$Properties): orch.v1.AttachOptions;

            /**
             * Encodes the specified AttachOptions message. Does not implicitly {@link orch.v1.AttachOptions.verify|verify} messages.
             * @param message AttachOptions message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.AttachOptions.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AttachOptions message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.AttachOptions & orch.v1.AttachOptions.$Shape} AttachOptions
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.AttachOptions & orch.v1.AttachOptions.$Shape;
        }

        namespace AttachOptions {

            /** Properties of an AttachOptions. */
            interface $Properties {

                /** AttachOptions stdin */
                stdin?: (boolean|null);

                /** AttachOptions size */
                size?: (orch.v1.TerminalSize.$Properties|null);

                /** AttachOptions waitMs */
                waitMs?: (number|null);

                /** AttachOptions hold */
                hold?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AttachOptions. */
            type $Shape = orch.v1.AttachOptions.$Properties;
        }

        /**
         * Properties of a CopyOptions.
         * @deprecated Use orch.v1.CopyOptions.$Properties instead.
         */
        interface ICopyOptions extends orch.v1.CopyOptions.$Properties {
        }

        /** Represents a CopyOptions. */
        class CopyOptions {

            /**
             * Constructs a new CopyOptions.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.CopyOptions.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** CopyOptions path. */
            path: string;

            /** CopyOptions upload. */
            upload: boolean;

            /** CopyOptions name. */
            name: string;

            /** CopyOptions content. */
            content: boolean;

            /** CopyOptions follow. */
            follow: boolean;

            /**
             * Creates a new CopyOptions instance using the specified properties.
             * @param [properties] Properties to set
             * @returns CopyOptions instance
             */
            static create(properties: orch.v1.CopyOptions.$Shape): orch.v1.CopyOptions & orch.v1.CopyOptions.$Shape;
            static create(properties?: orch.v1.CopyOptions.$Properties): orch.v1.CopyOptions;

            /**
             * Encodes the specified CopyOptions message. Does not implicitly {@link orch.v1.CopyOptions.verify|verify} messages.
             * @param message CopyOptions message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.CopyOptions.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a CopyOptions message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.CopyOptions & orch.v1.CopyOptions.$Shape} CopyOptions
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.CopyOptions & orch.v1.CopyOptions.$Shape;
        }

        namespace CopyOptions {

            /** Properties of a CopyOptions. */
            interface $Properties {

                /** CopyOptions path */
                path?: (string|null);

                /** CopyOptions upload */
                upload?: (boolean|null);

                /** CopyOptions name */
                name?: (string|null);

                /** CopyOptions content */
                content?: (boolean|null);

                /** CopyOptions follow */
                follow?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a CopyOptions. */
            type $Shape = orch.v1.CopyOptions.$Properties;
        }

        /**
         * Properties of a TreeEntry.
         * @deprecated Use orch.v1.TreeEntry.$Properties instead.
         */
        interface ITreeEntry extends orch.v1.TreeEntry.$Properties {
        }

        /** Represents a TreeEntry. */
        class TreeEntry {

            /**
             * Constructs a new TreeEntry.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.TreeEntry.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** TreeEntry path. */
            path: Uint8Array;

            /** TreeEntry type. */
            type: number;

            /** TreeEntry mode. */
            mode: number;

            /** TreeEntry modifiedMs. */
            modifiedMs: number;

            /** TreeEntry linkTarget. */
            linkTarget: Uint8Array;

            /**
             * Creates a new TreeEntry instance using the specified properties.
             * @param [properties] Properties to set
             * @returns TreeEntry instance
             */
            static create(properties: orch.v1.TreeEntry.$Shape): orch.v1.TreeEntry & orch.v1.TreeEntry.$Shape;
            static create(properties?: orch.v1.TreeEntry.$Properties): orch.v1.TreeEntry;

            /**
             * Encodes the specified TreeEntry message. Does not implicitly {@link orch.v1.TreeEntry.verify|verify} messages.
             * @param message TreeEntry message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.TreeEntry.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a TreeEntry message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.TreeEntry & orch.v1.TreeEntry.$Shape} TreeEntry
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.TreeEntry & orch.v1.TreeEntry.$Shape;
        }

        namespace TreeEntry {

            /** Properties of a TreeEntry. */
            interface $Properties {

                /** TreeEntry path */
                path?: (Uint8Array|null);

                /** TreeEntry type */
                type?: (number|null);

                /** TreeEntry mode */
                mode?: (number|null);

                /** TreeEntry modifiedMs */
                modifiedMs?: (number|null);

                /** TreeEntry linkTarget */
                linkTarget?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a TreeEntry. */
            type $Shape = orch.v1.TreeEntry.$Properties;
        }

        /**
         * Properties of a LogOptions.
         * @deprecated Use orch.v1.LogOptions.$Properties instead.
         */
        interface ILogOptions extends orch.v1.LogOptions.$Properties {
        }

        /** Represents a LogOptions. */
        class LogOptions {

            /**
             * Constructs a new LogOptions.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.LogOptions.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** LogOptions follow. */
            follow: boolean;

            /** LogOptions previous. */
            previous: boolean;

            /** LogOptions sinceMs. */
            sinceMs: number;

            /** LogOptions tailLines. */
            tailLines: number;

            /** LogOptions timestamps. */
            timestamps: boolean;

            /** LogOptions limitBytes. */
            limitBytes: number;

            /** LogOptions gone. */
            gone: boolean;

            /**
             * Creates a new LogOptions instance using the specified properties.
             * @param [properties] Properties to set
             * @returns LogOptions instance
             */
            static create(properties: orch.v1.LogOptions.$Shape): orch.v1.LogOptions & orch.v1.LogOptions.$Shape;
            static create(properties?: orch.v1.LogOptions.$Properties): orch.v1.LogOptions;

            /**
             * Encodes the specified LogOptions message. Does not implicitly {@link orch.v1.LogOptions.verify|verify} messages.
             * @param message LogOptions message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.LogOptions.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a LogOptions message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.LogOptions & orch.v1.LogOptions.$Shape} LogOptions
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.LogOptions & orch.v1.LogOptions.$Shape;
        }

        namespace LogOptions {

            /** Properties of a LogOptions. */
            interface $Properties {

                /** LogOptions follow */
                follow?: (boolean|null);

                /** LogOptions previous */
                previous?: (boolean|null);

                /** LogOptions sinceMs */
                sinceMs?: (number|null);

                /** LogOptions tailLines */
                tailLines?: (number|null);

                /** LogOptions timestamps */
                timestamps?: (boolean|null);

                /** LogOptions limitBytes */
                limitBytes?: (number|null);

                /** LogOptions gone */
                gone?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a LogOptions. */
            type $Shape = orch.v1.LogOptions.$Properties;
        }

        /**
         * Properties of an ExecOptions.
         * @deprecated Use orch.v1.ExecOptions.$Properties instead.
         */
        interface IExecOptions extends orch.v1.ExecOptions.$Properties {
        }

        /** Represents an ExecOptions. */
        class ExecOptions {

            /**
             * Constructs a new ExecOptions.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.ExecOptions.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ExecOptions command. */
            command: string[];

            /** ExecOptions stdin. */
            stdin: boolean;

            /** ExecOptions terminal. */
            terminal: boolean;

            /** ExecOptions size. */
            size?: (orch.v1.TerminalSize.$Properties|null);

            /**
             * Creates a new ExecOptions instance using the specified properties.
             * @param [properties] Properties to set
             * @returns ExecOptions instance
             */
            static create(properties: orch.v1.ExecOptions.$Shape): orch.v1.ExecOptions & orch.v1.ExecOptions.$Shape;
            static create(properties?: orch.v1.ExecOptions.$Properties): orch.v1.ExecOptions;

            /**
             * Encodes the specified ExecOptions message. Does not implicitly {@link orch.v1.ExecOptions.verify|verify} messages.
             * @param message ExecOptions message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.ExecOptions.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an ExecOptions message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.ExecOptions & orch.v1.ExecOptions.$Shape} ExecOptions
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.ExecOptions & orch.v1.ExecOptions.$Shape;
        }

        namespace ExecOptions {

            /** Properties of an ExecOptions. */
            interface $Properties {

                /** ExecOptions command */
                command?: (string[]|null);

                /** ExecOptions stdin */
                stdin?: (boolean|null);

                /** ExecOptions terminal */
                terminal?: (boolean|null);

                /** ExecOptions size */
                size?: (orch.v1.TerminalSize.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an ExecOptions. */
            type $Shape = orch.v1.ExecOptions.$Properties;
        }

        /**
         * Properties of a StreamResult.
         * @deprecated Use orch.v1.StreamResult.$Properties instead.
         */
        interface IStreamResult extends orch.v1.StreamResult.$Properties {
        }

        /** Represents a StreamResult. */
        class StreamResult {

            /**
             * Constructs a new StreamResult.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.StreamResult.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** StreamResult exitCode. */
            exitCode: number;

            /** StreamResult problem. */
            problem: Uint8Array;

            /** StreamResult detail. */
            detail: Uint8Array;

            /**
             * Creates a new StreamResult instance using the specified properties.
             * @param [properties] Properties to set
             * @returns StreamResult instance
             */
            static create(properties: orch.v1.StreamResult.$Shape): orch.v1.StreamResult & orch.v1.StreamResult.$Shape;
            static create(properties?: orch.v1.StreamResult.$Properties): orch.v1.StreamResult;

            /**
             * Encodes the specified StreamResult message. Does not implicitly {@link orch.v1.StreamResult.verify|verify} messages.
             * @param message StreamResult message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.StreamResult.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a StreamResult message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.StreamResult & orch.v1.StreamResult.$Shape} StreamResult
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.StreamResult & orch.v1.StreamResult.$Shape;
        }

        namespace StreamResult {

            /** Properties of a StreamResult. */
            interface $Properties {

                /** StreamResult exitCode */
                exitCode?: (number|null);

                /** StreamResult problem */
                problem?: (Uint8Array|null);

                /** StreamResult detail */
                detail?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a StreamResult. */
            type $Shape = orch.v1.StreamResult.$Properties;
        }

        /**
         * Properties of a LeaveRequest.
         * @deprecated Use orch.v1.LeaveRequest.$Properties instead.
         */
        interface ILeaveRequest extends orch.v1.LeaveRequest.$Properties {
        }

        /** Represents a LeaveRequest. */
        class LeaveRequest {

            /**
             * Constructs a new LeaveRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.LeaveRequest.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /**
             * Creates a new LeaveRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns LeaveRequest instance
             */
            static create(properties: orch.v1.LeaveRequest.$Shape): orch.v1.LeaveRequest & orch.v1.LeaveRequest.$Shape;
            static create(properties?: orch.v1.LeaveRequest.$Properties): orch.v1.LeaveRequest;

            /**
             * Encodes the specified LeaveRequest message. Does not implicitly {@link orch.v1.LeaveRequest.verify|verify} messages.
             * @param message LeaveRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.LeaveRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a LeaveRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.LeaveRequest & orch.v1.LeaveRequest.$Shape} LeaveRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.LeaveRequest & orch.v1.LeaveRequest.$Shape;
        }

        namespace LeaveRequest {

            /** Properties of a LeaveRequest. */
            interface $Properties {

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a LeaveRequest. */
            type $Shape = orch.v1.LeaveRequest.$Properties;
        }

        /**
         * Properties of a LeaveReply.
         * @deprecated Use orch.v1.LeaveReply.$Properties instead.
         */
        interface ILeaveReply extends orch.v1.LeaveReply.$Properties {
        }

        /** Represents a LeaveReply. */
        class LeaveReply {

            /**
             * Constructs a new LeaveReply.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.LeaveReply.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /**
             * Creates a new LeaveReply instance using the specified properties.
             * @param [properties] Properties to set
             * @returns LeaveReply instance
             */
            static create(properties: orch.v1.LeaveReply.$Shape): orch.v1.LeaveReply & orch.v1.LeaveReply.$Shape;
            static create(properties?: orch.v1.LeaveReply.$Properties): orch.v1.LeaveReply;

            /**
             * Encodes the specified LeaveReply message. Does not implicitly {@link orch.v1.LeaveReply.verify|verify} messages.
             * @param message LeaveReply message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.LeaveReply.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a LeaveReply message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.LeaveReply & orch.v1.LeaveReply.$Shape} LeaveReply
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.LeaveReply & orch.v1.LeaveReply.$Shape;
        }

        namespace LeaveReply {

            /** Properties of a LeaveReply. */
            interface $Properties {

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a LeaveReply. */
            type $Shape = orch.v1.LeaveReply.$Properties;
        }

        /**
         * Properties of a JoinRequest.
         * @deprecated Use orch.v1.JoinRequest.$Properties instead.
         */
        interface IJoinRequest extends orch.v1.JoinRequest.$Properties {
        }

        /** Represents a JoinRequest. */
        class JoinRequest {

            /**
             * Constructs a new JoinRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.JoinRequest.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** JoinRequest token. */
            token: string;

            /** JoinRequest nodeName. */
            nodeName: string;

            /** JoinRequest signingRequest. */
            signingRequest: Uint8Array;

            /** JoinRequest version. */
            version: string;

            /**
             * Creates a new JoinRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns JoinRequest instance
             */
            static create(properties: orch.v1.JoinRequest.$Shape): orch.v1.JoinRequest & orch.v1.JoinRequest.$Shape;
            static create(properties?: orch.v1.JoinRequest.$Properties): orch.v1.JoinRequest;

            /**
             * Encodes the specified JoinRequest message. Does not implicitly {@link orch.v1.JoinRequest.verify|verify} messages.
             * @param message JoinRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.JoinRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a JoinRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.JoinRequest & orch.v1.JoinRequest.$Shape} JoinRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.JoinRequest & orch.v1.JoinRequest.$Shape;
        }

        namespace JoinRequest {

            /** Properties of a JoinRequest. */
            interface $Properties {

                /** JoinRequest token */
                token?: (string|null);

                /** JoinRequest nodeName */
                nodeName?: (string|null);

                /** JoinRequest signingRequest */
                signingRequest?: (Uint8Array|null);

                /** JoinRequest version */
                version?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a JoinRequest. */
            type $Shape = orch.v1.JoinRequest.$Properties;
        }

        /**
         * Properties of a ReturnRequest.
         * @deprecated Use orch.v1.ReturnRequest.$Properties instead.
         */
        interface IReturnRequest extends orch.v1.ReturnRequest.$Properties {
        }

        /** Represents a ReturnRequest. */
        class ReturnRequest {

            /**
             * Constructs a new ReturnRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.ReturnRequest.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ReturnRequest certificate. */
            certificate: Uint8Array;

            /** ReturnRequest signingRequest. */
            signingRequest: Uint8Array;

            /**
             * Creates a new ReturnRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns ReturnRequest instance
             */
            static create(properties: orch.v1.ReturnRequest.$Shape): orch.v1.ReturnRequest & orch.v1.ReturnRequest.$Shape;
            static create(properties?: orch.v1.ReturnRequest.$Properties): orch.v1.ReturnRequest;

            /**
             * Encodes the specified ReturnRequest message. Does not implicitly {@link orch.v1.ReturnRequest.verify|verify} messages.
             * @param message ReturnRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.ReturnRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ReturnRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.ReturnRequest & orch.v1.ReturnRequest.$Shape} ReturnRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.ReturnRequest & orch.v1.ReturnRequest.$Shape;
        }

        namespace ReturnRequest {

            /** Properties of a ReturnRequest. */
            interface $Properties {

                /** ReturnRequest certificate */
                certificate?: (Uint8Array|null);

                /** ReturnRequest signingRequest */
                signingRequest?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ReturnRequest. */
            type $Shape = orch.v1.ReturnRequest.$Properties;
        }

        /**
         * Properties of a RenewCertificateRequest.
         * @deprecated Use orch.v1.RenewCertificateRequest.$Properties instead.
         */
        interface IRenewCertificateRequest extends orch.v1.RenewCertificateRequest.$Properties {
        }

        /** Represents a RenewCertificateRequest. */
        class RenewCertificateRequest {

            /**
             * Constructs a new RenewCertificateRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.RenewCertificateRequest.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** RenewCertificateRequest signingRequest. */
            signingRequest: Uint8Array;

            /**
             * Creates a new RenewCertificateRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns RenewCertificateRequest instance
             */
            static create(properties: orch.v1.RenewCertificateRequest.$Shape): orch.v1.RenewCertificateRequest & orch.v1.RenewCertificateRequest.$Shape;
            static create(properties?: orch.v1.RenewCertificateRequest.$Properties): orch.v1.RenewCertificateRequest;

            /**
             * Encodes the specified RenewCertificateRequest message. Does not implicitly {@link orch.v1.RenewCertificateRequest.verify|verify} messages.
             * @param message RenewCertificateRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.RenewCertificateRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a RenewCertificateRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.RenewCertificateRequest & orch.v1.RenewCertificateRequest.$Shape} RenewCertificateRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.RenewCertificateRequest & orch.v1.RenewCertificateRequest.$Shape;
        }

        namespace RenewCertificateRequest {

            /** Properties of a RenewCertificateRequest. */
            interface $Properties {

                /** RenewCertificateRequest signingRequest */
                signingRequest?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a RenewCertificateRequest. */
            type $Shape = orch.v1.RenewCertificateRequest.$Properties;
        }

        /**
         * Properties of an EnrollReply.
         * @deprecated Use orch.v1.EnrollReply.$Properties instead.
         */
        interface IEnrollReply extends orch.v1.EnrollReply.$Properties {
        }

        /** Represents an EnrollReply. */
        class EnrollReply {

            /**
             * Constructs a new EnrollReply.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.EnrollReply.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** EnrollReply certificateChain. */
            certificateChain: Uint8Array;

            /** EnrollReply authorities. */
            authorities: Uint8Array;

            /** EnrollReply cluster. */
            cluster: string;

            /** EnrollReply expiresAtMs. */
            expiresAtMs: number;

            /**
             * Creates a new EnrollReply instance using the specified properties.
             * @param [properties] Properties to set
             * @returns EnrollReply instance
             */
            static create(properties: orch.v1.EnrollReply.$Shape): orch.v1.EnrollReply & orch.v1.EnrollReply.$Shape;
            static create(properties?: orch.v1.EnrollReply.$Properties): orch.v1.EnrollReply;

            /**
             * Encodes the specified EnrollReply message. Does not implicitly {@link orch.v1.EnrollReply.verify|verify} messages.
             * @param message EnrollReply message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.EnrollReply.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an EnrollReply message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.EnrollReply & orch.v1.EnrollReply.$Shape} EnrollReply
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.EnrollReply & orch.v1.EnrollReply.$Shape;
        }

        namespace EnrollReply {

            /** Properties of an EnrollReply. */
            interface $Properties {

                /** EnrollReply certificateChain */
                certificateChain?: (Uint8Array|null);

                /** EnrollReply authorities */
                authorities?: (Uint8Array|null);

                /** EnrollReply cluster */
                cluster?: (string|null);

                /** EnrollReply expiresAtMs */
                expiresAtMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an EnrollReply. */
            type $Shape = orch.v1.EnrollReply.$Properties;
        }

        /**
         * Properties of an AgentMessage.
         * @deprecated Use orch.v1.AgentMessage.$Properties instead.
         */
        interface IAgentMessage extends orch.v1.AgentMessage.$Properties {
        }

        /** Represents an AgentMessage. */
        class AgentMessage {

            /**
             * Constructs a new AgentMessage.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.AgentMessage.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AgentMessage hello. */
            hello?: (orch.v1.AgentHello.$Properties|null);

            /** AgentMessage heartbeat. */
            heartbeat?: (orch.v1.Heartbeat.$Properties|null);

            /** AgentMessage status. */
            status?: (orch.v1.StatusBatch.$Properties|null);

            /** AgentMessage node. */
            node?: (orch.v1.NodeStatus.$Properties|null);

            /** AgentMessage events. */
            events?: (orch.v1.EventBatch.$Properties|null);

            /** AgentMessage operation. */
            operation?: (orch.v1.OperationResult.$Properties|null);

            /** AgentMessage gap. */
            gap?: (orch.v1.AssignmentsGap.$Properties|null);

            /** AgentMessage images. */
            images?: (orch.v1.ImageReport.$Properties|null);

            /** AgentMessage body. */
            body?: ("hello"|"heartbeat"|"status"|"node"|"events"|"operation"|"gap"|"images");

            /**
             * Creates a new AgentMessage instance using the specified properties.
             * @param [properties] Properties to set
             * @returns AgentMessage instance
             */
            static create(properties: orch.v1.AgentMessage.$Shape): orch.v1.AgentMessage & orch.v1.AgentMessage.$Shape;
            static create(properties?: orch.v1.AgentMessage.$Properties): orch.v1.AgentMessage;

            /**
             * Encodes the specified AgentMessage message. Does not implicitly {@link orch.v1.AgentMessage.verify|verify} messages.
             * @param message AgentMessage message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.AgentMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AgentMessage message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.AgentMessage & orch.v1.AgentMessage.$Shape} AgentMessage
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.AgentMessage & orch.v1.AgentMessage.$Shape;
        }

        namespace AgentMessage {

            /** Properties of an AgentMessage. */
            interface $Properties {

                /** AgentMessage hello */
                hello?: (orch.v1.AgentHello.$Properties|null);

                /** AgentMessage heartbeat */
                heartbeat?: (orch.v1.Heartbeat.$Properties|null);

                /** AgentMessage status */
                status?: (orch.v1.StatusBatch.$Properties|null);

                /** AgentMessage node */
                node?: (orch.v1.NodeStatus.$Properties|null);

                /** AgentMessage events */
                events?: (orch.v1.EventBatch.$Properties|null);

                /** AgentMessage operation */
                operation?: (orch.v1.OperationResult.$Properties|null);

                /** AgentMessage gap */
                gap?: (orch.v1.AssignmentsGap.$Properties|null);

                /** AgentMessage images */
                images?: (orch.v1.ImageReport.$Properties|null);

                /** AgentMessage body */
                body?: ("hello"|"heartbeat"|"status"|"node"|"events"|"operation"|"gap"|"images");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of an AgentMessage. */
            type $Shape = {
              hello?: orch.v1.AgentHello.$Shape|null;
              heartbeat?: orch.v1.Heartbeat.$Shape|null;
              status?: orch.v1.StatusBatch.$Shape|null;
              node?: orch.v1.NodeStatus.$Shape|null;
              events?: orch.v1.EventBatch.$Shape|null;
              operation?: orch.v1.OperationResult.$Shape|null;
              gap?: orch.v1.AssignmentsGap.$Shape|null;
              images?: orch.v1.ImageReport.$Shape|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ body?: undefined; hello?: null; heartbeat?: null; status?: null; node?: null; events?: null; operation?: null; gap?: null; images?: null }|{ body?: "hello"; hello: orch.v1.AgentHello.$Shape; heartbeat?: null; status?: null; node?: null; events?: null; operation?: null; gap?: null; images?: null }|{ body?: "heartbeat"; hello?: null; heartbeat: orch.v1.Heartbeat.$Shape; status?: null; node?: null; events?: null; operation?: null; gap?: null; images?: null }|{ body?: "status"; hello?: null; heartbeat?: null; status: orch.v1.StatusBatch.$Shape; node?: null; events?: null; operation?: null; gap?: null; images?: null }|{ body?: "node"; hello?: null; heartbeat?: null; status?: null; node: orch.v1.NodeStatus.$Shape; events?: null; operation?: null; gap?: null; images?: null }|{ body?: "events"; hello?: null; heartbeat?: null; status?: null; node?: null; events: orch.v1.EventBatch.$Shape; operation?: null; gap?: null; images?: null }|{ body?: "operation"; hello?: null; heartbeat?: null; status?: null; node?: null; events?: null; operation: orch.v1.OperationResult.$Shape; gap?: null; images?: null }|{ body?: "gap"; hello?: null; heartbeat?: null; status?: null; node?: null; events?: null; operation?: null; gap: orch.v1.AssignmentsGap.$Shape; images?: null }|{ body?: "images"; hello?: null; heartbeat?: null; status?: null; node?: null; events?: null; operation?: null; gap?: null; images: orch.v1.ImageReport.$Shape })
            );
        }

        /**
         * Properties of a ControlMessage.
         * @deprecated Use orch.v1.ControlMessage.$Properties instead.
         */
        interface IControlMessage extends orch.v1.ControlMessage.$Properties {
        }

        /** Represents a ControlMessage. */
        class ControlMessage {

            /**
             * Constructs a new ControlMessage.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.ControlMessage.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ControlMessage welcome. */
            welcome?: (orch.v1.Welcome.$Properties|null);

            /** ControlMessage assignments. */
            assignments?: (orch.v1.Assignments.$Properties|null);

            /** ControlMessage openStream. */
            openStream?: (orch.v1.OpenStream.$Properties|null);

            /** ControlMessage operation. */
            operation?: (orch.v1.Operation.$Properties|null);

            /** ControlMessage statusAck. */
            statusAck?: (orch.v1.StatusAck.$Properties|null);

            /** ControlMessage heartbeatAck. */
            heartbeatAck?: (orch.v1.HeartbeatAck.$Properties|null);

            /** ControlMessage goodbye. */
            goodbye?: (orch.v1.Goodbye.$Properties|null);

            /** ControlMessage renewNow. */
            renewNow?: (orch.v1.RenewNow.$Properties|null);

            /** ControlMessage body. */
            body?: ("welcome"|"assignments"|"openStream"|"operation"|"statusAck"|"heartbeatAck"|"goodbye"|"renewNow");

            /**
             * Creates a new ControlMessage instance using the specified properties.
             * @param [properties] Properties to set
             * @returns ControlMessage instance
             */
            static create(properties: orch.v1.ControlMessage.$Shape): orch.v1.ControlMessage & orch.v1.ControlMessage.$Shape;
            static create(properties?: orch.v1.ControlMessage.$Properties): orch.v1.ControlMessage;

            /**
             * Encodes the specified ControlMessage message. Does not implicitly {@link orch.v1.ControlMessage.verify|verify} messages.
             * @param message ControlMessage message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.ControlMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ControlMessage message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.ControlMessage & orch.v1.ControlMessage.$Shape} ControlMessage
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.ControlMessage & orch.v1.ControlMessage.$Shape;
        }

        namespace ControlMessage {

            /** Properties of a ControlMessage. */
            interface $Properties {

                /** ControlMessage welcome */
                welcome?: (orch.v1.Welcome.$Properties|null);

                /** ControlMessage assignments */
                assignments?: (orch.v1.Assignments.$Properties|null);

                /** ControlMessage openStream */
                openStream?: (orch.v1.OpenStream.$Properties|null);

                /** ControlMessage operation */
                operation?: (orch.v1.Operation.$Properties|null);

                /** ControlMessage statusAck */
                statusAck?: (orch.v1.StatusAck.$Properties|null);

                /** ControlMessage heartbeatAck */
                heartbeatAck?: (orch.v1.HeartbeatAck.$Properties|null);

                /** ControlMessage goodbye */
                goodbye?: (orch.v1.Goodbye.$Properties|null);

                /** ControlMessage renewNow */
                renewNow?: (orch.v1.RenewNow.$Properties|null);

                /** ControlMessage body */
                body?: ("welcome"|"assignments"|"openStream"|"operation"|"statusAck"|"heartbeatAck"|"goodbye"|"renewNow");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of a ControlMessage. */
            type $Shape = {
              welcome?: orch.v1.Welcome.$Shape|null;
              assignments?: orch.v1.Assignments.$Shape|null;
              openStream?: orch.v1.OpenStream.$Shape|null;
              operation?: orch.v1.Operation.$Shape|null;
              statusAck?: orch.v1.StatusAck.$Shape|null;
              heartbeatAck?: orch.v1.HeartbeatAck.$Shape|null;
              goodbye?: orch.v1.Goodbye.$Shape|null;
              renewNow?: orch.v1.RenewNow.$Shape|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ body?: undefined; welcome?: null; assignments?: null; openStream?: null; operation?: null; statusAck?: null; heartbeatAck?: null; goodbye?: null; renewNow?: null }|{ body?: "welcome"; welcome: orch.v1.Welcome.$Shape; assignments?: null; openStream?: null; operation?: null; statusAck?: null; heartbeatAck?: null; goodbye?: null; renewNow?: null }|{ body?: "assignments"; welcome?: null; assignments: orch.v1.Assignments.$Shape; openStream?: null; operation?: null; statusAck?: null; heartbeatAck?: null; goodbye?: null; renewNow?: null }|{ body?: "openStream"; welcome?: null; assignments?: null; openStream: orch.v1.OpenStream.$Shape; operation?: null; statusAck?: null; heartbeatAck?: null; goodbye?: null; renewNow?: null }|{ body?: "operation"; welcome?: null; assignments?: null; openStream?: null; operation: orch.v1.Operation.$Shape; statusAck?: null; heartbeatAck?: null; goodbye?: null; renewNow?: null }|{ body?: "statusAck"; welcome?: null; assignments?: null; openStream?: null; operation?: null; statusAck: orch.v1.StatusAck.$Shape; heartbeatAck?: null; goodbye?: null; renewNow?: null }|{ body?: "heartbeatAck"; welcome?: null; assignments?: null; openStream?: null; operation?: null; statusAck?: null; heartbeatAck: orch.v1.HeartbeatAck.$Shape; goodbye?: null; renewNow?: null }|{ body?: "goodbye"; welcome?: null; assignments?: null; openStream?: null; operation?: null; statusAck?: null; heartbeatAck?: null; goodbye: orch.v1.Goodbye.$Shape; renewNow?: null }|{ body?: "renewNow"; welcome?: null; assignments?: null; openStream?: null; operation?: null; statusAck?: null; heartbeatAck?: null; goodbye?: null; renewNow: orch.v1.RenewNow.$Shape })
            );
        }

        /**
         * Properties of an AgentHello.
         * @deprecated Use orch.v1.AgentHello.$Properties instead.
         */
        interface IAgentHello extends orch.v1.AgentHello.$Properties {
        }

        /** Represents an AgentHello. */
        class AgentHello {

            /**
             * Constructs a new AgentHello.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.AgentHello.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AgentHello version. */
            version: string;

            /** AgentHello features. */
            features: string[];

            /** AgentHello bootId. */
            bootId: string;

            /** AgentHello instance. */
            instance: string;

            /** AgentHello wallClockMs. */
            wallClockMs: number;

            /** AgentHello node. */
            node: Uint8Array;

            /** AgentHello replaces. */
            replaces: string[];

            /**
             * Creates a new AgentHello instance using the specified properties.
             * @param [properties] Properties to set
             * @returns AgentHello instance
             */
            static create(properties: orch.v1.AgentHello.$Shape): orch.v1.AgentHello & orch.v1.AgentHello.$Shape;
            static create(properties?: orch.v1.AgentHello.$Properties): orch.v1.AgentHello;

            /**
             * Encodes the specified AgentHello message. Does not implicitly {@link orch.v1.AgentHello.verify|verify} messages.
             * @param message AgentHello message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.AgentHello.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AgentHello message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.AgentHello & orch.v1.AgentHello.$Shape} AgentHello
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.AgentHello & orch.v1.AgentHello.$Shape;
        }

        namespace AgentHello {

            /** Properties of an AgentHello. */
            interface $Properties {

                /** AgentHello version */
                version?: (string|null);

                /** AgentHello features */
                features?: (string[]|null);

                /** AgentHello bootId */
                bootId?: (string|null);

                /** AgentHello instance */
                instance?: (string|null);

                /** AgentHello wallClockMs */
                wallClockMs?: (number|null);

                /** AgentHello node */
                node?: (Uint8Array|null);

                /** AgentHello replaces */
                replaces?: (string[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AgentHello. */
            type $Shape = orch.v1.AgentHello.$Properties;
        }

        /**
         * Properties of a Welcome.
         * @deprecated Use orch.v1.Welcome.$Properties instead.
         */
        interface IWelcome extends orch.v1.Welcome.$Properties {
        }

        /** Represents a Welcome. */
        class Welcome {

            /**
             * Constructs a new Welcome.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.Welcome.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Welcome version. */
            version: string;

            /** Welcome features. */
            features: string[];

            /** Welcome cluster. */
            cluster: string;

            /** Welcome epoch. */
            epoch: number;

            /** Welcome heartbeatIntervalMs. */
            heartbeatIntervalMs: number;

            /** Welcome wallClockMs. */
            wallClockMs: number;

            /** Welcome podCidr. */
            podCidr: string;

            /** Welcome settings. */
            settings: Uint8Array;

            /**
             * Creates a new Welcome instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Welcome instance
             */
            static create(properties: orch.v1.Welcome.$Shape): orch.v1.Welcome & orch.v1.Welcome.$Shape;
            static create(properties?: orch.v1.Welcome.$Properties): orch.v1.Welcome;

            /**
             * Encodes the specified Welcome message. Does not implicitly {@link orch.v1.Welcome.verify|verify} messages.
             * @param message Welcome message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.Welcome.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Welcome message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.Welcome & orch.v1.Welcome.$Shape} Welcome
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.Welcome & orch.v1.Welcome.$Shape;
        }

        namespace Welcome {

            /** Properties of a Welcome. */
            interface $Properties {

                /** Welcome version */
                version?: (string|null);

                /** Welcome features */
                features?: (string[]|null);

                /** Welcome cluster */
                cluster?: (string|null);

                /** Welcome epoch */
                epoch?: (number|null);

                /** Welcome heartbeatIntervalMs */
                heartbeatIntervalMs?: (number|null);

                /** Welcome wallClockMs */
                wallClockMs?: (number|null);

                /** Welcome podCidr */
                podCidr?: (string|null);

                /** Welcome settings */
                settings?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Welcome. */
            type $Shape = orch.v1.Welcome.$Properties;
        }

        /**
         * Properties of a Heartbeat.
         * @deprecated Use orch.v1.Heartbeat.$Properties instead.
         */
        interface IHeartbeat extends orch.v1.Heartbeat.$Properties {
        }

        /** Represents a Heartbeat. */
        class Heartbeat {

            /**
             * Constructs a new Heartbeat.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.Heartbeat.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Heartbeat sequence. */
            sequence: number;

            /** Heartbeat wallClockMs. */
            wallClockMs: number;

            /**
             * Creates a new Heartbeat instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Heartbeat instance
             */
            static create(properties: orch.v1.Heartbeat.$Shape): orch.v1.Heartbeat & orch.v1.Heartbeat.$Shape;
            static create(properties?: orch.v1.Heartbeat.$Properties): orch.v1.Heartbeat;

            /**
             * Encodes the specified Heartbeat message. Does not implicitly {@link orch.v1.Heartbeat.verify|verify} messages.
             * @param message Heartbeat message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.Heartbeat.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Heartbeat message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.Heartbeat & orch.v1.Heartbeat.$Shape} Heartbeat
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.Heartbeat & orch.v1.Heartbeat.$Shape;
        }

        namespace Heartbeat {

            /** Properties of a Heartbeat. */
            interface $Properties {

                /** Heartbeat sequence */
                sequence?: (number|null);

                /** Heartbeat wallClockMs */
                wallClockMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Heartbeat. */
            type $Shape = orch.v1.Heartbeat.$Properties;
        }

        /**
         * Properties of a HeartbeatAck.
         * @deprecated Use orch.v1.HeartbeatAck.$Properties instead.
         */
        interface IHeartbeatAck extends orch.v1.HeartbeatAck.$Properties {
        }

        /** Represents a HeartbeatAck. */
        class HeartbeatAck {

            /**
             * Constructs a new HeartbeatAck.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.HeartbeatAck.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** HeartbeatAck sequence. */
            sequence: number;

            /**
             * Creates a new HeartbeatAck instance using the specified properties.
             * @param [properties] Properties to set
             * @returns HeartbeatAck instance
             */
            static create(properties: orch.v1.HeartbeatAck.$Shape): orch.v1.HeartbeatAck & orch.v1.HeartbeatAck.$Shape;
            static create(properties?: orch.v1.HeartbeatAck.$Properties): orch.v1.HeartbeatAck;

            /**
             * Encodes the specified HeartbeatAck message. Does not implicitly {@link orch.v1.HeartbeatAck.verify|verify} messages.
             * @param message HeartbeatAck message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.HeartbeatAck.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a HeartbeatAck message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.HeartbeatAck & orch.v1.HeartbeatAck.$Shape} HeartbeatAck
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.HeartbeatAck & orch.v1.HeartbeatAck.$Shape;
        }

        namespace HeartbeatAck {

            /** Properties of a HeartbeatAck. */
            interface $Properties {

                /** HeartbeatAck sequence */
                sequence?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a HeartbeatAck. */
            type $Shape = orch.v1.HeartbeatAck.$Properties;
        }

        /**
         * Properties of an Assignments.
         * @deprecated Use orch.v1.Assignments.$Properties instead.
         */
        interface IAssignments extends orch.v1.Assignments.$Properties {
        }

        /** Represents an Assignments. */
        class Assignments {

            /**
             * Constructs a new Assignments.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.Assignments.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Assignments complete. */
            complete: boolean;

            /** Assignments appliesTo. */
            appliesTo: number;

            /** Assignments resultsIn. */
            resultsIn: number;

            /** Assignments upserts. */
            upserts: orch.v1.AssignedObject.$Properties[];

            /** Assignments removals. */
            removals: orch.v1.ObjectReference.$Properties[];

            /**
             * Creates a new Assignments instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Assignments instance
             */
            static create(properties: orch.v1.Assignments.$Shape): orch.v1.Assignments & orch.v1.Assignments.$Shape;
            static create(properties?: orch.v1.Assignments.$Properties): orch.v1.Assignments;

            /**
             * Encodes the specified Assignments message. Does not implicitly {@link orch.v1.Assignments.verify|verify} messages.
             * @param message Assignments message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.Assignments.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Assignments message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.Assignments & orch.v1.Assignments.$Shape} Assignments
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.Assignments & orch.v1.Assignments.$Shape;
        }

        namespace Assignments {

            /** Properties of an Assignments. */
            interface $Properties {

                /** Assignments complete */
                complete?: (boolean|null);

                /** Assignments appliesTo */
                appliesTo?: (number|null);

                /** Assignments resultsIn */
                resultsIn?: (number|null);

                /** Assignments upserts */
                upserts?: (orch.v1.AssignedObject.$Properties[]|null);

                /** Assignments removals */
                removals?: (orch.v1.ObjectReference.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Assignments. */
            type $Shape = orch.v1.Assignments.$Properties;
        }

        /**
         * Properties of an ObjectReference.
         * @deprecated Use orch.v1.ObjectReference.$Properties instead.
         */
        interface IObjectReference extends orch.v1.ObjectReference.$Properties {
        }

        /** Represents an ObjectReference. */
        class ObjectReference {

            /**
             * Constructs a new ObjectReference.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.ObjectReference.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ObjectReference resource. */
            resource: string;

            /** ObjectReference namespace. */
            namespace: string;

            /** ObjectReference name. */
            name: string;

            /** ObjectReference uid. */
            uid: string;

            /**
             * Creates a new ObjectReference instance using the specified properties.
             * @param [properties] Properties to set
             * @returns ObjectReference instance
             */
            static create(properties: orch.v1.ObjectReference.$Shape): orch.v1.ObjectReference & orch.v1.ObjectReference.$Shape;
            static create(properties?: orch.v1.ObjectReference.$Properties): orch.v1.ObjectReference;

            /**
             * Encodes the specified ObjectReference message. Does not implicitly {@link orch.v1.ObjectReference.verify|verify} messages.
             * @param message ObjectReference message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.ObjectReference.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an ObjectReference message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.ObjectReference & orch.v1.ObjectReference.$Shape} ObjectReference
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.ObjectReference & orch.v1.ObjectReference.$Shape;
        }

        namespace ObjectReference {

            /** Properties of an ObjectReference. */
            interface $Properties {

                /** ObjectReference resource */
                resource?: (string|null);

                /** ObjectReference namespace */
                namespace?: (string|null);

                /** ObjectReference name */
                name?: (string|null);

                /** ObjectReference uid */
                uid?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an ObjectReference. */
            type $Shape = orch.v1.ObjectReference.$Properties;
        }

        /**
         * Properties of an AssignedObject.
         * @deprecated Use orch.v1.AssignedObject.$Properties instead.
         */
        interface IAssignedObject extends orch.v1.AssignedObject.$Properties {
        }

        /** Represents an AssignedObject. */
        class AssignedObject {

            /**
             * Constructs a new AssignedObject.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.AssignedObject.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AssignedObject reference. */
            reference?: (orch.v1.ObjectReference.$Properties|null);

            /** AssignedObject resourceVersion. */
            resourceVersion: string;

            /** AssignedObject object. */
            object: Uint8Array;

            /**
             * Creates a new AssignedObject instance using the specified properties.
             * @param [properties] Properties to set
             * @returns AssignedObject instance
             */
            static create(properties: orch.v1.AssignedObject.$Shape): orch.v1.AssignedObject & orch.v1.AssignedObject.$Shape;
            static create(properties?: orch.v1.AssignedObject.$Properties): orch.v1.AssignedObject;

            /**
             * Encodes the specified AssignedObject message. Does not implicitly {@link orch.v1.AssignedObject.verify|verify} messages.
             * @param message AssignedObject message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.AssignedObject.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AssignedObject message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.AssignedObject & orch.v1.AssignedObject.$Shape} AssignedObject
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.AssignedObject & orch.v1.AssignedObject.$Shape;
        }

        namespace AssignedObject {

            /** Properties of an AssignedObject. */
            interface $Properties {

                /** AssignedObject reference */
                reference?: (orch.v1.ObjectReference.$Properties|null);

                /** AssignedObject resourceVersion */
                resourceVersion?: (string|null);

                /** AssignedObject object */
                object?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AssignedObject. */
            type $Shape = orch.v1.AssignedObject.$Properties;
        }

        /**
         * Properties of an AssignmentsGap.
         * @deprecated Use orch.v1.AssignmentsGap.$Properties instead.
         */
        interface IAssignmentsGap extends orch.v1.AssignmentsGap.$Properties {
        }

        /** Represents an AssignmentsGap. */
        class AssignmentsGap {

            /**
             * Constructs a new AssignmentsGap.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.AssignmentsGap.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AssignmentsGap lastApplied. */
            lastApplied: number;

            /**
             * Creates a new AssignmentsGap instance using the specified properties.
             * @param [properties] Properties to set
             * @returns AssignmentsGap instance
             */
            static create(properties: orch.v1.AssignmentsGap.$Shape): orch.v1.AssignmentsGap & orch.v1.AssignmentsGap.$Shape;
            static create(properties?: orch.v1.AssignmentsGap.$Properties): orch.v1.AssignmentsGap;

            /**
             * Encodes the specified AssignmentsGap message. Does not implicitly {@link orch.v1.AssignmentsGap.verify|verify} messages.
             * @param message AssignmentsGap message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.AssignmentsGap.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AssignmentsGap message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.AssignmentsGap & orch.v1.AssignmentsGap.$Shape} AssignmentsGap
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.AssignmentsGap & orch.v1.AssignmentsGap.$Shape;
        }

        namespace AssignmentsGap {

            /** Properties of an AssignmentsGap. */
            interface $Properties {

                /** AssignmentsGap lastApplied */
                lastApplied?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AssignmentsGap. */
            type $Shape = orch.v1.AssignmentsGap.$Properties;
        }

        /**
         * Properties of a StatusBatch.
         * @deprecated Use orch.v1.StatusBatch.$Properties instead.
         */
        interface IStatusBatch extends orch.v1.StatusBatch.$Properties {
        }

        /** Represents a StatusBatch. */
        class StatusBatch {

            /**
             * Constructs a new StatusBatch.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.StatusBatch.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** StatusBatch sequence. */
            sequence: number;

            /** StatusBatch pods. */
            pods: orch.v1.PodStatusUpdate.$Properties[];

            /**
             * Creates a new StatusBatch instance using the specified properties.
             * @param [properties] Properties to set
             * @returns StatusBatch instance
             */
            static create(properties: orch.v1.StatusBatch.$Shape): orch.v1.StatusBatch & orch.v1.StatusBatch.$Shape;
            static create(properties?: orch.v1.StatusBatch.$Properties): orch.v1.StatusBatch;

            /**
             * Encodes the specified StatusBatch message. Does not implicitly {@link orch.v1.StatusBatch.verify|verify} messages.
             * @param message StatusBatch message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.StatusBatch.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a StatusBatch message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.StatusBatch & orch.v1.StatusBatch.$Shape} StatusBatch
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.StatusBatch & orch.v1.StatusBatch.$Shape;
        }

        namespace StatusBatch {

            /** Properties of a StatusBatch. */
            interface $Properties {

                /** StatusBatch sequence */
                sequence?: (number|null);

                /** StatusBatch pods */
                pods?: (orch.v1.PodStatusUpdate.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a StatusBatch. */
            type $Shape = orch.v1.StatusBatch.$Properties;
        }

        /**
         * Properties of a PodStatusUpdate.
         * @deprecated Use orch.v1.PodStatusUpdate.$Properties instead.
         */
        interface IPodStatusUpdate extends orch.v1.PodStatusUpdate.$Properties {
        }

        /** Represents a PodStatusUpdate. */
        class PodStatusUpdate {

            /**
             * Constructs a new PodStatusUpdate.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.PodStatusUpdate.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** PodStatusUpdate namespace. */
            namespace: string;

            /** PodStatusUpdate name. */
            name: string;

            /** PodStatusUpdate uid. */
            uid: string;

            /** PodStatusUpdate status. */
            status: Uint8Array;

            /** PodStatusUpdate finished. */
            finished: boolean;

            /**
             * Creates a new PodStatusUpdate instance using the specified properties.
             * @param [properties] Properties to set
             * @returns PodStatusUpdate instance
             */
            static create(properties: orch.v1.PodStatusUpdate.$Shape): orch.v1.PodStatusUpdate & orch.v1.PodStatusUpdate.$Shape;
            static create(properties?: orch.v1.PodStatusUpdate.$Properties): orch.v1.PodStatusUpdate;

            /**
             * Encodes the specified PodStatusUpdate message. Does not implicitly {@link orch.v1.PodStatusUpdate.verify|verify} messages.
             * @param message PodStatusUpdate message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.PodStatusUpdate.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a PodStatusUpdate message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.PodStatusUpdate & orch.v1.PodStatusUpdate.$Shape} PodStatusUpdate
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.PodStatusUpdate & orch.v1.PodStatusUpdate.$Shape;
        }

        namespace PodStatusUpdate {

            /** Properties of a PodStatusUpdate. */
            interface $Properties {

                /** PodStatusUpdate namespace */
                namespace?: (string|null);

                /** PodStatusUpdate name */
                name?: (string|null);

                /** PodStatusUpdate uid */
                uid?: (string|null);

                /** PodStatusUpdate status */
                status?: (Uint8Array|null);

                /** PodStatusUpdate finished */
                finished?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a PodStatusUpdate. */
            type $Shape = orch.v1.PodStatusUpdate.$Properties;
        }

        /**
         * Properties of a StatusAck.
         * @deprecated Use orch.v1.StatusAck.$Properties instead.
         */
        interface IStatusAck extends orch.v1.StatusAck.$Properties {
        }

        /** Represents a StatusAck. */
        class StatusAck {

            /**
             * Constructs a new StatusAck.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.StatusAck.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** StatusAck sequence. */
            sequence: number;

            /**
             * Creates a new StatusAck instance using the specified properties.
             * @param [properties] Properties to set
             * @returns StatusAck instance
             */
            static create(properties: orch.v1.StatusAck.$Shape): orch.v1.StatusAck & orch.v1.StatusAck.$Shape;
            static create(properties?: orch.v1.StatusAck.$Properties): orch.v1.StatusAck;

            /**
             * Encodes the specified StatusAck message. Does not implicitly {@link orch.v1.StatusAck.verify|verify} messages.
             * @param message StatusAck message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.StatusAck.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a StatusAck message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.StatusAck & orch.v1.StatusAck.$Shape} StatusAck
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.StatusAck & orch.v1.StatusAck.$Shape;
        }

        namespace StatusAck {

            /** Properties of a StatusAck. */
            interface $Properties {

                /** StatusAck sequence */
                sequence?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a StatusAck. */
            type $Shape = orch.v1.StatusAck.$Properties;
        }

        /**
         * Properties of a NodeStatus.
         * @deprecated Use orch.v1.NodeStatus.$Properties instead.
         */
        interface INodeStatus extends orch.v1.NodeStatus.$Properties {
        }

        /** Represents a NodeStatus. */
        class NodeStatus {

            /**
             * Constructs a new NodeStatus.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.NodeStatus.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** NodeStatus status. */
            status: Uint8Array;

            /**
             * Creates a new NodeStatus instance using the specified properties.
             * @param [properties] Properties to set
             * @returns NodeStatus instance
             */
            static create(properties: orch.v1.NodeStatus.$Shape): orch.v1.NodeStatus & orch.v1.NodeStatus.$Shape;
            static create(properties?: orch.v1.NodeStatus.$Properties): orch.v1.NodeStatus;

            /**
             * Encodes the specified NodeStatus message. Does not implicitly {@link orch.v1.NodeStatus.verify|verify} messages.
             * @param message NodeStatus message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.NodeStatus.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a NodeStatus message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.NodeStatus & orch.v1.NodeStatus.$Shape} NodeStatus
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.NodeStatus & orch.v1.NodeStatus.$Shape;
        }

        namespace NodeStatus {

            /** Properties of a NodeStatus. */
            interface $Properties {

                /** NodeStatus status */
                status?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a NodeStatus. */
            type $Shape = orch.v1.NodeStatus.$Properties;
        }

        /**
         * Properties of an EventBatch.
         * @deprecated Use orch.v1.EventBatch.$Properties instead.
         */
        interface IEventBatch extends orch.v1.EventBatch.$Properties {
        }

        /** Represents an EventBatch. */
        class EventBatch {

            /**
             * Constructs a new EventBatch.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.EventBatch.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** EventBatch events. */
            events: Uint8Array[];

            /**
             * Creates a new EventBatch instance using the specified properties.
             * @param [properties] Properties to set
             * @returns EventBatch instance
             */
            static create(properties: orch.v1.EventBatch.$Shape): orch.v1.EventBatch & orch.v1.EventBatch.$Shape;
            static create(properties?: orch.v1.EventBatch.$Properties): orch.v1.EventBatch;

            /**
             * Encodes the specified EventBatch message. Does not implicitly {@link orch.v1.EventBatch.verify|verify} messages.
             * @param message EventBatch message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.EventBatch.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an EventBatch message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.EventBatch & orch.v1.EventBatch.$Shape} EventBatch
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.EventBatch & orch.v1.EventBatch.$Shape;
        }

        namespace EventBatch {

            /** Properties of an EventBatch. */
            interface $Properties {

                /** EventBatch events */
                events?: (Uint8Array[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an EventBatch. */
            type $Shape = orch.v1.EventBatch.$Properties;
        }

        /**
         * Properties of an OpenStream.
         * @deprecated Use orch.v1.OpenStream.$Properties instead.
         */
        interface IOpenStream extends orch.v1.OpenStream.$Properties {
        }

        /** Represents an OpenStream. */
        class OpenStream {

            /**
             * Constructs a new OpenStream.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.OpenStream.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** OpenStream id. */
            id: string;

            /** OpenStream deadlineMs. */
            deadlineMs: number;

            /** OpenStream target. */
            target?: (orch.v1.StreamOpen.$Properties|null);

            /**
             * Creates a new OpenStream instance using the specified properties.
             * @param [properties] Properties to set
             * @returns OpenStream instance
             */
            static create(properties: orch.v1.OpenStream.$Shape): orch.v1.OpenStream & orch.v1.OpenStream.$Shape;
            static create(properties?: orch.v1.OpenStream.$Properties): orch.v1.OpenStream;

            /**
             * Encodes the specified OpenStream message. Does not implicitly {@link orch.v1.OpenStream.verify|verify} messages.
             * @param message OpenStream message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.OpenStream.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an OpenStream message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.OpenStream & orch.v1.OpenStream.$Shape} OpenStream
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.OpenStream & orch.v1.OpenStream.$Shape;
        }

        namespace OpenStream {

            /** Properties of an OpenStream. */
            interface $Properties {

                /** OpenStream id */
                id?: (string|null);

                /** OpenStream deadlineMs */
                deadlineMs?: (number|null);

                /** OpenStream target */
                target?: (orch.v1.StreamOpen.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an OpenStream. */
            type $Shape = orch.v1.OpenStream.$Properties;
        }

        /**
         * Properties of an Operation.
         * @deprecated Use orch.v1.Operation.$Properties instead.
         */
        interface IOperation extends orch.v1.Operation.$Properties {
        }

        /** Represents an Operation. */
        class Operation {

            /**
             * Constructs a new Operation.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.Operation.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Operation id. */
            id: string;

            /** Operation kind. */
            kind: string;

            /** Operation payload. */
            payload: Uint8Array;

            /** Operation deadlineMs. */
            deadlineMs: number;

            /**
             * Creates a new Operation instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Operation instance
             */
            static create(properties: orch.v1.Operation.$Shape): orch.v1.Operation & orch.v1.Operation.$Shape;
            static create(properties?: orch.v1.Operation.$Properties): orch.v1.Operation;

            /**
             * Encodes the specified Operation message. Does not implicitly {@link orch.v1.Operation.verify|verify} messages.
             * @param message Operation message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.Operation.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Operation message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.Operation & orch.v1.Operation.$Shape} Operation
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.Operation & orch.v1.Operation.$Shape;
        }

        namespace Operation {

            /** Properties of an Operation. */
            interface $Properties {

                /** Operation id */
                id?: (string|null);

                /** Operation kind */
                kind?: (string|null);

                /** Operation payload */
                payload?: (Uint8Array|null);

                /** Operation deadlineMs */
                deadlineMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Operation. */
            type $Shape = orch.v1.Operation.$Properties;
        }

        /**
         * Properties of an OperationResult.
         * @deprecated Use orch.v1.OperationResult.$Properties instead.
         */
        interface IOperationResult extends orch.v1.OperationResult.$Properties {
        }

        /** Represents an OperationResult. */
        class OperationResult {

            /**
             * Constructs a new OperationResult.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.OperationResult.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** OperationResult id. */
            id: string;

            /** OperationResult problem. */
            problem: Uint8Array;

            /** OperationResult payload. */
            payload: Uint8Array;

            /**
             * Creates a new OperationResult instance using the specified properties.
             * @param [properties] Properties to set
             * @returns OperationResult instance
             */
            static create(properties: orch.v1.OperationResult.$Shape): orch.v1.OperationResult & orch.v1.OperationResult.$Shape;
            static create(properties?: orch.v1.OperationResult.$Properties): orch.v1.OperationResult;

            /**
             * Encodes the specified OperationResult message. Does not implicitly {@link orch.v1.OperationResult.verify|verify} messages.
             * @param message OperationResult message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.OperationResult.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an OperationResult message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.OperationResult & orch.v1.OperationResult.$Shape} OperationResult
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.OperationResult & orch.v1.OperationResult.$Shape;
        }

        namespace OperationResult {

            /** Properties of an OperationResult. */
            interface $Properties {

                /** OperationResult id */
                id?: (string|null);

                /** OperationResult problem */
                problem?: (Uint8Array|null);

                /** OperationResult payload */
                payload?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an OperationResult. */
            type $Shape = orch.v1.OperationResult.$Properties;
        }

        /**
         * Properties of a RenewNow.
         * @deprecated Use orch.v1.RenewNow.$Properties instead.
         */
        interface IRenewNow extends orch.v1.RenewNow.$Properties {
        }

        /** Represents a RenewNow. */
        class RenewNow {

            /**
             * Constructs a new RenewNow.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.RenewNow.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** RenewNow reason. */
            reason: string;

            /**
             * Creates a new RenewNow instance using the specified properties.
             * @param [properties] Properties to set
             * @returns RenewNow instance
             */
            static create(properties: orch.v1.RenewNow.$Shape): orch.v1.RenewNow & orch.v1.RenewNow.$Shape;
            static create(properties?: orch.v1.RenewNow.$Properties): orch.v1.RenewNow;

            /**
             * Encodes the specified RenewNow message. Does not implicitly {@link orch.v1.RenewNow.verify|verify} messages.
             * @param message RenewNow message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.RenewNow.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a RenewNow message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.RenewNow & orch.v1.RenewNow.$Shape} RenewNow
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.RenewNow & orch.v1.RenewNow.$Shape;
        }

        namespace RenewNow {

            /** Properties of a RenewNow. */
            interface $Properties {

                /** RenewNow reason */
                reason?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a RenewNow. */
            type $Shape = orch.v1.RenewNow.$Properties;
        }

        /**
         * Properties of a Goodbye.
         * @deprecated Use orch.v1.Goodbye.$Properties instead.
         */
        interface IGoodbye extends orch.v1.Goodbye.$Properties {
        }

        /** Represents a Goodbye. */
        class Goodbye {

            /**
             * Constructs a new Goodbye.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.Goodbye.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Goodbye reason. */
            reason: string;

            /** Goodbye reconnectAfterMs. */
            reconnectAfterMs: number;

            /** Goodbye nodeDeleted. */
            nodeDeleted: boolean;

            /** Goodbye identityRefused. */
            identityRefused: boolean;

            /**
             * Creates a new Goodbye instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Goodbye instance
             */
            static create(properties: orch.v1.Goodbye.$Shape): orch.v1.Goodbye & orch.v1.Goodbye.$Shape;
            static create(properties?: orch.v1.Goodbye.$Properties): orch.v1.Goodbye;

            /**
             * Encodes the specified Goodbye message. Does not implicitly {@link orch.v1.Goodbye.verify|verify} messages.
             * @param message Goodbye message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.Goodbye.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Goodbye message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.Goodbye & orch.v1.Goodbye.$Shape} Goodbye
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.Goodbye & orch.v1.Goodbye.$Shape;
        }

        namespace Goodbye {

            /** Properties of a Goodbye. */
            interface $Properties {

                /** Goodbye reason */
                reason?: (string|null);

                /** Goodbye reconnectAfterMs */
                reconnectAfterMs?: (number|null);

                /** Goodbye nodeDeleted */
                nodeDeleted?: (boolean|null);

                /** Goodbye identityRefused */
                identityRefused?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Goodbye. */
            type $Shape = orch.v1.Goodbye.$Properties;
        }

        /**
         * Properties of an ImageReport.
         * @deprecated Use orch.v1.ImageReport.$Properties instead.
         */
        interface IImageReport extends orch.v1.ImageReport.$Properties {
        }

        /** Represents an ImageReport. */
        class ImageReport {

            /**
             * Constructs a new ImageReport.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.ImageReport.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ImageReport complete. */
            complete: boolean;

            /** ImageReport peerAddress. */
            peerAddress: string;

            /** ImageReport added. */
            added: string[];

            /** ImageReport removed. */
            removed: string[];

            /** ImageReport givenUp. */
            givenUp: string[];

            /** ImageReport names. */
            names: orch.v1.ImageName.$Properties[];

            /** ImageReport removedNames. */
            removedNames: string[];

            /**
             * Creates a new ImageReport instance using the specified properties.
             * @param [properties] Properties to set
             * @returns ImageReport instance
             */
            static create(properties: orch.v1.ImageReport.$Shape): orch.v1.ImageReport & orch.v1.ImageReport.$Shape;
            static create(properties?: orch.v1.ImageReport.$Properties): orch.v1.ImageReport;

            /**
             * Encodes the specified ImageReport message. Does not implicitly {@link orch.v1.ImageReport.verify|verify} messages.
             * @param message ImageReport message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.ImageReport.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an ImageReport message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.ImageReport & orch.v1.ImageReport.$Shape} ImageReport
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.ImageReport & orch.v1.ImageReport.$Shape;
        }

        namespace ImageReport {

            /** Properties of an ImageReport. */
            interface $Properties {

                /** ImageReport complete */
                complete?: (boolean|null);

                /** ImageReport peerAddress */
                peerAddress?: (string|null);

                /** ImageReport added */
                added?: (string[]|null);

                /** ImageReport removed */
                removed?: (string[]|null);

                /** ImageReport givenUp */
                givenUp?: (string[]|null);

                /** ImageReport names */
                names?: (orch.v1.ImageName.$Properties[]|null);

                /** ImageReport removedNames */
                removedNames?: (string[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an ImageReport. */
            type $Shape = orch.v1.ImageReport.$Properties;
        }

        /**
         * Properties of an ImageName.
         * @deprecated Use orch.v1.ImageName.$Properties instead.
         */
        interface IImageName extends orch.v1.ImageName.$Properties {
        }

        /** Represents an ImageName. */
        class ImageName {

            /**
             * Constructs a new ImageName.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.ImageName.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ImageName name. */
            name: string;

            /** ImageName digest. */
            digest: string;

            /** ImageName local. */
            local: boolean;

            /**
             * Creates a new ImageName instance using the specified properties.
             * @param [properties] Properties to set
             * @returns ImageName instance
             */
            static create(properties: orch.v1.ImageName.$Shape): orch.v1.ImageName & orch.v1.ImageName.$Shape;
            static create(properties?: orch.v1.ImageName.$Properties): orch.v1.ImageName;

            /**
             * Encodes the specified ImageName message. Does not implicitly {@link orch.v1.ImageName.verify|verify} messages.
             * @param message ImageName message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.ImageName.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an ImageName message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.ImageName & orch.v1.ImageName.$Shape} ImageName
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.ImageName & orch.v1.ImageName.$Shape;
        }

        namespace ImageName {

            /** Properties of an ImageName. */
            interface $Properties {

                /** ImageName name */
                name?: (string|null);

                /** ImageName digest */
                digest?: (string|null);

                /** ImageName local */
                local?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an ImageName. */
            type $Shape = orch.v1.ImageName.$Properties;
        }

        /**
         * Properties of a PinImageRequest.
         * @deprecated Use orch.v1.PinImageRequest.$Properties instead.
         */
        interface IPinImageRequest extends orch.v1.PinImageRequest.$Properties {
        }

        /** Represents a PinImageRequest. */
        class PinImageRequest {

            /**
             * Constructs a new PinImageRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.PinImageRequest.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** PinImageRequest namespace. */
            namespace: string;

            /** PinImageRequest pod. */
            pod: string;

            /** PinImageRequest uid. */
            uid: string;

            /** PinImageRequest image. */
            image: string;

            /** PinImageRequest name. */
            name: string;

            /** PinImageRequest present. */
            present: string;

            /** PinImageRequest resolved. */
            resolved: string;

            /** PinImageRequest failed. */
            failed: boolean;

            /**
             * Creates a new PinImageRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns PinImageRequest instance
             */
            static create(properties: orch.v1.PinImageRequest.$Shape): orch.v1.PinImageRequest & orch.v1.PinImageRequest.$Shape;
            static create(properties?: orch.v1.PinImageRequest.$Properties): orch.v1.PinImageRequest;

            /**
             * Encodes the specified PinImageRequest message. Does not implicitly {@link orch.v1.PinImageRequest.verify|verify} messages.
             * @param message PinImageRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.PinImageRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a PinImageRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.PinImageRequest & orch.v1.PinImageRequest.$Shape} PinImageRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.PinImageRequest & orch.v1.PinImageRequest.$Shape;
        }

        namespace PinImageRequest {

            /** Properties of a PinImageRequest. */
            interface $Properties {

                /** PinImageRequest namespace */
                namespace?: (string|null);

                /** PinImageRequest pod */
                pod?: (string|null);

                /** PinImageRequest uid */
                uid?: (string|null);

                /** PinImageRequest image */
                image?: (string|null);

                /** PinImageRequest name */
                name?: (string|null);

                /** PinImageRequest present */
                present?: (string|null);

                /** PinImageRequest resolved */
                resolved?: (string|null);

                /** PinImageRequest failed */
                failed?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a PinImageRequest. */
            type $Shape = orch.v1.PinImageRequest.$Properties;
        }

        /**
         * Properties of a PinImageReply.
         * @deprecated Use orch.v1.PinImageReply.$Properties instead.
         */
        interface IPinImageReply extends orch.v1.PinImageReply.$Properties {
        }

        /** Represents a PinImageReply. */
        class PinImageReply {

            /**
             * Constructs a new PinImageReply.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.PinImageReply.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** PinImageReply digest. */
            digest: string;

            /**
             * Creates a new PinImageReply instance using the specified properties.
             * @param [properties] Properties to set
             * @returns PinImageReply instance
             */
            static create(properties: orch.v1.PinImageReply.$Shape): orch.v1.PinImageReply & orch.v1.PinImageReply.$Shape;
            static create(properties?: orch.v1.PinImageReply.$Properties): orch.v1.PinImageReply;

            /**
             * Encodes the specified PinImageReply message. Does not implicitly {@link orch.v1.PinImageReply.verify|verify} messages.
             * @param message PinImageReply message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.PinImageReply.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a PinImageReply message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.PinImageReply & orch.v1.PinImageReply.$Shape} PinImageReply
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.PinImageReply & orch.v1.PinImageReply.$Shape;
        }

        namespace PinImageReply {

            /** Properties of a PinImageReply. */
            interface $Properties {

                /** PinImageReply digest */
                digest?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a PinImageReply. */
            type $Shape = orch.v1.PinImageReply.$Properties;
        }

        /**
         * Properties of a LocateBlobRequest.
         * @deprecated Use orch.v1.LocateBlobRequest.$Properties instead.
         */
        interface ILocateBlobRequest extends orch.v1.LocateBlobRequest.$Properties {
        }

        /** Represents a LocateBlobRequest. */
        class LocateBlobRequest {

            /**
             * Constructs a new LocateBlobRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.LocateBlobRequest.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** LocateBlobRequest image. */
            image: string;

            /** LocateBlobRequest digest. */
            digest: string;

            /** LocateBlobRequest documents. */
            documents: Uint8Array[];

            /** LocateBlobRequest avoid. */
            avoid: string[];

            /**
             * Creates a new LocateBlobRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns LocateBlobRequest instance
             */
            static create(properties: orch.v1.LocateBlobRequest.$Shape): orch.v1.LocateBlobRequest & orch.v1.LocateBlobRequest.$Shape;
            static create(properties?: orch.v1.LocateBlobRequest.$Properties): orch.v1.LocateBlobRequest;

            /**
             * Encodes the specified LocateBlobRequest message. Does not implicitly {@link orch.v1.LocateBlobRequest.verify|verify} messages.
             * @param message LocateBlobRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.LocateBlobRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a LocateBlobRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.LocateBlobRequest & orch.v1.LocateBlobRequest.$Shape} LocateBlobRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.LocateBlobRequest & orch.v1.LocateBlobRequest.$Shape;
        }

        namespace LocateBlobRequest {

            /** Properties of a LocateBlobRequest. */
            interface $Properties {

                /** LocateBlobRequest image */
                image?: (string|null);

                /** LocateBlobRequest digest */
                digest?: (string|null);

                /** LocateBlobRequest documents */
                documents?: (Uint8Array[]|null);

                /** LocateBlobRequest avoid */
                avoid?: (string[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a LocateBlobRequest. */
            type $Shape = orch.v1.LocateBlobRequest.$Properties;
        }

        /**
         * Properties of a LocateBlobReply.
         * @deprecated Use orch.v1.LocateBlobReply.$Properties instead.
         */
        interface ILocateBlobReply extends orch.v1.LocateBlobReply.$Properties {
        }

        /** Represents a LocateBlobReply. */
        class LocateBlobReply {

            /**
             * Constructs a new LocateBlobReply.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.LocateBlobReply.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** LocateBlobReply peers. */
            peers: orch.v1.BlobPeer.$Properties[];

            /**
             * Creates a new LocateBlobReply instance using the specified properties.
             * @param [properties] Properties to set
             * @returns LocateBlobReply instance
             */
            static create(properties: orch.v1.LocateBlobReply.$Shape): orch.v1.LocateBlobReply & orch.v1.LocateBlobReply.$Shape;
            static create(properties?: orch.v1.LocateBlobReply.$Properties): orch.v1.LocateBlobReply;

            /**
             * Encodes the specified LocateBlobReply message. Does not implicitly {@link orch.v1.LocateBlobReply.verify|verify} messages.
             * @param message LocateBlobReply message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.LocateBlobReply.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a LocateBlobReply message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.LocateBlobReply & orch.v1.LocateBlobReply.$Shape} LocateBlobReply
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.LocateBlobReply & orch.v1.LocateBlobReply.$Shape;
        }

        namespace LocateBlobReply {

            /** Properties of a LocateBlobReply. */
            interface $Properties {

                /** LocateBlobReply peers */
                peers?: (orch.v1.BlobPeer.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a LocateBlobReply. */
            type $Shape = orch.v1.LocateBlobReply.$Properties;
        }

        /**
         * Properties of a NeededImagesRequest.
         * @deprecated Use orch.v1.NeededImagesRequest.$Properties instead.
         */
        interface INeededImagesRequest extends orch.v1.NeededImagesRequest.$Properties {
        }

        /** Represents a NeededImagesRequest. */
        class NeededImagesRequest {

            /**
             * Constructs a new NeededImagesRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.NeededImagesRequest.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** NeededImagesRequest names. */
            names: string[];

            /**
             * Creates a new NeededImagesRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns NeededImagesRequest instance
             */
            static create(properties: orch.v1.NeededImagesRequest.$Shape): orch.v1.NeededImagesRequest & orch.v1.NeededImagesRequest.$Shape;
            static create(properties?: orch.v1.NeededImagesRequest.$Properties): orch.v1.NeededImagesRequest;

            /**
             * Encodes the specified NeededImagesRequest message. Does not implicitly {@link orch.v1.NeededImagesRequest.verify|verify} messages.
             * @param message NeededImagesRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.NeededImagesRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a NeededImagesRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.NeededImagesRequest & orch.v1.NeededImagesRequest.$Shape} NeededImagesRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.NeededImagesRequest & orch.v1.NeededImagesRequest.$Shape;
        }

        namespace NeededImagesRequest {

            /** Properties of a NeededImagesRequest. */
            interface $Properties {

                /** NeededImagesRequest names */
                names?: (string[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a NeededImagesRequest. */
            type $Shape = orch.v1.NeededImagesRequest.$Properties;
        }

        /**
         * Properties of a NeededImagesReply.
         * @deprecated Use orch.v1.NeededImagesReply.$Properties instead.
         */
        interface INeededImagesReply extends orch.v1.NeededImagesReply.$Properties {
        }

        /** Represents a NeededImagesReply. */
        class NeededImagesReply {

            /**
             * Constructs a new NeededImagesReply.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.NeededImagesReply.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** NeededImagesReply needed. */
            needed: string[];

            /**
             * Creates a new NeededImagesReply instance using the specified properties.
             * @param [properties] Properties to set
             * @returns NeededImagesReply instance
             */
            static create(properties: orch.v1.NeededImagesReply.$Shape): orch.v1.NeededImagesReply & orch.v1.NeededImagesReply.$Shape;
            static create(properties?: orch.v1.NeededImagesReply.$Properties): orch.v1.NeededImagesReply;

            /**
             * Encodes the specified NeededImagesReply message. Does not implicitly {@link orch.v1.NeededImagesReply.verify|verify} messages.
             * @param message NeededImagesReply message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.NeededImagesReply.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a NeededImagesReply message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.NeededImagesReply & orch.v1.NeededImagesReply.$Shape} NeededImagesReply
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.NeededImagesReply & orch.v1.NeededImagesReply.$Shape;
        }

        namespace NeededImagesReply {

            /** Properties of a NeededImagesReply. */
            interface $Properties {

                /** NeededImagesReply needed */
                needed?: (string[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a NeededImagesReply. */
            type $Shape = orch.v1.NeededImagesReply.$Properties;
        }

        /**
         * Properties of a BlobPeer.
         * @deprecated Use orch.v1.BlobPeer.$Properties instead.
         */
        interface IBlobPeer extends orch.v1.BlobPeer.$Properties {
        }

        /** Represents a BlobPeer. */
        class BlobPeer {

            /**
             * Constructs a new BlobPeer.
             * @param [properties] Properties to set
             */
            constructor(properties?: orch.v1.BlobPeer.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** BlobPeer node. */
            node: string;

            /** BlobPeer address. */
            address: string;

            /** BlobPeer ticket. */
            ticket: string;

            /**
             * Creates a new BlobPeer instance using the specified properties.
             * @param [properties] Properties to set
             * @returns BlobPeer instance
             */
            static create(properties: orch.v1.BlobPeer.$Shape): orch.v1.BlobPeer & orch.v1.BlobPeer.$Shape;
            static create(properties?: orch.v1.BlobPeer.$Properties): orch.v1.BlobPeer;

            /**
             * Encodes the specified BlobPeer message. Does not implicitly {@link orch.v1.BlobPeer.verify|verify} messages.
             * @param message BlobPeer message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: orch.v1.BlobPeer.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a BlobPeer message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {orch.v1.BlobPeer & orch.v1.BlobPeer.$Shape} BlobPeer
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): orch.v1.BlobPeer & orch.v1.BlobPeer.$Shape;
        }

        namespace BlobPeer {

            /** Properties of a BlobPeer. */
            interface $Properties {

                /** BlobPeer node */
                node?: (string|null);

                /** BlobPeer address */
                address?: (string|null);

                /** BlobPeer ticket */
                ticket?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a BlobPeer. */
            type $Shape = orch.v1.BlobPeer.$Properties;
        }
    }
}
