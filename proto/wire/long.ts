/** Must be imported before generated code: 64-bit fields decode to plain numbers (exact to 2^53), never to Long. */
import protobuf from "protobufjs/minimal.js";

Object.assign(protobuf.util, { Long: null });
protobuf.configure();
