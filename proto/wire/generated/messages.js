import "../long.ts";
/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

// Exported root namespace
const $root = $protobuf.roots["default"] || ($protobuf.roots["default"] = {});

export const orch = $root.orch = (() => {

    /**
     * Namespace orch.
     * @exports orch
     * @namespace
     */
    const orch = {};

    orch.v1 = (function() {

        /**
         * Namespace v1.
         * @memberof orch
         * @namespace
         */
        const v1 = {};

        v1.AdministrationRequest = (function() {

            /**
             * Properties of an AdministrationRequest.
             * @typedef {Object} orch.v1.AdministrationRequest.$Properties
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an AdministrationRequest.
             * @memberof orch.v1
             * @interface IAdministrationRequest
             * @augments orch.v1.AdministrationRequest.$Properties
             * @deprecated Use orch.v1.AdministrationRequest.$Properties instead.
             */

            /**
             * Shape of an AdministrationRequest.
             * @typedef {orch.v1.AdministrationRequest.$Properties} orch.v1.AdministrationRequest.$Shape
             */

            /**
             * Constructs a new AdministrationRequest.
             * @memberof orch.v1
             * @classdesc Represents an AdministrationRequest.
             * @constructor
             * @param {orch.v1.AdministrationRequest.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const AdministrationRequest = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Creates a new AdministrationRequest instance using the specified properties.
             * @function create
             * @memberof orch.v1.AdministrationRequest
             * @static
             * @param {orch.v1.AdministrationRequest.$Properties=} [properties] Properties to set
             * @returns {orch.v1.AdministrationRequest} AdministrationRequest instance
             * @type {{
             *   (properties: orch.v1.AdministrationRequest.$Shape): orch.v1.AdministrationRequest & orch.v1.AdministrationRequest.$Shape;
             *   (properties?: orch.v1.AdministrationRequest.$Properties): orch.v1.AdministrationRequest;
             * }}
             */
            AdministrationRequest.create = function(properties) {
                return new AdministrationRequest(properties);
            };

            /**
             * Encodes the specified AdministrationRequest message. Does not implicitly {@link orch.v1.AdministrationRequest.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.AdministrationRequest
             * @static
             * @param {orch.v1.AdministrationRequest.$Properties} message AdministrationRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            AdministrationRequest.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an AdministrationRequest message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.AdministrationRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.AdministrationRequest & orch.v1.AdministrationRequest.$Shape} AdministrationRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            AdministrationRequest.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.AdministrationRequest();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    reader.skipType(tag & 7, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return AdministrationRequest;
        })();

        v1.BackupPart = (function() {

            /**
             * Properties of a BackupPart.
             * @typedef {Object} orch.v1.BackupPart.$Properties
             * @property {Uint8Array|null} [header] BackupPart header
             * @property {Array.<orch.v1.BackupItem.$Properties>|null} [items] BackupPart items
             * @property {Uint8Array|null} [trailer] BackupPart trailer
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a BackupPart.
             * @memberof orch.v1
             * @interface IBackupPart
             * @augments orch.v1.BackupPart.$Properties
             * @deprecated Use orch.v1.BackupPart.$Properties instead.
             */

            /**
             * Shape of a BackupPart.
             * @typedef {orch.v1.BackupPart.$Properties} orch.v1.BackupPart.$Shape
             */

            /**
             * Constructs a new BackupPart.
             * @memberof orch.v1
             * @classdesc Represents a BackupPart.
             * @constructor
             * @param {orch.v1.BackupPart.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const BackupPart = function (properties) {
                this.items = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * BackupPart header.
             * @member {Uint8Array} header
             * @memberof orch.v1.BackupPart
             * @instance
             */
            BackupPart.prototype.header = $util.newBuffer([]);

            /**
             * BackupPart items.
             * @member {Array.<orch.v1.BackupItem.$Properties>} items
             * @memberof orch.v1.BackupPart
             * @instance
             */
            BackupPart.prototype.items = $util.emptyArray;

            /**
             * BackupPart trailer.
             * @member {Uint8Array} trailer
             * @memberof orch.v1.BackupPart
             * @instance
             */
            BackupPart.prototype.trailer = $util.newBuffer([]);

            /**
             * Creates a new BackupPart instance using the specified properties.
             * @function create
             * @memberof orch.v1.BackupPart
             * @static
             * @param {orch.v1.BackupPart.$Properties=} [properties] Properties to set
             * @returns {orch.v1.BackupPart} BackupPart instance
             * @type {{
             *   (properties: orch.v1.BackupPart.$Shape): orch.v1.BackupPart & orch.v1.BackupPart.$Shape;
             *   (properties?: orch.v1.BackupPart.$Properties): orch.v1.BackupPart;
             * }}
             */
            BackupPart.create = function(properties) {
                return new BackupPart(properties);
            };

            /**
             * Encodes the specified BackupPart message. Does not implicitly {@link orch.v1.BackupPart.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.BackupPart
             * @static
             * @param {orch.v1.BackupPart.$Properties} message BackupPart message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            BackupPart.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.header != null && $Object.hasOwnProperty.call(message, "header") && message.header.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.header);
                if (message.items != null && message.items.length)
                    for (let i = 0; i < message.items.length; ++i)
                        $root.orch.v1.BackupItem.encode(message.items[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.trailer != null && $Object.hasOwnProperty.call(message, "trailer") && message.trailer.length)
                    writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.trailer);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a BackupPart message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.BackupPart
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.BackupPart & orch.v1.BackupPart.$Shape} BackupPart
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            BackupPart.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.BackupPart();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.header = value;
                            else
                                delete message.header;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.items && message.items.length))
                                message.items = [];
                            message.items.push($root.orch.v1.BackupItem.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.trailer = value;
                            else
                                delete message.trailer;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return BackupPart;
        })();

        v1.BackupItem = (function() {

            /**
             * Properties of a BackupItem.
             * @typedef {Object} orch.v1.BackupItem.$Properties
             * @property {string|null} [key] BackupItem key
             * @property {Uint8Array|null} [value] BackupItem value
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a BackupItem.
             * @memberof orch.v1
             * @interface IBackupItem
             * @augments orch.v1.BackupItem.$Properties
             * @deprecated Use orch.v1.BackupItem.$Properties instead.
             */

            /**
             * Shape of a BackupItem.
             * @typedef {orch.v1.BackupItem.$Properties} orch.v1.BackupItem.$Shape
             */

            /**
             * Constructs a new BackupItem.
             * @memberof orch.v1
             * @classdesc Represents a BackupItem.
             * @constructor
             * @param {orch.v1.BackupItem.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const BackupItem = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * BackupItem key.
             * @member {string} key
             * @memberof orch.v1.BackupItem
             * @instance
             */
            BackupItem.prototype.key = "";

            /**
             * BackupItem value.
             * @member {Uint8Array} value
             * @memberof orch.v1.BackupItem
             * @instance
             */
            BackupItem.prototype.value = $util.newBuffer([]);

            /**
             * Creates a new BackupItem instance using the specified properties.
             * @function create
             * @memberof orch.v1.BackupItem
             * @static
             * @param {orch.v1.BackupItem.$Properties=} [properties] Properties to set
             * @returns {orch.v1.BackupItem} BackupItem instance
             * @type {{
             *   (properties: orch.v1.BackupItem.$Shape): orch.v1.BackupItem & orch.v1.BackupItem.$Shape;
             *   (properties?: orch.v1.BackupItem.$Properties): orch.v1.BackupItem;
             * }}
             */
            BackupItem.create = function(properties) {
                return new BackupItem(properties);
            };

            /**
             * Encodes the specified BackupItem message. Does not implicitly {@link orch.v1.BackupItem.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.BackupItem
             * @static
             * @param {orch.v1.BackupItem.$Properties} message BackupItem message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            BackupItem.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.key);
                if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.value);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a BackupItem message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.BackupItem
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.BackupItem & orch.v1.BackupItem.$Shape} BackupItem
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            BackupItem.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.BackupItem();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.key = value;
                            else
                                delete message.key;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.value = value;
                            else
                                delete message.value;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return BackupItem;
        })();

        v1.AdministrationReply = (function() {

            /**
             * Properties of an AdministrationReply.
             * @typedef {Object} orch.v1.AdministrationReply.$Properties
             * @property {Uint8Array|null} [body] AdministrationReply body
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an AdministrationReply.
             * @memberof orch.v1
             * @interface IAdministrationReply
             * @augments orch.v1.AdministrationReply.$Properties
             * @deprecated Use orch.v1.AdministrationReply.$Properties instead.
             */

            /**
             * Shape of an AdministrationReply.
             * @typedef {orch.v1.AdministrationReply.$Properties} orch.v1.AdministrationReply.$Shape
             */

            /**
             * Constructs a new AdministrationReply.
             * @memberof orch.v1
             * @classdesc Represents an AdministrationReply.
             * @constructor
             * @param {orch.v1.AdministrationReply.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const AdministrationReply = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * AdministrationReply body.
             * @member {Uint8Array} body
             * @memberof orch.v1.AdministrationReply
             * @instance
             */
            AdministrationReply.prototype.body = $util.newBuffer([]);

            /**
             * Creates a new AdministrationReply instance using the specified properties.
             * @function create
             * @memberof orch.v1.AdministrationReply
             * @static
             * @param {orch.v1.AdministrationReply.$Properties=} [properties] Properties to set
             * @returns {orch.v1.AdministrationReply} AdministrationReply instance
             * @type {{
             *   (properties: orch.v1.AdministrationReply.$Shape): orch.v1.AdministrationReply & orch.v1.AdministrationReply.$Shape;
             *   (properties?: orch.v1.AdministrationReply.$Properties): orch.v1.AdministrationReply;
             * }}
             */
            AdministrationReply.create = function(properties) {
                return new AdministrationReply(properties);
            };

            /**
             * Encodes the specified AdministrationReply message. Does not implicitly {@link orch.v1.AdministrationReply.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.AdministrationReply
             * @static
             * @param {orch.v1.AdministrationReply.$Properties} message AdministrationReply message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            AdministrationReply.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.body != null && $Object.hasOwnProperty.call(message, "body") && message.body.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.body);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an AdministrationReply message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.AdministrationReply
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.AdministrationReply & orch.v1.AdministrationReply.$Shape} AdministrationReply
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            AdministrationReply.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.AdministrationReply();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.body = value;
                            else
                                delete message.body;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return AdministrationReply;
        })();

        v1.RevokeJoinTokenRequest = (function() {

            /**
             * Properties of a RevokeJoinTokenRequest.
             * @typedef {Object} orch.v1.RevokeJoinTokenRequest.$Properties
             * @property {string|null} [id] RevokeJoinTokenRequest id
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a RevokeJoinTokenRequest.
             * @memberof orch.v1
             * @interface IRevokeJoinTokenRequest
             * @augments orch.v1.RevokeJoinTokenRequest.$Properties
             * @deprecated Use orch.v1.RevokeJoinTokenRequest.$Properties instead.
             */

            /**
             * Shape of a RevokeJoinTokenRequest.
             * @typedef {orch.v1.RevokeJoinTokenRequest.$Properties} orch.v1.RevokeJoinTokenRequest.$Shape
             */

            /**
             * Constructs a new RevokeJoinTokenRequest.
             * @memberof orch.v1
             * @classdesc Represents a RevokeJoinTokenRequest.
             * @constructor
             * @param {orch.v1.RevokeJoinTokenRequest.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const RevokeJoinTokenRequest = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * RevokeJoinTokenRequest id.
             * @member {string} id
             * @memberof orch.v1.RevokeJoinTokenRequest
             * @instance
             */
            RevokeJoinTokenRequest.prototype.id = "";

            /**
             * Creates a new RevokeJoinTokenRequest instance using the specified properties.
             * @function create
             * @memberof orch.v1.RevokeJoinTokenRequest
             * @static
             * @param {orch.v1.RevokeJoinTokenRequest.$Properties=} [properties] Properties to set
             * @returns {orch.v1.RevokeJoinTokenRequest} RevokeJoinTokenRequest instance
             * @type {{
             *   (properties: orch.v1.RevokeJoinTokenRequest.$Shape): orch.v1.RevokeJoinTokenRequest & orch.v1.RevokeJoinTokenRequest.$Shape;
             *   (properties?: orch.v1.RevokeJoinTokenRequest.$Properties): orch.v1.RevokeJoinTokenRequest;
             * }}
             */
            RevokeJoinTokenRequest.create = function(properties) {
                return new RevokeJoinTokenRequest(properties);
            };

            /**
             * Encodes the specified RevokeJoinTokenRequest message. Does not implicitly {@link orch.v1.RevokeJoinTokenRequest.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.RevokeJoinTokenRequest
             * @static
             * @param {orch.v1.RevokeJoinTokenRequest.$Properties} message RevokeJoinTokenRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            RevokeJoinTokenRequest.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.id);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a RevokeJoinTokenRequest message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.RevokeJoinTokenRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.RevokeJoinTokenRequest & orch.v1.RevokeJoinTokenRequest.$Shape} RevokeJoinTokenRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            RevokeJoinTokenRequest.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.RevokeJoinTokenRequest();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return RevokeJoinTokenRequest;
        })();

        v1.RevokeCertificatesRequest = (function() {

            /**
             * Properties of a RevokeCertificatesRequest.
             * @typedef {Object} orch.v1.RevokeCertificatesRequest.$Properties
             * @property {string|null} [serial] RevokeCertificatesRequest serial
             * @property {string|null} [user] RevokeCertificatesRequest user
             * @property {string|null} [reason] RevokeCertificatesRequest reason
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a RevokeCertificatesRequest.
             * @memberof orch.v1
             * @interface IRevokeCertificatesRequest
             * @augments orch.v1.RevokeCertificatesRequest.$Properties
             * @deprecated Use orch.v1.RevokeCertificatesRequest.$Properties instead.
             */

            /**
             * Shape of a RevokeCertificatesRequest.
             * @typedef {orch.v1.RevokeCertificatesRequest.$Properties} orch.v1.RevokeCertificatesRequest.$Shape
             */

            /**
             * Constructs a new RevokeCertificatesRequest.
             * @memberof orch.v1
             * @classdesc Represents a RevokeCertificatesRequest.
             * @constructor
             * @param {orch.v1.RevokeCertificatesRequest.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const RevokeCertificatesRequest = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * RevokeCertificatesRequest serial.
             * @member {string} serial
             * @memberof orch.v1.RevokeCertificatesRequest
             * @instance
             */
            RevokeCertificatesRequest.prototype.serial = "";

            /**
             * RevokeCertificatesRequest user.
             * @member {string} user
             * @memberof orch.v1.RevokeCertificatesRequest
             * @instance
             */
            RevokeCertificatesRequest.prototype.user = "";

            /**
             * RevokeCertificatesRequest reason.
             * @member {string} reason
             * @memberof orch.v1.RevokeCertificatesRequest
             * @instance
             */
            RevokeCertificatesRequest.prototype.reason = "";

            /**
             * Creates a new RevokeCertificatesRequest instance using the specified properties.
             * @function create
             * @memberof orch.v1.RevokeCertificatesRequest
             * @static
             * @param {orch.v1.RevokeCertificatesRequest.$Properties=} [properties] Properties to set
             * @returns {orch.v1.RevokeCertificatesRequest} RevokeCertificatesRequest instance
             * @type {{
             *   (properties: orch.v1.RevokeCertificatesRequest.$Shape): orch.v1.RevokeCertificatesRequest & orch.v1.RevokeCertificatesRequest.$Shape;
             *   (properties?: orch.v1.RevokeCertificatesRequest.$Properties): orch.v1.RevokeCertificatesRequest;
             * }}
             */
            RevokeCertificatesRequest.create = function(properties) {
                return new RevokeCertificatesRequest(properties);
            };

            /**
             * Encodes the specified RevokeCertificatesRequest message. Does not implicitly {@link orch.v1.RevokeCertificatesRequest.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.RevokeCertificatesRequest
             * @static
             * @param {orch.v1.RevokeCertificatesRequest.$Properties} message RevokeCertificatesRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            RevokeCertificatesRequest.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.serial != null && $Object.hasOwnProperty.call(message, "serial") && message.serial !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.serial);
                if (message.user != null && $Object.hasOwnProperty.call(message, "user") && message.user !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.user);
                if (message.reason != null && $Object.hasOwnProperty.call(message, "reason") && message.reason !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.reason);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a RevokeCertificatesRequest message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.RevokeCertificatesRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.RevokeCertificatesRequest & orch.v1.RevokeCertificatesRequest.$Shape} RevokeCertificatesRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            RevokeCertificatesRequest.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.RevokeCertificatesRequest();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.serial = value;
                            else
                                delete message.serial;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.user = value;
                            else
                                delete message.user;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.reason = value;
                            else
                                delete message.reason;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return RevokeCertificatesRequest;
        })();

        v1.RenewCertificateOfRequest = (function() {

            /**
             * Properties of a RenewCertificateOfRequest.
             * @typedef {Object} orch.v1.RenewCertificateOfRequest.$Properties
             * @property {Uint8Array|null} [signingRequest] RenewCertificateOfRequest signingRequest
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a RenewCertificateOfRequest.
             * @memberof orch.v1
             * @interface IRenewCertificateOfRequest
             * @augments orch.v1.RenewCertificateOfRequest.$Properties
             * @deprecated Use orch.v1.RenewCertificateOfRequest.$Properties instead.
             */

            /**
             * Shape of a RenewCertificateOfRequest.
             * @typedef {orch.v1.RenewCertificateOfRequest.$Properties} orch.v1.RenewCertificateOfRequest.$Shape
             */

            /**
             * Constructs a new RenewCertificateOfRequest.
             * @memberof orch.v1
             * @classdesc Represents a RenewCertificateOfRequest.
             * @constructor
             * @param {orch.v1.RenewCertificateOfRequest.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const RenewCertificateOfRequest = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * RenewCertificateOfRequest signingRequest.
             * @member {Uint8Array} signingRequest
             * @memberof orch.v1.RenewCertificateOfRequest
             * @instance
             */
            RenewCertificateOfRequest.prototype.signingRequest = $util.newBuffer([]);

            /**
             * Creates a new RenewCertificateOfRequest instance using the specified properties.
             * @function create
             * @memberof orch.v1.RenewCertificateOfRequest
             * @static
             * @param {orch.v1.RenewCertificateOfRequest.$Properties=} [properties] Properties to set
             * @returns {orch.v1.RenewCertificateOfRequest} RenewCertificateOfRequest instance
             * @type {{
             *   (properties: orch.v1.RenewCertificateOfRequest.$Shape): orch.v1.RenewCertificateOfRequest & orch.v1.RenewCertificateOfRequest.$Shape;
             *   (properties?: orch.v1.RenewCertificateOfRequest.$Properties): orch.v1.RenewCertificateOfRequest;
             * }}
             */
            RenewCertificateOfRequest.create = function(properties) {
                return new RenewCertificateOfRequest(properties);
            };

            /**
             * Encodes the specified RenewCertificateOfRequest message. Does not implicitly {@link orch.v1.RenewCertificateOfRequest.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.RenewCertificateOfRequest
             * @static
             * @param {orch.v1.RenewCertificateOfRequest.$Properties} message RenewCertificateOfRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            RenewCertificateOfRequest.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.signingRequest != null && $Object.hasOwnProperty.call(message, "signingRequest") && message.signingRequest.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.signingRequest);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a RenewCertificateOfRequest message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.RenewCertificateOfRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.RenewCertificateOfRequest & orch.v1.RenewCertificateOfRequest.$Shape} RenewCertificateOfRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            RenewCertificateOfRequest.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.RenewCertificateOfRequest();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.signingRequest = value;
                            else
                                delete message.signingRequest;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return RenewCertificateOfRequest;
        })();

        v1.RotateAuthorityRequest = (function() {

            /**
             * Properties of a RotateAuthorityRequest.
             * @typedef {Object} orch.v1.RotateAuthorityRequest.$Properties
             * @property {number|null} [windowMs] RotateAuthorityRequest windowMs
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a RotateAuthorityRequest.
             * @memberof orch.v1
             * @interface IRotateAuthorityRequest
             * @augments orch.v1.RotateAuthorityRequest.$Properties
             * @deprecated Use orch.v1.RotateAuthorityRequest.$Properties instead.
             */

            /**
             * Shape of a RotateAuthorityRequest.
             * @typedef {orch.v1.RotateAuthorityRequest.$Properties} orch.v1.RotateAuthorityRequest.$Shape
             */

            /**
             * Constructs a new RotateAuthorityRequest.
             * @memberof orch.v1
             * @classdesc Represents a RotateAuthorityRequest.
             * @constructor
             * @param {orch.v1.RotateAuthorityRequest.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const RotateAuthorityRequest = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * RotateAuthorityRequest windowMs.
             * @member {number} windowMs
             * @memberof orch.v1.RotateAuthorityRequest
             * @instance
             */
            RotateAuthorityRequest.prototype.windowMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Creates a new RotateAuthorityRequest instance using the specified properties.
             * @function create
             * @memberof orch.v1.RotateAuthorityRequest
             * @static
             * @param {orch.v1.RotateAuthorityRequest.$Properties=} [properties] Properties to set
             * @returns {orch.v1.RotateAuthorityRequest} RotateAuthorityRequest instance
             * @type {{
             *   (properties: orch.v1.RotateAuthorityRequest.$Shape): orch.v1.RotateAuthorityRequest & orch.v1.RotateAuthorityRequest.$Shape;
             *   (properties?: orch.v1.RotateAuthorityRequest.$Properties): orch.v1.RotateAuthorityRequest;
             * }}
             */
            RotateAuthorityRequest.create = function(properties) {
                return new RotateAuthorityRequest(properties);
            };

            /**
             * Encodes the specified RotateAuthorityRequest message. Does not implicitly {@link orch.v1.RotateAuthorityRequest.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.RotateAuthorityRequest
             * @static
             * @param {orch.v1.RotateAuthorityRequest.$Properties} message RotateAuthorityRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            RotateAuthorityRequest.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.windowMs != null && $Object.hasOwnProperty.call(message, "windowMs") && (typeof message.windowMs === "object" ? message.windowMs.low || message.windowMs.high : message.windowMs !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).int64(message.windowMs);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a RotateAuthorityRequest message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.RotateAuthorityRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.RotateAuthorityRequest & orch.v1.RotateAuthorityRequest.$Shape} RotateAuthorityRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            RotateAuthorityRequest.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.RotateAuthorityRequest();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.windowMs = value;
                            else
                                delete message.windowMs;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return RotateAuthorityRequest;
        })();

        v1.FinishAuthorityRotationRequest = (function() {

            /**
             * Properties of a FinishAuthorityRotationRequest.
             * @typedef {Object} orch.v1.FinishAuthorityRotationRequest.$Properties
             * @property {boolean|null} [force] FinishAuthorityRotationRequest force
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a FinishAuthorityRotationRequest.
             * @memberof orch.v1
             * @interface IFinishAuthorityRotationRequest
             * @augments orch.v1.FinishAuthorityRotationRequest.$Properties
             * @deprecated Use orch.v1.FinishAuthorityRotationRequest.$Properties instead.
             */

            /**
             * Shape of a FinishAuthorityRotationRequest.
             * @typedef {orch.v1.FinishAuthorityRotationRequest.$Properties} orch.v1.FinishAuthorityRotationRequest.$Shape
             */

            /**
             * Constructs a new FinishAuthorityRotationRequest.
             * @memberof orch.v1
             * @classdesc Represents a FinishAuthorityRotationRequest.
             * @constructor
             * @param {orch.v1.FinishAuthorityRotationRequest.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const FinishAuthorityRotationRequest = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * FinishAuthorityRotationRequest force.
             * @member {boolean} force
             * @memberof orch.v1.FinishAuthorityRotationRequest
             * @instance
             */
            FinishAuthorityRotationRequest.prototype.force = false;

            /**
             * Creates a new FinishAuthorityRotationRequest instance using the specified properties.
             * @function create
             * @memberof orch.v1.FinishAuthorityRotationRequest
             * @static
             * @param {orch.v1.FinishAuthorityRotationRequest.$Properties=} [properties] Properties to set
             * @returns {orch.v1.FinishAuthorityRotationRequest} FinishAuthorityRotationRequest instance
             * @type {{
             *   (properties: orch.v1.FinishAuthorityRotationRequest.$Shape): orch.v1.FinishAuthorityRotationRequest & orch.v1.FinishAuthorityRotationRequest.$Shape;
             *   (properties?: orch.v1.FinishAuthorityRotationRequest.$Properties): orch.v1.FinishAuthorityRotationRequest;
             * }}
             */
            FinishAuthorityRotationRequest.create = function(properties) {
                return new FinishAuthorityRotationRequest(properties);
            };

            /**
             * Encodes the specified FinishAuthorityRotationRequest message. Does not implicitly {@link orch.v1.FinishAuthorityRotationRequest.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.FinishAuthorityRotationRequest
             * @static
             * @param {orch.v1.FinishAuthorityRotationRequest.$Properties} message FinishAuthorityRotationRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            FinishAuthorityRotationRequest.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.force != null && $Object.hasOwnProperty.call(message, "force") && message.force !== false)
                    writer.uint32(/* id 1, wireType 0 =*/8).bool(message.force);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a FinishAuthorityRotationRequest message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.FinishAuthorityRotationRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.FinishAuthorityRotationRequest & orch.v1.FinishAuthorityRotationRequest.$Shape} FinishAuthorityRotationRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            FinishAuthorityRotationRequest.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.FinishAuthorityRotationRequest();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.force = value;
                            else
                                delete message.force;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return FinishAuthorityRotationRequest;
        })();

        v1.HelloRequest = (function() {

            /**
             * Properties of a HelloRequest.
             * @typedef {Object} orch.v1.HelloRequest.$Properties
             * @property {string|null} [version] HelloRequest version
             * @property {Array.<string>|null} [features] HelloRequest features
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a HelloRequest.
             * @memberof orch.v1
             * @interface IHelloRequest
             * @augments orch.v1.HelloRequest.$Properties
             * @deprecated Use orch.v1.HelloRequest.$Properties instead.
             */

            /**
             * Shape of a HelloRequest.
             * @typedef {orch.v1.HelloRequest.$Properties} orch.v1.HelloRequest.$Shape
             */

            /**
             * Constructs a new HelloRequest.
             * @memberof orch.v1
             * @classdesc Represents a HelloRequest.
             * @constructor
             * @param {orch.v1.HelloRequest.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const HelloRequest = function (properties) {
                this.features = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * HelloRequest version.
             * @member {string} version
             * @memberof orch.v1.HelloRequest
             * @instance
             */
            HelloRequest.prototype.version = "";

            /**
             * HelloRequest features.
             * @member {Array.<string>} features
             * @memberof orch.v1.HelloRequest
             * @instance
             */
            HelloRequest.prototype.features = $util.emptyArray;

            /**
             * Creates a new HelloRequest instance using the specified properties.
             * @function create
             * @memberof orch.v1.HelloRequest
             * @static
             * @param {orch.v1.HelloRequest.$Properties=} [properties] Properties to set
             * @returns {orch.v1.HelloRequest} HelloRequest instance
             * @type {{
             *   (properties: orch.v1.HelloRequest.$Shape): orch.v1.HelloRequest & orch.v1.HelloRequest.$Shape;
             *   (properties?: orch.v1.HelloRequest.$Properties): orch.v1.HelloRequest;
             * }}
             */
            HelloRequest.create = function(properties) {
                return new HelloRequest(properties);
            };

            /**
             * Encodes the specified HelloRequest message. Does not implicitly {@link orch.v1.HelloRequest.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.HelloRequest
             * @static
             * @param {orch.v1.HelloRequest.$Properties} message HelloRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            HelloRequest.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.version != null && $Object.hasOwnProperty.call(message, "version") && message.version !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.version);
                if (message.features != null && message.features.length)
                    for (let i = 0; i < message.features.length; ++i)
                        writer.uint32(/* id 2, wireType 2 =*/18).string(message.features[i]);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a HelloRequest message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.HelloRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.HelloRequest & orch.v1.HelloRequest.$Shape} HelloRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            HelloRequest.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.HelloRequest();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.version = value;
                            else
                                delete message.version;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.features && message.features.length))
                                message.features = [];
                            message.features.push(reader.stringVerify());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return HelloRequest;
        })();

        v1.HelloReply = (function() {

            /**
             * Properties of a HelloReply.
             * @typedef {Object} orch.v1.HelloReply.$Properties
             * @property {string|null} [version] HelloReply version
             * @property {Array.<string>|null} [features] HelloReply features
             * @property {string|null} [cluster] HelloReply cluster
             * @property {string|null} [user] HelloReply user
             * @property {Array.<string>|null} [groups] HelloReply groups
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a HelloReply.
             * @memberof orch.v1
             * @interface IHelloReply
             * @augments orch.v1.HelloReply.$Properties
             * @deprecated Use orch.v1.HelloReply.$Properties instead.
             */

            /**
             * Shape of a HelloReply.
             * @typedef {orch.v1.HelloReply.$Properties} orch.v1.HelloReply.$Shape
             */

            /**
             * Constructs a new HelloReply.
             * @memberof orch.v1
             * @classdesc Represents a HelloReply.
             * @constructor
             * @param {orch.v1.HelloReply.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const HelloReply = function (properties) {
                this.features = [];
                this.groups = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * HelloReply version.
             * @member {string} version
             * @memberof orch.v1.HelloReply
             * @instance
             */
            HelloReply.prototype.version = "";

            /**
             * HelloReply features.
             * @member {Array.<string>} features
             * @memberof orch.v1.HelloReply
             * @instance
             */
            HelloReply.prototype.features = $util.emptyArray;

            /**
             * HelloReply cluster.
             * @member {string} cluster
             * @memberof orch.v1.HelloReply
             * @instance
             */
            HelloReply.prototype.cluster = "";

            /**
             * HelloReply user.
             * @member {string} user
             * @memberof orch.v1.HelloReply
             * @instance
             */
            HelloReply.prototype.user = "";

            /**
             * HelloReply groups.
             * @member {Array.<string>} groups
             * @memberof orch.v1.HelloReply
             * @instance
             */
            HelloReply.prototype.groups = $util.emptyArray;

            /**
             * Creates a new HelloReply instance using the specified properties.
             * @function create
             * @memberof orch.v1.HelloReply
             * @static
             * @param {orch.v1.HelloReply.$Properties=} [properties] Properties to set
             * @returns {orch.v1.HelloReply} HelloReply instance
             * @type {{
             *   (properties: orch.v1.HelloReply.$Shape): orch.v1.HelloReply & orch.v1.HelloReply.$Shape;
             *   (properties?: orch.v1.HelloReply.$Properties): orch.v1.HelloReply;
             * }}
             */
            HelloReply.create = function(properties) {
                return new HelloReply(properties);
            };

            /**
             * Encodes the specified HelloReply message. Does not implicitly {@link orch.v1.HelloReply.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.HelloReply
             * @static
             * @param {orch.v1.HelloReply.$Properties} message HelloReply message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            HelloReply.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.version != null && $Object.hasOwnProperty.call(message, "version") && message.version !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.version);
                if (message.features != null && message.features.length)
                    for (let i = 0; i < message.features.length; ++i)
                        writer.uint32(/* id 2, wireType 2 =*/18).string(message.features[i]);
                if (message.cluster != null && $Object.hasOwnProperty.call(message, "cluster") && message.cluster !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.cluster);
                if (message.user != null && $Object.hasOwnProperty.call(message, "user") && message.user !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.user);
                if (message.groups != null && message.groups.length)
                    for (let i = 0; i < message.groups.length; ++i)
                        writer.uint32(/* id 5, wireType 2 =*/42).string(message.groups[i]);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a HelloReply message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.HelloReply
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.HelloReply & orch.v1.HelloReply.$Shape} HelloReply
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            HelloReply.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.HelloReply();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.version = value;
                            else
                                delete message.version;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.features && message.features.length))
                                message.features = [];
                            message.features.push(reader.stringVerify());
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.cluster = value;
                            else
                                delete message.cluster;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.user = value;
                            else
                                delete message.user;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if (!(message.groups && message.groups.length))
                                message.groups = [];
                            message.groups.push(reader.stringVerify());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return HelloReply;
        })();

        v1.GetRequest = (function() {

            /**
             * Properties of a GetRequest.
             * @typedef {Object} orch.v1.GetRequest.$Properties
             * @property {string|null} [resource] GetRequest resource
             * @property {string|null} [namespace] GetRequest namespace
             * @property {string|null} [name] GetRequest name
             * @property {string|null} [subresource] GetRequest subresource
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a GetRequest.
             * @memberof orch.v1
             * @interface IGetRequest
             * @augments orch.v1.GetRequest.$Properties
             * @deprecated Use orch.v1.GetRequest.$Properties instead.
             */

            /**
             * Shape of a GetRequest.
             * @typedef {orch.v1.GetRequest.$Properties} orch.v1.GetRequest.$Shape
             */

            /**
             * Constructs a new GetRequest.
             * @memberof orch.v1
             * @classdesc Represents a GetRequest.
             * @constructor
             * @param {orch.v1.GetRequest.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const GetRequest = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * GetRequest resource.
             * @member {string} resource
             * @memberof orch.v1.GetRequest
             * @instance
             */
            GetRequest.prototype.resource = "";

            /**
             * GetRequest namespace.
             * @member {string} namespace
             * @memberof orch.v1.GetRequest
             * @instance
             */
            GetRequest.prototype.namespace = "";

            /**
             * GetRequest name.
             * @member {string} name
             * @memberof orch.v1.GetRequest
             * @instance
             */
            GetRequest.prototype.name = "";

            /**
             * GetRequest subresource.
             * @member {string} subresource
             * @memberof orch.v1.GetRequest
             * @instance
             */
            GetRequest.prototype.subresource = "";

            /**
             * Creates a new GetRequest instance using the specified properties.
             * @function create
             * @memberof orch.v1.GetRequest
             * @static
             * @param {orch.v1.GetRequest.$Properties=} [properties] Properties to set
             * @returns {orch.v1.GetRequest} GetRequest instance
             * @type {{
             *   (properties: orch.v1.GetRequest.$Shape): orch.v1.GetRequest & orch.v1.GetRequest.$Shape;
             *   (properties?: orch.v1.GetRequest.$Properties): orch.v1.GetRequest;
             * }}
             */
            GetRequest.create = function(properties) {
                return new GetRequest(properties);
            };

            /**
             * Encodes the specified GetRequest message. Does not implicitly {@link orch.v1.GetRequest.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.GetRequest
             * @static
             * @param {orch.v1.GetRequest.$Properties} message GetRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            GetRequest.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.resource != null && $Object.hasOwnProperty.call(message, "resource") && message.resource !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.resource);
                if (message.namespace != null && $Object.hasOwnProperty.call(message, "namespace") && message.namespace !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.namespace);
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.name);
                if (message.subresource != null && $Object.hasOwnProperty.call(message, "subresource") && message.subresource !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.subresource);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a GetRequest message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.GetRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.GetRequest & orch.v1.GetRequest.$Shape} GetRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            GetRequest.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.GetRequest();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.resource = value;
                            else
                                delete message.resource;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.namespace = value;
                            else
                                delete message.namespace;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.subresource = value;
                            else
                                delete message.subresource;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return GetRequest;
        })();

        v1.ListRequest = (function() {

            /**
             * Properties of a ListRequest.
             * @typedef {Object} orch.v1.ListRequest.$Properties
             * @property {string|null} [resource] ListRequest resource
             * @property {string|null} [namespace] ListRequest namespace
             * @property {string|null} [labelSelector] ListRequest labelSelector
             * @property {string|null} [fieldSelector] ListRequest fieldSelector
             * @property {number|null} [limit] ListRequest limit
             * @property {string|null} ["continue"] ListRequest continue
             * @property {string|null} [resourceVersion] ListRequest resourceVersion
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a ListRequest.
             * @memberof orch.v1
             * @interface IListRequest
             * @augments orch.v1.ListRequest.$Properties
             * @deprecated Use orch.v1.ListRequest.$Properties instead.
             */

            /**
             * Shape of a ListRequest.
             * @typedef {orch.v1.ListRequest.$Properties} orch.v1.ListRequest.$Shape
             */

            /**
             * Constructs a new ListRequest.
             * @memberof orch.v1
             * @classdesc Represents a ListRequest.
             * @constructor
             * @param {orch.v1.ListRequest.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const ListRequest = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * ListRequest resource.
             * @member {string} resource
             * @memberof orch.v1.ListRequest
             * @instance
             */
            ListRequest.prototype.resource = "";

            /**
             * ListRequest namespace.
             * @member {string} namespace
             * @memberof orch.v1.ListRequest
             * @instance
             */
            ListRequest.prototype.namespace = "";

            /**
             * ListRequest labelSelector.
             * @member {string} labelSelector
             * @memberof orch.v1.ListRequest
             * @instance
             */
            ListRequest.prototype.labelSelector = "";

            /**
             * ListRequest fieldSelector.
             * @member {string} fieldSelector
             * @memberof orch.v1.ListRequest
             * @instance
             */
            ListRequest.prototype.fieldSelector = "";

            /**
             * ListRequest limit.
             * @member {number} limit
             * @memberof orch.v1.ListRequest
             * @instance
             */
            ListRequest.prototype.limit = 0;

            /**
             * ListRequest continue.
             * @member {string} continue
             * @memberof orch.v1.ListRequest
             * @instance
             */
            ListRequest.prototype["continue"] = "";

            /**
             * ListRequest resourceVersion.
             * @member {string} resourceVersion
             * @memberof orch.v1.ListRequest
             * @instance
             */
            ListRequest.prototype.resourceVersion = "";

            /**
             * Creates a new ListRequest instance using the specified properties.
             * @function create
             * @memberof orch.v1.ListRequest
             * @static
             * @param {orch.v1.ListRequest.$Properties=} [properties] Properties to set
             * @returns {orch.v1.ListRequest} ListRequest instance
             * @type {{
             *   (properties: orch.v1.ListRequest.$Shape): orch.v1.ListRequest & orch.v1.ListRequest.$Shape;
             *   (properties?: orch.v1.ListRequest.$Properties): orch.v1.ListRequest;
             * }}
             */
            ListRequest.create = function(properties) {
                return new ListRequest(properties);
            };

            /**
             * Encodes the specified ListRequest message. Does not implicitly {@link orch.v1.ListRequest.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.ListRequest
             * @static
             * @param {orch.v1.ListRequest.$Properties} message ListRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ListRequest.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.resource != null && $Object.hasOwnProperty.call(message, "resource") && message.resource !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.resource);
                if (message.namespace != null && $Object.hasOwnProperty.call(message, "namespace") && message.namespace !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.namespace);
                if (message.labelSelector != null && $Object.hasOwnProperty.call(message, "labelSelector") && message.labelSelector !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.labelSelector);
                if (message.fieldSelector != null && $Object.hasOwnProperty.call(message, "fieldSelector") && message.fieldSelector !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.fieldSelector);
                if (message.limit != null && $Object.hasOwnProperty.call(message, "limit") && message.limit !== 0)
                    writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.limit);
                if (message["continue"] != null && $Object.hasOwnProperty.call(message, "continue") && message["continue"] !== "")
                    writer.uint32(/* id 6, wireType 2 =*/50).string(message["continue"]);
                if (message.resourceVersion != null && $Object.hasOwnProperty.call(message, "resourceVersion") && message.resourceVersion !== "")
                    writer.uint32(/* id 7, wireType 2 =*/58).string(message.resourceVersion);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a ListRequest message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.ListRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.ListRequest & orch.v1.ListRequest.$Shape} ListRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ListRequest.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.ListRequest();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.resource = value;
                            else
                                delete message.resource;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.namespace = value;
                            else
                                delete message.namespace;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.labelSelector = value;
                            else
                                delete message.labelSelector;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.fieldSelector = value;
                            else
                                delete message.fieldSelector;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.limit = value;
                            else
                                delete message.limit;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message["continue"] = value;
                            else
                                delete message["continue"];
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.resourceVersion = value;
                            else
                                delete message.resourceVersion;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ListRequest;
        })();

        v1.ListReply = (function() {

            /**
             * Properties of a ListReply.
             * @typedef {Object} orch.v1.ListReply.$Properties
             * @property {Array.<Uint8Array>|null} [items] ListReply items
             * @property {string|null} [resourceVersion] ListReply resourceVersion
             * @property {string|null} ["continue"] ListReply continue
             * @property {number|null} [remaining] ListReply remaining
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a ListReply.
             * @memberof orch.v1
             * @interface IListReply
             * @augments orch.v1.ListReply.$Properties
             * @deprecated Use orch.v1.ListReply.$Properties instead.
             */

            /**
             * Shape of a ListReply.
             * @typedef {orch.v1.ListReply.$Properties} orch.v1.ListReply.$Shape
             */

            /**
             * Constructs a new ListReply.
             * @memberof orch.v1
             * @classdesc Represents a ListReply.
             * @constructor
             * @param {orch.v1.ListReply.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const ListReply = function (properties) {
                this.items = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * ListReply items.
             * @member {Array.<Uint8Array>} items
             * @memberof orch.v1.ListReply
             * @instance
             */
            ListReply.prototype.items = $util.emptyArray;

            /**
             * ListReply resourceVersion.
             * @member {string} resourceVersion
             * @memberof orch.v1.ListReply
             * @instance
             */
            ListReply.prototype.resourceVersion = "";

            /**
             * ListReply continue.
             * @member {string} continue
             * @memberof orch.v1.ListReply
             * @instance
             */
            ListReply.prototype["continue"] = "";

            /**
             * ListReply remaining.
             * @member {number} remaining
             * @memberof orch.v1.ListReply
             * @instance
             */
            ListReply.prototype.remaining = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Creates a new ListReply instance using the specified properties.
             * @function create
             * @memberof orch.v1.ListReply
             * @static
             * @param {orch.v1.ListReply.$Properties=} [properties] Properties to set
             * @returns {orch.v1.ListReply} ListReply instance
             * @type {{
             *   (properties: orch.v1.ListReply.$Shape): orch.v1.ListReply & orch.v1.ListReply.$Shape;
             *   (properties?: orch.v1.ListReply.$Properties): orch.v1.ListReply;
             * }}
             */
            ListReply.create = function(properties) {
                return new ListReply(properties);
            };

            /**
             * Encodes the specified ListReply message. Does not implicitly {@link orch.v1.ListReply.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.ListReply
             * @static
             * @param {orch.v1.ListReply.$Properties} message ListReply message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ListReply.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.items != null && message.items.length)
                    for (let i = 0; i < message.items.length; ++i)
                        writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.items[i]);
                if (message.resourceVersion != null && $Object.hasOwnProperty.call(message, "resourceVersion") && message.resourceVersion !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.resourceVersion);
                if (message["continue"] != null && $Object.hasOwnProperty.call(message, "continue") && message["continue"] !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message["continue"]);
                if (message.remaining != null && $Object.hasOwnProperty.call(message, "remaining") && (typeof message.remaining === "object" ? message.remaining.low || message.remaining.high : message.remaining !== 0))
                    writer.uint32(/* id 4, wireType 0 =*/32).int64(message.remaining);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a ListReply message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.ListReply
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.ListReply & orch.v1.ListReply.$Shape} ListReply
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ListReply.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.ListReply();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.items && message.items.length))
                                message.items = [];
                            message.items.push(reader.bytes());
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.resourceVersion = value;
                            else
                                delete message.resourceVersion;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message["continue"] = value;
                            else
                                delete message["continue"];
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.remaining = value;
                            else
                                delete message.remaining;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ListReply;
        })();

        v1.WatchRequest = (function() {

            /**
             * Properties of a WatchRequest.
             * @typedef {Object} orch.v1.WatchRequest.$Properties
             * @property {string|null} [resource] WatchRequest resource
             * @property {string|null} [namespace] WatchRequest namespace
             * @property {string|null} [name] WatchRequest name
             * @property {string|null} [labelSelector] WatchRequest labelSelector
             * @property {string|null} [fieldSelector] WatchRequest fieldSelector
             * @property {string|null} [resourceVersion] WatchRequest resourceVersion
             * @property {boolean|null} [bookmarks] WatchRequest bookmarks
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a WatchRequest.
             * @memberof orch.v1
             * @interface IWatchRequest
             * @augments orch.v1.WatchRequest.$Properties
             * @deprecated Use orch.v1.WatchRequest.$Properties instead.
             */

            /**
             * Shape of a WatchRequest.
             * @typedef {orch.v1.WatchRequest.$Properties} orch.v1.WatchRequest.$Shape
             */

            /**
             * Constructs a new WatchRequest.
             * @memberof orch.v1
             * @classdesc Represents a WatchRequest.
             * @constructor
             * @param {orch.v1.WatchRequest.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const WatchRequest = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * WatchRequest resource.
             * @member {string} resource
             * @memberof orch.v1.WatchRequest
             * @instance
             */
            WatchRequest.prototype.resource = "";

            /**
             * WatchRequest namespace.
             * @member {string} namespace
             * @memberof orch.v1.WatchRequest
             * @instance
             */
            WatchRequest.prototype.namespace = "";

            /**
             * WatchRequest name.
             * @member {string} name
             * @memberof orch.v1.WatchRequest
             * @instance
             */
            WatchRequest.prototype.name = "";

            /**
             * WatchRequest labelSelector.
             * @member {string} labelSelector
             * @memberof orch.v1.WatchRequest
             * @instance
             */
            WatchRequest.prototype.labelSelector = "";

            /**
             * WatchRequest fieldSelector.
             * @member {string} fieldSelector
             * @memberof orch.v1.WatchRequest
             * @instance
             */
            WatchRequest.prototype.fieldSelector = "";

            /**
             * WatchRequest resourceVersion.
             * @member {string} resourceVersion
             * @memberof orch.v1.WatchRequest
             * @instance
             */
            WatchRequest.prototype.resourceVersion = "";

            /**
             * WatchRequest bookmarks.
             * @member {boolean} bookmarks
             * @memberof orch.v1.WatchRequest
             * @instance
             */
            WatchRequest.prototype.bookmarks = false;

            /**
             * Creates a new WatchRequest instance using the specified properties.
             * @function create
             * @memberof orch.v1.WatchRequest
             * @static
             * @param {orch.v1.WatchRequest.$Properties=} [properties] Properties to set
             * @returns {orch.v1.WatchRequest} WatchRequest instance
             * @type {{
             *   (properties: orch.v1.WatchRequest.$Shape): orch.v1.WatchRequest & orch.v1.WatchRequest.$Shape;
             *   (properties?: orch.v1.WatchRequest.$Properties): orch.v1.WatchRequest;
             * }}
             */
            WatchRequest.create = function(properties) {
                return new WatchRequest(properties);
            };

            /**
             * Encodes the specified WatchRequest message. Does not implicitly {@link orch.v1.WatchRequest.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.WatchRequest
             * @static
             * @param {orch.v1.WatchRequest.$Properties} message WatchRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            WatchRequest.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.resource != null && $Object.hasOwnProperty.call(message, "resource") && message.resource !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.resource);
                if (message.namespace != null && $Object.hasOwnProperty.call(message, "namespace") && message.namespace !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.namespace);
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.name);
                if (message.labelSelector != null && $Object.hasOwnProperty.call(message, "labelSelector") && message.labelSelector !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.labelSelector);
                if (message.fieldSelector != null && $Object.hasOwnProperty.call(message, "fieldSelector") && message.fieldSelector !== "")
                    writer.uint32(/* id 5, wireType 2 =*/42).string(message.fieldSelector);
                if (message.resourceVersion != null && $Object.hasOwnProperty.call(message, "resourceVersion") && message.resourceVersion !== "")
                    writer.uint32(/* id 6, wireType 2 =*/50).string(message.resourceVersion);
                if (message.bookmarks != null && $Object.hasOwnProperty.call(message, "bookmarks") && message.bookmarks !== false)
                    writer.uint32(/* id 7, wireType 0 =*/56).bool(message.bookmarks);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a WatchRequest message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.WatchRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.WatchRequest & orch.v1.WatchRequest.$Shape} WatchRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            WatchRequest.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.WatchRequest();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.resource = value;
                            else
                                delete message.resource;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.namespace = value;
                            else
                                delete message.namespace;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.labelSelector = value;
                            else
                                delete message.labelSelector;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.fieldSelector = value;
                            else
                                delete message.fieldSelector;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.resourceVersion = value;
                            else
                                delete message.resourceVersion;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.bookmarks = value;
                            else
                                delete message.bookmarks;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return WatchRequest;
        })();

        v1.WatchEvent = (function() {

            /**
             * Properties of a WatchEvent.
             * @typedef {Object} orch.v1.WatchEvent.$Properties
             * @property {string|null} [type] WatchEvent type
             * @property {Uint8Array|null} [object] WatchEvent object
             * @property {string|null} [resourceVersion] WatchEvent resourceVersion
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a WatchEvent.
             * @memberof orch.v1
             * @interface IWatchEvent
             * @augments orch.v1.WatchEvent.$Properties
             * @deprecated Use orch.v1.WatchEvent.$Properties instead.
             */

            /**
             * Shape of a WatchEvent.
             * @typedef {orch.v1.WatchEvent.$Properties} orch.v1.WatchEvent.$Shape
             */

            /**
             * Constructs a new WatchEvent.
             * @memberof orch.v1
             * @classdesc Represents a WatchEvent.
             * @constructor
             * @param {orch.v1.WatchEvent.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const WatchEvent = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * WatchEvent type.
             * @member {string} type
             * @memberof orch.v1.WatchEvent
             * @instance
             */
            WatchEvent.prototype.type = "";

            /**
             * WatchEvent object.
             * @member {Uint8Array} object
             * @memberof orch.v1.WatchEvent
             * @instance
             */
            WatchEvent.prototype.object = $util.newBuffer([]);

            /**
             * WatchEvent resourceVersion.
             * @member {string} resourceVersion
             * @memberof orch.v1.WatchEvent
             * @instance
             */
            WatchEvent.prototype.resourceVersion = "";

            /**
             * Creates a new WatchEvent instance using the specified properties.
             * @function create
             * @memberof orch.v1.WatchEvent
             * @static
             * @param {orch.v1.WatchEvent.$Properties=} [properties] Properties to set
             * @returns {orch.v1.WatchEvent} WatchEvent instance
             * @type {{
             *   (properties: orch.v1.WatchEvent.$Shape): orch.v1.WatchEvent & orch.v1.WatchEvent.$Shape;
             *   (properties?: orch.v1.WatchEvent.$Properties): orch.v1.WatchEvent;
             * }}
             */
            WatchEvent.create = function(properties) {
                return new WatchEvent(properties);
            };

            /**
             * Encodes the specified WatchEvent message. Does not implicitly {@link orch.v1.WatchEvent.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.WatchEvent
             * @static
             * @param {orch.v1.WatchEvent.$Properties} message WatchEvent message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            WatchEvent.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.type != null && $Object.hasOwnProperty.call(message, "type") && message.type !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.type);
                if (message.object != null && $Object.hasOwnProperty.call(message, "object") && message.object.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.object);
                if (message.resourceVersion != null && $Object.hasOwnProperty.call(message, "resourceVersion") && message.resourceVersion !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.resourceVersion);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a WatchEvent message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.WatchEvent
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.WatchEvent & orch.v1.WatchEvent.$Shape} WatchEvent
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            WatchEvent.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.WatchEvent();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.type = value;
                            else
                                delete message.type;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.object = value;
                            else
                                delete message.object;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.resourceVersion = value;
                            else
                                delete message.resourceVersion;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return WatchEvent;
        })();

        v1.WriteOptions = (function() {

            /**
             * Properties of a WriteOptions.
             * @typedef {Object} orch.v1.WriteOptions.$Properties
             * @property {boolean|null} [dryRun] WriteOptions dryRun
             * @property {string|null} [fieldManager] WriteOptions fieldManager
             * @property {string|null} [validation] WriteOptions validation
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a WriteOptions.
             * @memberof orch.v1
             * @interface IWriteOptions
             * @augments orch.v1.WriteOptions.$Properties
             * @deprecated Use orch.v1.WriteOptions.$Properties instead.
             */

            /**
             * Shape of a WriteOptions.
             * @typedef {orch.v1.WriteOptions.$Properties} orch.v1.WriteOptions.$Shape
             */

            /**
             * Constructs a new WriteOptions.
             * @memberof orch.v1
             * @classdesc Represents a WriteOptions.
             * @constructor
             * @param {orch.v1.WriteOptions.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const WriteOptions = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * WriteOptions dryRun.
             * @member {boolean} dryRun
             * @memberof orch.v1.WriteOptions
             * @instance
             */
            WriteOptions.prototype.dryRun = false;

            /**
             * WriteOptions fieldManager.
             * @member {string} fieldManager
             * @memberof orch.v1.WriteOptions
             * @instance
             */
            WriteOptions.prototype.fieldManager = "";

            /**
             * WriteOptions validation.
             * @member {string} validation
             * @memberof orch.v1.WriteOptions
             * @instance
             */
            WriteOptions.prototype.validation = "";

            /**
             * Creates a new WriteOptions instance using the specified properties.
             * @function create
             * @memberof orch.v1.WriteOptions
             * @static
             * @param {orch.v1.WriteOptions.$Properties=} [properties] Properties to set
             * @returns {orch.v1.WriteOptions} WriteOptions instance
             * @type {{
             *   (properties: orch.v1.WriteOptions.$Shape): orch.v1.WriteOptions & orch.v1.WriteOptions.$Shape;
             *   (properties?: orch.v1.WriteOptions.$Properties): orch.v1.WriteOptions;
             * }}
             */
            WriteOptions.create = function(properties) {
                return new WriteOptions(properties);
            };

            /**
             * Encodes the specified WriteOptions message. Does not implicitly {@link orch.v1.WriteOptions.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.WriteOptions
             * @static
             * @param {orch.v1.WriteOptions.$Properties} message WriteOptions message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            WriteOptions.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.dryRun != null && $Object.hasOwnProperty.call(message, "dryRun") && message.dryRun !== false)
                    writer.uint32(/* id 1, wireType 0 =*/8).bool(message.dryRun);
                if (message.fieldManager != null && $Object.hasOwnProperty.call(message, "fieldManager") && message.fieldManager !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.fieldManager);
                if (message.validation != null && $Object.hasOwnProperty.call(message, "validation") && message.validation !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.validation);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a WriteOptions message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.WriteOptions
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.WriteOptions & orch.v1.WriteOptions.$Shape} WriteOptions
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            WriteOptions.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.WriteOptions();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.dryRun = value;
                            else
                                delete message.dryRun;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.fieldManager = value;
                            else
                                delete message.fieldManager;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.validation = value;
                            else
                                delete message.validation;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return WriteOptions;
        })();

        v1.CreateRequest = (function() {

            /**
             * Properties of a CreateRequest.
             * @typedef {Object} orch.v1.CreateRequest.$Properties
             * @property {string|null} [resource] CreateRequest resource
             * @property {string|null} [namespace] CreateRequest namespace
             * @property {Uint8Array|null} [object] CreateRequest object
             * @property {orch.v1.WriteOptions.$Properties|null} [options] CreateRequest options
             * @property {string|null} [subresource] CreateRequest subresource
             * @property {string|null} [name] CreateRequest name
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a CreateRequest.
             * @memberof orch.v1
             * @interface ICreateRequest
             * @augments orch.v1.CreateRequest.$Properties
             * @deprecated Use orch.v1.CreateRequest.$Properties instead.
             */

            /**
             * Shape of a CreateRequest.
             * @typedef {orch.v1.CreateRequest.$Properties} orch.v1.CreateRequest.$Shape
             */

            /**
             * Constructs a new CreateRequest.
             * @memberof orch.v1
             * @classdesc Represents a CreateRequest.
             * @constructor
             * @param {orch.v1.CreateRequest.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const CreateRequest = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * CreateRequest resource.
             * @member {string} resource
             * @memberof orch.v1.CreateRequest
             * @instance
             */
            CreateRequest.prototype.resource = "";

            /**
             * CreateRequest namespace.
             * @member {string} namespace
             * @memberof orch.v1.CreateRequest
             * @instance
             */
            CreateRequest.prototype.namespace = "";

            /**
             * CreateRequest object.
             * @member {Uint8Array} object
             * @memberof orch.v1.CreateRequest
             * @instance
             */
            CreateRequest.prototype.object = $util.newBuffer([]);

            /**
             * CreateRequest options.
             * @member {orch.v1.WriteOptions.$Properties|null|undefined} options
             * @memberof orch.v1.CreateRequest
             * @instance
             */
            CreateRequest.prototype.options = null;

            /**
             * CreateRequest subresource.
             * @member {string} subresource
             * @memberof orch.v1.CreateRequest
             * @instance
             */
            CreateRequest.prototype.subresource = "";

            /**
             * CreateRequest name.
             * @member {string} name
             * @memberof orch.v1.CreateRequest
             * @instance
             */
            CreateRequest.prototype.name = "";

            /**
             * Creates a new CreateRequest instance using the specified properties.
             * @function create
             * @memberof orch.v1.CreateRequest
             * @static
             * @param {orch.v1.CreateRequest.$Properties=} [properties] Properties to set
             * @returns {orch.v1.CreateRequest} CreateRequest instance
             * @type {{
             *   (properties: orch.v1.CreateRequest.$Shape): orch.v1.CreateRequest & orch.v1.CreateRequest.$Shape;
             *   (properties?: orch.v1.CreateRequest.$Properties): orch.v1.CreateRequest;
             * }}
             */
            CreateRequest.create = function(properties) {
                return new CreateRequest(properties);
            };

            /**
             * Encodes the specified CreateRequest message. Does not implicitly {@link orch.v1.CreateRequest.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.CreateRequest
             * @static
             * @param {orch.v1.CreateRequest.$Properties} message CreateRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            CreateRequest.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.resource != null && $Object.hasOwnProperty.call(message, "resource") && message.resource !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.resource);
                if (message.namespace != null && $Object.hasOwnProperty.call(message, "namespace") && message.namespace !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.namespace);
                if (message.object != null && $Object.hasOwnProperty.call(message, "object") && message.object.length)
                    writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.object);
                if (message.options != null && $Object.hasOwnProperty.call(message, "options"))
                    $root.orch.v1.WriteOptions.encode(message.options, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.subresource != null && $Object.hasOwnProperty.call(message, "subresource") && message.subresource !== "")
                    writer.uint32(/* id 5, wireType 2 =*/42).string(message.subresource);
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 6, wireType 2 =*/50).string(message.name);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a CreateRequest message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.CreateRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.CreateRequest & orch.v1.CreateRequest.$Shape} CreateRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            CreateRequest.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.CreateRequest();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.resource = value;
                            else
                                delete message.resource;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.namespace = value;
                            else
                                delete message.namespace;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.object = value;
                            else
                                delete message.object;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.options = $root.orch.v1.WriteOptions.decode(reader, reader.size(), $undefined, _depth + 1, message.options);
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.subresource = value;
                            else
                                delete message.subresource;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return CreateRequest;
        })();

        v1.UpdateRequest = (function() {

            /**
             * Properties of an UpdateRequest.
             * @typedef {Object} orch.v1.UpdateRequest.$Properties
             * @property {string|null} [resource] UpdateRequest resource
             * @property {string|null} [namespace] UpdateRequest namespace
             * @property {string|null} [name] UpdateRequest name
             * @property {string|null} [subresource] UpdateRequest subresource
             * @property {Uint8Array|null} [object] UpdateRequest object
             * @property {orch.v1.WriteOptions.$Properties|null} [options] UpdateRequest options
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an UpdateRequest.
             * @memberof orch.v1
             * @interface IUpdateRequest
             * @augments orch.v1.UpdateRequest.$Properties
             * @deprecated Use orch.v1.UpdateRequest.$Properties instead.
             */

            /**
             * Shape of an UpdateRequest.
             * @typedef {orch.v1.UpdateRequest.$Properties} orch.v1.UpdateRequest.$Shape
             */

            /**
             * Constructs a new UpdateRequest.
             * @memberof orch.v1
             * @classdesc Represents an UpdateRequest.
             * @constructor
             * @param {orch.v1.UpdateRequest.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const UpdateRequest = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * UpdateRequest resource.
             * @member {string} resource
             * @memberof orch.v1.UpdateRequest
             * @instance
             */
            UpdateRequest.prototype.resource = "";

            /**
             * UpdateRequest namespace.
             * @member {string} namespace
             * @memberof orch.v1.UpdateRequest
             * @instance
             */
            UpdateRequest.prototype.namespace = "";

            /**
             * UpdateRequest name.
             * @member {string} name
             * @memberof orch.v1.UpdateRequest
             * @instance
             */
            UpdateRequest.prototype.name = "";

            /**
             * UpdateRequest subresource.
             * @member {string} subresource
             * @memberof orch.v1.UpdateRequest
             * @instance
             */
            UpdateRequest.prototype.subresource = "";

            /**
             * UpdateRequest object.
             * @member {Uint8Array} object
             * @memberof orch.v1.UpdateRequest
             * @instance
             */
            UpdateRequest.prototype.object = $util.newBuffer([]);

            /**
             * UpdateRequest options.
             * @member {orch.v1.WriteOptions.$Properties|null|undefined} options
             * @memberof orch.v1.UpdateRequest
             * @instance
             */
            UpdateRequest.prototype.options = null;

            /**
             * Creates a new UpdateRequest instance using the specified properties.
             * @function create
             * @memberof orch.v1.UpdateRequest
             * @static
             * @param {orch.v1.UpdateRequest.$Properties=} [properties] Properties to set
             * @returns {orch.v1.UpdateRequest} UpdateRequest instance
             * @type {{
             *   (properties: orch.v1.UpdateRequest.$Shape): orch.v1.UpdateRequest & orch.v1.UpdateRequest.$Shape;
             *   (properties?: orch.v1.UpdateRequest.$Properties): orch.v1.UpdateRequest;
             * }}
             */
            UpdateRequest.create = function(properties) {
                return new UpdateRequest(properties);
            };

            /**
             * Encodes the specified UpdateRequest message. Does not implicitly {@link orch.v1.UpdateRequest.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.UpdateRequest
             * @static
             * @param {orch.v1.UpdateRequest.$Properties} message UpdateRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            UpdateRequest.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.resource != null && $Object.hasOwnProperty.call(message, "resource") && message.resource !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.resource);
                if (message.namespace != null && $Object.hasOwnProperty.call(message, "namespace") && message.namespace !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.namespace);
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.name);
                if (message.subresource != null && $Object.hasOwnProperty.call(message, "subresource") && message.subresource !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.subresource);
                if (message.object != null && $Object.hasOwnProperty.call(message, "object") && message.object.length)
                    writer.uint32(/* id 5, wireType 2 =*/42).bytes(message.object);
                if (message.options != null && $Object.hasOwnProperty.call(message, "options"))
                    $root.orch.v1.WriteOptions.encode(message.options, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an UpdateRequest message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.UpdateRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.UpdateRequest & orch.v1.UpdateRequest.$Shape} UpdateRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            UpdateRequest.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.UpdateRequest();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.resource = value;
                            else
                                delete message.resource;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.namespace = value;
                            else
                                delete message.namespace;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.subresource = value;
                            else
                                delete message.subresource;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.object = value;
                            else
                                delete message.object;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.options = $root.orch.v1.WriteOptions.decode(reader, reader.size(), $undefined, _depth + 1, message.options);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return UpdateRequest;
        })();

        v1.PatchRequest = (function() {

            /**
             * Properties of a PatchRequest.
             * @typedef {Object} orch.v1.PatchRequest.$Properties
             * @property {string|null} [resource] PatchRequest resource
             * @property {string|null} [namespace] PatchRequest namespace
             * @property {string|null} [name] PatchRequest name
             * @property {string|null} [subresource] PatchRequest subresource
             * @property {string|null} [type] PatchRequest type
             * @property {Uint8Array|null} [patch] PatchRequest patch
             * @property {boolean|null} [force] PatchRequest force
             * @property {orch.v1.WriteOptions.$Properties|null} [options] PatchRequest options
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a PatchRequest.
             * @memberof orch.v1
             * @interface IPatchRequest
             * @augments orch.v1.PatchRequest.$Properties
             * @deprecated Use orch.v1.PatchRequest.$Properties instead.
             */

            /**
             * Shape of a PatchRequest.
             * @typedef {orch.v1.PatchRequest.$Properties} orch.v1.PatchRequest.$Shape
             */

            /**
             * Constructs a new PatchRequest.
             * @memberof orch.v1
             * @classdesc Represents a PatchRequest.
             * @constructor
             * @param {orch.v1.PatchRequest.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const PatchRequest = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * PatchRequest resource.
             * @member {string} resource
             * @memberof orch.v1.PatchRequest
             * @instance
             */
            PatchRequest.prototype.resource = "";

            /**
             * PatchRequest namespace.
             * @member {string} namespace
             * @memberof orch.v1.PatchRequest
             * @instance
             */
            PatchRequest.prototype.namespace = "";

            /**
             * PatchRequest name.
             * @member {string} name
             * @memberof orch.v1.PatchRequest
             * @instance
             */
            PatchRequest.prototype.name = "";

            /**
             * PatchRequest subresource.
             * @member {string} subresource
             * @memberof orch.v1.PatchRequest
             * @instance
             */
            PatchRequest.prototype.subresource = "";

            /**
             * PatchRequest type.
             * @member {string} type
             * @memberof orch.v1.PatchRequest
             * @instance
             */
            PatchRequest.prototype.type = "";

            /**
             * PatchRequest patch.
             * @member {Uint8Array} patch
             * @memberof orch.v1.PatchRequest
             * @instance
             */
            PatchRequest.prototype.patch = $util.newBuffer([]);

            /**
             * PatchRequest force.
             * @member {boolean} force
             * @memberof orch.v1.PatchRequest
             * @instance
             */
            PatchRequest.prototype.force = false;

            /**
             * PatchRequest options.
             * @member {orch.v1.WriteOptions.$Properties|null|undefined} options
             * @memberof orch.v1.PatchRequest
             * @instance
             */
            PatchRequest.prototype.options = null;

            /**
             * Creates a new PatchRequest instance using the specified properties.
             * @function create
             * @memberof orch.v1.PatchRequest
             * @static
             * @param {orch.v1.PatchRequest.$Properties=} [properties] Properties to set
             * @returns {orch.v1.PatchRequest} PatchRequest instance
             * @type {{
             *   (properties: orch.v1.PatchRequest.$Shape): orch.v1.PatchRequest & orch.v1.PatchRequest.$Shape;
             *   (properties?: orch.v1.PatchRequest.$Properties): orch.v1.PatchRequest;
             * }}
             */
            PatchRequest.create = function(properties) {
                return new PatchRequest(properties);
            };

            /**
             * Encodes the specified PatchRequest message. Does not implicitly {@link orch.v1.PatchRequest.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.PatchRequest
             * @static
             * @param {orch.v1.PatchRequest.$Properties} message PatchRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            PatchRequest.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.resource != null && $Object.hasOwnProperty.call(message, "resource") && message.resource !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.resource);
                if (message.namespace != null && $Object.hasOwnProperty.call(message, "namespace") && message.namespace !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.namespace);
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.name);
                if (message.subresource != null && $Object.hasOwnProperty.call(message, "subresource") && message.subresource !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.subresource);
                if (message.type != null && $Object.hasOwnProperty.call(message, "type") && message.type !== "")
                    writer.uint32(/* id 5, wireType 2 =*/42).string(message.type);
                if (message.patch != null && $Object.hasOwnProperty.call(message, "patch") && message.patch.length)
                    writer.uint32(/* id 6, wireType 2 =*/50).bytes(message.patch);
                if (message.force != null && $Object.hasOwnProperty.call(message, "force") && message.force !== false)
                    writer.uint32(/* id 7, wireType 0 =*/56).bool(message.force);
                if (message.options != null && $Object.hasOwnProperty.call(message, "options"))
                    $root.orch.v1.WriteOptions.encode(message.options, writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a PatchRequest message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.PatchRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.PatchRequest & orch.v1.PatchRequest.$Shape} PatchRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            PatchRequest.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.PatchRequest();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.resource = value;
                            else
                                delete message.resource;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.namespace = value;
                            else
                                delete message.namespace;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.subresource = value;
                            else
                                delete message.subresource;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.type = value;
                            else
                                delete message.type;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.patch = value;
                            else
                                delete message.patch;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.force = value;
                            else
                                delete message.force;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            message.options = $root.orch.v1.WriteOptions.decode(reader, reader.size(), $undefined, _depth + 1, message.options);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return PatchRequest;
        })();

        v1.ObjectReply = (function() {

            /**
             * Properties of an ObjectReply.
             * @typedef {Object} orch.v1.ObjectReply.$Properties
             * @property {Uint8Array|null} [object] ObjectReply object
             * @property {Array.<string>|null} [warnings] ObjectReply warnings
             * @property {string|null} [outcome] ObjectReply outcome
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an ObjectReply.
             * @memberof orch.v1
             * @interface IObjectReply
             * @augments orch.v1.ObjectReply.$Properties
             * @deprecated Use orch.v1.ObjectReply.$Properties instead.
             */

            /**
             * Shape of an ObjectReply.
             * @typedef {orch.v1.ObjectReply.$Properties} orch.v1.ObjectReply.$Shape
             */

            /**
             * Constructs a new ObjectReply.
             * @memberof orch.v1
             * @classdesc Represents an ObjectReply.
             * @constructor
             * @param {orch.v1.ObjectReply.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const ObjectReply = function (properties) {
                this.warnings = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * ObjectReply object.
             * @member {Uint8Array} object
             * @memberof orch.v1.ObjectReply
             * @instance
             */
            ObjectReply.prototype.object = $util.newBuffer([]);

            /**
             * ObjectReply warnings.
             * @member {Array.<string>} warnings
             * @memberof orch.v1.ObjectReply
             * @instance
             */
            ObjectReply.prototype.warnings = $util.emptyArray;

            /**
             * ObjectReply outcome.
             * @member {string} outcome
             * @memberof orch.v1.ObjectReply
             * @instance
             */
            ObjectReply.prototype.outcome = "";

            /**
             * Creates a new ObjectReply instance using the specified properties.
             * @function create
             * @memberof orch.v1.ObjectReply
             * @static
             * @param {orch.v1.ObjectReply.$Properties=} [properties] Properties to set
             * @returns {orch.v1.ObjectReply} ObjectReply instance
             * @type {{
             *   (properties: orch.v1.ObjectReply.$Shape): orch.v1.ObjectReply & orch.v1.ObjectReply.$Shape;
             *   (properties?: orch.v1.ObjectReply.$Properties): orch.v1.ObjectReply;
             * }}
             */
            ObjectReply.create = function(properties) {
                return new ObjectReply(properties);
            };

            /**
             * Encodes the specified ObjectReply message. Does not implicitly {@link orch.v1.ObjectReply.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.ObjectReply
             * @static
             * @param {orch.v1.ObjectReply.$Properties} message ObjectReply message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ObjectReply.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.object != null && $Object.hasOwnProperty.call(message, "object") && message.object.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.object);
                if (message.warnings != null && message.warnings.length)
                    for (let i = 0; i < message.warnings.length; ++i)
                        writer.uint32(/* id 2, wireType 2 =*/18).string(message.warnings[i]);
                if (message.outcome != null && $Object.hasOwnProperty.call(message, "outcome") && message.outcome !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.outcome);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an ObjectReply message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.ObjectReply
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.ObjectReply & orch.v1.ObjectReply.$Shape} ObjectReply
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ObjectReply.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.ObjectReply();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.object = value;
                            else
                                delete message.object;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.warnings && message.warnings.length))
                                message.warnings = [];
                            message.warnings.push(reader.stringVerify());
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.outcome = value;
                            else
                                delete message.outcome;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ObjectReply;
        })();

        v1.DeleteRequest = (function() {

            /**
             * Properties of a DeleteRequest.
             * @typedef {Object} orch.v1.DeleteRequest.$Properties
             * @property {string|null} [resource] DeleteRequest resource
             * @property {string|null} [namespace] DeleteRequest namespace
             * @property {string|null} [name] DeleteRequest name
             * @property {string|null} [propagation] DeleteRequest propagation
             * @property {string|null} [preconditionUid] DeleteRequest preconditionUid
             * @property {string|null} [preconditionResourceVersion] DeleteRequest preconditionResourceVersion
             * @property {number|null} [graceSeconds] DeleteRequest graceSeconds
             * @property {boolean|null} [dryRun] DeleteRequest dryRun
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a DeleteRequest.
             * @memberof orch.v1
             * @interface IDeleteRequest
             * @augments orch.v1.DeleteRequest.$Properties
             * @deprecated Use orch.v1.DeleteRequest.$Properties instead.
             */

            /**
             * Shape of a DeleteRequest.
             * @typedef {orch.v1.DeleteRequest.$Properties} orch.v1.DeleteRequest.$Shape
             */

            /**
             * Constructs a new DeleteRequest.
             * @memberof orch.v1
             * @classdesc Represents a DeleteRequest.
             * @constructor
             * @param {orch.v1.DeleteRequest.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const DeleteRequest = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * DeleteRequest resource.
             * @member {string} resource
             * @memberof orch.v1.DeleteRequest
             * @instance
             */
            DeleteRequest.prototype.resource = "";

            /**
             * DeleteRequest namespace.
             * @member {string} namespace
             * @memberof orch.v1.DeleteRequest
             * @instance
             */
            DeleteRequest.prototype.namespace = "";

            /**
             * DeleteRequest name.
             * @member {string} name
             * @memberof orch.v1.DeleteRequest
             * @instance
             */
            DeleteRequest.prototype.name = "";

            /**
             * DeleteRequest propagation.
             * @member {string} propagation
             * @memberof orch.v1.DeleteRequest
             * @instance
             */
            DeleteRequest.prototype.propagation = "";

            /**
             * DeleteRequest preconditionUid.
             * @member {string} preconditionUid
             * @memberof orch.v1.DeleteRequest
             * @instance
             */
            DeleteRequest.prototype.preconditionUid = "";

            /**
             * DeleteRequest preconditionResourceVersion.
             * @member {string} preconditionResourceVersion
             * @memberof orch.v1.DeleteRequest
             * @instance
             */
            DeleteRequest.prototype.preconditionResourceVersion = "";

            /**
             * DeleteRequest graceSeconds.
             * @member {number} graceSeconds
             * @memberof orch.v1.DeleteRequest
             * @instance
             */
            DeleteRequest.prototype.graceSeconds = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * DeleteRequest dryRun.
             * @member {boolean} dryRun
             * @memberof orch.v1.DeleteRequest
             * @instance
             */
            DeleteRequest.prototype.dryRun = false;

            /**
             * Creates a new DeleteRequest instance using the specified properties.
             * @function create
             * @memberof orch.v1.DeleteRequest
             * @static
             * @param {orch.v1.DeleteRequest.$Properties=} [properties] Properties to set
             * @returns {orch.v1.DeleteRequest} DeleteRequest instance
             * @type {{
             *   (properties: orch.v1.DeleteRequest.$Shape): orch.v1.DeleteRequest & orch.v1.DeleteRequest.$Shape;
             *   (properties?: orch.v1.DeleteRequest.$Properties): orch.v1.DeleteRequest;
             * }}
             */
            DeleteRequest.create = function(properties) {
                return new DeleteRequest(properties);
            };

            /**
             * Encodes the specified DeleteRequest message. Does not implicitly {@link orch.v1.DeleteRequest.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.DeleteRequest
             * @static
             * @param {orch.v1.DeleteRequest.$Properties} message DeleteRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            DeleteRequest.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.resource != null && $Object.hasOwnProperty.call(message, "resource") && message.resource !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.resource);
                if (message.namespace != null && $Object.hasOwnProperty.call(message, "namespace") && message.namespace !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.namespace);
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.name);
                if (message.propagation != null && $Object.hasOwnProperty.call(message, "propagation") && message.propagation !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.propagation);
                if (message.preconditionUid != null && $Object.hasOwnProperty.call(message, "preconditionUid") && message.preconditionUid !== "")
                    writer.uint32(/* id 5, wireType 2 =*/42).string(message.preconditionUid);
                if (message.preconditionResourceVersion != null && $Object.hasOwnProperty.call(message, "preconditionResourceVersion") && message.preconditionResourceVersion !== "")
                    writer.uint32(/* id 6, wireType 2 =*/50).string(message.preconditionResourceVersion);
                if (message.graceSeconds != null && $Object.hasOwnProperty.call(message, "graceSeconds") && (typeof message.graceSeconds === "object" ? message.graceSeconds.low || message.graceSeconds.high : message.graceSeconds !== 0))
                    writer.uint32(/* id 7, wireType 0 =*/56).int64(message.graceSeconds);
                if (message.dryRun != null && $Object.hasOwnProperty.call(message, "dryRun") && message.dryRun !== false)
                    writer.uint32(/* id 8, wireType 0 =*/64).bool(message.dryRun);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a DeleteRequest message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.DeleteRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.DeleteRequest & orch.v1.DeleteRequest.$Shape} DeleteRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            DeleteRequest.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.DeleteRequest();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.resource = value;
                            else
                                delete message.resource;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.namespace = value;
                            else
                                delete message.namespace;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.propagation = value;
                            else
                                delete message.propagation;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.preconditionUid = value;
                            else
                                delete message.preconditionUid;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.preconditionResourceVersion = value;
                            else
                                delete message.preconditionResourceVersion;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.graceSeconds = value;
                            else
                                delete message.graceSeconds;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.dryRun = value;
                            else
                                delete message.dryRun;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return DeleteRequest;
        })();

        v1.DeleteCollectionRequest = (function() {

            /**
             * Properties of a DeleteCollectionRequest.
             * @typedef {Object} orch.v1.DeleteCollectionRequest.$Properties
             * @property {string|null} [resource] DeleteCollectionRequest resource
             * @property {string|null} [namespace] DeleteCollectionRequest namespace
             * @property {string|null} [labelSelector] DeleteCollectionRequest labelSelector
             * @property {string|null} [fieldSelector] DeleteCollectionRequest fieldSelector
             * @property {string|null} [propagation] DeleteCollectionRequest propagation
             * @property {boolean|null} [dryRun] DeleteCollectionRequest dryRun
             * @property {number|null} [graceSeconds] DeleteCollectionRequest graceSeconds
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a DeleteCollectionRequest.
             * @memberof orch.v1
             * @interface IDeleteCollectionRequest
             * @augments orch.v1.DeleteCollectionRequest.$Properties
             * @deprecated Use orch.v1.DeleteCollectionRequest.$Properties instead.
             */

            /**
             * Shape of a DeleteCollectionRequest.
             * @typedef {orch.v1.DeleteCollectionRequest.$Properties} orch.v1.DeleteCollectionRequest.$Shape
             */

            /**
             * Constructs a new DeleteCollectionRequest.
             * @memberof orch.v1
             * @classdesc Represents a DeleteCollectionRequest.
             * @constructor
             * @param {orch.v1.DeleteCollectionRequest.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const DeleteCollectionRequest = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * DeleteCollectionRequest resource.
             * @member {string} resource
             * @memberof orch.v1.DeleteCollectionRequest
             * @instance
             */
            DeleteCollectionRequest.prototype.resource = "";

            /**
             * DeleteCollectionRequest namespace.
             * @member {string} namespace
             * @memberof orch.v1.DeleteCollectionRequest
             * @instance
             */
            DeleteCollectionRequest.prototype.namespace = "";

            /**
             * DeleteCollectionRequest labelSelector.
             * @member {string} labelSelector
             * @memberof orch.v1.DeleteCollectionRequest
             * @instance
             */
            DeleteCollectionRequest.prototype.labelSelector = "";

            /**
             * DeleteCollectionRequest fieldSelector.
             * @member {string} fieldSelector
             * @memberof orch.v1.DeleteCollectionRequest
             * @instance
             */
            DeleteCollectionRequest.prototype.fieldSelector = "";

            /**
             * DeleteCollectionRequest propagation.
             * @member {string} propagation
             * @memberof orch.v1.DeleteCollectionRequest
             * @instance
             */
            DeleteCollectionRequest.prototype.propagation = "";

            /**
             * DeleteCollectionRequest dryRun.
             * @member {boolean} dryRun
             * @memberof orch.v1.DeleteCollectionRequest
             * @instance
             */
            DeleteCollectionRequest.prototype.dryRun = false;

            /**
             * DeleteCollectionRequest graceSeconds.
             * @member {number} graceSeconds
             * @memberof orch.v1.DeleteCollectionRequest
             * @instance
             */
            DeleteCollectionRequest.prototype.graceSeconds = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Creates a new DeleteCollectionRequest instance using the specified properties.
             * @function create
             * @memberof orch.v1.DeleteCollectionRequest
             * @static
             * @param {orch.v1.DeleteCollectionRequest.$Properties=} [properties] Properties to set
             * @returns {orch.v1.DeleteCollectionRequest} DeleteCollectionRequest instance
             * @type {{
             *   (properties: orch.v1.DeleteCollectionRequest.$Shape): orch.v1.DeleteCollectionRequest & orch.v1.DeleteCollectionRequest.$Shape;
             *   (properties?: orch.v1.DeleteCollectionRequest.$Properties): orch.v1.DeleteCollectionRequest;
             * }}
             */
            DeleteCollectionRequest.create = function(properties) {
                return new DeleteCollectionRequest(properties);
            };

            /**
             * Encodes the specified DeleteCollectionRequest message. Does not implicitly {@link orch.v1.DeleteCollectionRequest.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.DeleteCollectionRequest
             * @static
             * @param {orch.v1.DeleteCollectionRequest.$Properties} message DeleteCollectionRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            DeleteCollectionRequest.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.resource != null && $Object.hasOwnProperty.call(message, "resource") && message.resource !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.resource);
                if (message.namespace != null && $Object.hasOwnProperty.call(message, "namespace") && message.namespace !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.namespace);
                if (message.labelSelector != null && $Object.hasOwnProperty.call(message, "labelSelector") && message.labelSelector !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.labelSelector);
                if (message.fieldSelector != null && $Object.hasOwnProperty.call(message, "fieldSelector") && message.fieldSelector !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.fieldSelector);
                if (message.propagation != null && $Object.hasOwnProperty.call(message, "propagation") && message.propagation !== "")
                    writer.uint32(/* id 5, wireType 2 =*/42).string(message.propagation);
                if (message.dryRun != null && $Object.hasOwnProperty.call(message, "dryRun") && message.dryRun !== false)
                    writer.uint32(/* id 6, wireType 0 =*/48).bool(message.dryRun);
                if (message.graceSeconds != null && $Object.hasOwnProperty.call(message, "graceSeconds") && (typeof message.graceSeconds === "object" ? message.graceSeconds.low || message.graceSeconds.high : message.graceSeconds !== 0))
                    writer.uint32(/* id 7, wireType 0 =*/56).int64(message.graceSeconds);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a DeleteCollectionRequest message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.DeleteCollectionRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.DeleteCollectionRequest & orch.v1.DeleteCollectionRequest.$Shape} DeleteCollectionRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            DeleteCollectionRequest.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.DeleteCollectionRequest();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.resource = value;
                            else
                                delete message.resource;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.namespace = value;
                            else
                                delete message.namespace;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.labelSelector = value;
                            else
                                delete message.labelSelector;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.fieldSelector = value;
                            else
                                delete message.fieldSelector;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.propagation = value;
                            else
                                delete message.propagation;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.dryRun = value;
                            else
                                delete message.dryRun;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.graceSeconds = value;
                            else
                                delete message.graceSeconds;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return DeleteCollectionRequest;
        })();

        v1.DeleteReply = (function() {

            /**
             * Properties of a DeleteReply.
             * @typedef {Object} orch.v1.DeleteReply.$Properties
             * @property {Uint8Array|null} [object] DeleteReply object
             * @property {Array.<string>|null} [warnings] DeleteReply warnings
             * @property {number|null} [count] DeleteReply count
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a DeleteReply.
             * @memberof orch.v1
             * @interface IDeleteReply
             * @augments orch.v1.DeleteReply.$Properties
             * @deprecated Use orch.v1.DeleteReply.$Properties instead.
             */

            /**
             * Shape of a DeleteReply.
             * @typedef {orch.v1.DeleteReply.$Properties} orch.v1.DeleteReply.$Shape
             */

            /**
             * Constructs a new DeleteReply.
             * @memberof orch.v1
             * @classdesc Represents a DeleteReply.
             * @constructor
             * @param {orch.v1.DeleteReply.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const DeleteReply = function (properties) {
                this.warnings = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * DeleteReply object.
             * @member {Uint8Array} object
             * @memberof orch.v1.DeleteReply
             * @instance
             */
            DeleteReply.prototype.object = $util.newBuffer([]);

            /**
             * DeleteReply warnings.
             * @member {Array.<string>} warnings
             * @memberof orch.v1.DeleteReply
             * @instance
             */
            DeleteReply.prototype.warnings = $util.emptyArray;

            /**
             * DeleteReply count.
             * @member {number} count
             * @memberof orch.v1.DeleteReply
             * @instance
             */
            DeleteReply.prototype.count = 0;

            /**
             * Creates a new DeleteReply instance using the specified properties.
             * @function create
             * @memberof orch.v1.DeleteReply
             * @static
             * @param {orch.v1.DeleteReply.$Properties=} [properties] Properties to set
             * @returns {orch.v1.DeleteReply} DeleteReply instance
             * @type {{
             *   (properties: orch.v1.DeleteReply.$Shape): orch.v1.DeleteReply & orch.v1.DeleteReply.$Shape;
             *   (properties?: orch.v1.DeleteReply.$Properties): orch.v1.DeleteReply;
             * }}
             */
            DeleteReply.create = function(properties) {
                return new DeleteReply(properties);
            };

            /**
             * Encodes the specified DeleteReply message. Does not implicitly {@link orch.v1.DeleteReply.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.DeleteReply
             * @static
             * @param {orch.v1.DeleteReply.$Properties} message DeleteReply message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            DeleteReply.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.object != null && $Object.hasOwnProperty.call(message, "object") && message.object.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.object);
                if (message.warnings != null && message.warnings.length)
                    for (let i = 0; i < message.warnings.length; ++i)
                        writer.uint32(/* id 2, wireType 2 =*/18).string(message.warnings[i]);
                if (message.count != null && $Object.hasOwnProperty.call(message, "count") && message.count !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.count);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a DeleteReply message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.DeleteReply
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.DeleteReply & orch.v1.DeleteReply.$Shape} DeleteReply
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            DeleteReply.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.DeleteReply();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.object = value;
                            else
                                delete message.object;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.warnings && message.warnings.length))
                                message.warnings = [];
                            message.warnings.push(reader.stringVerify());
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.count = value;
                            else
                                delete message.count;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return DeleteReply;
        })();

        v1.CreateJoinTokenRequest = (function() {

            /**
             * Properties of a CreateJoinTokenRequest.
             * @typedef {Object} orch.v1.CreateJoinTokenRequest.$Properties
             * @property {number|null} [lifetimeMs] CreateJoinTokenRequest lifetimeMs
             * @property {number|null} [uses] CreateJoinTokenRequest uses
             * @property {string|null} [description] CreateJoinTokenRequest description
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a CreateJoinTokenRequest.
             * @memberof orch.v1
             * @interface ICreateJoinTokenRequest
             * @augments orch.v1.CreateJoinTokenRequest.$Properties
             * @deprecated Use orch.v1.CreateJoinTokenRequest.$Properties instead.
             */

            /**
             * Shape of a CreateJoinTokenRequest.
             * @typedef {orch.v1.CreateJoinTokenRequest.$Properties} orch.v1.CreateJoinTokenRequest.$Shape
             */

            /**
             * Constructs a new CreateJoinTokenRequest.
             * @memberof orch.v1
             * @classdesc Represents a CreateJoinTokenRequest.
             * @constructor
             * @param {orch.v1.CreateJoinTokenRequest.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const CreateJoinTokenRequest = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * CreateJoinTokenRequest lifetimeMs.
             * @member {number} lifetimeMs
             * @memberof orch.v1.CreateJoinTokenRequest
             * @instance
             */
            CreateJoinTokenRequest.prototype.lifetimeMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * CreateJoinTokenRequest uses.
             * @member {number} uses
             * @memberof orch.v1.CreateJoinTokenRequest
             * @instance
             */
            CreateJoinTokenRequest.prototype.uses = 0;

            /**
             * CreateJoinTokenRequest description.
             * @member {string} description
             * @memberof orch.v1.CreateJoinTokenRequest
             * @instance
             */
            CreateJoinTokenRequest.prototype.description = "";

            /**
             * Creates a new CreateJoinTokenRequest instance using the specified properties.
             * @function create
             * @memberof orch.v1.CreateJoinTokenRequest
             * @static
             * @param {orch.v1.CreateJoinTokenRequest.$Properties=} [properties] Properties to set
             * @returns {orch.v1.CreateJoinTokenRequest} CreateJoinTokenRequest instance
             * @type {{
             *   (properties: orch.v1.CreateJoinTokenRequest.$Shape): orch.v1.CreateJoinTokenRequest & orch.v1.CreateJoinTokenRequest.$Shape;
             *   (properties?: orch.v1.CreateJoinTokenRequest.$Properties): orch.v1.CreateJoinTokenRequest;
             * }}
             */
            CreateJoinTokenRequest.create = function(properties) {
                return new CreateJoinTokenRequest(properties);
            };

            /**
             * Encodes the specified CreateJoinTokenRequest message. Does not implicitly {@link orch.v1.CreateJoinTokenRequest.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.CreateJoinTokenRequest
             * @static
             * @param {orch.v1.CreateJoinTokenRequest.$Properties} message CreateJoinTokenRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            CreateJoinTokenRequest.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.lifetimeMs != null && $Object.hasOwnProperty.call(message, "lifetimeMs") && (typeof message.lifetimeMs === "object" ? message.lifetimeMs.low || message.lifetimeMs.high : message.lifetimeMs !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).int64(message.lifetimeMs);
                if (message.uses != null && $Object.hasOwnProperty.call(message, "uses") && message.uses !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.uses);
                if (message.description != null && $Object.hasOwnProperty.call(message, "description") && message.description !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.description);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a CreateJoinTokenRequest message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.CreateJoinTokenRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.CreateJoinTokenRequest & orch.v1.CreateJoinTokenRequest.$Shape} CreateJoinTokenRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            CreateJoinTokenRequest.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.CreateJoinTokenRequest();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.lifetimeMs = value;
                            else
                                delete message.lifetimeMs;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.uses = value;
                            else
                                delete message.uses;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.description = value;
                            else
                                delete message.description;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return CreateJoinTokenRequest;
        })();

        v1.CreateJoinTokenReply = (function() {

            /**
             * Properties of a CreateJoinTokenReply.
             * @typedef {Object} orch.v1.CreateJoinTokenReply.$Properties
             * @property {string|null} [token] CreateJoinTokenReply token
             * @property {string|null} [joinCommand] CreateJoinTokenReply joinCommand
             * @property {number|null} [expiresAtMs] CreateJoinTokenReply expiresAtMs
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a CreateJoinTokenReply.
             * @memberof orch.v1
             * @interface ICreateJoinTokenReply
             * @augments orch.v1.CreateJoinTokenReply.$Properties
             * @deprecated Use orch.v1.CreateJoinTokenReply.$Properties instead.
             */

            /**
             * Shape of a CreateJoinTokenReply.
             * @typedef {orch.v1.CreateJoinTokenReply.$Properties} orch.v1.CreateJoinTokenReply.$Shape
             */

            /**
             * Constructs a new CreateJoinTokenReply.
             * @memberof orch.v1
             * @classdesc Represents a CreateJoinTokenReply.
             * @constructor
             * @param {orch.v1.CreateJoinTokenReply.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const CreateJoinTokenReply = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * CreateJoinTokenReply token.
             * @member {string} token
             * @memberof orch.v1.CreateJoinTokenReply
             * @instance
             */
            CreateJoinTokenReply.prototype.token = "";

            /**
             * CreateJoinTokenReply joinCommand.
             * @member {string} joinCommand
             * @memberof orch.v1.CreateJoinTokenReply
             * @instance
             */
            CreateJoinTokenReply.prototype.joinCommand = "";

            /**
             * CreateJoinTokenReply expiresAtMs.
             * @member {number} expiresAtMs
             * @memberof orch.v1.CreateJoinTokenReply
             * @instance
             */
            CreateJoinTokenReply.prototype.expiresAtMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Creates a new CreateJoinTokenReply instance using the specified properties.
             * @function create
             * @memberof orch.v1.CreateJoinTokenReply
             * @static
             * @param {orch.v1.CreateJoinTokenReply.$Properties=} [properties] Properties to set
             * @returns {orch.v1.CreateJoinTokenReply} CreateJoinTokenReply instance
             * @type {{
             *   (properties: orch.v1.CreateJoinTokenReply.$Shape): orch.v1.CreateJoinTokenReply & orch.v1.CreateJoinTokenReply.$Shape;
             *   (properties?: orch.v1.CreateJoinTokenReply.$Properties): orch.v1.CreateJoinTokenReply;
             * }}
             */
            CreateJoinTokenReply.create = function(properties) {
                return new CreateJoinTokenReply(properties);
            };

            /**
             * Encodes the specified CreateJoinTokenReply message. Does not implicitly {@link orch.v1.CreateJoinTokenReply.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.CreateJoinTokenReply
             * @static
             * @param {orch.v1.CreateJoinTokenReply.$Properties} message CreateJoinTokenReply message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            CreateJoinTokenReply.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.token != null && $Object.hasOwnProperty.call(message, "token") && message.token !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.token);
                if (message.joinCommand != null && $Object.hasOwnProperty.call(message, "joinCommand") && message.joinCommand !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.joinCommand);
                if (message.expiresAtMs != null && $Object.hasOwnProperty.call(message, "expiresAtMs") && (typeof message.expiresAtMs === "object" ? message.expiresAtMs.low || message.expiresAtMs.high : message.expiresAtMs !== 0))
                    writer.uint32(/* id 3, wireType 0 =*/24).int64(message.expiresAtMs);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a CreateJoinTokenReply message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.CreateJoinTokenReply
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.CreateJoinTokenReply & orch.v1.CreateJoinTokenReply.$Shape} CreateJoinTokenReply
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            CreateJoinTokenReply.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.CreateJoinTokenReply();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.token = value;
                            else
                                delete message.token;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.joinCommand = value;
                            else
                                delete message.joinCommand;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.expiresAtMs = value;
                            else
                                delete message.expiresAtMs;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return CreateJoinTokenReply;
        })();

        v1.IssueUserCertificateRequest = (function() {

            /**
             * Properties of an IssueUserCertificateRequest.
             * @typedef {Object} orch.v1.IssueUserCertificateRequest.$Properties
             * @property {Uint8Array|null} [signingRequest] IssueUserCertificateRequest signingRequest
             * @property {string|null} [user] IssueUserCertificateRequest user
             * @property {Array.<string>|null} [groups] IssueUserCertificateRequest groups
             * @property {number|null} [lifetimeMs] IssueUserCertificateRequest lifetimeMs
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an IssueUserCertificateRequest.
             * @memberof orch.v1
             * @interface IIssueUserCertificateRequest
             * @augments orch.v1.IssueUserCertificateRequest.$Properties
             * @deprecated Use orch.v1.IssueUserCertificateRequest.$Properties instead.
             */

            /**
             * Shape of an IssueUserCertificateRequest.
             * @typedef {orch.v1.IssueUserCertificateRequest.$Properties} orch.v1.IssueUserCertificateRequest.$Shape
             */

            /**
             * Constructs a new IssueUserCertificateRequest.
             * @memberof orch.v1
             * @classdesc Represents an IssueUserCertificateRequest.
             * @constructor
             * @param {orch.v1.IssueUserCertificateRequest.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const IssueUserCertificateRequest = function (properties) {
                this.groups = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * IssueUserCertificateRequest signingRequest.
             * @member {Uint8Array} signingRequest
             * @memberof orch.v1.IssueUserCertificateRequest
             * @instance
             */
            IssueUserCertificateRequest.prototype.signingRequest = $util.newBuffer([]);

            /**
             * IssueUserCertificateRequest user.
             * @member {string} user
             * @memberof orch.v1.IssueUserCertificateRequest
             * @instance
             */
            IssueUserCertificateRequest.prototype.user = "";

            /**
             * IssueUserCertificateRequest groups.
             * @member {Array.<string>} groups
             * @memberof orch.v1.IssueUserCertificateRequest
             * @instance
             */
            IssueUserCertificateRequest.prototype.groups = $util.emptyArray;

            /**
             * IssueUserCertificateRequest lifetimeMs.
             * @member {number} lifetimeMs
             * @memberof orch.v1.IssueUserCertificateRequest
             * @instance
             */
            IssueUserCertificateRequest.prototype.lifetimeMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Creates a new IssueUserCertificateRequest instance using the specified properties.
             * @function create
             * @memberof orch.v1.IssueUserCertificateRequest
             * @static
             * @param {orch.v1.IssueUserCertificateRequest.$Properties=} [properties] Properties to set
             * @returns {orch.v1.IssueUserCertificateRequest} IssueUserCertificateRequest instance
             * @type {{
             *   (properties: orch.v1.IssueUserCertificateRequest.$Shape): orch.v1.IssueUserCertificateRequest & orch.v1.IssueUserCertificateRequest.$Shape;
             *   (properties?: orch.v1.IssueUserCertificateRequest.$Properties): orch.v1.IssueUserCertificateRequest;
             * }}
             */
            IssueUserCertificateRequest.create = function(properties) {
                return new IssueUserCertificateRequest(properties);
            };

            /**
             * Encodes the specified IssueUserCertificateRequest message. Does not implicitly {@link orch.v1.IssueUserCertificateRequest.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.IssueUserCertificateRequest
             * @static
             * @param {orch.v1.IssueUserCertificateRequest.$Properties} message IssueUserCertificateRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            IssueUserCertificateRequest.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.signingRequest != null && $Object.hasOwnProperty.call(message, "signingRequest") && message.signingRequest.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.signingRequest);
                if (message.user != null && $Object.hasOwnProperty.call(message, "user") && message.user !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.user);
                if (message.groups != null && message.groups.length)
                    for (let i = 0; i < message.groups.length; ++i)
                        writer.uint32(/* id 3, wireType 2 =*/26).string(message.groups[i]);
                if (message.lifetimeMs != null && $Object.hasOwnProperty.call(message, "lifetimeMs") && (typeof message.lifetimeMs === "object" ? message.lifetimeMs.low || message.lifetimeMs.high : message.lifetimeMs !== 0))
                    writer.uint32(/* id 4, wireType 0 =*/32).int64(message.lifetimeMs);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an IssueUserCertificateRequest message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.IssueUserCertificateRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.IssueUserCertificateRequest & orch.v1.IssueUserCertificateRequest.$Shape} IssueUserCertificateRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            IssueUserCertificateRequest.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.IssueUserCertificateRequest();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.signingRequest = value;
                            else
                                delete message.signingRequest;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.user = value;
                            else
                                delete message.user;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if (!(message.groups && message.groups.length))
                                message.groups = [];
                            message.groups.push(reader.stringVerify());
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.lifetimeMs = value;
                            else
                                delete message.lifetimeMs;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return IssueUserCertificateRequest;
        })();

        v1.CertificateReply = (function() {

            /**
             * Properties of a CertificateReply.
             * @typedef {Object} orch.v1.CertificateReply.$Properties
             * @property {Uint8Array|null} [certificateChain] CertificateReply certificateChain
             * @property {Uint8Array|null} [authorities] CertificateReply authorities
             * @property {number|null} [expiresAtMs] CertificateReply expiresAtMs
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a CertificateReply.
             * @memberof orch.v1
             * @interface ICertificateReply
             * @augments orch.v1.CertificateReply.$Properties
             * @deprecated Use orch.v1.CertificateReply.$Properties instead.
             */

            /**
             * Shape of a CertificateReply.
             * @typedef {orch.v1.CertificateReply.$Properties} orch.v1.CertificateReply.$Shape
             */

            /**
             * Constructs a new CertificateReply.
             * @memberof orch.v1
             * @classdesc Represents a CertificateReply.
             * @constructor
             * @param {orch.v1.CertificateReply.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const CertificateReply = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * CertificateReply certificateChain.
             * @member {Uint8Array} certificateChain
             * @memberof orch.v1.CertificateReply
             * @instance
             */
            CertificateReply.prototype.certificateChain = $util.newBuffer([]);

            /**
             * CertificateReply authorities.
             * @member {Uint8Array} authorities
             * @memberof orch.v1.CertificateReply
             * @instance
             */
            CertificateReply.prototype.authorities = $util.newBuffer([]);

            /**
             * CertificateReply expiresAtMs.
             * @member {number} expiresAtMs
             * @memberof orch.v1.CertificateReply
             * @instance
             */
            CertificateReply.prototype.expiresAtMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Creates a new CertificateReply instance using the specified properties.
             * @function create
             * @memberof orch.v1.CertificateReply
             * @static
             * @param {orch.v1.CertificateReply.$Properties=} [properties] Properties to set
             * @returns {orch.v1.CertificateReply} CertificateReply instance
             * @type {{
             *   (properties: orch.v1.CertificateReply.$Shape): orch.v1.CertificateReply & orch.v1.CertificateReply.$Shape;
             *   (properties?: orch.v1.CertificateReply.$Properties): orch.v1.CertificateReply;
             * }}
             */
            CertificateReply.create = function(properties) {
                return new CertificateReply(properties);
            };

            /**
             * Encodes the specified CertificateReply message. Does not implicitly {@link orch.v1.CertificateReply.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.CertificateReply
             * @static
             * @param {orch.v1.CertificateReply.$Properties} message CertificateReply message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            CertificateReply.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.certificateChain != null && $Object.hasOwnProperty.call(message, "certificateChain") && message.certificateChain.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.certificateChain);
                if (message.authorities != null && $Object.hasOwnProperty.call(message, "authorities") && message.authorities.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.authorities);
                if (message.expiresAtMs != null && $Object.hasOwnProperty.call(message, "expiresAtMs") && (typeof message.expiresAtMs === "object" ? message.expiresAtMs.low || message.expiresAtMs.high : message.expiresAtMs !== 0))
                    writer.uint32(/* id 3, wireType 0 =*/24).int64(message.expiresAtMs);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a CertificateReply message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.CertificateReply
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.CertificateReply & orch.v1.CertificateReply.$Shape} CertificateReply
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            CertificateReply.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.CertificateReply();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.certificateChain = value;
                            else
                                delete message.certificateChain;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.authorities = value;
                            else
                                delete message.authorities;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.expiresAtMs = value;
                            else
                                delete message.expiresAtMs;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return CertificateReply;
        })();

        v1.RawRequest = (function() {

            /**
             * Properties of a RawRequest.
             * @typedef {Object} orch.v1.RawRequest.$Properties
             * @property {string|null} [path] RawRequest path
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a RawRequest.
             * @memberof orch.v1
             * @interface IRawRequest
             * @augments orch.v1.RawRequest.$Properties
             * @deprecated Use orch.v1.RawRequest.$Properties instead.
             */

            /**
             * Shape of a RawRequest.
             * @typedef {orch.v1.RawRequest.$Properties} orch.v1.RawRequest.$Shape
             */

            /**
             * Constructs a new RawRequest.
             * @memberof orch.v1
             * @classdesc Represents a RawRequest.
             * @constructor
             * @param {orch.v1.RawRequest.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const RawRequest = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * RawRequest path.
             * @member {string} path
             * @memberof orch.v1.RawRequest
             * @instance
             */
            RawRequest.prototype.path = "";

            /**
             * Creates a new RawRequest instance using the specified properties.
             * @function create
             * @memberof orch.v1.RawRequest
             * @static
             * @param {orch.v1.RawRequest.$Properties=} [properties] Properties to set
             * @returns {orch.v1.RawRequest} RawRequest instance
             * @type {{
             *   (properties: orch.v1.RawRequest.$Shape): orch.v1.RawRequest & orch.v1.RawRequest.$Shape;
             *   (properties?: orch.v1.RawRequest.$Properties): orch.v1.RawRequest;
             * }}
             */
            RawRequest.create = function(properties) {
                return new RawRequest(properties);
            };

            /**
             * Encodes the specified RawRequest message. Does not implicitly {@link orch.v1.RawRequest.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.RawRequest
             * @static
             * @param {orch.v1.RawRequest.$Properties} message RawRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            RawRequest.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.path != null && $Object.hasOwnProperty.call(message, "path") && message.path !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.path);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a RawRequest message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.RawRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.RawRequest & orch.v1.RawRequest.$Shape} RawRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            RawRequest.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.RawRequest();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.path = value;
                            else
                                delete message.path;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return RawRequest;
        })();

        v1.RawReply = (function() {

            /**
             * Properties of a RawReply.
             * @typedef {Object} orch.v1.RawReply.$Properties
             * @property {number|null} [status] RawReply status
             * @property {string|null} [contentType] RawReply contentType
             * @property {Uint8Array|null} [body] RawReply body
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a RawReply.
             * @memberof orch.v1
             * @interface IRawReply
             * @augments orch.v1.RawReply.$Properties
             * @deprecated Use orch.v1.RawReply.$Properties instead.
             */

            /**
             * Shape of a RawReply.
             * @typedef {orch.v1.RawReply.$Properties} orch.v1.RawReply.$Shape
             */

            /**
             * Constructs a new RawReply.
             * @memberof orch.v1
             * @classdesc Represents a RawReply.
             * @constructor
             * @param {orch.v1.RawReply.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const RawReply = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * RawReply status.
             * @member {number} status
             * @memberof orch.v1.RawReply
             * @instance
             */
            RawReply.prototype.status = 0;

            /**
             * RawReply contentType.
             * @member {string} contentType
             * @memberof orch.v1.RawReply
             * @instance
             */
            RawReply.prototype.contentType = "";

            /**
             * RawReply body.
             * @member {Uint8Array} body
             * @memberof orch.v1.RawReply
             * @instance
             */
            RawReply.prototype.body = $util.newBuffer([]);

            /**
             * Creates a new RawReply instance using the specified properties.
             * @function create
             * @memberof orch.v1.RawReply
             * @static
             * @param {orch.v1.RawReply.$Properties=} [properties] Properties to set
             * @returns {orch.v1.RawReply} RawReply instance
             * @type {{
             *   (properties: orch.v1.RawReply.$Shape): orch.v1.RawReply & orch.v1.RawReply.$Shape;
             *   (properties?: orch.v1.RawReply.$Properties): orch.v1.RawReply;
             * }}
             */
            RawReply.create = function(properties) {
                return new RawReply(properties);
            };

            /**
             * Encodes the specified RawReply message. Does not implicitly {@link orch.v1.RawReply.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.RawReply
             * @static
             * @param {orch.v1.RawReply.$Properties} message RawReply message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            RawReply.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.status != null && $Object.hasOwnProperty.call(message, "status") && message.status !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.status);
                if (message.contentType != null && $Object.hasOwnProperty.call(message, "contentType") && message.contentType !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.contentType);
                if (message.body != null && $Object.hasOwnProperty.call(message, "body") && message.body.length)
                    writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.body);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a RawReply message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.RawReply
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.RawReply & orch.v1.RawReply.$Shape} RawReply
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            RawReply.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.RawReply();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.status = value;
                            else
                                delete message.status;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.contentType = value;
                            else
                                delete message.contentType;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.body = value;
                            else
                                delete message.body;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return RawReply;
        })();

        v1.ClusterStatusRequest = (function() {

            /**
             * Properties of a ClusterStatusRequest.
             * @typedef {Object} orch.v1.ClusterStatusRequest.$Properties
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a ClusterStatusRequest.
             * @memberof orch.v1
             * @interface IClusterStatusRequest
             * @augments orch.v1.ClusterStatusRequest.$Properties
             * @deprecated Use orch.v1.ClusterStatusRequest.$Properties instead.
             */

            /**
             * Shape of a ClusterStatusRequest.
             * @typedef {orch.v1.ClusterStatusRequest.$Properties} orch.v1.ClusterStatusRequest.$Shape
             */

            /**
             * Constructs a new ClusterStatusRequest.
             * @memberof orch.v1
             * @classdesc Represents a ClusterStatusRequest.
             * @constructor
             * @param {orch.v1.ClusterStatusRequest.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const ClusterStatusRequest = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Creates a new ClusterStatusRequest instance using the specified properties.
             * @function create
             * @memberof orch.v1.ClusterStatusRequest
             * @static
             * @param {orch.v1.ClusterStatusRequest.$Properties=} [properties] Properties to set
             * @returns {orch.v1.ClusterStatusRequest} ClusterStatusRequest instance
             * @type {{
             *   (properties: orch.v1.ClusterStatusRequest.$Shape): orch.v1.ClusterStatusRequest & orch.v1.ClusterStatusRequest.$Shape;
             *   (properties?: orch.v1.ClusterStatusRequest.$Properties): orch.v1.ClusterStatusRequest;
             * }}
             */
            ClusterStatusRequest.create = function(properties) {
                return new ClusterStatusRequest(properties);
            };

            /**
             * Encodes the specified ClusterStatusRequest message. Does not implicitly {@link orch.v1.ClusterStatusRequest.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.ClusterStatusRequest
             * @static
             * @param {orch.v1.ClusterStatusRequest.$Properties} message ClusterStatusRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ClusterStatusRequest.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a ClusterStatusRequest message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.ClusterStatusRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.ClusterStatusRequest & orch.v1.ClusterStatusRequest.$Shape} ClusterStatusRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ClusterStatusRequest.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.ClusterStatusRequest();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    reader.skipType(tag & 7, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ClusterStatusRequest;
        })();

        v1.ClusterStatusReply = (function() {

            /**
             * Properties of a ClusterStatusReply.
             * @typedef {Object} orch.v1.ClusterStatusReply.$Properties
             * @property {Uint8Array|null} [status] ClusterStatusReply status
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a ClusterStatusReply.
             * @memberof orch.v1
             * @interface IClusterStatusReply
             * @augments orch.v1.ClusterStatusReply.$Properties
             * @deprecated Use orch.v1.ClusterStatusReply.$Properties instead.
             */

            /**
             * Shape of a ClusterStatusReply.
             * @typedef {orch.v1.ClusterStatusReply.$Properties} orch.v1.ClusterStatusReply.$Shape
             */

            /**
             * Constructs a new ClusterStatusReply.
             * @memberof orch.v1
             * @classdesc Represents a ClusterStatusReply.
             * @constructor
             * @param {orch.v1.ClusterStatusReply.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const ClusterStatusReply = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * ClusterStatusReply status.
             * @member {Uint8Array} status
             * @memberof orch.v1.ClusterStatusReply
             * @instance
             */
            ClusterStatusReply.prototype.status = $util.newBuffer([]);

            /**
             * Creates a new ClusterStatusReply instance using the specified properties.
             * @function create
             * @memberof orch.v1.ClusterStatusReply
             * @static
             * @param {orch.v1.ClusterStatusReply.$Properties=} [properties] Properties to set
             * @returns {orch.v1.ClusterStatusReply} ClusterStatusReply instance
             * @type {{
             *   (properties: orch.v1.ClusterStatusReply.$Shape): orch.v1.ClusterStatusReply & orch.v1.ClusterStatusReply.$Shape;
             *   (properties?: orch.v1.ClusterStatusReply.$Properties): orch.v1.ClusterStatusReply;
             * }}
             */
            ClusterStatusReply.create = function(properties) {
                return new ClusterStatusReply(properties);
            };

            /**
             * Encodes the specified ClusterStatusReply message. Does not implicitly {@link orch.v1.ClusterStatusReply.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.ClusterStatusReply
             * @static
             * @param {orch.v1.ClusterStatusReply.$Properties} message ClusterStatusReply message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ClusterStatusReply.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.status != null && $Object.hasOwnProperty.call(message, "status") && message.status.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.status);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a ClusterStatusReply message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.ClusterStatusReply
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.ClusterStatusReply & orch.v1.ClusterStatusReply.$Shape} ClusterStatusReply
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ClusterStatusReply.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.ClusterStatusReply();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.status = value;
                            else
                                delete message.status;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ClusterStatusReply;
        })();

        v1.Frame = (function() {

            /**
             * Properties of a Frame.
             * @typedef {Object} orch.v1.Frame.$Properties
             * @property {orch.v1.StreamOpen.$Properties|null} [open] Frame open
             * @property {Uint8Array|null} [data] Frame data
             * @property {Uint8Array|null} [errorData] Frame errorData
             * @property {boolean|null} [endOfInput] Frame endOfInput
             * @property {number|null} [credit] Frame credit
             * @property {orch.v1.TerminalSize.$Properties|null} [resize] Frame resize
             * @property {orch.v1.StreamResult.$Properties|null} [result] Frame result
             * @property {orch.v1.StreamReady.$Properties|null} [ready] Frame ready
             * @property {number|null} [signal] Frame signal
             * @property {"open"|"data"|"errorData"|"endOfInput"|"credit"|"resize"|"result"|"ready"|"signal"} [body] Frame body
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Frame.
             * @memberof orch.v1
             * @interface IFrame
             * @augments orch.v1.Frame.$Properties
             * @deprecated Use orch.v1.Frame.$Properties instead.
             */

            /**
             * Narrowed shape of a Frame.
             * @typedef {{
             *   open?: orch.v1.StreamOpen.$Shape|null;
             *   data?: Uint8Array|null;
             *   errorData?: Uint8Array|null;
             *   endOfInput?: boolean|null;
             *   credit?: number|null;
             *   resize?: orch.v1.TerminalSize.$Shape|null;
             *   result?: orch.v1.StreamResult.$Shape|null;
             *   ready?: orch.v1.StreamReady.$Shape|null;
             *   signal?: number|null;
             *   $unknowns?: Array.<Uint8Array>;
             * } & (
             *   ({ body?: undefined; open?: null; data?: null; errorData?: null; endOfInput?: null; credit?: null; resize?: null; result?: null; ready?: null; signal?: null }|{ body?: "open"; open: orch.v1.StreamOpen.$Shape; data?: null; errorData?: null; endOfInput?: null; credit?: null; resize?: null; result?: null; ready?: null; signal?: null }|{ body?: "data"; open?: null; data: Uint8Array; errorData?: null; endOfInput?: null; credit?: null; resize?: null; result?: null; ready?: null; signal?: null }|{ body?: "errorData"; open?: null; data?: null; errorData: Uint8Array; endOfInput?: null; credit?: null; resize?: null; result?: null; ready?: null; signal?: null }|{ body?: "endOfInput"; open?: null; data?: null; errorData?: null; endOfInput: boolean; credit?: null; resize?: null; result?: null; ready?: null; signal?: null }|{ body?: "credit"; open?: null; data?: null; errorData?: null; endOfInput?: null; credit: number; resize?: null; result?: null; ready?: null; signal?: null }|{ body?: "resize"; open?: null; data?: null; errorData?: null; endOfInput?: null; credit?: null; resize: orch.v1.TerminalSize.$Shape; result?: null; ready?: null; signal?: null }|{ body?: "result"; open?: null; data?: null; errorData?: null; endOfInput?: null; credit?: null; resize?: null; result: orch.v1.StreamResult.$Shape; ready?: null; signal?: null }|{ body?: "ready"; open?: null; data?: null; errorData?: null; endOfInput?: null; credit?: null; resize?: null; result?: null; ready: orch.v1.StreamReady.$Shape; signal?: null }|{ body?: "signal"; open?: null; data?: null; errorData?: null; endOfInput?: null; credit?: null; resize?: null; result?: null; ready?: null; signal: number })
             * )} orch.v1.Frame.$Shape
             */

            /**
             * Constructs a new Frame.
             * @memberof orch.v1
             * @classdesc Represents a Frame.
             * @constructor
             * @param {orch.v1.Frame.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Frame = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Frame open.
             * @member {orch.v1.StreamOpen.$Properties|null|undefined} open
             * @memberof orch.v1.Frame
             * @instance
             */
            Frame.prototype.open = null;

            /**
             * Frame data.
             * @member {Uint8Array|null|undefined} data
             * @memberof orch.v1.Frame
             * @instance
             */
            Frame.prototype.data = null;

            /**
             * Frame errorData.
             * @member {Uint8Array|null|undefined} errorData
             * @memberof orch.v1.Frame
             * @instance
             */
            Frame.prototype.errorData = null;

            /**
             * Frame endOfInput.
             * @member {boolean|null|undefined} endOfInput
             * @memberof orch.v1.Frame
             * @instance
             */
            Frame.prototype.endOfInput = null;

            /**
             * Frame credit.
             * @member {number|null|undefined} credit
             * @memberof orch.v1.Frame
             * @instance
             */
            Frame.prototype.credit = null;

            /**
             * Frame resize.
             * @member {orch.v1.TerminalSize.$Properties|null|undefined} resize
             * @memberof orch.v1.Frame
             * @instance
             */
            Frame.prototype.resize = null;

            /**
             * Frame result.
             * @member {orch.v1.StreamResult.$Properties|null|undefined} result
             * @memberof orch.v1.Frame
             * @instance
             */
            Frame.prototype.result = null;

            /**
             * Frame ready.
             * @member {orch.v1.StreamReady.$Properties|null|undefined} ready
             * @memberof orch.v1.Frame
             * @instance
             */
            Frame.prototype.ready = null;

            /**
             * Frame signal.
             * @member {number|null|undefined} signal
             * @memberof orch.v1.Frame
             * @instance
             */
            Frame.prototype.signal = null;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            /**
             * Frame body.
             * @member {"open"|"data"|"errorData"|"endOfInput"|"credit"|"resize"|"result"|"ready"|"signal"|undefined} body
             * @memberof orch.v1.Frame
             * @instance
             */
            $Object.defineProperty(Frame.prototype, "body", {
                get: $util.oneOfGetter($oneOfFields = ["open", "data", "errorData", "endOfInput", "credit", "resize", "result", "ready", "signal"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Creates a new Frame instance using the specified properties.
             * @function create
             * @memberof orch.v1.Frame
             * @static
             * @param {orch.v1.Frame.$Properties=} [properties] Properties to set
             * @returns {orch.v1.Frame} Frame instance
             * @type {{
             *   (properties: orch.v1.Frame.$Shape): orch.v1.Frame & orch.v1.Frame.$Shape;
             *   (properties?: orch.v1.Frame.$Properties): orch.v1.Frame;
             * }}
             */
            Frame.create = function(properties) {
                return new Frame(properties);
            };

            /**
             * Encodes the specified Frame message. Does not implicitly {@link orch.v1.Frame.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.Frame
             * @static
             * @param {orch.v1.Frame.$Properties} message Frame message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Frame.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.open != null && $Object.hasOwnProperty.call(message, "open"))
                    $root.orch.v1.StreamOpen.encode(message.open, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.data != null && $Object.hasOwnProperty.call(message, "data"))
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.data);
                if (message.errorData != null && $Object.hasOwnProperty.call(message, "errorData"))
                    writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.errorData);
                if (message.endOfInput != null && $Object.hasOwnProperty.call(message, "endOfInput"))
                    writer.uint32(/* id 4, wireType 0 =*/32).bool(message.endOfInput);
                if (message.credit != null && $Object.hasOwnProperty.call(message, "credit"))
                    writer.uint32(/* id 5, wireType 0 =*/40).uint64(message.credit);
                if (message.resize != null && $Object.hasOwnProperty.call(message, "resize"))
                    $root.orch.v1.TerminalSize.encode(message.resize, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                if (message.result != null && $Object.hasOwnProperty.call(message, "result"))
                    $root.orch.v1.StreamResult.encode(message.result, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
                if (message.ready != null && $Object.hasOwnProperty.call(message, "ready"))
                    $root.orch.v1.StreamReady.encode(message.ready, writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
                if (message.signal != null && $Object.hasOwnProperty.call(message, "signal"))
                    writer.uint32(/* id 9, wireType 0 =*/72).uint32(message.signal);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Frame message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.Frame
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.Frame & orch.v1.Frame.$Shape} Frame
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Frame.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.Frame();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.open = $root.orch.v1.StreamOpen.decode(reader, reader.size(), $undefined, _depth + 1, message.open);
                            message.body = "open";
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.data = reader.bytes();
                            message.body = "data";
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.errorData = reader.bytes();
                            message.body = "errorData";
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            message.endOfInput = reader.bool();
                            message.body = "endOfInput";
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            message.credit = reader.uint64();
                            message.body = "credit";
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.resize = $root.orch.v1.TerminalSize.decode(reader, reader.size(), $undefined, _depth + 1, message.resize);
                            message.body = "resize";
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.result = $root.orch.v1.StreamResult.decode(reader, reader.size(), $undefined, _depth + 1, message.result);
                            message.body = "result";
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            message.ready = $root.orch.v1.StreamReady.decode(reader, reader.size(), $undefined, _depth + 1, message.ready);
                            message.body = "ready";
                            continue;
                        }
                    case 9: {
                            if (wireType !== 0)
                                break;
                            message.signal = reader.uint32();
                            message.body = "signal";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Frame;
        })();

        v1.StreamReady = (function() {

            /**
             * Properties of a StreamReady.
             * @typedef {Object} orch.v1.StreamReady.$Properties
             * @property {boolean|null} [terminal] StreamReady terminal
             * @property {boolean|null} [stdin] StreamReady stdin
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a StreamReady.
             * @memberof orch.v1
             * @interface IStreamReady
             * @augments orch.v1.StreamReady.$Properties
             * @deprecated Use orch.v1.StreamReady.$Properties instead.
             */

            /**
             * Shape of a StreamReady.
             * @typedef {orch.v1.StreamReady.$Properties} orch.v1.StreamReady.$Shape
             */

            /**
             * Constructs a new StreamReady.
             * @memberof orch.v1
             * @classdesc Represents a StreamReady.
             * @constructor
             * @param {orch.v1.StreamReady.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const StreamReady = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * StreamReady terminal.
             * @member {boolean} terminal
             * @memberof orch.v1.StreamReady
             * @instance
             */
            StreamReady.prototype.terminal = false;

            /**
             * StreamReady stdin.
             * @member {boolean} stdin
             * @memberof orch.v1.StreamReady
             * @instance
             */
            StreamReady.prototype.stdin = false;

            /**
             * Creates a new StreamReady instance using the specified properties.
             * @function create
             * @memberof orch.v1.StreamReady
             * @static
             * @param {orch.v1.StreamReady.$Properties=} [properties] Properties to set
             * @returns {orch.v1.StreamReady} StreamReady instance
             * @type {{
             *   (properties: orch.v1.StreamReady.$Shape): orch.v1.StreamReady & orch.v1.StreamReady.$Shape;
             *   (properties?: orch.v1.StreamReady.$Properties): orch.v1.StreamReady;
             * }}
             */
            StreamReady.create = function(properties) {
                return new StreamReady(properties);
            };

            /**
             * Encodes the specified StreamReady message. Does not implicitly {@link orch.v1.StreamReady.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.StreamReady
             * @static
             * @param {orch.v1.StreamReady.$Properties} message StreamReady message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            StreamReady.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.terminal != null && $Object.hasOwnProperty.call(message, "terminal") && message.terminal !== false)
                    writer.uint32(/* id 1, wireType 0 =*/8).bool(message.terminal);
                if (message.stdin != null && $Object.hasOwnProperty.call(message, "stdin") && message.stdin !== false)
                    writer.uint32(/* id 2, wireType 0 =*/16).bool(message.stdin);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a StreamReady message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.StreamReady
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.StreamReady & orch.v1.StreamReady.$Shape} StreamReady
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            StreamReady.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.StreamReady();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.terminal = value;
                            else
                                delete message.terminal;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.stdin = value;
                            else
                                delete message.stdin;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return StreamReady;
        })();

        v1.TerminalSize = (function() {

            /**
             * Properties of a TerminalSize.
             * @typedef {Object} orch.v1.TerminalSize.$Properties
             * @property {number|null} [rows] TerminalSize rows
             * @property {number|null} [columns] TerminalSize columns
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a TerminalSize.
             * @memberof orch.v1
             * @interface ITerminalSize
             * @augments orch.v1.TerminalSize.$Properties
             * @deprecated Use orch.v1.TerminalSize.$Properties instead.
             */

            /**
             * Shape of a TerminalSize.
             * @typedef {orch.v1.TerminalSize.$Properties} orch.v1.TerminalSize.$Shape
             */

            /**
             * Constructs a new TerminalSize.
             * @memberof orch.v1
             * @classdesc Represents a TerminalSize.
             * @constructor
             * @param {orch.v1.TerminalSize.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const TerminalSize = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * TerminalSize rows.
             * @member {number} rows
             * @memberof orch.v1.TerminalSize
             * @instance
             */
            TerminalSize.prototype.rows = 0;

            /**
             * TerminalSize columns.
             * @member {number} columns
             * @memberof orch.v1.TerminalSize
             * @instance
             */
            TerminalSize.prototype.columns = 0;

            /**
             * Creates a new TerminalSize instance using the specified properties.
             * @function create
             * @memberof orch.v1.TerminalSize
             * @static
             * @param {orch.v1.TerminalSize.$Properties=} [properties] Properties to set
             * @returns {orch.v1.TerminalSize} TerminalSize instance
             * @type {{
             *   (properties: orch.v1.TerminalSize.$Shape): orch.v1.TerminalSize & orch.v1.TerminalSize.$Shape;
             *   (properties?: orch.v1.TerminalSize.$Properties): orch.v1.TerminalSize;
             * }}
             */
            TerminalSize.create = function(properties) {
                return new TerminalSize(properties);
            };

            /**
             * Encodes the specified TerminalSize message. Does not implicitly {@link orch.v1.TerminalSize.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.TerminalSize
             * @static
             * @param {orch.v1.TerminalSize.$Properties} message TerminalSize message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            TerminalSize.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.rows != null && $Object.hasOwnProperty.call(message, "rows") && message.rows !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.rows);
                if (message.columns != null && $Object.hasOwnProperty.call(message, "columns") && message.columns !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.columns);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a TerminalSize message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.TerminalSize
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.TerminalSize & orch.v1.TerminalSize.$Shape} TerminalSize
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            TerminalSize.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.TerminalSize();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.rows = value;
                            else
                                delete message.rows;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.columns = value;
                            else
                                delete message.columns;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return TerminalSize;
        })();

        v1.StreamOpen = (function() {

            /**
             * Properties of a StreamOpen.
             * @typedef {Object} orch.v1.StreamOpen.$Properties
             * @property {string|null} [id] StreamOpen id
             * @property {string|null} [kind] StreamOpen kind
             * @property {string|null} [namespace] StreamOpen namespace
             * @property {string|null} [pod] StreamOpen pod
             * @property {string|null} [container] StreamOpen container
             * @property {string|null} [node] StreamOpen node
             * @property {orch.v1.LogOptions.$Properties|null} [logs] StreamOpen logs
             * @property {orch.v1.ExecOptions.$Properties|null} [exec] StreamOpen exec
             * @property {number|null} [port] StreamOpen port
             * @property {number|null} [sizeBytes] StreamOpen sizeBytes
             * @property {string|null} [podUid] StreamOpen podUid
             * @property {Uint8Array|null} [image] StreamOpen image
             * @property {orch.v1.CopyOptions.$Properties|null} [copy] StreamOpen copy
             * @property {orch.v1.AttachOptions.$Properties|null} [attach] StreamOpen attach
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a StreamOpen.
             * @memberof orch.v1
             * @interface IStreamOpen
             * @augments orch.v1.StreamOpen.$Properties
             * @deprecated Use orch.v1.StreamOpen.$Properties instead.
             */

            /**
             * Shape of a StreamOpen.
             * @typedef {orch.v1.StreamOpen.$Properties} orch.v1.StreamOpen.$Shape
             */

            /**
             * Constructs a new StreamOpen.
             * @memberof orch.v1
             * @classdesc Represents a StreamOpen.
             * @constructor
             * @param {orch.v1.StreamOpen.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const StreamOpen = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * StreamOpen id.
             * @member {string} id
             * @memberof orch.v1.StreamOpen
             * @instance
             */
            StreamOpen.prototype.id = "";

            /**
             * StreamOpen kind.
             * @member {string} kind
             * @memberof orch.v1.StreamOpen
             * @instance
             */
            StreamOpen.prototype.kind = "";

            /**
             * StreamOpen namespace.
             * @member {string} namespace
             * @memberof orch.v1.StreamOpen
             * @instance
             */
            StreamOpen.prototype.namespace = "";

            /**
             * StreamOpen pod.
             * @member {string} pod
             * @memberof orch.v1.StreamOpen
             * @instance
             */
            StreamOpen.prototype.pod = "";

            /**
             * StreamOpen container.
             * @member {string} container
             * @memberof orch.v1.StreamOpen
             * @instance
             */
            StreamOpen.prototype.container = "";

            /**
             * StreamOpen node.
             * @member {string} node
             * @memberof orch.v1.StreamOpen
             * @instance
             */
            StreamOpen.prototype.node = "";

            /**
             * StreamOpen logs.
             * @member {orch.v1.LogOptions.$Properties|null|undefined} logs
             * @memberof orch.v1.StreamOpen
             * @instance
             */
            StreamOpen.prototype.logs = null;

            /**
             * StreamOpen exec.
             * @member {orch.v1.ExecOptions.$Properties|null|undefined} exec
             * @memberof orch.v1.StreamOpen
             * @instance
             */
            StreamOpen.prototype.exec = null;

            /**
             * StreamOpen port.
             * @member {number} port
             * @memberof orch.v1.StreamOpen
             * @instance
             */
            StreamOpen.prototype.port = 0;

            /**
             * StreamOpen sizeBytes.
             * @member {number} sizeBytes
             * @memberof orch.v1.StreamOpen
             * @instance
             */
            StreamOpen.prototype.sizeBytes = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * StreamOpen podUid.
             * @member {string} podUid
             * @memberof orch.v1.StreamOpen
             * @instance
             */
            StreamOpen.prototype.podUid = "";

            /**
             * StreamOpen image.
             * @member {Uint8Array} image
             * @memberof orch.v1.StreamOpen
             * @instance
             */
            StreamOpen.prototype.image = $util.newBuffer([]);

            /**
             * StreamOpen copy.
             * @member {orch.v1.CopyOptions.$Properties|null|undefined} copy
             * @memberof orch.v1.StreamOpen
             * @instance
             */
            StreamOpen.prototype.copy = null;

            /**
             * StreamOpen attach.
             * @member {orch.v1.AttachOptions.$Properties|null|undefined} attach
             * @memberof orch.v1.StreamOpen
             * @instance
             */
            StreamOpen.prototype.attach = null;

            /**
             * Creates a new StreamOpen instance using the specified properties.
             * @function create
             * @memberof orch.v1.StreamOpen
             * @static
             * @param {orch.v1.StreamOpen.$Properties=} [properties] Properties to set
             * @returns {orch.v1.StreamOpen} StreamOpen instance
             * @type {{
             *   (properties: orch.v1.StreamOpen.$Shape): orch.v1.StreamOpen & orch.v1.StreamOpen.$Shape;
             *   (properties?: orch.v1.StreamOpen.$Properties): orch.v1.StreamOpen;
             * }}
             */
            StreamOpen.create = function(properties) {
                return new StreamOpen(properties);
            };

            /**
             * Encodes the specified StreamOpen message. Does not implicitly {@link orch.v1.StreamOpen.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.StreamOpen
             * @static
             * @param {orch.v1.StreamOpen.$Properties} message StreamOpen message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            StreamOpen.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.id);
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.kind);
                if (message.namespace != null && $Object.hasOwnProperty.call(message, "namespace") && message.namespace !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.namespace);
                if (message.pod != null && $Object.hasOwnProperty.call(message, "pod") && message.pod !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.pod);
                if (message.container != null && $Object.hasOwnProperty.call(message, "container") && message.container !== "")
                    writer.uint32(/* id 5, wireType 2 =*/42).string(message.container);
                if (message.node != null && $Object.hasOwnProperty.call(message, "node") && message.node !== "")
                    writer.uint32(/* id 6, wireType 2 =*/50).string(message.node);
                if (message.logs != null && $Object.hasOwnProperty.call(message, "logs"))
                    $root.orch.v1.LogOptions.encode(message.logs, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
                if (message.exec != null && $Object.hasOwnProperty.call(message, "exec"))
                    $root.orch.v1.ExecOptions.encode(message.exec, writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
                if (message.port != null && $Object.hasOwnProperty.call(message, "port") && message.port !== 0)
                    writer.uint32(/* id 9, wireType 0 =*/72).uint32(message.port);
                if (message.sizeBytes != null && $Object.hasOwnProperty.call(message, "sizeBytes") && (typeof message.sizeBytes === "object" ? message.sizeBytes.low || message.sizeBytes.high : message.sizeBytes !== 0))
                    writer.uint32(/* id 10, wireType 0 =*/80).uint64(message.sizeBytes);
                if (message.podUid != null && $Object.hasOwnProperty.call(message, "podUid") && message.podUid !== "")
                    writer.uint32(/* id 11, wireType 2 =*/90).string(message.podUid);
                if (message.image != null && $Object.hasOwnProperty.call(message, "image") && message.image.length)
                    writer.uint32(/* id 12, wireType 2 =*/98).bytes(message.image);
                if (message.copy != null && $Object.hasOwnProperty.call(message, "copy"))
                    $root.orch.v1.CopyOptions.encode(message.copy, writer.uint32(/* id 13, wireType 2 =*/106).fork(), _depth + 1).ldelim();
                if (message.attach != null && $Object.hasOwnProperty.call(message, "attach"))
                    $root.orch.v1.AttachOptions.encode(message.attach, writer.uint32(/* id 14, wireType 2 =*/114).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a StreamOpen message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.StreamOpen
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.StreamOpen & orch.v1.StreamOpen.$Shape} StreamOpen
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            StreamOpen.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.StreamOpen();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.kind = value;
                            else
                                delete message.kind;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.namespace = value;
                            else
                                delete message.namespace;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.pod = value;
                            else
                                delete message.pod;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.container = value;
                            else
                                delete message.container;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.node = value;
                            else
                                delete message.node;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.logs = $root.orch.v1.LogOptions.decode(reader, reader.size(), $undefined, _depth + 1, message.logs);
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            message.exec = $root.orch.v1.ExecOptions.decode(reader, reader.size(), $undefined, _depth + 1, message.exec);
                            continue;
                        }
                    case 9: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.port = value;
                            else
                                delete message.port;
                            continue;
                        }
                    case 10: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.sizeBytes = value;
                            else
                                delete message.sizeBytes;
                            continue;
                        }
                    case 11: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.podUid = value;
                            else
                                delete message.podUid;
                            continue;
                        }
                    case 12: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.image = value;
                            else
                                delete message.image;
                            continue;
                        }
                    case 13: {
                            if (wireType !== 2)
                                break;
                            message.copy = $root.orch.v1.CopyOptions.decode(reader, reader.size(), $undefined, _depth + 1, message.copy);
                            continue;
                        }
                    case 14: {
                            if (wireType !== 2)
                                break;
                            message.attach = $root.orch.v1.AttachOptions.decode(reader, reader.size(), $undefined, _depth + 1, message.attach);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return StreamOpen;
        })();

        v1.AttachOptions = (function() {

            /**
             * Properties of an AttachOptions.
             * @typedef {Object} orch.v1.AttachOptions.$Properties
             * @property {boolean|null} [stdin] AttachOptions stdin
             * @property {orch.v1.TerminalSize.$Properties|null} [size] AttachOptions size
             * @property {number|null} [waitMs] AttachOptions waitMs
             * @property {boolean|null} [hold] AttachOptions hold
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an AttachOptions.
             * @memberof orch.v1
             * @interface IAttachOptions
             * @augments orch.v1.AttachOptions.$Properties
             * @deprecated Use orch.v1.AttachOptions.$Properties instead.
             */

            /**
             * Shape of an AttachOptions.
             * @typedef {orch.v1.AttachOptions.$Properties} orch.v1.AttachOptions.$Shape
             */

            /**
             * Constructs a new AttachOptions.
             * @memberof orch.v1
             * @classdesc Represents an AttachOptions.
             * @constructor
             * @param {orch.v1.AttachOptions.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const AttachOptions = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * AttachOptions stdin.
             * @member {boolean} stdin
             * @memberof orch.v1.AttachOptions
             * @instance
             */
            AttachOptions.prototype.stdin = false;

            /**
             * AttachOptions size.
             * @member {orch.v1.TerminalSize.$Properties|null|undefined} size
             * @memberof orch.v1.AttachOptions
             * @instance
             */
            AttachOptions.prototype.size = null;

            /**
             * AttachOptions waitMs.
             * @member {number} waitMs
             * @memberof orch.v1.AttachOptions
             * @instance
             */
            AttachOptions.prototype.waitMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * AttachOptions hold.
             * @member {boolean} hold
             * @memberof orch.v1.AttachOptions
             * @instance
             */
            AttachOptions.prototype.hold = false;

            /**
             * Creates a new AttachOptions instance using the specified properties.
             * @function create
             * @memberof orch.v1.AttachOptions
             * @static
             * @param {orch.v1.AttachOptions.$Properties=} [properties] Properties to set
             * @returns {orch.v1.AttachOptions} AttachOptions instance
             * @type {{
             *   (properties: orch.v1.AttachOptions.$Shape): orch.v1.AttachOptions & orch.v1.AttachOptions.$Shape;
             *   (properties?: orch.v1.AttachOptions.$Properties): orch.v1.AttachOptions;
             * }}
             */
            AttachOptions.create = function(properties) {
                return new AttachOptions(properties);
            };

            /**
             * Encodes the specified AttachOptions message. Does not implicitly {@link orch.v1.AttachOptions.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.AttachOptions
             * @static
             * @param {orch.v1.AttachOptions.$Properties} message AttachOptions message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            AttachOptions.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.stdin != null && $Object.hasOwnProperty.call(message, "stdin") && message.stdin !== false)
                    writer.uint32(/* id 1, wireType 0 =*/8).bool(message.stdin);
                if (message.size != null && $Object.hasOwnProperty.call(message, "size"))
                    $root.orch.v1.TerminalSize.encode(message.size, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.waitMs != null && $Object.hasOwnProperty.call(message, "waitMs") && (typeof message.waitMs === "object" ? message.waitMs.low || message.waitMs.high : message.waitMs !== 0))
                    writer.uint32(/* id 3, wireType 0 =*/24).int64(message.waitMs);
                if (message.hold != null && $Object.hasOwnProperty.call(message, "hold") && message.hold !== false)
                    writer.uint32(/* id 4, wireType 0 =*/32).bool(message.hold);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an AttachOptions message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.AttachOptions
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.AttachOptions & orch.v1.AttachOptions.$Shape} AttachOptions
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            AttachOptions.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.AttachOptions();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.stdin = value;
                            else
                                delete message.stdin;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.size = $root.orch.v1.TerminalSize.decode(reader, reader.size(), $undefined, _depth + 1, message.size);
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.waitMs = value;
                            else
                                delete message.waitMs;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.hold = value;
                            else
                                delete message.hold;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return AttachOptions;
        })();

        v1.CopyOptions = (function() {

            /**
             * Properties of a CopyOptions.
             * @typedef {Object} orch.v1.CopyOptions.$Properties
             * @property {string|null} [path] CopyOptions path
             * @property {boolean|null} [upload] CopyOptions upload
             * @property {string|null} [name] CopyOptions name
             * @property {boolean|null} [content] CopyOptions content
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a CopyOptions.
             * @memberof orch.v1
             * @interface ICopyOptions
             * @augments orch.v1.CopyOptions.$Properties
             * @deprecated Use orch.v1.CopyOptions.$Properties instead.
             */

            /**
             * Shape of a CopyOptions.
             * @typedef {orch.v1.CopyOptions.$Properties} orch.v1.CopyOptions.$Shape
             */

            /**
             * Constructs a new CopyOptions.
             * @memberof orch.v1
             * @classdesc Represents a CopyOptions.
             * @constructor
             * @param {orch.v1.CopyOptions.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const CopyOptions = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * CopyOptions path.
             * @member {string} path
             * @memberof orch.v1.CopyOptions
             * @instance
             */
            CopyOptions.prototype.path = "";

            /**
             * CopyOptions upload.
             * @member {boolean} upload
             * @memberof orch.v1.CopyOptions
             * @instance
             */
            CopyOptions.prototype.upload = false;

            /**
             * CopyOptions name.
             * @member {string} name
             * @memberof orch.v1.CopyOptions
             * @instance
             */
            CopyOptions.prototype.name = "";

            /**
             * CopyOptions content.
             * @member {boolean} content
             * @memberof orch.v1.CopyOptions
             * @instance
             */
            CopyOptions.prototype.content = false;

            /**
             * Creates a new CopyOptions instance using the specified properties.
             * @function create
             * @memberof orch.v1.CopyOptions
             * @static
             * @param {orch.v1.CopyOptions.$Properties=} [properties] Properties to set
             * @returns {orch.v1.CopyOptions} CopyOptions instance
             * @type {{
             *   (properties: orch.v1.CopyOptions.$Shape): orch.v1.CopyOptions & orch.v1.CopyOptions.$Shape;
             *   (properties?: orch.v1.CopyOptions.$Properties): orch.v1.CopyOptions;
             * }}
             */
            CopyOptions.create = function(properties) {
                return new CopyOptions(properties);
            };

            /**
             * Encodes the specified CopyOptions message. Does not implicitly {@link orch.v1.CopyOptions.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.CopyOptions
             * @static
             * @param {orch.v1.CopyOptions.$Properties} message CopyOptions message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            CopyOptions.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.path != null && $Object.hasOwnProperty.call(message, "path") && message.path !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.path);
                if (message.upload != null && $Object.hasOwnProperty.call(message, "upload") && message.upload !== false)
                    writer.uint32(/* id 2, wireType 0 =*/16).bool(message.upload);
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.name);
                if (message.content != null && $Object.hasOwnProperty.call(message, "content") && message.content !== false)
                    writer.uint32(/* id 4, wireType 0 =*/32).bool(message.content);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a CopyOptions message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.CopyOptions
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.CopyOptions & orch.v1.CopyOptions.$Shape} CopyOptions
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            CopyOptions.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.CopyOptions();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.path = value;
                            else
                                delete message.path;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.upload = value;
                            else
                                delete message.upload;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.content = value;
                            else
                                delete message.content;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return CopyOptions;
        })();

        v1.TreeEntry = (function() {

            /**
             * Properties of a TreeEntry.
             * @typedef {Object} orch.v1.TreeEntry.$Properties
             * @property {Uint8Array|null} [path] TreeEntry path
             * @property {number|null} [type] TreeEntry type
             * @property {number|null} [mode] TreeEntry mode
             * @property {number|null} [modifiedMs] TreeEntry modifiedMs
             * @property {Uint8Array|null} [linkTarget] TreeEntry linkTarget
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a TreeEntry.
             * @memberof orch.v1
             * @interface ITreeEntry
             * @augments orch.v1.TreeEntry.$Properties
             * @deprecated Use orch.v1.TreeEntry.$Properties instead.
             */

            /**
             * Shape of a TreeEntry.
             * @typedef {orch.v1.TreeEntry.$Properties} orch.v1.TreeEntry.$Shape
             */

            /**
             * Constructs a new TreeEntry.
             * @memberof orch.v1
             * @classdesc Represents a TreeEntry.
             * @constructor
             * @param {orch.v1.TreeEntry.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const TreeEntry = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * TreeEntry path.
             * @member {Uint8Array} path
             * @memberof orch.v1.TreeEntry
             * @instance
             */
            TreeEntry.prototype.path = $util.newBuffer([]);

            /**
             * TreeEntry type.
             * @member {number} type
             * @memberof orch.v1.TreeEntry
             * @instance
             */
            TreeEntry.prototype.type = 0;

            /**
             * TreeEntry mode.
             * @member {number} mode
             * @memberof orch.v1.TreeEntry
             * @instance
             */
            TreeEntry.prototype.mode = 0;

            /**
             * TreeEntry modifiedMs.
             * @member {number} modifiedMs
             * @memberof orch.v1.TreeEntry
             * @instance
             */
            TreeEntry.prototype.modifiedMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * TreeEntry linkTarget.
             * @member {Uint8Array} linkTarget
             * @memberof orch.v1.TreeEntry
             * @instance
             */
            TreeEntry.prototype.linkTarget = $util.newBuffer([]);

            /**
             * Creates a new TreeEntry instance using the specified properties.
             * @function create
             * @memberof orch.v1.TreeEntry
             * @static
             * @param {orch.v1.TreeEntry.$Properties=} [properties] Properties to set
             * @returns {orch.v1.TreeEntry} TreeEntry instance
             * @type {{
             *   (properties: orch.v1.TreeEntry.$Shape): orch.v1.TreeEntry & orch.v1.TreeEntry.$Shape;
             *   (properties?: orch.v1.TreeEntry.$Properties): orch.v1.TreeEntry;
             * }}
             */
            TreeEntry.create = function(properties) {
                return new TreeEntry(properties);
            };

            /**
             * Encodes the specified TreeEntry message. Does not implicitly {@link orch.v1.TreeEntry.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.TreeEntry
             * @static
             * @param {orch.v1.TreeEntry.$Properties} message TreeEntry message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            TreeEntry.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.path != null && $Object.hasOwnProperty.call(message, "path") && message.path.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.path);
                if (message.type != null && $Object.hasOwnProperty.call(message, "type") && message.type !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.type);
                if (message.mode != null && $Object.hasOwnProperty.call(message, "mode") && message.mode !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.mode);
                if (message.modifiedMs != null && $Object.hasOwnProperty.call(message, "modifiedMs") && (typeof message.modifiedMs === "object" ? message.modifiedMs.low || message.modifiedMs.high : message.modifiedMs !== 0))
                    writer.uint32(/* id 4, wireType 0 =*/32).int64(message.modifiedMs);
                if (message.linkTarget != null && $Object.hasOwnProperty.call(message, "linkTarget") && message.linkTarget.length)
                    writer.uint32(/* id 5, wireType 2 =*/42).bytes(message.linkTarget);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a TreeEntry message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.TreeEntry
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.TreeEntry & orch.v1.TreeEntry.$Shape} TreeEntry
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            TreeEntry.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.TreeEntry();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.path = value;
                            else
                                delete message.path;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.type = value;
                            else
                                delete message.type;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.mode = value;
                            else
                                delete message.mode;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.modifiedMs = value;
                            else
                                delete message.modifiedMs;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.linkTarget = value;
                            else
                                delete message.linkTarget;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return TreeEntry;
        })();

        v1.LogOptions = (function() {

            /**
             * Properties of a LogOptions.
             * @typedef {Object} orch.v1.LogOptions.$Properties
             * @property {boolean|null} [follow] LogOptions follow
             * @property {boolean|null} [previous] LogOptions previous
             * @property {number|null} [sinceMs] LogOptions sinceMs
             * @property {number|null} [tailLines] LogOptions tailLines
             * @property {boolean|null} [timestamps] LogOptions timestamps
             * @property {number|null} [limitBytes] LogOptions limitBytes
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a LogOptions.
             * @memberof orch.v1
             * @interface ILogOptions
             * @augments orch.v1.LogOptions.$Properties
             * @deprecated Use orch.v1.LogOptions.$Properties instead.
             */

            /**
             * Shape of a LogOptions.
             * @typedef {orch.v1.LogOptions.$Properties} orch.v1.LogOptions.$Shape
             */

            /**
             * Constructs a new LogOptions.
             * @memberof orch.v1
             * @classdesc Represents a LogOptions.
             * @constructor
             * @param {orch.v1.LogOptions.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const LogOptions = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * LogOptions follow.
             * @member {boolean} follow
             * @memberof orch.v1.LogOptions
             * @instance
             */
            LogOptions.prototype.follow = false;

            /**
             * LogOptions previous.
             * @member {boolean} previous
             * @memberof orch.v1.LogOptions
             * @instance
             */
            LogOptions.prototype.previous = false;

            /**
             * LogOptions sinceMs.
             * @member {number} sinceMs
             * @memberof orch.v1.LogOptions
             * @instance
             */
            LogOptions.prototype.sinceMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * LogOptions tailLines.
             * @member {number} tailLines
             * @memberof orch.v1.LogOptions
             * @instance
             */
            LogOptions.prototype.tailLines = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * LogOptions timestamps.
             * @member {boolean} timestamps
             * @memberof orch.v1.LogOptions
             * @instance
             */
            LogOptions.prototype.timestamps = false;

            /**
             * LogOptions limitBytes.
             * @member {number} limitBytes
             * @memberof orch.v1.LogOptions
             * @instance
             */
            LogOptions.prototype.limitBytes = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Creates a new LogOptions instance using the specified properties.
             * @function create
             * @memberof orch.v1.LogOptions
             * @static
             * @param {orch.v1.LogOptions.$Properties=} [properties] Properties to set
             * @returns {orch.v1.LogOptions} LogOptions instance
             * @type {{
             *   (properties: orch.v1.LogOptions.$Shape): orch.v1.LogOptions & orch.v1.LogOptions.$Shape;
             *   (properties?: orch.v1.LogOptions.$Properties): orch.v1.LogOptions;
             * }}
             */
            LogOptions.create = function(properties) {
                return new LogOptions(properties);
            };

            /**
             * Encodes the specified LogOptions message. Does not implicitly {@link orch.v1.LogOptions.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.LogOptions
             * @static
             * @param {orch.v1.LogOptions.$Properties} message LogOptions message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            LogOptions.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.follow != null && $Object.hasOwnProperty.call(message, "follow") && message.follow !== false)
                    writer.uint32(/* id 1, wireType 0 =*/8).bool(message.follow);
                if (message.previous != null && $Object.hasOwnProperty.call(message, "previous") && message.previous !== false)
                    writer.uint32(/* id 2, wireType 0 =*/16).bool(message.previous);
                if (message.sinceMs != null && $Object.hasOwnProperty.call(message, "sinceMs") && (typeof message.sinceMs === "object" ? message.sinceMs.low || message.sinceMs.high : message.sinceMs !== 0))
                    writer.uint32(/* id 3, wireType 0 =*/24).int64(message.sinceMs);
                if (message.tailLines != null && $Object.hasOwnProperty.call(message, "tailLines") && (typeof message.tailLines === "object" ? message.tailLines.low || message.tailLines.high : message.tailLines !== 0))
                    writer.uint32(/* id 4, wireType 0 =*/32).int64(message.tailLines);
                if (message.timestamps != null && $Object.hasOwnProperty.call(message, "timestamps") && message.timestamps !== false)
                    writer.uint32(/* id 5, wireType 0 =*/40).bool(message.timestamps);
                if (message.limitBytes != null && $Object.hasOwnProperty.call(message, "limitBytes") && (typeof message.limitBytes === "object" ? message.limitBytes.low || message.limitBytes.high : message.limitBytes !== 0))
                    writer.uint32(/* id 6, wireType 0 =*/48).int64(message.limitBytes);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a LogOptions message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.LogOptions
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.LogOptions & orch.v1.LogOptions.$Shape} LogOptions
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            LogOptions.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.LogOptions();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.follow = value;
                            else
                                delete message.follow;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.previous = value;
                            else
                                delete message.previous;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.sinceMs = value;
                            else
                                delete message.sinceMs;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.tailLines = value;
                            else
                                delete message.tailLines;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.timestamps = value;
                            else
                                delete message.timestamps;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.limitBytes = value;
                            else
                                delete message.limitBytes;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return LogOptions;
        })();

        v1.ExecOptions = (function() {

            /**
             * Properties of an ExecOptions.
             * @typedef {Object} orch.v1.ExecOptions.$Properties
             * @property {Array.<string>|null} [command] ExecOptions command
             * @property {boolean|null} [stdin] ExecOptions stdin
             * @property {boolean|null} [terminal] ExecOptions terminal
             * @property {orch.v1.TerminalSize.$Properties|null} [size] ExecOptions size
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an ExecOptions.
             * @memberof orch.v1
             * @interface IExecOptions
             * @augments orch.v1.ExecOptions.$Properties
             * @deprecated Use orch.v1.ExecOptions.$Properties instead.
             */

            /**
             * Shape of an ExecOptions.
             * @typedef {orch.v1.ExecOptions.$Properties} orch.v1.ExecOptions.$Shape
             */

            /**
             * Constructs a new ExecOptions.
             * @memberof orch.v1
             * @classdesc Represents an ExecOptions.
             * @constructor
             * @param {orch.v1.ExecOptions.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const ExecOptions = function (properties) {
                this.command = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * ExecOptions command.
             * @member {Array.<string>} command
             * @memberof orch.v1.ExecOptions
             * @instance
             */
            ExecOptions.prototype.command = $util.emptyArray;

            /**
             * ExecOptions stdin.
             * @member {boolean} stdin
             * @memberof orch.v1.ExecOptions
             * @instance
             */
            ExecOptions.prototype.stdin = false;

            /**
             * ExecOptions terminal.
             * @member {boolean} terminal
             * @memberof orch.v1.ExecOptions
             * @instance
             */
            ExecOptions.prototype.terminal = false;

            /**
             * ExecOptions size.
             * @member {orch.v1.TerminalSize.$Properties|null|undefined} size
             * @memberof orch.v1.ExecOptions
             * @instance
             */
            ExecOptions.prototype.size = null;

            /**
             * Creates a new ExecOptions instance using the specified properties.
             * @function create
             * @memberof orch.v1.ExecOptions
             * @static
             * @param {orch.v1.ExecOptions.$Properties=} [properties] Properties to set
             * @returns {orch.v1.ExecOptions} ExecOptions instance
             * @type {{
             *   (properties: orch.v1.ExecOptions.$Shape): orch.v1.ExecOptions & orch.v1.ExecOptions.$Shape;
             *   (properties?: orch.v1.ExecOptions.$Properties): orch.v1.ExecOptions;
             * }}
             */
            ExecOptions.create = function(properties) {
                return new ExecOptions(properties);
            };

            /**
             * Encodes the specified ExecOptions message. Does not implicitly {@link orch.v1.ExecOptions.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.ExecOptions
             * @static
             * @param {orch.v1.ExecOptions.$Properties} message ExecOptions message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ExecOptions.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.command != null && message.command.length)
                    for (let i = 0; i < message.command.length; ++i)
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.command[i]);
                if (message.stdin != null && $Object.hasOwnProperty.call(message, "stdin") && message.stdin !== false)
                    writer.uint32(/* id 2, wireType 0 =*/16).bool(message.stdin);
                if (message.terminal != null && $Object.hasOwnProperty.call(message, "terminal") && message.terminal !== false)
                    writer.uint32(/* id 3, wireType 0 =*/24).bool(message.terminal);
                if (message.size != null && $Object.hasOwnProperty.call(message, "size"))
                    $root.orch.v1.TerminalSize.encode(message.size, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an ExecOptions message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.ExecOptions
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.ExecOptions & orch.v1.ExecOptions.$Shape} ExecOptions
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ExecOptions.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.ExecOptions();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.command && message.command.length))
                                message.command = [];
                            message.command.push(reader.stringVerify());
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.stdin = value;
                            else
                                delete message.stdin;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.terminal = value;
                            else
                                delete message.terminal;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.size = $root.orch.v1.TerminalSize.decode(reader, reader.size(), $undefined, _depth + 1, message.size);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ExecOptions;
        })();

        v1.StreamResult = (function() {

            /**
             * Properties of a StreamResult.
             * @typedef {Object} orch.v1.StreamResult.$Properties
             * @property {number|null} [exitCode] StreamResult exitCode
             * @property {Uint8Array|null} [problem] StreamResult problem
             * @property {Uint8Array|null} [detail] StreamResult detail
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a StreamResult.
             * @memberof orch.v1
             * @interface IStreamResult
             * @augments orch.v1.StreamResult.$Properties
             * @deprecated Use orch.v1.StreamResult.$Properties instead.
             */

            /**
             * Shape of a StreamResult.
             * @typedef {orch.v1.StreamResult.$Properties} orch.v1.StreamResult.$Shape
             */

            /**
             * Constructs a new StreamResult.
             * @memberof orch.v1
             * @classdesc Represents a StreamResult.
             * @constructor
             * @param {orch.v1.StreamResult.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const StreamResult = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * StreamResult exitCode.
             * @member {number} exitCode
             * @memberof orch.v1.StreamResult
             * @instance
             */
            StreamResult.prototype.exitCode = 0;

            /**
             * StreamResult problem.
             * @member {Uint8Array} problem
             * @memberof orch.v1.StreamResult
             * @instance
             */
            StreamResult.prototype.problem = $util.newBuffer([]);

            /**
             * StreamResult detail.
             * @member {Uint8Array} detail
             * @memberof orch.v1.StreamResult
             * @instance
             */
            StreamResult.prototype.detail = $util.newBuffer([]);

            /**
             * Creates a new StreamResult instance using the specified properties.
             * @function create
             * @memberof orch.v1.StreamResult
             * @static
             * @param {orch.v1.StreamResult.$Properties=} [properties] Properties to set
             * @returns {orch.v1.StreamResult} StreamResult instance
             * @type {{
             *   (properties: orch.v1.StreamResult.$Shape): orch.v1.StreamResult & orch.v1.StreamResult.$Shape;
             *   (properties?: orch.v1.StreamResult.$Properties): orch.v1.StreamResult;
             * }}
             */
            StreamResult.create = function(properties) {
                return new StreamResult(properties);
            };

            /**
             * Encodes the specified StreamResult message. Does not implicitly {@link orch.v1.StreamResult.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.StreamResult
             * @static
             * @param {orch.v1.StreamResult.$Properties} message StreamResult message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            StreamResult.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.exitCode != null && $Object.hasOwnProperty.call(message, "exitCode") && message.exitCode !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).int32(message.exitCode);
                if (message.problem != null && $Object.hasOwnProperty.call(message, "problem") && message.problem.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.problem);
                if (message.detail != null && $Object.hasOwnProperty.call(message, "detail") && message.detail.length)
                    writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.detail);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a StreamResult message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.StreamResult
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.StreamResult & orch.v1.StreamResult.$Shape} StreamResult
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            StreamResult.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.StreamResult();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.exitCode = value;
                            else
                                delete message.exitCode;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.problem = value;
                            else
                                delete message.problem;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.detail = value;
                            else
                                delete message.detail;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return StreamResult;
        })();

        v1.LeaveRequest = (function() {

            /**
             * Properties of a LeaveRequest.
             * @typedef {Object} orch.v1.LeaveRequest.$Properties
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a LeaveRequest.
             * @memberof orch.v1
             * @interface ILeaveRequest
             * @augments orch.v1.LeaveRequest.$Properties
             * @deprecated Use orch.v1.LeaveRequest.$Properties instead.
             */

            /**
             * Shape of a LeaveRequest.
             * @typedef {orch.v1.LeaveRequest.$Properties} orch.v1.LeaveRequest.$Shape
             */

            /**
             * Constructs a new LeaveRequest.
             * @memberof orch.v1
             * @classdesc Represents a LeaveRequest.
             * @constructor
             * @param {orch.v1.LeaveRequest.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const LeaveRequest = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Creates a new LeaveRequest instance using the specified properties.
             * @function create
             * @memberof orch.v1.LeaveRequest
             * @static
             * @param {orch.v1.LeaveRequest.$Properties=} [properties] Properties to set
             * @returns {orch.v1.LeaveRequest} LeaveRequest instance
             * @type {{
             *   (properties: orch.v1.LeaveRequest.$Shape): orch.v1.LeaveRequest & orch.v1.LeaveRequest.$Shape;
             *   (properties?: orch.v1.LeaveRequest.$Properties): orch.v1.LeaveRequest;
             * }}
             */
            LeaveRequest.create = function(properties) {
                return new LeaveRequest(properties);
            };

            /**
             * Encodes the specified LeaveRequest message. Does not implicitly {@link orch.v1.LeaveRequest.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.LeaveRequest
             * @static
             * @param {orch.v1.LeaveRequest.$Properties} message LeaveRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            LeaveRequest.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a LeaveRequest message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.LeaveRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.LeaveRequest & orch.v1.LeaveRequest.$Shape} LeaveRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            LeaveRequest.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.LeaveRequest();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    reader.skipType(tag & 7, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return LeaveRequest;
        })();

        v1.LeaveReply = (function() {

            /**
             * Properties of a LeaveReply.
             * @typedef {Object} orch.v1.LeaveReply.$Properties
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a LeaveReply.
             * @memberof orch.v1
             * @interface ILeaveReply
             * @augments orch.v1.LeaveReply.$Properties
             * @deprecated Use orch.v1.LeaveReply.$Properties instead.
             */

            /**
             * Shape of a LeaveReply.
             * @typedef {orch.v1.LeaveReply.$Properties} orch.v1.LeaveReply.$Shape
             */

            /**
             * Constructs a new LeaveReply.
             * @memberof orch.v1
             * @classdesc Represents a LeaveReply.
             * @constructor
             * @param {orch.v1.LeaveReply.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const LeaveReply = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Creates a new LeaveReply instance using the specified properties.
             * @function create
             * @memberof orch.v1.LeaveReply
             * @static
             * @param {orch.v1.LeaveReply.$Properties=} [properties] Properties to set
             * @returns {orch.v1.LeaveReply} LeaveReply instance
             * @type {{
             *   (properties: orch.v1.LeaveReply.$Shape): orch.v1.LeaveReply & orch.v1.LeaveReply.$Shape;
             *   (properties?: orch.v1.LeaveReply.$Properties): orch.v1.LeaveReply;
             * }}
             */
            LeaveReply.create = function(properties) {
                return new LeaveReply(properties);
            };

            /**
             * Encodes the specified LeaveReply message. Does not implicitly {@link orch.v1.LeaveReply.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.LeaveReply
             * @static
             * @param {orch.v1.LeaveReply.$Properties} message LeaveReply message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            LeaveReply.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a LeaveReply message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.LeaveReply
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.LeaveReply & orch.v1.LeaveReply.$Shape} LeaveReply
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            LeaveReply.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.LeaveReply();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    reader.skipType(tag & 7, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return LeaveReply;
        })();

        v1.JoinRequest = (function() {

            /**
             * Properties of a JoinRequest.
             * @typedef {Object} orch.v1.JoinRequest.$Properties
             * @property {string|null} [token] JoinRequest token
             * @property {string|null} [nodeName] JoinRequest nodeName
             * @property {Uint8Array|null} [signingRequest] JoinRequest signingRequest
             * @property {string|null} [version] JoinRequest version
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a JoinRequest.
             * @memberof orch.v1
             * @interface IJoinRequest
             * @augments orch.v1.JoinRequest.$Properties
             * @deprecated Use orch.v1.JoinRequest.$Properties instead.
             */

            /**
             * Shape of a JoinRequest.
             * @typedef {orch.v1.JoinRequest.$Properties} orch.v1.JoinRequest.$Shape
             */

            /**
             * Constructs a new JoinRequest.
             * @memberof orch.v1
             * @classdesc Represents a JoinRequest.
             * @constructor
             * @param {orch.v1.JoinRequest.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const JoinRequest = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * JoinRequest token.
             * @member {string} token
             * @memberof orch.v1.JoinRequest
             * @instance
             */
            JoinRequest.prototype.token = "";

            /**
             * JoinRequest nodeName.
             * @member {string} nodeName
             * @memberof orch.v1.JoinRequest
             * @instance
             */
            JoinRequest.prototype.nodeName = "";

            /**
             * JoinRequest signingRequest.
             * @member {Uint8Array} signingRequest
             * @memberof orch.v1.JoinRequest
             * @instance
             */
            JoinRequest.prototype.signingRequest = $util.newBuffer([]);

            /**
             * JoinRequest version.
             * @member {string} version
             * @memberof orch.v1.JoinRequest
             * @instance
             */
            JoinRequest.prototype.version = "";

            /**
             * Creates a new JoinRequest instance using the specified properties.
             * @function create
             * @memberof orch.v1.JoinRequest
             * @static
             * @param {orch.v1.JoinRequest.$Properties=} [properties] Properties to set
             * @returns {orch.v1.JoinRequest} JoinRequest instance
             * @type {{
             *   (properties: orch.v1.JoinRequest.$Shape): orch.v1.JoinRequest & orch.v1.JoinRequest.$Shape;
             *   (properties?: orch.v1.JoinRequest.$Properties): orch.v1.JoinRequest;
             * }}
             */
            JoinRequest.create = function(properties) {
                return new JoinRequest(properties);
            };

            /**
             * Encodes the specified JoinRequest message. Does not implicitly {@link orch.v1.JoinRequest.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.JoinRequest
             * @static
             * @param {orch.v1.JoinRequest.$Properties} message JoinRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            JoinRequest.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.token != null && $Object.hasOwnProperty.call(message, "token") && message.token !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.token);
                if (message.nodeName != null && $Object.hasOwnProperty.call(message, "nodeName") && message.nodeName !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.nodeName);
                if (message.signingRequest != null && $Object.hasOwnProperty.call(message, "signingRequest") && message.signingRequest.length)
                    writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.signingRequest);
                if (message.version != null && $Object.hasOwnProperty.call(message, "version") && message.version !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.version);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a JoinRequest message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.JoinRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.JoinRequest & orch.v1.JoinRequest.$Shape} JoinRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            JoinRequest.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.JoinRequest();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.token = value;
                            else
                                delete message.token;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.nodeName = value;
                            else
                                delete message.nodeName;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.signingRequest = value;
                            else
                                delete message.signingRequest;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.version = value;
                            else
                                delete message.version;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return JoinRequest;
        })();

        v1.ReturnRequest = (function() {

            /**
             * Properties of a ReturnRequest.
             * @typedef {Object} orch.v1.ReturnRequest.$Properties
             * @property {Uint8Array|null} [certificate] ReturnRequest certificate
             * @property {Uint8Array|null} [signingRequest] ReturnRequest signingRequest
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a ReturnRequest.
             * @memberof orch.v1
             * @interface IReturnRequest
             * @augments orch.v1.ReturnRequest.$Properties
             * @deprecated Use orch.v1.ReturnRequest.$Properties instead.
             */

            /**
             * Shape of a ReturnRequest.
             * @typedef {orch.v1.ReturnRequest.$Properties} orch.v1.ReturnRequest.$Shape
             */

            /**
             * Constructs a new ReturnRequest.
             * @memberof orch.v1
             * @classdesc Represents a ReturnRequest.
             * @constructor
             * @param {orch.v1.ReturnRequest.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const ReturnRequest = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * ReturnRequest certificate.
             * @member {Uint8Array} certificate
             * @memberof orch.v1.ReturnRequest
             * @instance
             */
            ReturnRequest.prototype.certificate = $util.newBuffer([]);

            /**
             * ReturnRequest signingRequest.
             * @member {Uint8Array} signingRequest
             * @memberof orch.v1.ReturnRequest
             * @instance
             */
            ReturnRequest.prototype.signingRequest = $util.newBuffer([]);

            /**
             * Creates a new ReturnRequest instance using the specified properties.
             * @function create
             * @memberof orch.v1.ReturnRequest
             * @static
             * @param {orch.v1.ReturnRequest.$Properties=} [properties] Properties to set
             * @returns {orch.v1.ReturnRequest} ReturnRequest instance
             * @type {{
             *   (properties: orch.v1.ReturnRequest.$Shape): orch.v1.ReturnRequest & orch.v1.ReturnRequest.$Shape;
             *   (properties?: orch.v1.ReturnRequest.$Properties): orch.v1.ReturnRequest;
             * }}
             */
            ReturnRequest.create = function(properties) {
                return new ReturnRequest(properties);
            };

            /**
             * Encodes the specified ReturnRequest message. Does not implicitly {@link orch.v1.ReturnRequest.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.ReturnRequest
             * @static
             * @param {orch.v1.ReturnRequest.$Properties} message ReturnRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ReturnRequest.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.certificate != null && $Object.hasOwnProperty.call(message, "certificate") && message.certificate.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.certificate);
                if (message.signingRequest != null && $Object.hasOwnProperty.call(message, "signingRequest") && message.signingRequest.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.signingRequest);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a ReturnRequest message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.ReturnRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.ReturnRequest & orch.v1.ReturnRequest.$Shape} ReturnRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ReturnRequest.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.ReturnRequest();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.certificate = value;
                            else
                                delete message.certificate;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.signingRequest = value;
                            else
                                delete message.signingRequest;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ReturnRequest;
        })();

        v1.RenewCertificateRequest = (function() {

            /**
             * Properties of a RenewCertificateRequest.
             * @typedef {Object} orch.v1.RenewCertificateRequest.$Properties
             * @property {Uint8Array|null} [signingRequest] RenewCertificateRequest signingRequest
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a RenewCertificateRequest.
             * @memberof orch.v1
             * @interface IRenewCertificateRequest
             * @augments orch.v1.RenewCertificateRequest.$Properties
             * @deprecated Use orch.v1.RenewCertificateRequest.$Properties instead.
             */

            /**
             * Shape of a RenewCertificateRequest.
             * @typedef {orch.v1.RenewCertificateRequest.$Properties} orch.v1.RenewCertificateRequest.$Shape
             */

            /**
             * Constructs a new RenewCertificateRequest.
             * @memberof orch.v1
             * @classdesc Represents a RenewCertificateRequest.
             * @constructor
             * @param {orch.v1.RenewCertificateRequest.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const RenewCertificateRequest = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * RenewCertificateRequest signingRequest.
             * @member {Uint8Array} signingRequest
             * @memberof orch.v1.RenewCertificateRequest
             * @instance
             */
            RenewCertificateRequest.prototype.signingRequest = $util.newBuffer([]);

            /**
             * Creates a new RenewCertificateRequest instance using the specified properties.
             * @function create
             * @memberof orch.v1.RenewCertificateRequest
             * @static
             * @param {orch.v1.RenewCertificateRequest.$Properties=} [properties] Properties to set
             * @returns {orch.v1.RenewCertificateRequest} RenewCertificateRequest instance
             * @type {{
             *   (properties: orch.v1.RenewCertificateRequest.$Shape): orch.v1.RenewCertificateRequest & orch.v1.RenewCertificateRequest.$Shape;
             *   (properties?: orch.v1.RenewCertificateRequest.$Properties): orch.v1.RenewCertificateRequest;
             * }}
             */
            RenewCertificateRequest.create = function(properties) {
                return new RenewCertificateRequest(properties);
            };

            /**
             * Encodes the specified RenewCertificateRequest message. Does not implicitly {@link orch.v1.RenewCertificateRequest.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.RenewCertificateRequest
             * @static
             * @param {orch.v1.RenewCertificateRequest.$Properties} message RenewCertificateRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            RenewCertificateRequest.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.signingRequest != null && $Object.hasOwnProperty.call(message, "signingRequest") && message.signingRequest.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.signingRequest);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a RenewCertificateRequest message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.RenewCertificateRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.RenewCertificateRequest & orch.v1.RenewCertificateRequest.$Shape} RenewCertificateRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            RenewCertificateRequest.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.RenewCertificateRequest();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.signingRequest = value;
                            else
                                delete message.signingRequest;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return RenewCertificateRequest;
        })();

        v1.EnrollReply = (function() {

            /**
             * Properties of an EnrollReply.
             * @typedef {Object} orch.v1.EnrollReply.$Properties
             * @property {Uint8Array|null} [certificateChain] EnrollReply certificateChain
             * @property {Uint8Array|null} [authorities] EnrollReply authorities
             * @property {string|null} [cluster] EnrollReply cluster
             * @property {number|null} [expiresAtMs] EnrollReply expiresAtMs
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an EnrollReply.
             * @memberof orch.v1
             * @interface IEnrollReply
             * @augments orch.v1.EnrollReply.$Properties
             * @deprecated Use orch.v1.EnrollReply.$Properties instead.
             */

            /**
             * Shape of an EnrollReply.
             * @typedef {orch.v1.EnrollReply.$Properties} orch.v1.EnrollReply.$Shape
             */

            /**
             * Constructs a new EnrollReply.
             * @memberof orch.v1
             * @classdesc Represents an EnrollReply.
             * @constructor
             * @param {orch.v1.EnrollReply.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const EnrollReply = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * EnrollReply certificateChain.
             * @member {Uint8Array} certificateChain
             * @memberof orch.v1.EnrollReply
             * @instance
             */
            EnrollReply.prototype.certificateChain = $util.newBuffer([]);

            /**
             * EnrollReply authorities.
             * @member {Uint8Array} authorities
             * @memberof orch.v1.EnrollReply
             * @instance
             */
            EnrollReply.prototype.authorities = $util.newBuffer([]);

            /**
             * EnrollReply cluster.
             * @member {string} cluster
             * @memberof orch.v1.EnrollReply
             * @instance
             */
            EnrollReply.prototype.cluster = "";

            /**
             * EnrollReply expiresAtMs.
             * @member {number} expiresAtMs
             * @memberof orch.v1.EnrollReply
             * @instance
             */
            EnrollReply.prototype.expiresAtMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Creates a new EnrollReply instance using the specified properties.
             * @function create
             * @memberof orch.v1.EnrollReply
             * @static
             * @param {orch.v1.EnrollReply.$Properties=} [properties] Properties to set
             * @returns {orch.v1.EnrollReply} EnrollReply instance
             * @type {{
             *   (properties: orch.v1.EnrollReply.$Shape): orch.v1.EnrollReply & orch.v1.EnrollReply.$Shape;
             *   (properties?: orch.v1.EnrollReply.$Properties): orch.v1.EnrollReply;
             * }}
             */
            EnrollReply.create = function(properties) {
                return new EnrollReply(properties);
            };

            /**
             * Encodes the specified EnrollReply message. Does not implicitly {@link orch.v1.EnrollReply.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.EnrollReply
             * @static
             * @param {orch.v1.EnrollReply.$Properties} message EnrollReply message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            EnrollReply.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.certificateChain != null && $Object.hasOwnProperty.call(message, "certificateChain") && message.certificateChain.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.certificateChain);
                if (message.authorities != null && $Object.hasOwnProperty.call(message, "authorities") && message.authorities.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.authorities);
                if (message.cluster != null && $Object.hasOwnProperty.call(message, "cluster") && message.cluster !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.cluster);
                if (message.expiresAtMs != null && $Object.hasOwnProperty.call(message, "expiresAtMs") && (typeof message.expiresAtMs === "object" ? message.expiresAtMs.low || message.expiresAtMs.high : message.expiresAtMs !== 0))
                    writer.uint32(/* id 4, wireType 0 =*/32).int64(message.expiresAtMs);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an EnrollReply message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.EnrollReply
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.EnrollReply & orch.v1.EnrollReply.$Shape} EnrollReply
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            EnrollReply.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.EnrollReply();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.certificateChain = value;
                            else
                                delete message.certificateChain;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.authorities = value;
                            else
                                delete message.authorities;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.cluster = value;
                            else
                                delete message.cluster;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.expiresAtMs = value;
                            else
                                delete message.expiresAtMs;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return EnrollReply;
        })();

        v1.AgentMessage = (function() {

            /**
             * Properties of an AgentMessage.
             * @typedef {Object} orch.v1.AgentMessage.$Properties
             * @property {orch.v1.AgentHello.$Properties|null} [hello] AgentMessage hello
             * @property {orch.v1.Heartbeat.$Properties|null} [heartbeat] AgentMessage heartbeat
             * @property {orch.v1.StatusBatch.$Properties|null} [status] AgentMessage status
             * @property {orch.v1.NodeStatus.$Properties|null} [node] AgentMessage node
             * @property {orch.v1.EventBatch.$Properties|null} [events] AgentMessage events
             * @property {orch.v1.OperationResult.$Properties|null} [operation] AgentMessage operation
             * @property {orch.v1.AssignmentsGap.$Properties|null} [gap] AgentMessage gap
             * @property {orch.v1.ImageReport.$Properties|null} [images] AgentMessage images
             * @property {"hello"|"heartbeat"|"status"|"node"|"events"|"operation"|"gap"|"images"} [body] AgentMessage body
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an AgentMessage.
             * @memberof orch.v1
             * @interface IAgentMessage
             * @augments orch.v1.AgentMessage.$Properties
             * @deprecated Use orch.v1.AgentMessage.$Properties instead.
             */

            /**
             * Narrowed shape of an AgentMessage.
             * @typedef {{
             *   hello?: orch.v1.AgentHello.$Shape|null;
             *   heartbeat?: orch.v1.Heartbeat.$Shape|null;
             *   status?: orch.v1.StatusBatch.$Shape|null;
             *   node?: orch.v1.NodeStatus.$Shape|null;
             *   events?: orch.v1.EventBatch.$Shape|null;
             *   operation?: orch.v1.OperationResult.$Shape|null;
             *   gap?: orch.v1.AssignmentsGap.$Shape|null;
             *   images?: orch.v1.ImageReport.$Shape|null;
             *   $unknowns?: Array.<Uint8Array>;
             * } & (
             *   ({ body?: undefined; hello?: null; heartbeat?: null; status?: null; node?: null; events?: null; operation?: null; gap?: null; images?: null }|{ body?: "hello"; hello: orch.v1.AgentHello.$Shape; heartbeat?: null; status?: null; node?: null; events?: null; operation?: null; gap?: null; images?: null }|{ body?: "heartbeat"; hello?: null; heartbeat: orch.v1.Heartbeat.$Shape; status?: null; node?: null; events?: null; operation?: null; gap?: null; images?: null }|{ body?: "status"; hello?: null; heartbeat?: null; status: orch.v1.StatusBatch.$Shape; node?: null; events?: null; operation?: null; gap?: null; images?: null }|{ body?: "node"; hello?: null; heartbeat?: null; status?: null; node: orch.v1.NodeStatus.$Shape; events?: null; operation?: null; gap?: null; images?: null }|{ body?: "events"; hello?: null; heartbeat?: null; status?: null; node?: null; events: orch.v1.EventBatch.$Shape; operation?: null; gap?: null; images?: null }|{ body?: "operation"; hello?: null; heartbeat?: null; status?: null; node?: null; events?: null; operation: orch.v1.OperationResult.$Shape; gap?: null; images?: null }|{ body?: "gap"; hello?: null; heartbeat?: null; status?: null; node?: null; events?: null; operation?: null; gap: orch.v1.AssignmentsGap.$Shape; images?: null }|{ body?: "images"; hello?: null; heartbeat?: null; status?: null; node?: null; events?: null; operation?: null; gap?: null; images: orch.v1.ImageReport.$Shape })
             * )} orch.v1.AgentMessage.$Shape
             */

            /**
             * Constructs a new AgentMessage.
             * @memberof orch.v1
             * @classdesc Represents an AgentMessage.
             * @constructor
             * @param {orch.v1.AgentMessage.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const AgentMessage = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * AgentMessage hello.
             * @member {orch.v1.AgentHello.$Properties|null|undefined} hello
             * @memberof orch.v1.AgentMessage
             * @instance
             */
            AgentMessage.prototype.hello = null;

            /**
             * AgentMessage heartbeat.
             * @member {orch.v1.Heartbeat.$Properties|null|undefined} heartbeat
             * @memberof orch.v1.AgentMessage
             * @instance
             */
            AgentMessage.prototype.heartbeat = null;

            /**
             * AgentMessage status.
             * @member {orch.v1.StatusBatch.$Properties|null|undefined} status
             * @memberof orch.v1.AgentMessage
             * @instance
             */
            AgentMessage.prototype.status = null;

            /**
             * AgentMessage node.
             * @member {orch.v1.NodeStatus.$Properties|null|undefined} node
             * @memberof orch.v1.AgentMessage
             * @instance
             */
            AgentMessage.prototype.node = null;

            /**
             * AgentMessage events.
             * @member {orch.v1.EventBatch.$Properties|null|undefined} events
             * @memberof orch.v1.AgentMessage
             * @instance
             */
            AgentMessage.prototype.events = null;

            /**
             * AgentMessage operation.
             * @member {orch.v1.OperationResult.$Properties|null|undefined} operation
             * @memberof orch.v1.AgentMessage
             * @instance
             */
            AgentMessage.prototype.operation = null;

            /**
             * AgentMessage gap.
             * @member {orch.v1.AssignmentsGap.$Properties|null|undefined} gap
             * @memberof orch.v1.AgentMessage
             * @instance
             */
            AgentMessage.prototype.gap = null;

            /**
             * AgentMessage images.
             * @member {orch.v1.ImageReport.$Properties|null|undefined} images
             * @memberof orch.v1.AgentMessage
             * @instance
             */
            AgentMessage.prototype.images = null;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            /**
             * AgentMessage body.
             * @member {"hello"|"heartbeat"|"status"|"node"|"events"|"operation"|"gap"|"images"|undefined} body
             * @memberof orch.v1.AgentMessage
             * @instance
             */
            $Object.defineProperty(AgentMessage.prototype, "body", {
                get: $util.oneOfGetter($oneOfFields = ["hello", "heartbeat", "status", "node", "events", "operation", "gap", "images"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Creates a new AgentMessage instance using the specified properties.
             * @function create
             * @memberof orch.v1.AgentMessage
             * @static
             * @param {orch.v1.AgentMessage.$Properties=} [properties] Properties to set
             * @returns {orch.v1.AgentMessage} AgentMessage instance
             * @type {{
             *   (properties: orch.v1.AgentMessage.$Shape): orch.v1.AgentMessage & orch.v1.AgentMessage.$Shape;
             *   (properties?: orch.v1.AgentMessage.$Properties): orch.v1.AgentMessage;
             * }}
             */
            AgentMessage.create = function(properties) {
                return new AgentMessage(properties);
            };

            /**
             * Encodes the specified AgentMessage message. Does not implicitly {@link orch.v1.AgentMessage.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.AgentMessage
             * @static
             * @param {orch.v1.AgentMessage.$Properties} message AgentMessage message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            AgentMessage.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.hello != null && $Object.hasOwnProperty.call(message, "hello"))
                    $root.orch.v1.AgentHello.encode(message.hello, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.heartbeat != null && $Object.hasOwnProperty.call(message, "heartbeat"))
                    $root.orch.v1.Heartbeat.encode(message.heartbeat, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.status != null && $Object.hasOwnProperty.call(message, "status"))
                    $root.orch.v1.StatusBatch.encode(message.status, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.node != null && $Object.hasOwnProperty.call(message, "node"))
                    $root.orch.v1.NodeStatus.encode(message.node, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.events != null && $Object.hasOwnProperty.call(message, "events"))
                    $root.orch.v1.EventBatch.encode(message.events, writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                if (message.operation != null && $Object.hasOwnProperty.call(message, "operation"))
                    $root.orch.v1.OperationResult.encode(message.operation, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                if (message.gap != null && $Object.hasOwnProperty.call(message, "gap"))
                    $root.orch.v1.AssignmentsGap.encode(message.gap, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
                if (message.images != null && $Object.hasOwnProperty.call(message, "images"))
                    $root.orch.v1.ImageReport.encode(message.images, writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an AgentMessage message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.AgentMessage
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.AgentMessage & orch.v1.AgentMessage.$Shape} AgentMessage
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            AgentMessage.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.AgentMessage();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.hello = $root.orch.v1.AgentHello.decode(reader, reader.size(), $undefined, _depth + 1, message.hello);
                            message.body = "hello";
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.heartbeat = $root.orch.v1.Heartbeat.decode(reader, reader.size(), $undefined, _depth + 1, message.heartbeat);
                            message.body = "heartbeat";
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.status = $root.orch.v1.StatusBatch.decode(reader, reader.size(), $undefined, _depth + 1, message.status);
                            message.body = "status";
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.node = $root.orch.v1.NodeStatus.decode(reader, reader.size(), $undefined, _depth + 1, message.node);
                            message.body = "node";
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.events = $root.orch.v1.EventBatch.decode(reader, reader.size(), $undefined, _depth + 1, message.events);
                            message.body = "events";
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.operation = $root.orch.v1.OperationResult.decode(reader, reader.size(), $undefined, _depth + 1, message.operation);
                            message.body = "operation";
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.gap = $root.orch.v1.AssignmentsGap.decode(reader, reader.size(), $undefined, _depth + 1, message.gap);
                            message.body = "gap";
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            message.images = $root.orch.v1.ImageReport.decode(reader, reader.size(), $undefined, _depth + 1, message.images);
                            message.body = "images";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return AgentMessage;
        })();

        v1.ControlMessage = (function() {

            /**
             * Properties of a ControlMessage.
             * @typedef {Object} orch.v1.ControlMessage.$Properties
             * @property {orch.v1.Welcome.$Properties|null} [welcome] ControlMessage welcome
             * @property {orch.v1.Assignments.$Properties|null} [assignments] ControlMessage assignments
             * @property {orch.v1.OpenStream.$Properties|null} [openStream] ControlMessage openStream
             * @property {orch.v1.Operation.$Properties|null} [operation] ControlMessage operation
             * @property {orch.v1.StatusAck.$Properties|null} [statusAck] ControlMessage statusAck
             * @property {orch.v1.HeartbeatAck.$Properties|null} [heartbeatAck] ControlMessage heartbeatAck
             * @property {orch.v1.Goodbye.$Properties|null} [goodbye] ControlMessage goodbye
             * @property {orch.v1.RenewNow.$Properties|null} [renewNow] ControlMessage renewNow
             * @property {"welcome"|"assignments"|"openStream"|"operation"|"statusAck"|"heartbeatAck"|"goodbye"|"renewNow"} [body] ControlMessage body
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a ControlMessage.
             * @memberof orch.v1
             * @interface IControlMessage
             * @augments orch.v1.ControlMessage.$Properties
             * @deprecated Use orch.v1.ControlMessage.$Properties instead.
             */

            /**
             * Narrowed shape of a ControlMessage.
             * @typedef {{
             *   welcome?: orch.v1.Welcome.$Shape|null;
             *   assignments?: orch.v1.Assignments.$Shape|null;
             *   openStream?: orch.v1.OpenStream.$Shape|null;
             *   operation?: orch.v1.Operation.$Shape|null;
             *   statusAck?: orch.v1.StatusAck.$Shape|null;
             *   heartbeatAck?: orch.v1.HeartbeatAck.$Shape|null;
             *   goodbye?: orch.v1.Goodbye.$Shape|null;
             *   renewNow?: orch.v1.RenewNow.$Shape|null;
             *   $unknowns?: Array.<Uint8Array>;
             * } & (
             *   ({ body?: undefined; welcome?: null; assignments?: null; openStream?: null; operation?: null; statusAck?: null; heartbeatAck?: null; goodbye?: null; renewNow?: null }|{ body?: "welcome"; welcome: orch.v1.Welcome.$Shape; assignments?: null; openStream?: null; operation?: null; statusAck?: null; heartbeatAck?: null; goodbye?: null; renewNow?: null }|{ body?: "assignments"; welcome?: null; assignments: orch.v1.Assignments.$Shape; openStream?: null; operation?: null; statusAck?: null; heartbeatAck?: null; goodbye?: null; renewNow?: null }|{ body?: "openStream"; welcome?: null; assignments?: null; openStream: orch.v1.OpenStream.$Shape; operation?: null; statusAck?: null; heartbeatAck?: null; goodbye?: null; renewNow?: null }|{ body?: "operation"; welcome?: null; assignments?: null; openStream?: null; operation: orch.v1.Operation.$Shape; statusAck?: null; heartbeatAck?: null; goodbye?: null; renewNow?: null }|{ body?: "statusAck"; welcome?: null; assignments?: null; openStream?: null; operation?: null; statusAck: orch.v1.StatusAck.$Shape; heartbeatAck?: null; goodbye?: null; renewNow?: null }|{ body?: "heartbeatAck"; welcome?: null; assignments?: null; openStream?: null; operation?: null; statusAck?: null; heartbeatAck: orch.v1.HeartbeatAck.$Shape; goodbye?: null; renewNow?: null }|{ body?: "goodbye"; welcome?: null; assignments?: null; openStream?: null; operation?: null; statusAck?: null; heartbeatAck?: null; goodbye: orch.v1.Goodbye.$Shape; renewNow?: null }|{ body?: "renewNow"; welcome?: null; assignments?: null; openStream?: null; operation?: null; statusAck?: null; heartbeatAck?: null; goodbye?: null; renewNow: orch.v1.RenewNow.$Shape })
             * )} orch.v1.ControlMessage.$Shape
             */

            /**
             * Constructs a new ControlMessage.
             * @memberof orch.v1
             * @classdesc Represents a ControlMessage.
             * @constructor
             * @param {orch.v1.ControlMessage.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const ControlMessage = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * ControlMessage welcome.
             * @member {orch.v1.Welcome.$Properties|null|undefined} welcome
             * @memberof orch.v1.ControlMessage
             * @instance
             */
            ControlMessage.prototype.welcome = null;

            /**
             * ControlMessage assignments.
             * @member {orch.v1.Assignments.$Properties|null|undefined} assignments
             * @memberof orch.v1.ControlMessage
             * @instance
             */
            ControlMessage.prototype.assignments = null;

            /**
             * ControlMessage openStream.
             * @member {orch.v1.OpenStream.$Properties|null|undefined} openStream
             * @memberof orch.v1.ControlMessage
             * @instance
             */
            ControlMessage.prototype.openStream = null;

            /**
             * ControlMessage operation.
             * @member {orch.v1.Operation.$Properties|null|undefined} operation
             * @memberof orch.v1.ControlMessage
             * @instance
             */
            ControlMessage.prototype.operation = null;

            /**
             * ControlMessage statusAck.
             * @member {orch.v1.StatusAck.$Properties|null|undefined} statusAck
             * @memberof orch.v1.ControlMessage
             * @instance
             */
            ControlMessage.prototype.statusAck = null;

            /**
             * ControlMessage heartbeatAck.
             * @member {orch.v1.HeartbeatAck.$Properties|null|undefined} heartbeatAck
             * @memberof orch.v1.ControlMessage
             * @instance
             */
            ControlMessage.prototype.heartbeatAck = null;

            /**
             * ControlMessage goodbye.
             * @member {orch.v1.Goodbye.$Properties|null|undefined} goodbye
             * @memberof orch.v1.ControlMessage
             * @instance
             */
            ControlMessage.prototype.goodbye = null;

            /**
             * ControlMessage renewNow.
             * @member {orch.v1.RenewNow.$Properties|null|undefined} renewNow
             * @memberof orch.v1.ControlMessage
             * @instance
             */
            ControlMessage.prototype.renewNow = null;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            /**
             * ControlMessage body.
             * @member {"welcome"|"assignments"|"openStream"|"operation"|"statusAck"|"heartbeatAck"|"goodbye"|"renewNow"|undefined} body
             * @memberof orch.v1.ControlMessage
             * @instance
             */
            $Object.defineProperty(ControlMessage.prototype, "body", {
                get: $util.oneOfGetter($oneOfFields = ["welcome", "assignments", "openStream", "operation", "statusAck", "heartbeatAck", "goodbye", "renewNow"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Creates a new ControlMessage instance using the specified properties.
             * @function create
             * @memberof orch.v1.ControlMessage
             * @static
             * @param {orch.v1.ControlMessage.$Properties=} [properties] Properties to set
             * @returns {orch.v1.ControlMessage} ControlMessage instance
             * @type {{
             *   (properties: orch.v1.ControlMessage.$Shape): orch.v1.ControlMessage & orch.v1.ControlMessage.$Shape;
             *   (properties?: orch.v1.ControlMessage.$Properties): orch.v1.ControlMessage;
             * }}
             */
            ControlMessage.create = function(properties) {
                return new ControlMessage(properties);
            };

            /**
             * Encodes the specified ControlMessage message. Does not implicitly {@link orch.v1.ControlMessage.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.ControlMessage
             * @static
             * @param {orch.v1.ControlMessage.$Properties} message ControlMessage message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ControlMessage.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.welcome != null && $Object.hasOwnProperty.call(message, "welcome"))
                    $root.orch.v1.Welcome.encode(message.welcome, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.assignments != null && $Object.hasOwnProperty.call(message, "assignments"))
                    $root.orch.v1.Assignments.encode(message.assignments, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.openStream != null && $Object.hasOwnProperty.call(message, "openStream"))
                    $root.orch.v1.OpenStream.encode(message.openStream, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.operation != null && $Object.hasOwnProperty.call(message, "operation"))
                    $root.orch.v1.Operation.encode(message.operation, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.statusAck != null && $Object.hasOwnProperty.call(message, "statusAck"))
                    $root.orch.v1.StatusAck.encode(message.statusAck, writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                if (message.heartbeatAck != null && $Object.hasOwnProperty.call(message, "heartbeatAck"))
                    $root.orch.v1.HeartbeatAck.encode(message.heartbeatAck, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                if (message.goodbye != null && $Object.hasOwnProperty.call(message, "goodbye"))
                    $root.orch.v1.Goodbye.encode(message.goodbye, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
                if (message.renewNow != null && $Object.hasOwnProperty.call(message, "renewNow"))
                    $root.orch.v1.RenewNow.encode(message.renewNow, writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a ControlMessage message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.ControlMessage
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.ControlMessage & orch.v1.ControlMessage.$Shape} ControlMessage
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ControlMessage.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.ControlMessage();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.welcome = $root.orch.v1.Welcome.decode(reader, reader.size(), $undefined, _depth + 1, message.welcome);
                            message.body = "welcome";
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.assignments = $root.orch.v1.Assignments.decode(reader, reader.size(), $undefined, _depth + 1, message.assignments);
                            message.body = "assignments";
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.openStream = $root.orch.v1.OpenStream.decode(reader, reader.size(), $undefined, _depth + 1, message.openStream);
                            message.body = "openStream";
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.operation = $root.orch.v1.Operation.decode(reader, reader.size(), $undefined, _depth + 1, message.operation);
                            message.body = "operation";
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.statusAck = $root.orch.v1.StatusAck.decode(reader, reader.size(), $undefined, _depth + 1, message.statusAck);
                            message.body = "statusAck";
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.heartbeatAck = $root.orch.v1.HeartbeatAck.decode(reader, reader.size(), $undefined, _depth + 1, message.heartbeatAck);
                            message.body = "heartbeatAck";
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.goodbye = $root.orch.v1.Goodbye.decode(reader, reader.size(), $undefined, _depth + 1, message.goodbye);
                            message.body = "goodbye";
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            message.renewNow = $root.orch.v1.RenewNow.decode(reader, reader.size(), $undefined, _depth + 1, message.renewNow);
                            message.body = "renewNow";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ControlMessage;
        })();

        v1.AgentHello = (function() {

            /**
             * Properties of an AgentHello.
             * @typedef {Object} orch.v1.AgentHello.$Properties
             * @property {string|null} [version] AgentHello version
             * @property {Array.<string>|null} [features] AgentHello features
             * @property {string|null} [bootId] AgentHello bootId
             * @property {string|null} [instance] AgentHello instance
             * @property {number|null} [wallClockMs] AgentHello wallClockMs
             * @property {Uint8Array|null} [node] AgentHello node
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an AgentHello.
             * @memberof orch.v1
             * @interface IAgentHello
             * @augments orch.v1.AgentHello.$Properties
             * @deprecated Use orch.v1.AgentHello.$Properties instead.
             */

            /**
             * Shape of an AgentHello.
             * @typedef {orch.v1.AgentHello.$Properties} orch.v1.AgentHello.$Shape
             */

            /**
             * Constructs a new AgentHello.
             * @memberof orch.v1
             * @classdesc Represents an AgentHello.
             * @constructor
             * @param {orch.v1.AgentHello.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const AgentHello = function (properties) {
                this.features = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * AgentHello version.
             * @member {string} version
             * @memberof orch.v1.AgentHello
             * @instance
             */
            AgentHello.prototype.version = "";

            /**
             * AgentHello features.
             * @member {Array.<string>} features
             * @memberof orch.v1.AgentHello
             * @instance
             */
            AgentHello.prototype.features = $util.emptyArray;

            /**
             * AgentHello bootId.
             * @member {string} bootId
             * @memberof orch.v1.AgentHello
             * @instance
             */
            AgentHello.prototype.bootId = "";

            /**
             * AgentHello instance.
             * @member {string} instance
             * @memberof orch.v1.AgentHello
             * @instance
             */
            AgentHello.prototype.instance = "";

            /**
             * AgentHello wallClockMs.
             * @member {number} wallClockMs
             * @memberof orch.v1.AgentHello
             * @instance
             */
            AgentHello.prototype.wallClockMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * AgentHello node.
             * @member {Uint8Array} node
             * @memberof orch.v1.AgentHello
             * @instance
             */
            AgentHello.prototype.node = $util.newBuffer([]);

            /**
             * Creates a new AgentHello instance using the specified properties.
             * @function create
             * @memberof orch.v1.AgentHello
             * @static
             * @param {orch.v1.AgentHello.$Properties=} [properties] Properties to set
             * @returns {orch.v1.AgentHello} AgentHello instance
             * @type {{
             *   (properties: orch.v1.AgentHello.$Shape): orch.v1.AgentHello & orch.v1.AgentHello.$Shape;
             *   (properties?: orch.v1.AgentHello.$Properties): orch.v1.AgentHello;
             * }}
             */
            AgentHello.create = function(properties) {
                return new AgentHello(properties);
            };

            /**
             * Encodes the specified AgentHello message. Does not implicitly {@link orch.v1.AgentHello.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.AgentHello
             * @static
             * @param {orch.v1.AgentHello.$Properties} message AgentHello message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            AgentHello.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.version != null && $Object.hasOwnProperty.call(message, "version") && message.version !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.version);
                if (message.features != null && message.features.length)
                    for (let i = 0; i < message.features.length; ++i)
                        writer.uint32(/* id 2, wireType 2 =*/18).string(message.features[i]);
                if (message.bootId != null && $Object.hasOwnProperty.call(message, "bootId") && message.bootId !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.bootId);
                if (message.instance != null && $Object.hasOwnProperty.call(message, "instance") && message.instance !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.instance);
                if (message.wallClockMs != null && $Object.hasOwnProperty.call(message, "wallClockMs") && (typeof message.wallClockMs === "object" ? message.wallClockMs.low || message.wallClockMs.high : message.wallClockMs !== 0))
                    writer.uint32(/* id 5, wireType 0 =*/40).int64(message.wallClockMs);
                if (message.node != null && $Object.hasOwnProperty.call(message, "node") && message.node.length)
                    writer.uint32(/* id 6, wireType 2 =*/50).bytes(message.node);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an AgentHello message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.AgentHello
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.AgentHello & orch.v1.AgentHello.$Shape} AgentHello
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            AgentHello.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.AgentHello();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.version = value;
                            else
                                delete message.version;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.features && message.features.length))
                                message.features = [];
                            message.features.push(reader.stringVerify());
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.bootId = value;
                            else
                                delete message.bootId;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.instance = value;
                            else
                                delete message.instance;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.wallClockMs = value;
                            else
                                delete message.wallClockMs;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.node = value;
                            else
                                delete message.node;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return AgentHello;
        })();

        v1.Welcome = (function() {

            /**
             * Properties of a Welcome.
             * @typedef {Object} orch.v1.Welcome.$Properties
             * @property {string|null} [version] Welcome version
             * @property {Array.<string>|null} [features] Welcome features
             * @property {string|null} [cluster] Welcome cluster
             * @property {number|null} [epoch] Welcome epoch
             * @property {number|null} [heartbeatIntervalMs] Welcome heartbeatIntervalMs
             * @property {number|null} [wallClockMs] Welcome wallClockMs
             * @property {string|null} [podCidr] Welcome podCidr
             * @property {Uint8Array|null} [settings] Welcome settings
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Welcome.
             * @memberof orch.v1
             * @interface IWelcome
             * @augments orch.v1.Welcome.$Properties
             * @deprecated Use orch.v1.Welcome.$Properties instead.
             */

            /**
             * Shape of a Welcome.
             * @typedef {orch.v1.Welcome.$Properties} orch.v1.Welcome.$Shape
             */

            /**
             * Constructs a new Welcome.
             * @memberof orch.v1
             * @classdesc Represents a Welcome.
             * @constructor
             * @param {orch.v1.Welcome.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Welcome = function (properties) {
                this.features = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Welcome version.
             * @member {string} version
             * @memberof orch.v1.Welcome
             * @instance
             */
            Welcome.prototype.version = "";

            /**
             * Welcome features.
             * @member {Array.<string>} features
             * @memberof orch.v1.Welcome
             * @instance
             */
            Welcome.prototype.features = $util.emptyArray;

            /**
             * Welcome cluster.
             * @member {string} cluster
             * @memberof orch.v1.Welcome
             * @instance
             */
            Welcome.prototype.cluster = "";

            /**
             * Welcome epoch.
             * @member {number} epoch
             * @memberof orch.v1.Welcome
             * @instance
             */
            Welcome.prototype.epoch = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Welcome heartbeatIntervalMs.
             * @member {number} heartbeatIntervalMs
             * @memberof orch.v1.Welcome
             * @instance
             */
            Welcome.prototype.heartbeatIntervalMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Welcome wallClockMs.
             * @member {number} wallClockMs
             * @memberof orch.v1.Welcome
             * @instance
             */
            Welcome.prototype.wallClockMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Welcome podCidr.
             * @member {string} podCidr
             * @memberof orch.v1.Welcome
             * @instance
             */
            Welcome.prototype.podCidr = "";

            /**
             * Welcome settings.
             * @member {Uint8Array} settings
             * @memberof orch.v1.Welcome
             * @instance
             */
            Welcome.prototype.settings = $util.newBuffer([]);

            /**
             * Creates a new Welcome instance using the specified properties.
             * @function create
             * @memberof orch.v1.Welcome
             * @static
             * @param {orch.v1.Welcome.$Properties=} [properties] Properties to set
             * @returns {orch.v1.Welcome} Welcome instance
             * @type {{
             *   (properties: orch.v1.Welcome.$Shape): orch.v1.Welcome & orch.v1.Welcome.$Shape;
             *   (properties?: orch.v1.Welcome.$Properties): orch.v1.Welcome;
             * }}
             */
            Welcome.create = function(properties) {
                return new Welcome(properties);
            };

            /**
             * Encodes the specified Welcome message. Does not implicitly {@link orch.v1.Welcome.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.Welcome
             * @static
             * @param {orch.v1.Welcome.$Properties} message Welcome message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Welcome.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.version != null && $Object.hasOwnProperty.call(message, "version") && message.version !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.version);
                if (message.features != null && message.features.length)
                    for (let i = 0; i < message.features.length; ++i)
                        writer.uint32(/* id 2, wireType 2 =*/18).string(message.features[i]);
                if (message.cluster != null && $Object.hasOwnProperty.call(message, "cluster") && message.cluster !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.cluster);
                if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && (typeof message.epoch === "object" ? message.epoch.low || message.epoch.high : message.epoch !== 0))
                    writer.uint32(/* id 4, wireType 0 =*/32).int64(message.epoch);
                if (message.heartbeatIntervalMs != null && $Object.hasOwnProperty.call(message, "heartbeatIntervalMs") && (typeof message.heartbeatIntervalMs === "object" ? message.heartbeatIntervalMs.low || message.heartbeatIntervalMs.high : message.heartbeatIntervalMs !== 0))
                    writer.uint32(/* id 5, wireType 0 =*/40).int64(message.heartbeatIntervalMs);
                if (message.wallClockMs != null && $Object.hasOwnProperty.call(message, "wallClockMs") && (typeof message.wallClockMs === "object" ? message.wallClockMs.low || message.wallClockMs.high : message.wallClockMs !== 0))
                    writer.uint32(/* id 6, wireType 0 =*/48).int64(message.wallClockMs);
                if (message.podCidr != null && $Object.hasOwnProperty.call(message, "podCidr") && message.podCidr !== "")
                    writer.uint32(/* id 7, wireType 2 =*/58).string(message.podCidr);
                if (message.settings != null && $Object.hasOwnProperty.call(message, "settings") && message.settings.length)
                    writer.uint32(/* id 8, wireType 2 =*/66).bytes(message.settings);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Welcome message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.Welcome
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.Welcome & orch.v1.Welcome.$Shape} Welcome
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Welcome.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.Welcome();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.version = value;
                            else
                                delete message.version;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.features && message.features.length))
                                message.features = [];
                            message.features.push(reader.stringVerify());
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.cluster = value;
                            else
                                delete message.cluster;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.epoch = value;
                            else
                                delete message.epoch;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.heartbeatIntervalMs = value;
                            else
                                delete message.heartbeatIntervalMs;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.wallClockMs = value;
                            else
                                delete message.wallClockMs;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.podCidr = value;
                            else
                                delete message.podCidr;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.settings = value;
                            else
                                delete message.settings;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Welcome;
        })();

        v1.Heartbeat = (function() {

            /**
             * Properties of a Heartbeat.
             * @typedef {Object} orch.v1.Heartbeat.$Properties
             * @property {number|null} [sequence] Heartbeat sequence
             * @property {number|null} [wallClockMs] Heartbeat wallClockMs
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Heartbeat.
             * @memberof orch.v1
             * @interface IHeartbeat
             * @augments orch.v1.Heartbeat.$Properties
             * @deprecated Use orch.v1.Heartbeat.$Properties instead.
             */

            /**
             * Shape of a Heartbeat.
             * @typedef {orch.v1.Heartbeat.$Properties} orch.v1.Heartbeat.$Shape
             */

            /**
             * Constructs a new Heartbeat.
             * @memberof orch.v1
             * @classdesc Represents a Heartbeat.
             * @constructor
             * @param {orch.v1.Heartbeat.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Heartbeat = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Heartbeat sequence.
             * @member {number} sequence
             * @memberof orch.v1.Heartbeat
             * @instance
             */
            Heartbeat.prototype.sequence = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Heartbeat wallClockMs.
             * @member {number} wallClockMs
             * @memberof orch.v1.Heartbeat
             * @instance
             */
            Heartbeat.prototype.wallClockMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Creates a new Heartbeat instance using the specified properties.
             * @function create
             * @memberof orch.v1.Heartbeat
             * @static
             * @param {orch.v1.Heartbeat.$Properties=} [properties] Properties to set
             * @returns {orch.v1.Heartbeat} Heartbeat instance
             * @type {{
             *   (properties: orch.v1.Heartbeat.$Shape): orch.v1.Heartbeat & orch.v1.Heartbeat.$Shape;
             *   (properties?: orch.v1.Heartbeat.$Properties): orch.v1.Heartbeat;
             * }}
             */
            Heartbeat.create = function(properties) {
                return new Heartbeat(properties);
            };

            /**
             * Encodes the specified Heartbeat message. Does not implicitly {@link orch.v1.Heartbeat.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.Heartbeat
             * @static
             * @param {orch.v1.Heartbeat.$Properties} message Heartbeat message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Heartbeat.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.sequence != null && $Object.hasOwnProperty.call(message, "sequence") && (typeof message.sequence === "object" ? message.sequence.low || message.sequence.high : message.sequence !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.sequence);
                if (message.wallClockMs != null && $Object.hasOwnProperty.call(message, "wallClockMs") && (typeof message.wallClockMs === "object" ? message.wallClockMs.low || message.wallClockMs.high : message.wallClockMs !== 0))
                    writer.uint32(/* id 2, wireType 0 =*/16).int64(message.wallClockMs);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Heartbeat message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.Heartbeat
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.Heartbeat & orch.v1.Heartbeat.$Shape} Heartbeat
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Heartbeat.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.Heartbeat();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.sequence = value;
                            else
                                delete message.sequence;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.wallClockMs = value;
                            else
                                delete message.wallClockMs;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Heartbeat;
        })();

        v1.HeartbeatAck = (function() {

            /**
             * Properties of a HeartbeatAck.
             * @typedef {Object} orch.v1.HeartbeatAck.$Properties
             * @property {number|null} [sequence] HeartbeatAck sequence
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a HeartbeatAck.
             * @memberof orch.v1
             * @interface IHeartbeatAck
             * @augments orch.v1.HeartbeatAck.$Properties
             * @deprecated Use orch.v1.HeartbeatAck.$Properties instead.
             */

            /**
             * Shape of a HeartbeatAck.
             * @typedef {orch.v1.HeartbeatAck.$Properties} orch.v1.HeartbeatAck.$Shape
             */

            /**
             * Constructs a new HeartbeatAck.
             * @memberof orch.v1
             * @classdesc Represents a HeartbeatAck.
             * @constructor
             * @param {orch.v1.HeartbeatAck.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const HeartbeatAck = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * HeartbeatAck sequence.
             * @member {number} sequence
             * @memberof orch.v1.HeartbeatAck
             * @instance
             */
            HeartbeatAck.prototype.sequence = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Creates a new HeartbeatAck instance using the specified properties.
             * @function create
             * @memberof orch.v1.HeartbeatAck
             * @static
             * @param {orch.v1.HeartbeatAck.$Properties=} [properties] Properties to set
             * @returns {orch.v1.HeartbeatAck} HeartbeatAck instance
             * @type {{
             *   (properties: orch.v1.HeartbeatAck.$Shape): orch.v1.HeartbeatAck & orch.v1.HeartbeatAck.$Shape;
             *   (properties?: orch.v1.HeartbeatAck.$Properties): orch.v1.HeartbeatAck;
             * }}
             */
            HeartbeatAck.create = function(properties) {
                return new HeartbeatAck(properties);
            };

            /**
             * Encodes the specified HeartbeatAck message. Does not implicitly {@link orch.v1.HeartbeatAck.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.HeartbeatAck
             * @static
             * @param {orch.v1.HeartbeatAck.$Properties} message HeartbeatAck message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            HeartbeatAck.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.sequence != null && $Object.hasOwnProperty.call(message, "sequence") && (typeof message.sequence === "object" ? message.sequence.low || message.sequence.high : message.sequence !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.sequence);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a HeartbeatAck message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.HeartbeatAck
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.HeartbeatAck & orch.v1.HeartbeatAck.$Shape} HeartbeatAck
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            HeartbeatAck.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.HeartbeatAck();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.sequence = value;
                            else
                                delete message.sequence;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return HeartbeatAck;
        })();

        v1.Assignments = (function() {

            /**
             * Properties of an Assignments.
             * @typedef {Object} orch.v1.Assignments.$Properties
             * @property {boolean|null} [complete] Assignments complete
             * @property {number|null} [appliesTo] Assignments appliesTo
             * @property {number|null} [resultsIn] Assignments resultsIn
             * @property {Array.<orch.v1.AssignedObject.$Properties>|null} [upserts] Assignments upserts
             * @property {Array.<orch.v1.ObjectReference.$Properties>|null} [removals] Assignments removals
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Assignments.
             * @memberof orch.v1
             * @interface IAssignments
             * @augments orch.v1.Assignments.$Properties
             * @deprecated Use orch.v1.Assignments.$Properties instead.
             */

            /**
             * Shape of an Assignments.
             * @typedef {orch.v1.Assignments.$Properties} orch.v1.Assignments.$Shape
             */

            /**
             * Constructs a new Assignments.
             * @memberof orch.v1
             * @classdesc Represents an Assignments.
             * @constructor
             * @param {orch.v1.Assignments.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Assignments = function (properties) {
                this.upserts = [];
                this.removals = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Assignments complete.
             * @member {boolean} complete
             * @memberof orch.v1.Assignments
             * @instance
             */
            Assignments.prototype.complete = false;

            /**
             * Assignments appliesTo.
             * @member {number} appliesTo
             * @memberof orch.v1.Assignments
             * @instance
             */
            Assignments.prototype.appliesTo = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Assignments resultsIn.
             * @member {number} resultsIn
             * @memberof orch.v1.Assignments
             * @instance
             */
            Assignments.prototype.resultsIn = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Assignments upserts.
             * @member {Array.<orch.v1.AssignedObject.$Properties>} upserts
             * @memberof orch.v1.Assignments
             * @instance
             */
            Assignments.prototype.upserts = $util.emptyArray;

            /**
             * Assignments removals.
             * @member {Array.<orch.v1.ObjectReference.$Properties>} removals
             * @memberof orch.v1.Assignments
             * @instance
             */
            Assignments.prototype.removals = $util.emptyArray;

            /**
             * Creates a new Assignments instance using the specified properties.
             * @function create
             * @memberof orch.v1.Assignments
             * @static
             * @param {orch.v1.Assignments.$Properties=} [properties] Properties to set
             * @returns {orch.v1.Assignments} Assignments instance
             * @type {{
             *   (properties: orch.v1.Assignments.$Shape): orch.v1.Assignments & orch.v1.Assignments.$Shape;
             *   (properties?: orch.v1.Assignments.$Properties): orch.v1.Assignments;
             * }}
             */
            Assignments.create = function(properties) {
                return new Assignments(properties);
            };

            /**
             * Encodes the specified Assignments message. Does not implicitly {@link orch.v1.Assignments.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.Assignments
             * @static
             * @param {orch.v1.Assignments.$Properties} message Assignments message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Assignments.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.complete != null && $Object.hasOwnProperty.call(message, "complete") && message.complete !== false)
                    writer.uint32(/* id 1, wireType 0 =*/8).bool(message.complete);
                if (message.appliesTo != null && $Object.hasOwnProperty.call(message, "appliesTo") && (typeof message.appliesTo === "object" ? message.appliesTo.low || message.appliesTo.high : message.appliesTo !== 0))
                    writer.uint32(/* id 2, wireType 0 =*/16).uint64(message.appliesTo);
                if (message.resultsIn != null && $Object.hasOwnProperty.call(message, "resultsIn") && (typeof message.resultsIn === "object" ? message.resultsIn.low || message.resultsIn.high : message.resultsIn !== 0))
                    writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.resultsIn);
                if (message.upserts != null && message.upserts.length)
                    for (let i = 0; i < message.upserts.length; ++i)
                        $root.orch.v1.AssignedObject.encode(message.upserts[i], writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.removals != null && message.removals.length)
                    for (let i = 0; i < message.removals.length; ++i)
                        $root.orch.v1.ObjectReference.encode(message.removals[i], writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Assignments message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.Assignments
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.Assignments & orch.v1.Assignments.$Shape} Assignments
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Assignments.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.Assignments();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.complete = value;
                            else
                                delete message.complete;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.appliesTo = value;
                            else
                                delete message.appliesTo;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.resultsIn = value;
                            else
                                delete message.resultsIn;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if (!(message.upserts && message.upserts.length))
                                message.upserts = [];
                            message.upserts.push($root.orch.v1.AssignedObject.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if (!(message.removals && message.removals.length))
                                message.removals = [];
                            message.removals.push($root.orch.v1.ObjectReference.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Assignments;
        })();

        v1.ObjectReference = (function() {

            /**
             * Properties of an ObjectReference.
             * @typedef {Object} orch.v1.ObjectReference.$Properties
             * @property {string|null} [resource] ObjectReference resource
             * @property {string|null} [namespace] ObjectReference namespace
             * @property {string|null} [name] ObjectReference name
             * @property {string|null} [uid] ObjectReference uid
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an ObjectReference.
             * @memberof orch.v1
             * @interface IObjectReference
             * @augments orch.v1.ObjectReference.$Properties
             * @deprecated Use orch.v1.ObjectReference.$Properties instead.
             */

            /**
             * Shape of an ObjectReference.
             * @typedef {orch.v1.ObjectReference.$Properties} orch.v1.ObjectReference.$Shape
             */

            /**
             * Constructs a new ObjectReference.
             * @memberof orch.v1
             * @classdesc Represents an ObjectReference.
             * @constructor
             * @param {orch.v1.ObjectReference.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const ObjectReference = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * ObjectReference resource.
             * @member {string} resource
             * @memberof orch.v1.ObjectReference
             * @instance
             */
            ObjectReference.prototype.resource = "";

            /**
             * ObjectReference namespace.
             * @member {string} namespace
             * @memberof orch.v1.ObjectReference
             * @instance
             */
            ObjectReference.prototype.namespace = "";

            /**
             * ObjectReference name.
             * @member {string} name
             * @memberof orch.v1.ObjectReference
             * @instance
             */
            ObjectReference.prototype.name = "";

            /**
             * ObjectReference uid.
             * @member {string} uid
             * @memberof orch.v1.ObjectReference
             * @instance
             */
            ObjectReference.prototype.uid = "";

            /**
             * Creates a new ObjectReference instance using the specified properties.
             * @function create
             * @memberof orch.v1.ObjectReference
             * @static
             * @param {orch.v1.ObjectReference.$Properties=} [properties] Properties to set
             * @returns {orch.v1.ObjectReference} ObjectReference instance
             * @type {{
             *   (properties: orch.v1.ObjectReference.$Shape): orch.v1.ObjectReference & orch.v1.ObjectReference.$Shape;
             *   (properties?: orch.v1.ObjectReference.$Properties): orch.v1.ObjectReference;
             * }}
             */
            ObjectReference.create = function(properties) {
                return new ObjectReference(properties);
            };

            /**
             * Encodes the specified ObjectReference message. Does not implicitly {@link orch.v1.ObjectReference.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.ObjectReference
             * @static
             * @param {orch.v1.ObjectReference.$Properties} message ObjectReference message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ObjectReference.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.resource != null && $Object.hasOwnProperty.call(message, "resource") && message.resource !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.resource);
                if (message.namespace != null && $Object.hasOwnProperty.call(message, "namespace") && message.namespace !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.namespace);
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.name);
                if (message.uid != null && $Object.hasOwnProperty.call(message, "uid") && message.uid !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.uid);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an ObjectReference message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.ObjectReference
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.ObjectReference & orch.v1.ObjectReference.$Shape} ObjectReference
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ObjectReference.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.ObjectReference();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.resource = value;
                            else
                                delete message.resource;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.namespace = value;
                            else
                                delete message.namespace;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.uid = value;
                            else
                                delete message.uid;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ObjectReference;
        })();

        v1.AssignedObject = (function() {

            /**
             * Properties of an AssignedObject.
             * @typedef {Object} orch.v1.AssignedObject.$Properties
             * @property {orch.v1.ObjectReference.$Properties|null} [reference] AssignedObject reference
             * @property {string|null} [resourceVersion] AssignedObject resourceVersion
             * @property {Uint8Array|null} [object] AssignedObject object
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an AssignedObject.
             * @memberof orch.v1
             * @interface IAssignedObject
             * @augments orch.v1.AssignedObject.$Properties
             * @deprecated Use orch.v1.AssignedObject.$Properties instead.
             */

            /**
             * Shape of an AssignedObject.
             * @typedef {orch.v1.AssignedObject.$Properties} orch.v1.AssignedObject.$Shape
             */

            /**
             * Constructs a new AssignedObject.
             * @memberof orch.v1
             * @classdesc Represents an AssignedObject.
             * @constructor
             * @param {orch.v1.AssignedObject.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const AssignedObject = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * AssignedObject reference.
             * @member {orch.v1.ObjectReference.$Properties|null|undefined} reference
             * @memberof orch.v1.AssignedObject
             * @instance
             */
            AssignedObject.prototype.reference = null;

            /**
             * AssignedObject resourceVersion.
             * @member {string} resourceVersion
             * @memberof orch.v1.AssignedObject
             * @instance
             */
            AssignedObject.prototype.resourceVersion = "";

            /**
             * AssignedObject object.
             * @member {Uint8Array} object
             * @memberof orch.v1.AssignedObject
             * @instance
             */
            AssignedObject.prototype.object = $util.newBuffer([]);

            /**
             * Creates a new AssignedObject instance using the specified properties.
             * @function create
             * @memberof orch.v1.AssignedObject
             * @static
             * @param {orch.v1.AssignedObject.$Properties=} [properties] Properties to set
             * @returns {orch.v1.AssignedObject} AssignedObject instance
             * @type {{
             *   (properties: orch.v1.AssignedObject.$Shape): orch.v1.AssignedObject & orch.v1.AssignedObject.$Shape;
             *   (properties?: orch.v1.AssignedObject.$Properties): orch.v1.AssignedObject;
             * }}
             */
            AssignedObject.create = function(properties) {
                return new AssignedObject(properties);
            };

            /**
             * Encodes the specified AssignedObject message. Does not implicitly {@link orch.v1.AssignedObject.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.AssignedObject
             * @static
             * @param {orch.v1.AssignedObject.$Properties} message AssignedObject message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            AssignedObject.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.reference != null && $Object.hasOwnProperty.call(message, "reference"))
                    $root.orch.v1.ObjectReference.encode(message.reference, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.resourceVersion != null && $Object.hasOwnProperty.call(message, "resourceVersion") && message.resourceVersion !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.resourceVersion);
                if (message.object != null && $Object.hasOwnProperty.call(message, "object") && message.object.length)
                    writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.object);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an AssignedObject message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.AssignedObject
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.AssignedObject & orch.v1.AssignedObject.$Shape} AssignedObject
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            AssignedObject.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.AssignedObject();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.reference = $root.orch.v1.ObjectReference.decode(reader, reader.size(), $undefined, _depth + 1, message.reference);
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.resourceVersion = value;
                            else
                                delete message.resourceVersion;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.object = value;
                            else
                                delete message.object;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return AssignedObject;
        })();

        v1.AssignmentsGap = (function() {

            /**
             * Properties of an AssignmentsGap.
             * @typedef {Object} orch.v1.AssignmentsGap.$Properties
             * @property {number|null} [lastApplied] AssignmentsGap lastApplied
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an AssignmentsGap.
             * @memberof orch.v1
             * @interface IAssignmentsGap
             * @augments orch.v1.AssignmentsGap.$Properties
             * @deprecated Use orch.v1.AssignmentsGap.$Properties instead.
             */

            /**
             * Shape of an AssignmentsGap.
             * @typedef {orch.v1.AssignmentsGap.$Properties} orch.v1.AssignmentsGap.$Shape
             */

            /**
             * Constructs a new AssignmentsGap.
             * @memberof orch.v1
             * @classdesc Represents an AssignmentsGap.
             * @constructor
             * @param {orch.v1.AssignmentsGap.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const AssignmentsGap = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * AssignmentsGap lastApplied.
             * @member {number} lastApplied
             * @memberof orch.v1.AssignmentsGap
             * @instance
             */
            AssignmentsGap.prototype.lastApplied = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Creates a new AssignmentsGap instance using the specified properties.
             * @function create
             * @memberof orch.v1.AssignmentsGap
             * @static
             * @param {orch.v1.AssignmentsGap.$Properties=} [properties] Properties to set
             * @returns {orch.v1.AssignmentsGap} AssignmentsGap instance
             * @type {{
             *   (properties: orch.v1.AssignmentsGap.$Shape): orch.v1.AssignmentsGap & orch.v1.AssignmentsGap.$Shape;
             *   (properties?: orch.v1.AssignmentsGap.$Properties): orch.v1.AssignmentsGap;
             * }}
             */
            AssignmentsGap.create = function(properties) {
                return new AssignmentsGap(properties);
            };

            /**
             * Encodes the specified AssignmentsGap message. Does not implicitly {@link orch.v1.AssignmentsGap.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.AssignmentsGap
             * @static
             * @param {orch.v1.AssignmentsGap.$Properties} message AssignmentsGap message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            AssignmentsGap.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.lastApplied != null && $Object.hasOwnProperty.call(message, "lastApplied") && (typeof message.lastApplied === "object" ? message.lastApplied.low || message.lastApplied.high : message.lastApplied !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.lastApplied);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an AssignmentsGap message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.AssignmentsGap
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.AssignmentsGap & orch.v1.AssignmentsGap.$Shape} AssignmentsGap
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            AssignmentsGap.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.AssignmentsGap();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.lastApplied = value;
                            else
                                delete message.lastApplied;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return AssignmentsGap;
        })();

        v1.StatusBatch = (function() {

            /**
             * Properties of a StatusBatch.
             * @typedef {Object} orch.v1.StatusBatch.$Properties
             * @property {number|null} [sequence] StatusBatch sequence
             * @property {Array.<orch.v1.PodStatusUpdate.$Properties>|null} [pods] StatusBatch pods
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a StatusBatch.
             * @memberof orch.v1
             * @interface IStatusBatch
             * @augments orch.v1.StatusBatch.$Properties
             * @deprecated Use orch.v1.StatusBatch.$Properties instead.
             */

            /**
             * Shape of a StatusBatch.
             * @typedef {orch.v1.StatusBatch.$Properties} orch.v1.StatusBatch.$Shape
             */

            /**
             * Constructs a new StatusBatch.
             * @memberof orch.v1
             * @classdesc Represents a StatusBatch.
             * @constructor
             * @param {orch.v1.StatusBatch.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const StatusBatch = function (properties) {
                this.pods = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * StatusBatch sequence.
             * @member {number} sequence
             * @memberof orch.v1.StatusBatch
             * @instance
             */
            StatusBatch.prototype.sequence = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * StatusBatch pods.
             * @member {Array.<orch.v1.PodStatusUpdate.$Properties>} pods
             * @memberof orch.v1.StatusBatch
             * @instance
             */
            StatusBatch.prototype.pods = $util.emptyArray;

            /**
             * Creates a new StatusBatch instance using the specified properties.
             * @function create
             * @memberof orch.v1.StatusBatch
             * @static
             * @param {orch.v1.StatusBatch.$Properties=} [properties] Properties to set
             * @returns {orch.v1.StatusBatch} StatusBatch instance
             * @type {{
             *   (properties: orch.v1.StatusBatch.$Shape): orch.v1.StatusBatch & orch.v1.StatusBatch.$Shape;
             *   (properties?: orch.v1.StatusBatch.$Properties): orch.v1.StatusBatch;
             * }}
             */
            StatusBatch.create = function(properties) {
                return new StatusBatch(properties);
            };

            /**
             * Encodes the specified StatusBatch message. Does not implicitly {@link orch.v1.StatusBatch.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.StatusBatch
             * @static
             * @param {orch.v1.StatusBatch.$Properties} message StatusBatch message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            StatusBatch.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.sequence != null && $Object.hasOwnProperty.call(message, "sequence") && (typeof message.sequence === "object" ? message.sequence.low || message.sequence.high : message.sequence !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.sequence);
                if (message.pods != null && message.pods.length)
                    for (let i = 0; i < message.pods.length; ++i)
                        $root.orch.v1.PodStatusUpdate.encode(message.pods[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a StatusBatch message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.StatusBatch
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.StatusBatch & orch.v1.StatusBatch.$Shape} StatusBatch
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            StatusBatch.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.StatusBatch();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.sequence = value;
                            else
                                delete message.sequence;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.pods && message.pods.length))
                                message.pods = [];
                            message.pods.push($root.orch.v1.PodStatusUpdate.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return StatusBatch;
        })();

        v1.PodStatusUpdate = (function() {

            /**
             * Properties of a PodStatusUpdate.
             * @typedef {Object} orch.v1.PodStatusUpdate.$Properties
             * @property {string|null} [namespace] PodStatusUpdate namespace
             * @property {string|null} [name] PodStatusUpdate name
             * @property {string|null} [uid] PodStatusUpdate uid
             * @property {Uint8Array|null} [status] PodStatusUpdate status
             * @property {boolean|null} [finished] PodStatusUpdate finished
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a PodStatusUpdate.
             * @memberof orch.v1
             * @interface IPodStatusUpdate
             * @augments orch.v1.PodStatusUpdate.$Properties
             * @deprecated Use orch.v1.PodStatusUpdate.$Properties instead.
             */

            /**
             * Shape of a PodStatusUpdate.
             * @typedef {orch.v1.PodStatusUpdate.$Properties} orch.v1.PodStatusUpdate.$Shape
             */

            /**
             * Constructs a new PodStatusUpdate.
             * @memberof orch.v1
             * @classdesc Represents a PodStatusUpdate.
             * @constructor
             * @param {orch.v1.PodStatusUpdate.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const PodStatusUpdate = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * PodStatusUpdate namespace.
             * @member {string} namespace
             * @memberof orch.v1.PodStatusUpdate
             * @instance
             */
            PodStatusUpdate.prototype.namespace = "";

            /**
             * PodStatusUpdate name.
             * @member {string} name
             * @memberof orch.v1.PodStatusUpdate
             * @instance
             */
            PodStatusUpdate.prototype.name = "";

            /**
             * PodStatusUpdate uid.
             * @member {string} uid
             * @memberof orch.v1.PodStatusUpdate
             * @instance
             */
            PodStatusUpdate.prototype.uid = "";

            /**
             * PodStatusUpdate status.
             * @member {Uint8Array} status
             * @memberof orch.v1.PodStatusUpdate
             * @instance
             */
            PodStatusUpdate.prototype.status = $util.newBuffer([]);

            /**
             * PodStatusUpdate finished.
             * @member {boolean} finished
             * @memberof orch.v1.PodStatusUpdate
             * @instance
             */
            PodStatusUpdate.prototype.finished = false;

            /**
             * Creates a new PodStatusUpdate instance using the specified properties.
             * @function create
             * @memberof orch.v1.PodStatusUpdate
             * @static
             * @param {orch.v1.PodStatusUpdate.$Properties=} [properties] Properties to set
             * @returns {orch.v1.PodStatusUpdate} PodStatusUpdate instance
             * @type {{
             *   (properties: orch.v1.PodStatusUpdate.$Shape): orch.v1.PodStatusUpdate & orch.v1.PodStatusUpdate.$Shape;
             *   (properties?: orch.v1.PodStatusUpdate.$Properties): orch.v1.PodStatusUpdate;
             * }}
             */
            PodStatusUpdate.create = function(properties) {
                return new PodStatusUpdate(properties);
            };

            /**
             * Encodes the specified PodStatusUpdate message. Does not implicitly {@link orch.v1.PodStatusUpdate.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.PodStatusUpdate
             * @static
             * @param {orch.v1.PodStatusUpdate.$Properties} message PodStatusUpdate message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            PodStatusUpdate.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.namespace != null && $Object.hasOwnProperty.call(message, "namespace") && message.namespace !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.namespace);
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.name);
                if (message.uid != null && $Object.hasOwnProperty.call(message, "uid") && message.uid !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.uid);
                if (message.status != null && $Object.hasOwnProperty.call(message, "status") && message.status.length)
                    writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.status);
                if (message.finished != null && $Object.hasOwnProperty.call(message, "finished") && message.finished !== false)
                    writer.uint32(/* id 5, wireType 0 =*/40).bool(message.finished);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a PodStatusUpdate message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.PodStatusUpdate
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.PodStatusUpdate & orch.v1.PodStatusUpdate.$Shape} PodStatusUpdate
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            PodStatusUpdate.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.PodStatusUpdate();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.namespace = value;
                            else
                                delete message.namespace;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.uid = value;
                            else
                                delete message.uid;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.status = value;
                            else
                                delete message.status;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.finished = value;
                            else
                                delete message.finished;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return PodStatusUpdate;
        })();

        v1.StatusAck = (function() {

            /**
             * Properties of a StatusAck.
             * @typedef {Object} orch.v1.StatusAck.$Properties
             * @property {number|null} [sequence] StatusAck sequence
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a StatusAck.
             * @memberof orch.v1
             * @interface IStatusAck
             * @augments orch.v1.StatusAck.$Properties
             * @deprecated Use orch.v1.StatusAck.$Properties instead.
             */

            /**
             * Shape of a StatusAck.
             * @typedef {orch.v1.StatusAck.$Properties} orch.v1.StatusAck.$Shape
             */

            /**
             * Constructs a new StatusAck.
             * @memberof orch.v1
             * @classdesc Represents a StatusAck.
             * @constructor
             * @param {orch.v1.StatusAck.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const StatusAck = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * StatusAck sequence.
             * @member {number} sequence
             * @memberof orch.v1.StatusAck
             * @instance
             */
            StatusAck.prototype.sequence = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Creates a new StatusAck instance using the specified properties.
             * @function create
             * @memberof orch.v1.StatusAck
             * @static
             * @param {orch.v1.StatusAck.$Properties=} [properties] Properties to set
             * @returns {orch.v1.StatusAck} StatusAck instance
             * @type {{
             *   (properties: orch.v1.StatusAck.$Shape): orch.v1.StatusAck & orch.v1.StatusAck.$Shape;
             *   (properties?: orch.v1.StatusAck.$Properties): orch.v1.StatusAck;
             * }}
             */
            StatusAck.create = function(properties) {
                return new StatusAck(properties);
            };

            /**
             * Encodes the specified StatusAck message. Does not implicitly {@link orch.v1.StatusAck.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.StatusAck
             * @static
             * @param {orch.v1.StatusAck.$Properties} message StatusAck message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            StatusAck.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.sequence != null && $Object.hasOwnProperty.call(message, "sequence") && (typeof message.sequence === "object" ? message.sequence.low || message.sequence.high : message.sequence !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.sequence);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a StatusAck message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.StatusAck
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.StatusAck & orch.v1.StatusAck.$Shape} StatusAck
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            StatusAck.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.StatusAck();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.sequence = value;
                            else
                                delete message.sequence;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return StatusAck;
        })();

        v1.NodeStatus = (function() {

            /**
             * Properties of a NodeStatus.
             * @typedef {Object} orch.v1.NodeStatus.$Properties
             * @property {Uint8Array|null} [status] NodeStatus status
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a NodeStatus.
             * @memberof orch.v1
             * @interface INodeStatus
             * @augments orch.v1.NodeStatus.$Properties
             * @deprecated Use orch.v1.NodeStatus.$Properties instead.
             */

            /**
             * Shape of a NodeStatus.
             * @typedef {orch.v1.NodeStatus.$Properties} orch.v1.NodeStatus.$Shape
             */

            /**
             * Constructs a new NodeStatus.
             * @memberof orch.v1
             * @classdesc Represents a NodeStatus.
             * @constructor
             * @param {orch.v1.NodeStatus.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const NodeStatus = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * NodeStatus status.
             * @member {Uint8Array} status
             * @memberof orch.v1.NodeStatus
             * @instance
             */
            NodeStatus.prototype.status = $util.newBuffer([]);

            /**
             * Creates a new NodeStatus instance using the specified properties.
             * @function create
             * @memberof orch.v1.NodeStatus
             * @static
             * @param {orch.v1.NodeStatus.$Properties=} [properties] Properties to set
             * @returns {orch.v1.NodeStatus} NodeStatus instance
             * @type {{
             *   (properties: orch.v1.NodeStatus.$Shape): orch.v1.NodeStatus & orch.v1.NodeStatus.$Shape;
             *   (properties?: orch.v1.NodeStatus.$Properties): orch.v1.NodeStatus;
             * }}
             */
            NodeStatus.create = function(properties) {
                return new NodeStatus(properties);
            };

            /**
             * Encodes the specified NodeStatus message. Does not implicitly {@link orch.v1.NodeStatus.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.NodeStatus
             * @static
             * @param {orch.v1.NodeStatus.$Properties} message NodeStatus message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            NodeStatus.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.status != null && $Object.hasOwnProperty.call(message, "status") && message.status.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.status);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a NodeStatus message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.NodeStatus
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.NodeStatus & orch.v1.NodeStatus.$Shape} NodeStatus
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            NodeStatus.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.NodeStatus();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.status = value;
                            else
                                delete message.status;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return NodeStatus;
        })();

        v1.EventBatch = (function() {

            /**
             * Properties of an EventBatch.
             * @typedef {Object} orch.v1.EventBatch.$Properties
             * @property {Array.<Uint8Array>|null} [events] EventBatch events
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an EventBatch.
             * @memberof orch.v1
             * @interface IEventBatch
             * @augments orch.v1.EventBatch.$Properties
             * @deprecated Use orch.v1.EventBatch.$Properties instead.
             */

            /**
             * Shape of an EventBatch.
             * @typedef {orch.v1.EventBatch.$Properties} orch.v1.EventBatch.$Shape
             */

            /**
             * Constructs a new EventBatch.
             * @memberof orch.v1
             * @classdesc Represents an EventBatch.
             * @constructor
             * @param {orch.v1.EventBatch.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const EventBatch = function (properties) {
                this.events = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * EventBatch events.
             * @member {Array.<Uint8Array>} events
             * @memberof orch.v1.EventBatch
             * @instance
             */
            EventBatch.prototype.events = $util.emptyArray;

            /**
             * Creates a new EventBatch instance using the specified properties.
             * @function create
             * @memberof orch.v1.EventBatch
             * @static
             * @param {orch.v1.EventBatch.$Properties=} [properties] Properties to set
             * @returns {orch.v1.EventBatch} EventBatch instance
             * @type {{
             *   (properties: orch.v1.EventBatch.$Shape): orch.v1.EventBatch & orch.v1.EventBatch.$Shape;
             *   (properties?: orch.v1.EventBatch.$Properties): orch.v1.EventBatch;
             * }}
             */
            EventBatch.create = function(properties) {
                return new EventBatch(properties);
            };

            /**
             * Encodes the specified EventBatch message. Does not implicitly {@link orch.v1.EventBatch.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.EventBatch
             * @static
             * @param {orch.v1.EventBatch.$Properties} message EventBatch message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            EventBatch.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.events != null && message.events.length)
                    for (let i = 0; i < message.events.length; ++i)
                        writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.events[i]);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an EventBatch message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.EventBatch
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.EventBatch & orch.v1.EventBatch.$Shape} EventBatch
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            EventBatch.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.EventBatch();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.events && message.events.length))
                                message.events = [];
                            message.events.push(reader.bytes());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return EventBatch;
        })();

        v1.OpenStream = (function() {

            /**
             * Properties of an OpenStream.
             * @typedef {Object} orch.v1.OpenStream.$Properties
             * @property {string|null} [id] OpenStream id
             * @property {number|null} [deadlineMs] OpenStream deadlineMs
             * @property {orch.v1.StreamOpen.$Properties|null} [target] OpenStream target
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an OpenStream.
             * @memberof orch.v1
             * @interface IOpenStream
             * @augments orch.v1.OpenStream.$Properties
             * @deprecated Use orch.v1.OpenStream.$Properties instead.
             */

            /**
             * Shape of an OpenStream.
             * @typedef {orch.v1.OpenStream.$Properties} orch.v1.OpenStream.$Shape
             */

            /**
             * Constructs a new OpenStream.
             * @memberof orch.v1
             * @classdesc Represents an OpenStream.
             * @constructor
             * @param {orch.v1.OpenStream.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const OpenStream = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * OpenStream id.
             * @member {string} id
             * @memberof orch.v1.OpenStream
             * @instance
             */
            OpenStream.prototype.id = "";

            /**
             * OpenStream deadlineMs.
             * @member {number} deadlineMs
             * @memberof orch.v1.OpenStream
             * @instance
             */
            OpenStream.prototype.deadlineMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * OpenStream target.
             * @member {orch.v1.StreamOpen.$Properties|null|undefined} target
             * @memberof orch.v1.OpenStream
             * @instance
             */
            OpenStream.prototype.target = null;

            /**
             * Creates a new OpenStream instance using the specified properties.
             * @function create
             * @memberof orch.v1.OpenStream
             * @static
             * @param {orch.v1.OpenStream.$Properties=} [properties] Properties to set
             * @returns {orch.v1.OpenStream} OpenStream instance
             * @type {{
             *   (properties: orch.v1.OpenStream.$Shape): orch.v1.OpenStream & orch.v1.OpenStream.$Shape;
             *   (properties?: orch.v1.OpenStream.$Properties): orch.v1.OpenStream;
             * }}
             */
            OpenStream.create = function(properties) {
                return new OpenStream(properties);
            };

            /**
             * Encodes the specified OpenStream message. Does not implicitly {@link orch.v1.OpenStream.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.OpenStream
             * @static
             * @param {orch.v1.OpenStream.$Properties} message OpenStream message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            OpenStream.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.id);
                if (message.deadlineMs != null && $Object.hasOwnProperty.call(message, "deadlineMs") && (typeof message.deadlineMs === "object" ? message.deadlineMs.low || message.deadlineMs.high : message.deadlineMs !== 0))
                    writer.uint32(/* id 2, wireType 0 =*/16).int64(message.deadlineMs);
                if (message.target != null && $Object.hasOwnProperty.call(message, "target"))
                    $root.orch.v1.StreamOpen.encode(message.target, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an OpenStream message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.OpenStream
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.OpenStream & orch.v1.OpenStream.$Shape} OpenStream
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            OpenStream.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.OpenStream();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.deadlineMs = value;
                            else
                                delete message.deadlineMs;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.target = $root.orch.v1.StreamOpen.decode(reader, reader.size(), $undefined, _depth + 1, message.target);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return OpenStream;
        })();

        v1.Operation = (function() {

            /**
             * Properties of an Operation.
             * @typedef {Object} orch.v1.Operation.$Properties
             * @property {string|null} [id] Operation id
             * @property {string|null} [kind] Operation kind
             * @property {Uint8Array|null} [payload] Operation payload
             * @property {number|null} [deadlineMs] Operation deadlineMs
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Operation.
             * @memberof orch.v1
             * @interface IOperation
             * @augments orch.v1.Operation.$Properties
             * @deprecated Use orch.v1.Operation.$Properties instead.
             */

            /**
             * Shape of an Operation.
             * @typedef {orch.v1.Operation.$Properties} orch.v1.Operation.$Shape
             */

            /**
             * Constructs a new Operation.
             * @memberof orch.v1
             * @classdesc Represents an Operation.
             * @constructor
             * @param {orch.v1.Operation.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Operation = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Operation id.
             * @member {string} id
             * @memberof orch.v1.Operation
             * @instance
             */
            Operation.prototype.id = "";

            /**
             * Operation kind.
             * @member {string} kind
             * @memberof orch.v1.Operation
             * @instance
             */
            Operation.prototype.kind = "";

            /**
             * Operation payload.
             * @member {Uint8Array} payload
             * @memberof orch.v1.Operation
             * @instance
             */
            Operation.prototype.payload = $util.newBuffer([]);

            /**
             * Operation deadlineMs.
             * @member {number} deadlineMs
             * @memberof orch.v1.Operation
             * @instance
             */
            Operation.prototype.deadlineMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Creates a new Operation instance using the specified properties.
             * @function create
             * @memberof orch.v1.Operation
             * @static
             * @param {orch.v1.Operation.$Properties=} [properties] Properties to set
             * @returns {orch.v1.Operation} Operation instance
             * @type {{
             *   (properties: orch.v1.Operation.$Shape): orch.v1.Operation & orch.v1.Operation.$Shape;
             *   (properties?: orch.v1.Operation.$Properties): orch.v1.Operation;
             * }}
             */
            Operation.create = function(properties) {
                return new Operation(properties);
            };

            /**
             * Encodes the specified Operation message. Does not implicitly {@link orch.v1.Operation.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.Operation
             * @static
             * @param {orch.v1.Operation.$Properties} message Operation message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Operation.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.id);
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.kind);
                if (message.payload != null && $Object.hasOwnProperty.call(message, "payload") && message.payload.length)
                    writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.payload);
                if (message.deadlineMs != null && $Object.hasOwnProperty.call(message, "deadlineMs") && (typeof message.deadlineMs === "object" ? message.deadlineMs.low || message.deadlineMs.high : message.deadlineMs !== 0))
                    writer.uint32(/* id 4, wireType 0 =*/32).int64(message.deadlineMs);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Operation message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.Operation
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.Operation & orch.v1.Operation.$Shape} Operation
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Operation.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.Operation();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.kind = value;
                            else
                                delete message.kind;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.payload = value;
                            else
                                delete message.payload;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.deadlineMs = value;
                            else
                                delete message.deadlineMs;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Operation;
        })();

        v1.OperationResult = (function() {

            /**
             * Properties of an OperationResult.
             * @typedef {Object} orch.v1.OperationResult.$Properties
             * @property {string|null} [id] OperationResult id
             * @property {Uint8Array|null} [problem] OperationResult problem
             * @property {Uint8Array|null} [payload] OperationResult payload
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an OperationResult.
             * @memberof orch.v1
             * @interface IOperationResult
             * @augments orch.v1.OperationResult.$Properties
             * @deprecated Use orch.v1.OperationResult.$Properties instead.
             */

            /**
             * Shape of an OperationResult.
             * @typedef {orch.v1.OperationResult.$Properties} orch.v1.OperationResult.$Shape
             */

            /**
             * Constructs a new OperationResult.
             * @memberof orch.v1
             * @classdesc Represents an OperationResult.
             * @constructor
             * @param {orch.v1.OperationResult.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const OperationResult = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * OperationResult id.
             * @member {string} id
             * @memberof orch.v1.OperationResult
             * @instance
             */
            OperationResult.prototype.id = "";

            /**
             * OperationResult problem.
             * @member {Uint8Array} problem
             * @memberof orch.v1.OperationResult
             * @instance
             */
            OperationResult.prototype.problem = $util.newBuffer([]);

            /**
             * OperationResult payload.
             * @member {Uint8Array} payload
             * @memberof orch.v1.OperationResult
             * @instance
             */
            OperationResult.prototype.payload = $util.newBuffer([]);

            /**
             * Creates a new OperationResult instance using the specified properties.
             * @function create
             * @memberof orch.v1.OperationResult
             * @static
             * @param {orch.v1.OperationResult.$Properties=} [properties] Properties to set
             * @returns {orch.v1.OperationResult} OperationResult instance
             * @type {{
             *   (properties: orch.v1.OperationResult.$Shape): orch.v1.OperationResult & orch.v1.OperationResult.$Shape;
             *   (properties?: orch.v1.OperationResult.$Properties): orch.v1.OperationResult;
             * }}
             */
            OperationResult.create = function(properties) {
                return new OperationResult(properties);
            };

            /**
             * Encodes the specified OperationResult message. Does not implicitly {@link orch.v1.OperationResult.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.OperationResult
             * @static
             * @param {orch.v1.OperationResult.$Properties} message OperationResult message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            OperationResult.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.id);
                if (message.problem != null && $Object.hasOwnProperty.call(message, "problem") && message.problem.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.problem);
                if (message.payload != null && $Object.hasOwnProperty.call(message, "payload") && message.payload.length)
                    writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.payload);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an OperationResult message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.OperationResult
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.OperationResult & orch.v1.OperationResult.$Shape} OperationResult
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            OperationResult.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.OperationResult();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.problem = value;
                            else
                                delete message.problem;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.payload = value;
                            else
                                delete message.payload;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return OperationResult;
        })();

        v1.RenewNow = (function() {

            /**
             * Properties of a RenewNow.
             * @typedef {Object} orch.v1.RenewNow.$Properties
             * @property {string|null} [reason] RenewNow reason
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a RenewNow.
             * @memberof orch.v1
             * @interface IRenewNow
             * @augments orch.v1.RenewNow.$Properties
             * @deprecated Use orch.v1.RenewNow.$Properties instead.
             */

            /**
             * Shape of a RenewNow.
             * @typedef {orch.v1.RenewNow.$Properties} orch.v1.RenewNow.$Shape
             */

            /**
             * Constructs a new RenewNow.
             * @memberof orch.v1
             * @classdesc Represents a RenewNow.
             * @constructor
             * @param {orch.v1.RenewNow.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const RenewNow = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * RenewNow reason.
             * @member {string} reason
             * @memberof orch.v1.RenewNow
             * @instance
             */
            RenewNow.prototype.reason = "";

            /**
             * Creates a new RenewNow instance using the specified properties.
             * @function create
             * @memberof orch.v1.RenewNow
             * @static
             * @param {orch.v1.RenewNow.$Properties=} [properties] Properties to set
             * @returns {orch.v1.RenewNow} RenewNow instance
             * @type {{
             *   (properties: orch.v1.RenewNow.$Shape): orch.v1.RenewNow & orch.v1.RenewNow.$Shape;
             *   (properties?: orch.v1.RenewNow.$Properties): orch.v1.RenewNow;
             * }}
             */
            RenewNow.create = function(properties) {
                return new RenewNow(properties);
            };

            /**
             * Encodes the specified RenewNow message. Does not implicitly {@link orch.v1.RenewNow.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.RenewNow
             * @static
             * @param {orch.v1.RenewNow.$Properties} message RenewNow message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            RenewNow.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.reason != null && $Object.hasOwnProperty.call(message, "reason") && message.reason !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.reason);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a RenewNow message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.RenewNow
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.RenewNow & orch.v1.RenewNow.$Shape} RenewNow
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            RenewNow.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.RenewNow();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.reason = value;
                            else
                                delete message.reason;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return RenewNow;
        })();

        v1.Goodbye = (function() {

            /**
             * Properties of a Goodbye.
             * @typedef {Object} orch.v1.Goodbye.$Properties
             * @property {string|null} [reason] Goodbye reason
             * @property {number|null} [reconnectAfterMs] Goodbye reconnectAfterMs
             * @property {boolean|null} [nodeDeleted] Goodbye nodeDeleted
             * @property {boolean|null} [identityRefused] Goodbye identityRefused
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Goodbye.
             * @memberof orch.v1
             * @interface IGoodbye
             * @augments orch.v1.Goodbye.$Properties
             * @deprecated Use orch.v1.Goodbye.$Properties instead.
             */

            /**
             * Shape of a Goodbye.
             * @typedef {orch.v1.Goodbye.$Properties} orch.v1.Goodbye.$Shape
             */

            /**
             * Constructs a new Goodbye.
             * @memberof orch.v1
             * @classdesc Represents a Goodbye.
             * @constructor
             * @param {orch.v1.Goodbye.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Goodbye = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Goodbye reason.
             * @member {string} reason
             * @memberof orch.v1.Goodbye
             * @instance
             */
            Goodbye.prototype.reason = "";

            /**
             * Goodbye reconnectAfterMs.
             * @member {number} reconnectAfterMs
             * @memberof orch.v1.Goodbye
             * @instance
             */
            Goodbye.prototype.reconnectAfterMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Goodbye nodeDeleted.
             * @member {boolean} nodeDeleted
             * @memberof orch.v1.Goodbye
             * @instance
             */
            Goodbye.prototype.nodeDeleted = false;

            /**
             * Goodbye identityRefused.
             * @member {boolean} identityRefused
             * @memberof orch.v1.Goodbye
             * @instance
             */
            Goodbye.prototype.identityRefused = false;

            /**
             * Creates a new Goodbye instance using the specified properties.
             * @function create
             * @memberof orch.v1.Goodbye
             * @static
             * @param {orch.v1.Goodbye.$Properties=} [properties] Properties to set
             * @returns {orch.v1.Goodbye} Goodbye instance
             * @type {{
             *   (properties: orch.v1.Goodbye.$Shape): orch.v1.Goodbye & orch.v1.Goodbye.$Shape;
             *   (properties?: orch.v1.Goodbye.$Properties): orch.v1.Goodbye;
             * }}
             */
            Goodbye.create = function(properties) {
                return new Goodbye(properties);
            };

            /**
             * Encodes the specified Goodbye message. Does not implicitly {@link orch.v1.Goodbye.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.Goodbye
             * @static
             * @param {orch.v1.Goodbye.$Properties} message Goodbye message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Goodbye.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.reason != null && $Object.hasOwnProperty.call(message, "reason") && message.reason !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.reason);
                if (message.reconnectAfterMs != null && $Object.hasOwnProperty.call(message, "reconnectAfterMs") && (typeof message.reconnectAfterMs === "object" ? message.reconnectAfterMs.low || message.reconnectAfterMs.high : message.reconnectAfterMs !== 0))
                    writer.uint32(/* id 2, wireType 0 =*/16).int64(message.reconnectAfterMs);
                if (message.nodeDeleted != null && $Object.hasOwnProperty.call(message, "nodeDeleted") && message.nodeDeleted !== false)
                    writer.uint32(/* id 3, wireType 0 =*/24).bool(message.nodeDeleted);
                if (message.identityRefused != null && $Object.hasOwnProperty.call(message, "identityRefused") && message.identityRefused !== false)
                    writer.uint32(/* id 4, wireType 0 =*/32).bool(message.identityRefused);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Goodbye message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.Goodbye
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.Goodbye & orch.v1.Goodbye.$Shape} Goodbye
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Goodbye.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.Goodbye();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.reason = value;
                            else
                                delete message.reason;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.reconnectAfterMs = value;
                            else
                                delete message.reconnectAfterMs;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.nodeDeleted = value;
                            else
                                delete message.nodeDeleted;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.identityRefused = value;
                            else
                                delete message.identityRefused;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Goodbye;
        })();

        v1.ImageReport = (function() {

            /**
             * Properties of an ImageReport.
             * @typedef {Object} orch.v1.ImageReport.$Properties
             * @property {boolean|null} [complete] ImageReport complete
             * @property {string|null} [peerAddress] ImageReport peerAddress
             * @property {Array.<string>|null} [added] ImageReport added
             * @property {Array.<string>|null} [removed] ImageReport removed
             * @property {Array.<string>|null} [givenUp] ImageReport givenUp
             * @property {Array.<orch.v1.ImageName.$Properties>|null} [names] ImageReport names
             * @property {Array.<string>|null} [removedNames] ImageReport removedNames
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an ImageReport.
             * @memberof orch.v1
             * @interface IImageReport
             * @augments orch.v1.ImageReport.$Properties
             * @deprecated Use orch.v1.ImageReport.$Properties instead.
             */

            /**
             * Shape of an ImageReport.
             * @typedef {orch.v1.ImageReport.$Properties} orch.v1.ImageReport.$Shape
             */

            /**
             * Constructs a new ImageReport.
             * @memberof orch.v1
             * @classdesc Represents an ImageReport.
             * @constructor
             * @param {orch.v1.ImageReport.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const ImageReport = function (properties) {
                this.added = [];
                this.removed = [];
                this.givenUp = [];
                this.names = [];
                this.removedNames = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * ImageReport complete.
             * @member {boolean} complete
             * @memberof orch.v1.ImageReport
             * @instance
             */
            ImageReport.prototype.complete = false;

            /**
             * ImageReport peerAddress.
             * @member {string} peerAddress
             * @memberof orch.v1.ImageReport
             * @instance
             */
            ImageReport.prototype.peerAddress = "";

            /**
             * ImageReport added.
             * @member {Array.<string>} added
             * @memberof orch.v1.ImageReport
             * @instance
             */
            ImageReport.prototype.added = $util.emptyArray;

            /**
             * ImageReport removed.
             * @member {Array.<string>} removed
             * @memberof orch.v1.ImageReport
             * @instance
             */
            ImageReport.prototype.removed = $util.emptyArray;

            /**
             * ImageReport givenUp.
             * @member {Array.<string>} givenUp
             * @memberof orch.v1.ImageReport
             * @instance
             */
            ImageReport.prototype.givenUp = $util.emptyArray;

            /**
             * ImageReport names.
             * @member {Array.<orch.v1.ImageName.$Properties>} names
             * @memberof orch.v1.ImageReport
             * @instance
             */
            ImageReport.prototype.names = $util.emptyArray;

            /**
             * ImageReport removedNames.
             * @member {Array.<string>} removedNames
             * @memberof orch.v1.ImageReport
             * @instance
             */
            ImageReport.prototype.removedNames = $util.emptyArray;

            /**
             * Creates a new ImageReport instance using the specified properties.
             * @function create
             * @memberof orch.v1.ImageReport
             * @static
             * @param {orch.v1.ImageReport.$Properties=} [properties] Properties to set
             * @returns {orch.v1.ImageReport} ImageReport instance
             * @type {{
             *   (properties: orch.v1.ImageReport.$Shape): orch.v1.ImageReport & orch.v1.ImageReport.$Shape;
             *   (properties?: orch.v1.ImageReport.$Properties): orch.v1.ImageReport;
             * }}
             */
            ImageReport.create = function(properties) {
                return new ImageReport(properties);
            };

            /**
             * Encodes the specified ImageReport message. Does not implicitly {@link orch.v1.ImageReport.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.ImageReport
             * @static
             * @param {orch.v1.ImageReport.$Properties} message ImageReport message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ImageReport.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.complete != null && $Object.hasOwnProperty.call(message, "complete") && message.complete !== false)
                    writer.uint32(/* id 1, wireType 0 =*/8).bool(message.complete);
                if (message.peerAddress != null && $Object.hasOwnProperty.call(message, "peerAddress") && message.peerAddress !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.peerAddress);
                if (message.added != null && message.added.length)
                    for (let i = 0; i < message.added.length; ++i)
                        writer.uint32(/* id 3, wireType 2 =*/26).string(message.added[i]);
                if (message.removed != null && message.removed.length)
                    for (let i = 0; i < message.removed.length; ++i)
                        writer.uint32(/* id 4, wireType 2 =*/34).string(message.removed[i]);
                if (message.givenUp != null && message.givenUp.length)
                    for (let i = 0; i < message.givenUp.length; ++i)
                        writer.uint32(/* id 5, wireType 2 =*/42).string(message.givenUp[i]);
                if (message.names != null && message.names.length)
                    for (let i = 0; i < message.names.length; ++i)
                        $root.orch.v1.ImageName.encode(message.names[i], writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                if (message.removedNames != null && message.removedNames.length)
                    for (let i = 0; i < message.removedNames.length; ++i)
                        writer.uint32(/* id 7, wireType 2 =*/58).string(message.removedNames[i]);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an ImageReport message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.ImageReport
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.ImageReport & orch.v1.ImageReport.$Shape} ImageReport
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ImageReport.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.ImageReport();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.complete = value;
                            else
                                delete message.complete;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.peerAddress = value;
                            else
                                delete message.peerAddress;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if (!(message.added && message.added.length))
                                message.added = [];
                            message.added.push(reader.stringVerify());
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if (!(message.removed && message.removed.length))
                                message.removed = [];
                            message.removed.push(reader.stringVerify());
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if (!(message.givenUp && message.givenUp.length))
                                message.givenUp = [];
                            message.givenUp.push(reader.stringVerify());
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if (!(message.names && message.names.length))
                                message.names = [];
                            message.names.push($root.orch.v1.ImageName.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            if (!(message.removedNames && message.removedNames.length))
                                message.removedNames = [];
                            message.removedNames.push(reader.stringVerify());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ImageReport;
        })();

        v1.ImageName = (function() {

            /**
             * Properties of an ImageName.
             * @typedef {Object} orch.v1.ImageName.$Properties
             * @property {string|null} [name] ImageName name
             * @property {string|null} [digest] ImageName digest
             * @property {boolean|null} [local] ImageName local
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an ImageName.
             * @memberof orch.v1
             * @interface IImageName
             * @augments orch.v1.ImageName.$Properties
             * @deprecated Use orch.v1.ImageName.$Properties instead.
             */

            /**
             * Shape of an ImageName.
             * @typedef {orch.v1.ImageName.$Properties} orch.v1.ImageName.$Shape
             */

            /**
             * Constructs a new ImageName.
             * @memberof orch.v1
             * @classdesc Represents an ImageName.
             * @constructor
             * @param {orch.v1.ImageName.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const ImageName = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * ImageName name.
             * @member {string} name
             * @memberof orch.v1.ImageName
             * @instance
             */
            ImageName.prototype.name = "";

            /**
             * ImageName digest.
             * @member {string} digest
             * @memberof orch.v1.ImageName
             * @instance
             */
            ImageName.prototype.digest = "";

            /**
             * ImageName local.
             * @member {boolean} local
             * @memberof orch.v1.ImageName
             * @instance
             */
            ImageName.prototype.local = false;

            /**
             * Creates a new ImageName instance using the specified properties.
             * @function create
             * @memberof orch.v1.ImageName
             * @static
             * @param {orch.v1.ImageName.$Properties=} [properties] Properties to set
             * @returns {orch.v1.ImageName} ImageName instance
             * @type {{
             *   (properties: orch.v1.ImageName.$Shape): orch.v1.ImageName & orch.v1.ImageName.$Shape;
             *   (properties?: orch.v1.ImageName.$Properties): orch.v1.ImageName;
             * }}
             */
            ImageName.create = function(properties) {
                return new ImageName(properties);
            };

            /**
             * Encodes the specified ImageName message. Does not implicitly {@link orch.v1.ImageName.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.ImageName
             * @static
             * @param {orch.v1.ImageName.$Properties} message ImageName message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ImageName.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.name);
                if (message.digest != null && $Object.hasOwnProperty.call(message, "digest") && message.digest !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.digest);
                if (message.local != null && $Object.hasOwnProperty.call(message, "local") && message.local !== false)
                    writer.uint32(/* id 3, wireType 0 =*/24).bool(message.local);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an ImageName message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.ImageName
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.ImageName & orch.v1.ImageName.$Shape} ImageName
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ImageName.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.ImageName();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.digest = value;
                            else
                                delete message.digest;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.local = value;
                            else
                                delete message.local;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ImageName;
        })();

        v1.PinImageRequest = (function() {

            /**
             * Properties of a PinImageRequest.
             * @typedef {Object} orch.v1.PinImageRequest.$Properties
             * @property {string|null} [namespace] PinImageRequest namespace
             * @property {string|null} [pod] PinImageRequest pod
             * @property {string|null} [uid] PinImageRequest uid
             * @property {string|null} [image] PinImageRequest image
             * @property {string|null} [name] PinImageRequest name
             * @property {string|null} [present] PinImageRequest present
             * @property {string|null} [resolved] PinImageRequest resolved
             * @property {boolean|null} [failed] PinImageRequest failed
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a PinImageRequest.
             * @memberof orch.v1
             * @interface IPinImageRequest
             * @augments orch.v1.PinImageRequest.$Properties
             * @deprecated Use orch.v1.PinImageRequest.$Properties instead.
             */

            /**
             * Shape of a PinImageRequest.
             * @typedef {orch.v1.PinImageRequest.$Properties} orch.v1.PinImageRequest.$Shape
             */

            /**
             * Constructs a new PinImageRequest.
             * @memberof orch.v1
             * @classdesc Represents a PinImageRequest.
             * @constructor
             * @param {orch.v1.PinImageRequest.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const PinImageRequest = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * PinImageRequest namespace.
             * @member {string} namespace
             * @memberof orch.v1.PinImageRequest
             * @instance
             */
            PinImageRequest.prototype.namespace = "";

            /**
             * PinImageRequest pod.
             * @member {string} pod
             * @memberof orch.v1.PinImageRequest
             * @instance
             */
            PinImageRequest.prototype.pod = "";

            /**
             * PinImageRequest uid.
             * @member {string} uid
             * @memberof orch.v1.PinImageRequest
             * @instance
             */
            PinImageRequest.prototype.uid = "";

            /**
             * PinImageRequest image.
             * @member {string} image
             * @memberof orch.v1.PinImageRequest
             * @instance
             */
            PinImageRequest.prototype.image = "";

            /**
             * PinImageRequest name.
             * @member {string} name
             * @memberof orch.v1.PinImageRequest
             * @instance
             */
            PinImageRequest.prototype.name = "";

            /**
             * PinImageRequest present.
             * @member {string} present
             * @memberof orch.v1.PinImageRequest
             * @instance
             */
            PinImageRequest.prototype.present = "";

            /**
             * PinImageRequest resolved.
             * @member {string} resolved
             * @memberof orch.v1.PinImageRequest
             * @instance
             */
            PinImageRequest.prototype.resolved = "";

            /**
             * PinImageRequest failed.
             * @member {boolean} failed
             * @memberof orch.v1.PinImageRequest
             * @instance
             */
            PinImageRequest.prototype.failed = false;

            /**
             * Creates a new PinImageRequest instance using the specified properties.
             * @function create
             * @memberof orch.v1.PinImageRequest
             * @static
             * @param {orch.v1.PinImageRequest.$Properties=} [properties] Properties to set
             * @returns {orch.v1.PinImageRequest} PinImageRequest instance
             * @type {{
             *   (properties: orch.v1.PinImageRequest.$Shape): orch.v1.PinImageRequest & orch.v1.PinImageRequest.$Shape;
             *   (properties?: orch.v1.PinImageRequest.$Properties): orch.v1.PinImageRequest;
             * }}
             */
            PinImageRequest.create = function(properties) {
                return new PinImageRequest(properties);
            };

            /**
             * Encodes the specified PinImageRequest message. Does not implicitly {@link orch.v1.PinImageRequest.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.PinImageRequest
             * @static
             * @param {orch.v1.PinImageRequest.$Properties} message PinImageRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            PinImageRequest.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.namespace != null && $Object.hasOwnProperty.call(message, "namespace") && message.namespace !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.namespace);
                if (message.pod != null && $Object.hasOwnProperty.call(message, "pod") && message.pod !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.pod);
                if (message.uid != null && $Object.hasOwnProperty.call(message, "uid") && message.uid !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.uid);
                if (message.image != null && $Object.hasOwnProperty.call(message, "image") && message.image !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.image);
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 5, wireType 2 =*/42).string(message.name);
                if (message.present != null && $Object.hasOwnProperty.call(message, "present") && message.present !== "")
                    writer.uint32(/* id 6, wireType 2 =*/50).string(message.present);
                if (message.resolved != null && $Object.hasOwnProperty.call(message, "resolved") && message.resolved !== "")
                    writer.uint32(/* id 7, wireType 2 =*/58).string(message.resolved);
                if (message.failed != null && $Object.hasOwnProperty.call(message, "failed") && message.failed !== false)
                    writer.uint32(/* id 8, wireType 0 =*/64).bool(message.failed);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a PinImageRequest message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.PinImageRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.PinImageRequest & orch.v1.PinImageRequest.$Shape} PinImageRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            PinImageRequest.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.PinImageRequest();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.namespace = value;
                            else
                                delete message.namespace;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.pod = value;
                            else
                                delete message.pod;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.uid = value;
                            else
                                delete message.uid;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.image = value;
                            else
                                delete message.image;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.present = value;
                            else
                                delete message.present;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.resolved = value;
                            else
                                delete message.resolved;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.failed = value;
                            else
                                delete message.failed;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return PinImageRequest;
        })();

        v1.PinImageReply = (function() {

            /**
             * Properties of a PinImageReply.
             * @typedef {Object} orch.v1.PinImageReply.$Properties
             * @property {string|null} [digest] PinImageReply digest
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a PinImageReply.
             * @memberof orch.v1
             * @interface IPinImageReply
             * @augments orch.v1.PinImageReply.$Properties
             * @deprecated Use orch.v1.PinImageReply.$Properties instead.
             */

            /**
             * Shape of a PinImageReply.
             * @typedef {orch.v1.PinImageReply.$Properties} orch.v1.PinImageReply.$Shape
             */

            /**
             * Constructs a new PinImageReply.
             * @memberof orch.v1
             * @classdesc Represents a PinImageReply.
             * @constructor
             * @param {orch.v1.PinImageReply.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const PinImageReply = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * PinImageReply digest.
             * @member {string} digest
             * @memberof orch.v1.PinImageReply
             * @instance
             */
            PinImageReply.prototype.digest = "";

            /**
             * Creates a new PinImageReply instance using the specified properties.
             * @function create
             * @memberof orch.v1.PinImageReply
             * @static
             * @param {orch.v1.PinImageReply.$Properties=} [properties] Properties to set
             * @returns {orch.v1.PinImageReply} PinImageReply instance
             * @type {{
             *   (properties: orch.v1.PinImageReply.$Shape): orch.v1.PinImageReply & orch.v1.PinImageReply.$Shape;
             *   (properties?: orch.v1.PinImageReply.$Properties): orch.v1.PinImageReply;
             * }}
             */
            PinImageReply.create = function(properties) {
                return new PinImageReply(properties);
            };

            /**
             * Encodes the specified PinImageReply message. Does not implicitly {@link orch.v1.PinImageReply.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.PinImageReply
             * @static
             * @param {orch.v1.PinImageReply.$Properties} message PinImageReply message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            PinImageReply.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.digest != null && $Object.hasOwnProperty.call(message, "digest") && message.digest !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.digest);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a PinImageReply message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.PinImageReply
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.PinImageReply & orch.v1.PinImageReply.$Shape} PinImageReply
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            PinImageReply.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.PinImageReply();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.digest = value;
                            else
                                delete message.digest;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return PinImageReply;
        })();

        v1.LocateBlobRequest = (function() {

            /**
             * Properties of a LocateBlobRequest.
             * @typedef {Object} orch.v1.LocateBlobRequest.$Properties
             * @property {string|null} [image] LocateBlobRequest image
             * @property {string|null} [digest] LocateBlobRequest digest
             * @property {Array.<Uint8Array>|null} [documents] LocateBlobRequest documents
             * @property {Array.<string>|null} [avoid] LocateBlobRequest avoid
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a LocateBlobRequest.
             * @memberof orch.v1
             * @interface ILocateBlobRequest
             * @augments orch.v1.LocateBlobRequest.$Properties
             * @deprecated Use orch.v1.LocateBlobRequest.$Properties instead.
             */

            /**
             * Shape of a LocateBlobRequest.
             * @typedef {orch.v1.LocateBlobRequest.$Properties} orch.v1.LocateBlobRequest.$Shape
             */

            /**
             * Constructs a new LocateBlobRequest.
             * @memberof orch.v1
             * @classdesc Represents a LocateBlobRequest.
             * @constructor
             * @param {orch.v1.LocateBlobRequest.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const LocateBlobRequest = function (properties) {
                this.documents = [];
                this.avoid = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * LocateBlobRequest image.
             * @member {string} image
             * @memberof orch.v1.LocateBlobRequest
             * @instance
             */
            LocateBlobRequest.prototype.image = "";

            /**
             * LocateBlobRequest digest.
             * @member {string} digest
             * @memberof orch.v1.LocateBlobRequest
             * @instance
             */
            LocateBlobRequest.prototype.digest = "";

            /**
             * LocateBlobRequest documents.
             * @member {Array.<Uint8Array>} documents
             * @memberof orch.v1.LocateBlobRequest
             * @instance
             */
            LocateBlobRequest.prototype.documents = $util.emptyArray;

            /**
             * LocateBlobRequest avoid.
             * @member {Array.<string>} avoid
             * @memberof orch.v1.LocateBlobRequest
             * @instance
             */
            LocateBlobRequest.prototype.avoid = $util.emptyArray;

            /**
             * Creates a new LocateBlobRequest instance using the specified properties.
             * @function create
             * @memberof orch.v1.LocateBlobRequest
             * @static
             * @param {orch.v1.LocateBlobRequest.$Properties=} [properties] Properties to set
             * @returns {orch.v1.LocateBlobRequest} LocateBlobRequest instance
             * @type {{
             *   (properties: orch.v1.LocateBlobRequest.$Shape): orch.v1.LocateBlobRequest & orch.v1.LocateBlobRequest.$Shape;
             *   (properties?: orch.v1.LocateBlobRequest.$Properties): orch.v1.LocateBlobRequest;
             * }}
             */
            LocateBlobRequest.create = function(properties) {
                return new LocateBlobRequest(properties);
            };

            /**
             * Encodes the specified LocateBlobRequest message. Does not implicitly {@link orch.v1.LocateBlobRequest.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.LocateBlobRequest
             * @static
             * @param {orch.v1.LocateBlobRequest.$Properties} message LocateBlobRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            LocateBlobRequest.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.image != null && $Object.hasOwnProperty.call(message, "image") && message.image !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.image);
                if (message.digest != null && $Object.hasOwnProperty.call(message, "digest") && message.digest !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.digest);
                if (message.documents != null && message.documents.length)
                    for (let i = 0; i < message.documents.length; ++i)
                        writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.documents[i]);
                if (message.avoid != null && message.avoid.length)
                    for (let i = 0; i < message.avoid.length; ++i)
                        writer.uint32(/* id 4, wireType 2 =*/34).string(message.avoid[i]);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a LocateBlobRequest message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.LocateBlobRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.LocateBlobRequest & orch.v1.LocateBlobRequest.$Shape} LocateBlobRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            LocateBlobRequest.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.LocateBlobRequest();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.image = value;
                            else
                                delete message.image;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.digest = value;
                            else
                                delete message.digest;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if (!(message.documents && message.documents.length))
                                message.documents = [];
                            message.documents.push(reader.bytes());
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if (!(message.avoid && message.avoid.length))
                                message.avoid = [];
                            message.avoid.push(reader.stringVerify());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return LocateBlobRequest;
        })();

        v1.LocateBlobReply = (function() {

            /**
             * Properties of a LocateBlobReply.
             * @typedef {Object} orch.v1.LocateBlobReply.$Properties
             * @property {Array.<orch.v1.BlobPeer.$Properties>|null} [peers] LocateBlobReply peers
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a LocateBlobReply.
             * @memberof orch.v1
             * @interface ILocateBlobReply
             * @augments orch.v1.LocateBlobReply.$Properties
             * @deprecated Use orch.v1.LocateBlobReply.$Properties instead.
             */

            /**
             * Shape of a LocateBlobReply.
             * @typedef {orch.v1.LocateBlobReply.$Properties} orch.v1.LocateBlobReply.$Shape
             */

            /**
             * Constructs a new LocateBlobReply.
             * @memberof orch.v1
             * @classdesc Represents a LocateBlobReply.
             * @constructor
             * @param {orch.v1.LocateBlobReply.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const LocateBlobReply = function (properties) {
                this.peers = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * LocateBlobReply peers.
             * @member {Array.<orch.v1.BlobPeer.$Properties>} peers
             * @memberof orch.v1.LocateBlobReply
             * @instance
             */
            LocateBlobReply.prototype.peers = $util.emptyArray;

            /**
             * Creates a new LocateBlobReply instance using the specified properties.
             * @function create
             * @memberof orch.v1.LocateBlobReply
             * @static
             * @param {orch.v1.LocateBlobReply.$Properties=} [properties] Properties to set
             * @returns {orch.v1.LocateBlobReply} LocateBlobReply instance
             * @type {{
             *   (properties: orch.v1.LocateBlobReply.$Shape): orch.v1.LocateBlobReply & orch.v1.LocateBlobReply.$Shape;
             *   (properties?: orch.v1.LocateBlobReply.$Properties): orch.v1.LocateBlobReply;
             * }}
             */
            LocateBlobReply.create = function(properties) {
                return new LocateBlobReply(properties);
            };

            /**
             * Encodes the specified LocateBlobReply message. Does not implicitly {@link orch.v1.LocateBlobReply.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.LocateBlobReply
             * @static
             * @param {orch.v1.LocateBlobReply.$Properties} message LocateBlobReply message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            LocateBlobReply.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.peers != null && message.peers.length)
                    for (let i = 0; i < message.peers.length; ++i)
                        $root.orch.v1.BlobPeer.encode(message.peers[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a LocateBlobReply message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.LocateBlobReply
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.LocateBlobReply & orch.v1.LocateBlobReply.$Shape} LocateBlobReply
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            LocateBlobReply.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.LocateBlobReply();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.peers && message.peers.length))
                                message.peers = [];
                            message.peers.push($root.orch.v1.BlobPeer.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return LocateBlobReply;
        })();

        v1.NeededImagesRequest = (function() {

            /**
             * Properties of a NeededImagesRequest.
             * @typedef {Object} orch.v1.NeededImagesRequest.$Properties
             * @property {Array.<string>|null} [names] NeededImagesRequest names
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a NeededImagesRequest.
             * @memberof orch.v1
             * @interface INeededImagesRequest
             * @augments orch.v1.NeededImagesRequest.$Properties
             * @deprecated Use orch.v1.NeededImagesRequest.$Properties instead.
             */

            /**
             * Shape of a NeededImagesRequest.
             * @typedef {orch.v1.NeededImagesRequest.$Properties} orch.v1.NeededImagesRequest.$Shape
             */

            /**
             * Constructs a new NeededImagesRequest.
             * @memberof orch.v1
             * @classdesc Represents a NeededImagesRequest.
             * @constructor
             * @param {orch.v1.NeededImagesRequest.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const NeededImagesRequest = function (properties) {
                this.names = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * NeededImagesRequest names.
             * @member {Array.<string>} names
             * @memberof orch.v1.NeededImagesRequest
             * @instance
             */
            NeededImagesRequest.prototype.names = $util.emptyArray;

            /**
             * Creates a new NeededImagesRequest instance using the specified properties.
             * @function create
             * @memberof orch.v1.NeededImagesRequest
             * @static
             * @param {orch.v1.NeededImagesRequest.$Properties=} [properties] Properties to set
             * @returns {orch.v1.NeededImagesRequest} NeededImagesRequest instance
             * @type {{
             *   (properties: orch.v1.NeededImagesRequest.$Shape): orch.v1.NeededImagesRequest & orch.v1.NeededImagesRequest.$Shape;
             *   (properties?: orch.v1.NeededImagesRequest.$Properties): orch.v1.NeededImagesRequest;
             * }}
             */
            NeededImagesRequest.create = function(properties) {
                return new NeededImagesRequest(properties);
            };

            /**
             * Encodes the specified NeededImagesRequest message. Does not implicitly {@link orch.v1.NeededImagesRequest.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.NeededImagesRequest
             * @static
             * @param {orch.v1.NeededImagesRequest.$Properties} message NeededImagesRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            NeededImagesRequest.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.names != null && message.names.length)
                    for (let i = 0; i < message.names.length; ++i)
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.names[i]);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a NeededImagesRequest message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.NeededImagesRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.NeededImagesRequest & orch.v1.NeededImagesRequest.$Shape} NeededImagesRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            NeededImagesRequest.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.NeededImagesRequest();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.names && message.names.length))
                                message.names = [];
                            message.names.push(reader.stringVerify());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return NeededImagesRequest;
        })();

        v1.NeededImagesReply = (function() {

            /**
             * Properties of a NeededImagesReply.
             * @typedef {Object} orch.v1.NeededImagesReply.$Properties
             * @property {Array.<string>|null} [needed] NeededImagesReply needed
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a NeededImagesReply.
             * @memberof orch.v1
             * @interface INeededImagesReply
             * @augments orch.v1.NeededImagesReply.$Properties
             * @deprecated Use orch.v1.NeededImagesReply.$Properties instead.
             */

            /**
             * Shape of a NeededImagesReply.
             * @typedef {orch.v1.NeededImagesReply.$Properties} orch.v1.NeededImagesReply.$Shape
             */

            /**
             * Constructs a new NeededImagesReply.
             * @memberof orch.v1
             * @classdesc Represents a NeededImagesReply.
             * @constructor
             * @param {orch.v1.NeededImagesReply.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const NeededImagesReply = function (properties) {
                this.needed = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * NeededImagesReply needed.
             * @member {Array.<string>} needed
             * @memberof orch.v1.NeededImagesReply
             * @instance
             */
            NeededImagesReply.prototype.needed = $util.emptyArray;

            /**
             * Creates a new NeededImagesReply instance using the specified properties.
             * @function create
             * @memberof orch.v1.NeededImagesReply
             * @static
             * @param {orch.v1.NeededImagesReply.$Properties=} [properties] Properties to set
             * @returns {orch.v1.NeededImagesReply} NeededImagesReply instance
             * @type {{
             *   (properties: orch.v1.NeededImagesReply.$Shape): orch.v1.NeededImagesReply & orch.v1.NeededImagesReply.$Shape;
             *   (properties?: orch.v1.NeededImagesReply.$Properties): orch.v1.NeededImagesReply;
             * }}
             */
            NeededImagesReply.create = function(properties) {
                return new NeededImagesReply(properties);
            };

            /**
             * Encodes the specified NeededImagesReply message. Does not implicitly {@link orch.v1.NeededImagesReply.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.NeededImagesReply
             * @static
             * @param {orch.v1.NeededImagesReply.$Properties} message NeededImagesReply message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            NeededImagesReply.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.needed != null && message.needed.length)
                    for (let i = 0; i < message.needed.length; ++i)
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.needed[i]);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a NeededImagesReply message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.NeededImagesReply
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.NeededImagesReply & orch.v1.NeededImagesReply.$Shape} NeededImagesReply
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            NeededImagesReply.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.NeededImagesReply();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.needed && message.needed.length))
                                message.needed = [];
                            message.needed.push(reader.stringVerify());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return NeededImagesReply;
        })();

        v1.BlobPeer = (function() {

            /**
             * Properties of a BlobPeer.
             * @typedef {Object} orch.v1.BlobPeer.$Properties
             * @property {string|null} [node] BlobPeer node
             * @property {string|null} [address] BlobPeer address
             * @property {string|null} [ticket] BlobPeer ticket
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a BlobPeer.
             * @memberof orch.v1
             * @interface IBlobPeer
             * @augments orch.v1.BlobPeer.$Properties
             * @deprecated Use orch.v1.BlobPeer.$Properties instead.
             */

            /**
             * Shape of a BlobPeer.
             * @typedef {orch.v1.BlobPeer.$Properties} orch.v1.BlobPeer.$Shape
             */

            /**
             * Constructs a new BlobPeer.
             * @memberof orch.v1
             * @classdesc Represents a BlobPeer.
             * @constructor
             * @param {orch.v1.BlobPeer.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const BlobPeer = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * BlobPeer node.
             * @member {string} node
             * @memberof orch.v1.BlobPeer
             * @instance
             */
            BlobPeer.prototype.node = "";

            /**
             * BlobPeer address.
             * @member {string} address
             * @memberof orch.v1.BlobPeer
             * @instance
             */
            BlobPeer.prototype.address = "";

            /**
             * BlobPeer ticket.
             * @member {string} ticket
             * @memberof orch.v1.BlobPeer
             * @instance
             */
            BlobPeer.prototype.ticket = "";

            /**
             * Creates a new BlobPeer instance using the specified properties.
             * @function create
             * @memberof orch.v1.BlobPeer
             * @static
             * @param {orch.v1.BlobPeer.$Properties=} [properties] Properties to set
             * @returns {orch.v1.BlobPeer} BlobPeer instance
             * @type {{
             *   (properties: orch.v1.BlobPeer.$Shape): orch.v1.BlobPeer & orch.v1.BlobPeer.$Shape;
             *   (properties?: orch.v1.BlobPeer.$Properties): orch.v1.BlobPeer;
             * }}
             */
            BlobPeer.create = function(properties) {
                return new BlobPeer(properties);
            };

            /**
             * Encodes the specified BlobPeer message. Does not implicitly {@link orch.v1.BlobPeer.verify|verify} messages.
             * @function encode
             * @memberof orch.v1.BlobPeer
             * @static
             * @param {orch.v1.BlobPeer.$Properties} message BlobPeer message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            BlobPeer.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.node != null && $Object.hasOwnProperty.call(message, "node") && message.node !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.node);
                if (message.address != null && $Object.hasOwnProperty.call(message, "address") && message.address !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.address);
                if (message.ticket != null && $Object.hasOwnProperty.call(message, "ticket") && message.ticket !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.ticket);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a BlobPeer message from the specified reader or buffer.
             * @function decode
             * @memberof orch.v1.BlobPeer
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {orch.v1.BlobPeer & orch.v1.BlobPeer.$Shape} BlobPeer
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            BlobPeer.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.orch.v1.BlobPeer();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.node = value;
                            else
                                delete message.node;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.address = value;
                            else
                                delete message.address;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.ticket = value;
                            else
                                delete message.ticket;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return BlobPeer;
        })();

        return v1;
    })();

    return orch;
})();

export {
  $root as default
};
