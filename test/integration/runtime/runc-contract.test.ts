import { containerRuntimeContract } from "#node-agent/runtime/container-runtime.contract.ts";
import { openMachine } from "./machine.ts";

containerRuntimeContract("runc through conmon", () => openMachine("runc"));
