import { containerRuntimeContract } from "#node-agent/runtime/container-runtime.contract.ts";
import { openMachine } from "./machine.ts";

containerRuntimeContract("crun through conmon", () => openMachine("crun"));
