/** All commands. What a command does is loaded only when it runs, so that help is instant. */
import { addApply } from "./commands/apply/command.ts";
import { addAttach } from "./commands/attach/command.ts";
import { addAuth, addWhoami } from "./commands/auth/command.ts";
import { addCert } from "./commands/cert/command.ts";
import { addCluster } from "./commands/cluster/command.ts";
import { addCompletion } from "./commands/completion/command.ts";
import { addConfig } from "./commands/config/command.ts";
import { addCp } from "./commands/cp/command.ts";
import { addCreate } from "./commands/create/command.ts";
import { addDebug } from "./commands/debug/command.ts";
import { addDelete } from "./commands/delete/command.ts";
import { addDiff } from "./commands/diff/command.ts";
import { addEdit } from "./commands/edit/command.ts";
import { addDescribe, addEvents, addWait } from "./commands/events/command.ts";
import { addExec } from "./commands/exec/command.ts";
import { addApiResources, addExplain } from "./commands/explain/command.ts";
import { addGet } from "./commands/get/command.ts";
import { addImage } from "./commands/image/command.ts";
import { addInspect } from "./commands/inspect/command.ts";
import { addAnnotate, addLabel } from "./commands/label/command.ts";
import { addLifecycle } from "./commands/lifecycle/command.ts";
import { addLogin } from "./commands/login/command.ts";
import { addLogs } from "./commands/logs/command.ts";
import { addNode } from "./commands/node/command.ts";
import { addPatch } from "./commands/patch/command.ts";
import { addPortForward } from "./commands/port-forward/command.ts";
import { addPs } from "./commands/ps/command.ts";
import { addReplace } from "./commands/replace/command.ts";
import { addRollout } from "./commands/rollout/command.ts";
import { addRun } from "./commands/run/command.ts";
import { addScale } from "./commands/scale/command.ts";
import { addSet } from "./commands/set/command.ts";
import { addStats } from "./commands/stats/command.ts";
import { addTaint } from "./commands/taint/command.ts";
import { addToken } from "./commands/token/command.ts";
import { addTop } from "./commands/top/command.ts";
import { addUser } from "./commands/user/command.ts";
import { addVersion } from "./commands/version/command.ts";
import type { Additions } from "./program.ts";

export const allCommands: Additions = {
  apply: addApply,
  diff: addDiff,
  create: addCreate,
  get: addGet,
  describe: addDescribe,
  edit: addEdit,
  patch: addPatch,
  replace: addReplace,
  set: addSet,
  label: addLabel,
  annotate: addAnnotate,
  run: addRun,
  ps: addPs,
  logs: addLogs,
  exec: addExec,
  attach: addAttach,
  stop: addLifecycle,
  start: addLifecycle,
  restart: addLifecycle,
  pause: addLifecycle,
  unpause: addLifecycle,
  kill: addLifecycle,
  rm: addLifecycle,
  inspect: addInspect,
  changes: addInspect,
  stats: addStats,
  debug: addDebug,
  cp: addCp,
  "port-forward": addPortForward,
  scale: addScale,
  rollout: addRollout,
  delete: addDelete,
  events: addEvents,
  top: addTop,
  wait: addWait,
  cordon: addNode,
  uncordon: addNode,
  drain: addNode,
  taint: addTaint,
  node: addNode,
  token: addToken,
  user: addUser,
  cert: addCert,
  cluster: addCluster,
  image: addImage,
  images: addImage,
  pull: addImage,
  push: addImage,
  history: addImage,
  login: addLogin,
  logout: addLogin,
  config: addConfig,
  auth: addAuth,
  whoami: addWhoami,
  explain: addExplain,
  "api-resources": addApiResources,
  version: addVersion,
  completion: addCompletion,
};
