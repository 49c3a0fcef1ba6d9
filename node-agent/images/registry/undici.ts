/** undici's parts that we use, in a module of our own: loaded only when something is pulled. */
export { Agent, request } from "undici";
