/** The list of controllers. A new one is one line here. */
import { deploymentController } from "./deployment/controller.ts";
import type { Controller } from "./engine/controller.ts";
import { garbageCollectorController } from "./garbage-collector/controller.ts";
import { namespaceController } from "./namespace/controller.ts";
import { nodeIpamController } from "./node-ipam/controller.ts";
import { nodeLifecycleController } from "./node-lifecycle/controller.ts";
import { podGcController } from "./pod-gc/controller.ts";
import { replicaSetController } from "./replica-set/controller.ts";
import { schedulingController } from "./scheduling/controller.ts";
import type { ControllerWorld } from "./world.ts";

export function controllersFor(world: ControllerWorld): readonly Controller[] {
  return [
    nodeIpamController(world),
    nodeLifecycleController(world),
    deploymentController(world),
    replicaSetController(world),
    schedulingController(world),
    podGcController(world),
    garbageCollectorController(world),
    namespaceController(world),
  ];
}
