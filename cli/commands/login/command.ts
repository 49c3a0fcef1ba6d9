/** orchctl login, logout */
import type { Command } from "commander";
import type { Environment } from "../../environment.ts";
import type { LoginOptions } from "./run.ts";

const keptWhere = `
Credentials are kept in docker's config.json ($DOCKER_CONFIG or ~/.docker), or by the credential helper that it names, so that
docker, podman and skopeo share them. \`orchctl image push\` and \`orchctl image pull\` use them. Pods do not: they need an
imagePullSecret, or a Registry with credentialsSecretRef.`;

export function addLogin(program: Command, environment: Environment): void {
  program
    .command("login")
    .description("log in to a registry of images")
    .argument("[server]", "HOST[:PORT] of the registry (default: docker.io)")
    .option("-u, --username <name>", "user name (default: asked for)")
    .option("-p, --password <text>", "password; others on this machine can see it: --password-stdin is better")
    .option("--password-stdin", "read the password from standard input")
    .option("--ca-file <file>", "authority that signed the registry's certificate, in PEM")
    .option("--plain-http", "HTTP without TLS")
    .option("--insecure-skip-tls-verify", "HTTPS without looking at the certificate")
    .addHelpText(
      "after",
      `${keptWhere}\n\nExamples:\n  orchctl login registry.example -u ada\n  orchctl login registry.example:5000 -u ada --password-stdin <token.txt`,
    )
    .action(async (server: string | undefined, options: LoginOptions) => {
      const { runLogin } = await import("./run.ts");
      await runLogin(server, options, environment);
    });
  program
    .command("logout")
    .description("forget the credentials of a registry")
    .argument("[server]", "HOST[:PORT] of the registry (default: docker.io)")
    .addHelpText("after", "\nExamples:\n  orchctl logout registry.example")
    .action(async (server: string | undefined) => {
      const { runLogout } = await import("./run.ts");
      await runLogout(server, environment);
    });
}
