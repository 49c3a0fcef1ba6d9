/** orchctl create: from files, and the objects that need no file. */
import { Argument, type Command, Option } from "commander";
import { addChangeFlags, addFileFlags, validateOption } from "../../changes/flags.ts";
import type { Environment } from "../../environment.ts";
import { afterDashes, collect, globalOptions, parseCount } from "../../program-options.ts";
import type { DataFlags } from "./content.ts";
import type { DeploymentFlags, RegistryFlags, TlsFlags } from "./objects.ts";
import type { CreateFlags } from "./run.ts";

const run = async (): Promise<typeof import("./run.ts")> => import("./run.ts");
const objects = async (): Promise<typeof import("./objects.ts")> => import("./objects.ts");

export function addCreate(program: Command, environment: Environment): void {
  const create = program
    .command("create")
    .description("make new objects; those that exist are left alone and told")
    .argument("[kind...]", "one of the kinds below, made from flags")
    .addOption(validateOption());
  addChangeFlags(addFileFlags(create))
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl create -f job.yaml\n  orchctl create namespace shop\n  orchctl create configmap settings --from-literal level=debug --from-file app.conf\n  orchctl create secret generic db --from-literal password=…\n  orchctl create deployment web --image nginx --replicas 3 --dry-run=client -o yaml > web.yaml",
    )
    .action(async (words: string[], flags: CreateFlags, own: Command) =>
      (await run()).runCreate(words[0], flags, globalOptions(own), environment),
    );
  addNamespace(create, environment);
  addConfigMap(create, environment);
  addSecret(create, environment);
  addDeployment(create, environment);
}

function addNamespace(create: Command, environment: Environment): void {
  addChangeFlags(create.command("namespace").alias("ns").description("a space of names").argument("<name>"))
    .addHelpText("after", "\nExamples:\n  orchctl create namespace shop")
    .action(async (name: string, flags: CreateFlags, own: Command) => {
      const { namespaceObject } = await objects();
      await (await run()).createOne(namespaceObject(name), flags, globalOptions(own), environment);
    });
}

const addDataFlags = (command: Command): Command =>
  addChangeFlags(command)
    .option("--from-literal <key=value>", "one value; may repeat", collect)
    .option("--from-file <[key=]path>", "a file's content, or every file of a folder; may repeat", collect)
    .option("--from-env-file <path>", "lines of KEY=VALUE; may repeat", collect)
    .option("--append-hash", "end the name with a hash of the content");

function addConfigMap(create: Command, environment: Environment): void {
  addDataFlags(
    create.command("configmap").alias("cm").description("configuration as keys and values").argument("<name>"),
  )
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl create configmap settings --from-literal level=debug\n  orchctl create configmap site --from-file nginx.conf --from-file index.html=build/index.html",
    )
    .action(async (name: string, flags: CreateFlags & DataFlags, own: Command) => {
      const { configMapObject } = await objects();
      await (await run()).createOne(configMapObject(name, flags, environment), flags, globalOptions(own), environment);
    });
}

function addSecret(create: Command, environment: Environment): void {
  const secret = create
    .command("secret")
    .description("a Secret: generic, docker-registry or tls")
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl create secret generic db --from-literal user=web --from-file password=pw.txt\n  orchctl create secret tls site --cert site.crt --key site.key\n  orchctl create secret docker-registry pull --docker-server registry.example.com --docker-username ci --docker-password-stdin < token",
    );
  addDataFlags(secret.command("generic").description("keys and values").argument("<name>"))
    .option("--type <type>", "the Secret's type (default: Opaque)")
    .addHelpText("after", "\nExamples:\n  orchctl create secret generic db --from-file password=pw.txt")
    .action(async (name: string, flags: CreateFlags & DataFlags, own: Command) => {
      const { secretObject } = await objects();
      await (await run()).createOne(secretObject(name, flags, environment), flags, globalOptions(own), environment);
    });
  addChangeFlags(secret.command("docker-registry").description("a login to an image registry").argument("<name>"))
    .option("--docker-server <host>", "the registry", "https://index.docker.io/v1/")
    .option("--docker-username <user>", "who logs in")
    .option("--docker-password <password>", "seen by other users of this machine while the command runs")
    .option("--docker-password-stdin", "read the password from standard input")
    .option("--docker-email <address>", "an address, for registries that want one")
    .option("--from-file <path>", "a login file, as ~/.docker/config.json")
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl create secret docker-registry pull --docker-server registry.example.com --docker-username ci --docker-password-stdin < token",
    )
    .action(async (name: string, flags: CreateFlags & RegistryFlags, own: Command) => {
      const { registrySecretObject } = await objects();
      const object = await registrySecretObject(name, flags, environment);
      await (await run()).createOne(object, flags, globalOptions(own), environment);
    });
  addChangeFlags(secret.command("tls").description("a certificate and its key").argument("<name>"))
    .requiredOption("--cert <file>", "the certificate (with its chain), PEM")
    .requiredOption("--key <file>", "its private key, PEM")
    .addHelpText("after", "\nExamples:\n  orchctl create secret tls site --cert site.crt --key site.key")
    .action(async (name: string, flags: CreateFlags & TlsFlags, own: Command) => {
      const { tlsSecretObject } = await objects();
      await (await run()).createOne(tlsSecretObject(name, flags, environment), flags, globalOptions(own), environment);
    });
}

function addDeployment(create: Command, environment: Environment): void {
  addChangeFlags(
    create
      .command("deployment")
      .alias("deploy")
      .description("a number of equal pods")
      .argument("<name>")
      .addArgument(new Argument("[command...]", "after --: what the container runs instead of the image's own")),
  )
    .addOption(new Option("--image <image>", "may repeat: one container each").argParser(collect).makeOptionMandatory())
    .option("-r, --replicas <count>", "how many", parseCount(0), 1)
    .option("--port <number>", "that the container listens on", parseCount(1))
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl create deployment web --image nginx --replicas 3 --port 80\n  orchctl create deployment tick --image busybox -- sh -c 'while date; do sleep 5; done'",
    )
    .action(async (name: string, words: string[], flags: CreateFlags & DeploymentFlags, own: Command) => {
      const { deploymentObject } = await objects();
      const object = deploymentObject(name, afterDashes(words), flags);
      await (await run()).createOne(object, flags, globalOptions(own), environment);
    });
}
