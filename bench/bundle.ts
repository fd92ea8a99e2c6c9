import { brotliCompressSync } from "node:zlib";
import type { Scenario } from "./scenario.ts";

/** What a visitor's browser loads once: the client as the Worker serves it, morphdom included, Stimulus not. */
export const bundleScenarios: readonly Scenario[] = [
  {
    names: ["client.bundle"],
    measure: async ({ worker }) => {
      const html = await (await fetch(`${worker.origin}/counter`)).text();
      const [, path] = /<script[^>]* src="([^"]*client\.js[^"]*)"/.exec(html) ?? [];
      if (path === undefined) throw new Error(`The page loads no client: ${html.slice(0, 500)}`);
      const response = await fetch(new URL(path, worker.origin));
      if (!response.ok) throw new Error(`${path} answered ${response.status}`);
      const value = brotliCompressSync(await response.bytes()).length;
      return [{ name: "client.bundle", value, unit: "bytes", bar: { of: "value", most: 9_000 } }];
    },
  },
];
