import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import type { Command, Started } from "./runtime.ts";
import { unlessUnfit } from "./unless-unfit.ts";

// The process that `runtime.ts` starts and kills: workerd and what drives it. It waits for orders, so that the next
// one is ready when this one is killed.

let started: { readonly miniflare: Miniflare; readonly options: Started } | undefined;

process.on("message", ([id, command]: [id: number, command: Command]) => {
  obey(command).then(
    () => process.send?.([id]),
    (problem: Error) => process.send?.([id, String(problem.stack ?? problem)]),
  );
});
// Whoever started it is gone; workerd must not stay behind.
process.on("disconnect", () => process.kill(-process.pid, "SIGKILL"));

async function obey(command: Command): Promise<void> {
  switch (command.kind) {
    case "start":
      started = { miniflare: new Miniflare(miniflareOptions(command.options)), options: command.options };
      await started.miniflare.ready;
      return;
    case "deploy": {
      const { miniflare, options } = running();
      started = { miniflare, options: { ...options, script: command.script } };
      return await miniflare.setOptions(miniflareOptions(started.options));
    }
    case "evict":
      return await evict(command);
  }
}

async function evict({ webSockets, objects }: Command & { readonly kind: "evict" }): Promise<void> {
  const { miniflare, options } = running();
  // All at once: the platform waits half a minute for one that is at work, while nothing else goes wrong.
  await Promise.all(
    objects.map(({ className, id, name }) => {
      const reached = name === undefined ? { id } : { name };
      const evicted = miniflare.unsafeEvictDurableObject(options.name, className, { ...reached, webSockets });
      return unlessUnfit(evicted);
    }),
  );
}

function miniflareOptions({ port, directory, script, name, worker }: Started) {
  const modules = [{ type: "ESModule" as const, path: "worker.js", contents: script }];
  return convertV4MiniflareOptions({
    host: "127.0.0.1",
    port,
    resourcePersistencePath: directory,
    handleStructuredLogs: ({ message }: { readonly message: string }) => console.error(message.slice(0, 200)),
    workers: [{ ...worker, name, modules }],
    // What was read from the configuration; its types leave members undefined that miniflare's leave out.
  } as never);
}

function running(): NonNullable<typeof started> {
  if (started === undefined) throw new Error("Not started");
  return started;
}
